/** Counts what is under way, so that somebody can wait for quiet. */
export interface Activity {
  /** Something starts; call what it returns when that has ended. */
  begin: () => () => void
  readonly busy: boolean
  quiet: () => Promise<void>
}

export function createActivity(): Activity {
  let running = 0
  let waiting: (() => void)[] = []

  function end(): void {
    running -= 1
    if (running > 0) return
    const woken = waiting
    waiting = []
    for (const wake of woken) wake()
  }

  return {
    begin() {
      running += 1
      let ended = false
      return () => {
        if (!ended) end()
        ended = true
      }
    },
    get busy() {
      return running > 0
    },
    quiet() {
      if (running === 0) return Promise.resolve()
      return new Promise((resolve) => {
        waiting.push(resolve)
      })
    },
  }
}
