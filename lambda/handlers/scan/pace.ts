import type { Target } from '../../domain/offer.ts'

/** Gives the first `perSecond` starts of a target 0 seconds to wait, the next 1, and so on. */
export function createPace(perSecond: number): (target: Target) => number {
  const starts = new Map<string, number>()
  return ({ kind, account, region }) => {
    const key = `${kind}/${account}/${region}`
    const before = starts.get(key) ?? 0
    starts.set(key, before + 1)
    return Math.floor(before / perSecond)
  }
}
