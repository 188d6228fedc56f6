/**
 * One of each party's in turn, each party's in the order in which they came: whoever sends a thousand delays another's
 * first by one. Those whose sender nobody knows are one party.
 */
export function inTurns<T extends { counterparty: string | null }>(items: readonly T[]): T[] {
  const turns: T[][] = []
  const taken = new Map<string | null, number>()
  for (const item of items) {
    const turn = taken.get(item.counterparty) ?? 0
    taken.set(item.counterparty, turn + 1)
    const others = (turns[turn] ??= [])
    others.push(item)
  }
  return turns.flat()
}
