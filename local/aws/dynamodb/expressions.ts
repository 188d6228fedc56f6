/** What a parser of dynalite is told of the request: names and values, and which of them no expression has used yet. */
export interface ParserContext {
  attrNames?: Record<string, string>
  attrVals?: Record<string, Record<string, unknown>>
  unusedAttrNames: Record<string, boolean>
  unusedAttrVals: Record<string, boolean>
}

export type Parse = (text: string, options: { context: ParserContext }) => unknown

/** A parsed expression, with slots for values, and what it uses of the request. */
interface Known {
  tree: unknown
  names: string[]
  values: string[]
}

class Slot {
  constructor(readonly name: string) {}
}

/** Here a value itself decides whether the expression is allowed. */
const valuesDecide = /between|attribute_type/i
const mostKept = 500

/**
 * Parses an expression once. Dynalite does so in each request, for a third of its time; but what comes of it depends on
 * the text, the names and the types of the values alone.
 */
export function parseOnce(parse: Parse): Parse {
  const kept = new Map<string, Known>()
  return (text, options) => {
    if (valuesDecide.test(text)) return parse(text, options)
    const { context } = options
    const key = keyOf(text, context)
    const known = kept.get(key) ?? learn(parse, text, context)
    if (kept.size >= mostKept) kept.clear()
    kept.set(key, known)
    for (const name of known.names) Reflect.deleteProperty(context.unusedAttrNames, name)
    for (const name of known.values) Reflect.deleteProperty(context.unusedAttrVals, name)
    return fill(known.tree, context)
  }
}

function keyOf(text: string, { attrNames = {}, attrVals = {} }: ParserContext): string {
  const types = Object.entries(attrVals).map(([name, value]) => [name, Object.keys(value)])
  return JSON.stringify([text, attrNames, types])
}

function learn(parse: Parse, text: string, context: ParserContext): Known {
  const unusedAttrNames = allOf(context.attrNames)
  const unusedAttrVals = allOf(context.attrVals)
  const tree = parse(text, { context: { ...context, unusedAttrNames, unusedAttrVals } })
  const slots = new Map<unknown, Slot>()
  for (const [name, value] of Object.entries(context.attrVals ?? {})) slots.set(value, new Slot(name))
  const usedOf = (all: object | undefined, unused: object): string[] =>
    Object.keys(all ?? {}).filter((name) => !(name in unused))
  return {
    tree: mapTree(tree, (node) => slots.get(node)),
    names: usedOf(context.attrNames, unusedAttrNames),
    values: usedOf(context.attrVals, unusedAttrVals),
  }
}

function allOf(given: object | undefined): Record<string, boolean> {
  return Object.fromEntries(Object.keys(given ?? {}).map((name) => [name, true]))
}

function fill(tree: unknown, { attrVals = {} }: ParserContext): unknown {
  return mapTree(tree, (node) => (node instanceof Slot ? attrVals[node.name] : undefined))
}

/** A copy of the tree, with what `replace` gives in place of a node. */
function mapTree(node: unknown, replace: (node: unknown) => unknown): unknown {
  const other = replace(node)
  if (other !== undefined) return other
  if (Array.isArray(node)) return node.map((one) => mapTree(one, replace))
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, mapTree(value, replace)]))
}
