interface Open {
  /** Keys so far; none for a list. */
  keys?: Set<string>
  /** The next string is a key. */
  wantsKey: boolean
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g

/**
 * Keys that one object of a JSON text has twice, each once, as decoded. Parsers differ in which value they take, so a
 * text with such a key does not say one thing. The text has to be valid JSON.
 */
export function repeatedKeysOf(text: string): string[] {
  const repeated = new Set<string>()
  const open: Open[] = []
  for (const [part] of text.matchAll(token)) step(part, open, repeated)
  return [...repeated]
}

function step(part: string, open: Open[], repeated: Set<string>): void {
  const here = open.at(-1)
  if (part === '{') open.push({ keys: new Set(), wantsKey: true })
  else if (part === '[') open.push({ wantsKey: false })
  else if (part === '}' || part === ']') open.pop()
  else if (here?.keys === undefined) return
  else if (part === ',') here.wantsKey = true
  else if (part !== ':' && here.wantsKey) {
    const key = String(JSON.parse(part))
    if (here.keys.has(key)) repeated.add(key)
    here.keys.add(key)
    here.wantsKey = false
  }
}
