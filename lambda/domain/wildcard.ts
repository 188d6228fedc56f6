/**
 * Patterns of IAM: `*` is any text, `?` any character. No regular expressions, which a sender could make slow.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */

/**
 * Whether everything that `part` stands for is something that `whole` stands for, too. Never true where it is not so;
 * where it is so it may be false for patterns that nobody writes.
 */
export function includesPattern(whole: string, part: string): boolean {
  const symbols = tidy(part)
  let reached = new Set([0])
  for (const symbol of tidy(whole)) {
    const next = new Set<number>()
    if (symbol === '*') for (let to = Math.min(...reached); to <= symbols.length; to += 1) next.add(to)
    else for (const at of reached) if (takes(symbol, symbols[at])) next.add(at + 1)
    if (next.size === 0) return false
    reached = next
  }
  return reached.has(symbols.length)
}

function takes(symbol: string, other: string | undefined): boolean {
  return other !== undefined && other !== '*' && (symbol === '?' || symbol === other)
}

/** Whether there is a text that both stand for. */
export function patternsOverlap(one: string, other: string): boolean {
  const [a, b] = [tidy(one), tidy(other)]
  if (beginOtherwise(a, b)) return false
  // `row[at]`: whether what is left of `a` and of `b` from `at` on have a text in common.
  let row: boolean[] = []
  for (let i = a.length; i >= 0; i -= 1) {
    const below = row
    row = []
    for (let j = b.length; j >= 0; j -= 1) row[j] = overlapsFrom({ left: a[i], right: b[j] }, { row, below, j })
  }
  return row[0] === true
}

/** Most that have nothing in common differ before any wildcard: then there is no need to go through both. */
function beginOtherwise(a: readonly string[], b: readonly string[]): boolean {
  for (const [at, symbol] of a.entries()) {
    const other = b[at]
    if (symbol === '*' || other === '*') return false
    if (other === undefined) return true
    if (symbol !== other && symbol !== '?' && other !== '?') return true
  }
  return false
}

interface Places {
  row: readonly boolean[]
  below: readonly boolean[]
  j: number
}

function overlapsFrom(
  { left, right }: { left: string | undefined; right: string | undefined },
  { row, below, j }: Places,
): boolean {
  if (left === undefined && right === undefined) return true
  if (left === '*') return below[j] === true || (right !== undefined && row[j + 1] === true)
  if (right === '*') return row[j + 1] === true || (left !== undefined && below[j] === true)
  if (left === undefined || right === undefined) return false
  return (left === right || left === '?' || right === '?') && below[j + 1] === true
}

/** In a run of wildcards the single ones first, and one star. */
function tidy(pattern: string): string[] {
  return Array.from(pattern.replace(/[*?]{2,}/g, (run) => run.replaceAll('*', '') + (run.includes('*') ? '*' : '')))
}
