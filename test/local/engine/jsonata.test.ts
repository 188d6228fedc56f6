import fc from 'fast-check'
import { toJson } from '../../../local/engine/json.ts'
import type { Json } from '../../../local/engine/json.ts'
import { compileExpression } from '../../../local/engine/jsonata/expression.ts'
import type { Expression } from '../../../local/engine/jsonata/expression.ts'
import { SLOW } from '../../../local/engine/jsonata/fast.ts'
import { createVariables } from '../../../local/engine/jsonata/scope.ts'
import type { Scope } from '../../../local/engine/jsonata/scope.ts'
import { createWorkflow, machine, startOfTest } from '../../support/engine.ts'

function scopeOf(input: Json, variables: Record<string, Json> = {}): Scope {
  const states = { input, result: undefined, errorOutput: undefined, context: { State: { RetryCount: 0 } } }
  return { states, variables: createVariables(variables), nowMs: startOfTest }
}

async function evaluate(expression: string, input: Json = null): Promise<unknown> {
  const { output, cause } = await createWorkflow({
    definition: machine({ Say: { Type: 'Pass', Output: `{% ${expression} %}`, End: true } }),
  }).run(input)
  return output ?? cause
}

/** Some texts are no JSONata: a `/` after a `]` begins a regular expression. */
function compileOrSkip(text: string): Expression {
  try {
    return compileExpression(text)
  } catch (error) {
    fc.pre(false)
    throw error
  }
}

type Outcome = { value: Json | undefined } | { throws: true }

async function outcomeOf(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    const value = await work()
    return { value: value === undefined ? undefined : toJson(value) }
  } catch {
    return { throws: true }
  }
}

const names = ['a', 'b', 'input', 'context', 'State', 'RetryCount']
const leaf = fc.oneof(
  fc.integer({ min: -3, max: 3 }).map(String),
  fc.constantFrom('"x"', '""', 'true', 'false', 'null', '0.1', '1e10', '$a', '$b', '$states.input', '$sum', '$missing'),
  fc
    .tuple(
      fc.constantFrom('$a', '$b', '$states', '$states.input'),
      fc.array(fc.constantFrom(...names), { maxLength: 3 }),
    )
    .map(([start, path]) => [start, ...path].join('.')),
)
const operator = fc.constantFrom('=', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', '&', 'and', 'or', 'in')
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.tuple(tie('expression'), operator, tie('expression')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a} ? ${b})`),
    tie('expression').map((a) => `$exists(${a})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `{"p": ${a}, "q": ${b}}`),
    fc.array(tie('expression'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc.tuple(tie('expression'), fc.constantFrom('.a', '[0]', '[]', '.a.b[1]')).map(([a, rest]) => `(${a})${rest}`),
  ),
}))
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>(null, true, false, 0, 1, -1, 0.5, '', 'x', '1'),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'State', 'sequence', 'toString'), tie('json'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
}))

describe('the fast way', () => {
  it('gives exactly what jsonata gives, or leaves it to jsonata', async () => {
    let fastAnswers = 0
    await fc.assert(
      fc.asyncProperty(expression, fc.record({ input: json, a: json, b: json }), async (text, { input, a, b }) => {
        const compiled = compileOrSkip(text)
        const scope = scopeOf(input, { a, b })
        const fast = compiled.fast(scope)
        if (fast === SLOW) return
        fastAnswers += 1
        const expected = await outcomeOf(() => compiled.slow(scope))
        expect({ value: fast === undefined ? undefined : toJson(fast) }).toEqual(expected)
      }),
      { numRuns: 1500 },
    )
    expect(fastAnswers).toBeGreaterThan(200)
  }, 60_000)

  it.each([
    '"text"',
    '$states.input.a.b',
    '$states.context.State.RetryCount',
    "$states.input.next = 'judge'",
    "$states.input.next = 'ask' and $states.input.secondsLeft < 1",
    '$asks * 1000 + ($exists($states.context.State.RetryCount) ? $states.context.State.RetryCount : 0)',
    '{"offerId": $offerId, "round": $states.input.a.b + 1}',
  ])('is taken for %s', (text) => {
    const scope = scopeOf({ a: { b: 1 }, next: 'ask', secondsLeft: 0 }, { asks: 2, offerId: 'o' })

    expect(compileExpression(text).fast(scope)).not.toBe(SLOW)
  })

  it('is not taken where arrays are mapped', async () => {
    expect(await evaluate('$states.input.a.b', { a: [{ b: 1 }, { b: 2 }] })).toEqual([1, 2])
    expect(await evaluate('$states.input.a.b', { a: [{ b: 1 }] })).toBe(1)
    expect(await evaluate('$states.input.a', { a: [1] })).toEqual([1])
  })
})

it('compares objects by what they hold, and writes fractions as jsonata does', async () => {
  expect(await evaluate('$states.input.a = $states.input.b', { a: { x: [1] }, b: { x: [1] } })).toBe(true)
  expect(await evaluate('$states.input.a != $states.input.b', { a: [1], b: [1] })).toBe(false)
  expect(await evaluate('"" & (0.1 + 0.2)')).toBe('0.3')
})

describe('values from jsonata', () => {
  it('are plain JSON for the next state', async () => {
    const definition = machine({
      First: { Type: 'Pass', Assign: { list: '{% $states.input.a.b[] %}' }, Next: 'Then' },
      Then: { Type: 'Pass', Output: ['{% $list %}', '{% $count($list) %}', '{% $spread({"x": 1}) %}'], End: true },
    })

    const { output } = await createWorkflow({ definition }).run({ a: [{ b: 1 }] })

    expect(output).toEqual([[1], 1, { x: 1 }])
  })

  it('leave out members that have no value', async () => {
    expect(await evaluate('{"a": $states.input.missing, "b": 1}')).toEqual({ b: 1 })
  })
})

describe('the functions of Step Functions', () => {
  it.each<[string, Json]>([
    ['$partition([1,2,3,4,5], 2)', [[1, 2], [3, 4], [5]]],
    ['$range(0, 10, 5)', [0, 5, 10]],
    ['$range(3, 0, -2)', [3, 1]],
    ['$hash("abc")', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['$hash("abc", "MD5")', '900150983cd24fb0d6963f7d28e17f72'],
    ['$parse("{\\"a\\":[1]}").a', [1]],
    ['$random(42) = $random(42)', true],
    ['$random() < 1', true],
    ['$uuid() != $uuid()', true],
    ['$now()', new Date(startOfTest).toISOString()],
    ['$millis()', startOfTest],
    ['$now("[Y0001]")', '2027'],
  ])('%s', async (text, expected) => {
    expect(await evaluate(text)).toEqual(expected)
  })

  it.each(['$hash("a", "CRC")', '$parse("{")', '$range(0, 5, 0)', '$range(0, 1000, 1)', '$partition([1], 0)'])(
    'refuse %s',
    async (text) => {
      expect(await evaluate(text)).toContain('threw an error')
    },
  )
})
