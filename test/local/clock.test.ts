import { createClock } from '../../local/clock.ts'
import { TimerHeap } from '../../local/timer-heap.ts'
import fc from 'fast-check'

const day = 24 * 3_600_000
const settled = (): Promise<void> => Promise.resolve()

function standingClock(): ReturnType<typeof createClock> {
  return createClock({ realNow: () => 1_000_000 })
}

describe('the local clock', () => {
  it('is real time plus an offset', () => {
    const clock = createClock({ offsetMs: day, realNow: () => 1_000_000 })

    expect(clock.now()).toBe(1_000_000 + day)
    expect(clock.offsetMs).toBe(day)
  })

  it('passes every due timer in order, standing at its moment until all it caused is settled', async () => {
    const clock = standingClock()
    const seen: [string, number][] = []
    const note = (name: string) => (): void => {
      seen.push([name, clock.now() - 1_000_000])
    }
    clock.at(1_000_000 + 3000, note('third'))
    clock.at(1_000_000 + 1000, () => {
      note('first')()
      clock.at(clock.now() + 1000, note('second, made on the way'))
    })
    clock.at(1_000_000 + 9000, note('too late'))

    await clock.advance(5000, async () => {
      await settled()
      note('settled')()
    })

    expect(seen).toEqual([
      ['settled', 0],
      ['first', 1000],
      ['settled', 1000],
      ['second, made on the way', 2000],
      ['settled', 2000],
      ['third', 3000],
      ['settled', 3000],
      ['settled', 5000],
    ])
    expect(clock.now()).toBe(1_000_000 + 5000)
    expect(clock.offsetMs).toBe(5000)
  })

  it('gives the offset of the moment at which it stands', async () => {
    const clock = standingClock()
    const offsets: number[] = []
    clock.at(1_000_000 + 1000, () => offsets.push(clock.offsetMs))

    await clock.advance(5000, settled)

    expect(offsets).toEqual([1000])
  })

  it('keeps timers further away than setTimeout can count', async () => {
    const clock = standingClock()
    const fired: number[] = []
    const delays = jest.spyOn(globalThis, 'setTimeout')
    clock.at(1_000_000 + 40 * day, () => fired.push(40))

    await clock.advance(39 * day, settled)
    expect(fired).toEqual([])
    expect(delays.mock.calls.map(([, delay]) => delay)).toEqual([2 ** 31 - 1, day])
    delays.mockRestore()

    await clock.advance(day, settled)
    expect(fired).toEqual([40])
  })

  it('fires by itself in real time, also what is overdue', async () => {
    const clock = createClock()
    const keepAlive = setInterval(() => undefined, 1000)

    await new Promise<void>((resolve) => clock.at(clock.now() - 1, resolve))
    await new Promise<void>((resolve) => clock.at(clock.now() + 5, resolve))

    clearInterval(keepAlive)
  })

  it('does not fire what was cancelled', async () => {
    const clock = standingClock()
    const fired: string[] = []
    const cancel = clock.at(1_000_000 + 1000, () => fired.push('cancelled'))
    clock.at(1_000_000 + 1000, () => fired.push('kept'))
    cancel()

    await clock.advance(2000, settled)

    expect(fired).toEqual(['kept'])
  })

  it('makes two moves at the same time one after the other', async () => {
    const clock = standingClock()

    await Promise.all([clock.advance(1000, settled), clock.advance(2000, settled)])

    expect(clock.now()).toBe(1_000_000 + 3000)
  })

  it('goes back to real time only as a whole, and keeps its timers', async () => {
    const clock = createClock({ offsetMs: day, realNow: () => 1_000_000 })
    const fired: number[] = []
    clock.at(1_000_000 + day + 1000, () => fired.push(clock.now()))

    await clock.rewind()
    expect([clock.now(), clock.offsetMs]).toEqual([1_000_000, 0])
    await clock.advance(day, settled)
    expect(fired).toEqual([])
    await clock.advance(1000, settled)
    expect(fired).toEqual([1_000_000 + day + 1000])
  })

  it('does not go back', async () => {
    await expect(standingClock().advance(-1, settled)).rejects.toThrow('expected to move time forward, got -1 ms')
  })
})

describe('the heap of timers', () => {
  it('gives them by due moment, then in the order they were made, whatever was cancelled', () => {
    // Most are cancelled, so that the heap is compacted on the way.
    const isCancelled = fc.nat(9).map((digit) => digit < 7)
    const plan = fc.array(fc.record({ dueMs: fc.nat(50), isCancelled }), { minLength: 150, maxLength: 300 })
    fc.assert(
      fc.property(plan, (timers) => {
        const heap = new TimerHeap()
        const fired: number[] = []
        const made = timers.map(({ dueMs }, index) => heap.add(dueMs, () => fired.push(index)))
        timers.forEach(({ isCancelled }, index) => {
          if (isCancelled) heap.cancel(made[index]!)
        })
        while (heap.first()) heap.takeFirst()?.()

        const kept = timers.map((timer, index) => ({ ...timer, index })).filter((timer) => !timer.isCancelled)
        kept.sort((a, b) => a.dueMs - b.dueMs)
        expect(fired).toEqual(kept.map(({ index }) => index))
      }),
    )
  })
})
