import type { Target } from '../../domain/offer.ts'

/** Whole seconds counted from the first start at a target, each with room for so many starts. */
interface Slot {
  firstMs: number
  second: number
  used: number
}

/**
 * Seconds that the next start at a target has to wait, so that no second has more than `perSecond`. A scan that takes
 * longer than that for its offers makes none of them wait.
 */
export function createPace(perSecond: number, nowMs: () => number): (target: Target) => number {
  const slots = new Map<string, Slot>()
  return ({ kind, account, region }) => {
    const key = `${kind}/${account}/${region}`
    const slot = slots.get(key) ?? { firstMs: nowMs(), second: 0, used: 0 }
    slots.set(key, slot)
    const elapsed = Math.max(0, nowMs() - slot.firstMs) / 1000
    if (Math.floor(elapsed) > slot.second) Object.assign(slot, { second: Math.floor(elapsed), used: 0 })
    if (slot.used === perSecond) Object.assign(slot, { second: slot.second + 1, used: 0 })
    slot.used += 1
    return Math.max(0, Math.ceil(slot.second - elapsed))
  }
}
