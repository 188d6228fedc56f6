interface Open {
  /** Keys so far; none for a list. */
  keys?: Set<string>
  /** The next string is a key. */
  wantsKey: boolean
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g

/**
 * Keys of a JSON text, as decoded, and whether their object had them before. It goes by no recursion, which a deeply
 * nested text could break. The text has to be valid JSON.
 */
export function keysOf(text: string): { key: string; again: boolean }[] {
  const open: Open[] = []
  return [...text.matchAll(token)].flatMap(([part]) => step(part, open))
}

/** Keys that one object of a JSON text has twice, each once: parsers differ in which value they take. */
export function repeatedKeysOf(text: string): string[] {
  return [...new Set(keysOf(text).flatMap(({ key, again }) => (again ? [key] : [])))]
}

function step(part: string, open: Open[]): { key: string; again: boolean }[] {
  const here = open.at(-1)
  if (part === '{') open.push({ keys: new Set(), wantsKey: true })
  else if (part === '[') open.push({ wantsKey: false })
  else if (part === '}' || part === ']') open.pop()
  else if (here?.keys === undefined) return []
  else if (part === ',') here.wantsKey = true
  else if (part !== ':' && here.wantsKey) {
    const key = String(JSON.parse(part))
    const again = here.keys.has(key)
    here.keys.add(key)
    here.wantsKey = false
    return [{ key, again }]
  }
  return []
}
