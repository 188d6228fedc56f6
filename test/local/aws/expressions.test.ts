import { createRequire } from 'node:module'
import { parseOnce, type Parse, type ParserContext } from '../../../local/aws/dynamodb/expressions.ts'

const load = createRequire(import.meta.url)
const parsers: Record<string, Parse> = {
  condition: (load('dynalite/db/conditionParser') as { parse: Parse }).parse,
  update: (load('dynalite/db/updateParser') as { parse: Parse }).parse,
}
const { compare } = load('dynalite/db') as { compare: unknown }

type Values = ParserContext['attrVals']

/** What a parser makes of it, or says against it, and what the request gave that it did not use. */
function ask(parse: Parse, text: string, attrVals: Values): unknown {
  const attrNames = { '#run': 'run', '#map': 'map', '#other': 'other' }
  const named = (all: object = {}): Record<string, boolean> =>
    Object.fromEntries(Object.keys(all).map((name) => [name, true]))
  const unused = { unusedAttrNames: named(attrNames), unusedAttrVals: named(attrVals) }
  const context = { attrNames, ...(attrVals && { attrVals }), ...unused, compare, isReserved: () => false }
  try {
    return JSON.stringify([parse(text, { context }), unused])
  } catch (error) {
    return [(error as Error).message, unused]
  }
}

const twoNumbers = [{ ':a': { N: '1' } }, { ':a': { N: '2' } }]
const bounds = [
  { ':a': { N: '1' }, ':b': { N: '2' } },
  { ':a': { N: '3' }, ':b': { N: '2' } },
]

test.each<[string, string, Values[]]>([
  ['condition', 'attribute_not_exists(pk)', [undefined, undefined]],
  ['condition', 'attribute_not_exists(pk) OR #run < :a', [...twoNumbers, { ':a': { S: 'x' }, ':more': { S: 'y' } }]],
  ['condition', 'pk = :a AND begins_with(sk, :b)', [{ ':a': { S: 'a' }, ':b': { S: 'b' } }, bounds[0]]],
  ['condition', '#map.deep[2] <> :a AND NOT contains(#other, :a)', twoNumbers],
  ['condition', '#run BETWEEN :a AND :b', bounds],
  ['condition', 'attribute_type(#run, :a)', [{ ':a': { S: 'N' } }, { ':a': { S: 'wrong' } }]],
  ['condition', 'pk = :missing', [undefined, twoNumbers[0]]],
  ['condition', 'pk = = 1', [undefined, undefined]],
  ['update', 'SET #run = :a, #map.x = if_not_exists(#map.x, :a) REMOVE #other', twoNumbers],
])('%s %s is parsed once as it is each time', (kind, text, requests) => {
  const once = parseOnce(parsers[kind]!)
  for (const values of [...requests, ...requests])
    expect(ask(once, text, values)).toEqual(ask(parsers[kind]!, text, values))
})
