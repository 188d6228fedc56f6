export interface Timer {
  readonly dueMs: number
  /** Timers due at the same moment fire in the order they were made. */
  readonly order: number
  fire: (() => void) | undefined
}

/** Binary heap of timers, earliest first. A cancelled timer stays until it comes up or too many have gathered. */
export class TimerHeap {
  private timers: Timer[] = []
  private cancelled = 0
  private made = 0

  add(dueMs: number, fire: () => void): Timer {
    const timer: Timer = { dueMs, order: this.made++, fire }
    this.timers.push(timer)
    this.rise(this.timers.length - 1)
    return timer
  }

  cancel(timer: Timer): void {
    if (timer.fire === undefined) return
    timer.fire = undefined
    this.cancelled += 1
    if (this.cancelled > 64 && this.cancelled * 2 > this.timers.length) this.compact()
  }

  first(): Timer | undefined {
    for (;;) {
      const timer = this.timers[0]
      if (timer === undefined || timer.fire !== undefined) return timer
      this.removeFirst()
      this.cancelled -= 1
    }
  }

  /** Takes the first timer out and gives what it fires. */
  takeFirst(): (() => void) | undefined {
    const timer = this.first()
    if (timer === undefined) return undefined
    const { fire } = timer
    this.removeFirst()
    timer.fire = undefined
    return fire
  }

  private compact(): void {
    this.timers = this.timers.filter((timer) => timer.fire !== undefined).sort((a, b) => (isBefore(a, b) ? -1 : 1))
    this.cancelled = 0
  }

  private removeFirst(): void {
    const last = this.timers.pop()
    if (last === undefined || this.timers.length === 0) return
    this.timers[0] = last
    this.sink()
  }

  private rise(from: number): void {
    let index = from
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!this.swapIfBefore(index, parent)) return
      index = parent
    }
  }

  private sink(): void {
    let index = 0
    for (;;) {
      const left = index * 2 + 1
      const child = this.isBeforeAt(left + 1, left) ? left + 1 : left
      if (!this.swapIfBefore(child, index)) return
      index = child
    }
  }

  private isBeforeAt(index: number, other: number): boolean {
    const a = this.timers[index]
    const b = this.timers[other]
    return a !== undefined && b !== undefined && isBefore(a, b)
  }

  private swapIfBefore(index: number, other: number): boolean {
    const a = this.timers[index]
    const b = this.timers[other]
    if (a === undefined || b === undefined || !isBefore(a, b)) return false
    this.timers[index] = b
    this.timers[other] = a
    return true
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order)
}
