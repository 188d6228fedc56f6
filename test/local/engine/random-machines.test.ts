import fc from 'fast-check'
import jsonata from 'jsonata'
import type { Json, JsonObject } from '../../../local/engine/json.ts'
import { createWorkflow, machine, NamedError, task } from '../../support/engine.ts'
import type { Parsed } from '../../support/engine.ts'

/** A state told in data: what the engine is given is made from it, and the naive walk below reads it directly. */
type Step =
  | { kind: 'pass'; assign: Record<string, string>; output?: string; next: number }
  | { kind: 'choice'; rules: { condition: string; next: number }[]; next: number }
  | { kind: 'wait'; seconds: number; next: number }
  | { kind: 'task'; payload: string; failures: number; retries: number; caught: number | undefined; next: number }
  | { kind: 'fail'; error: string }

const variables = ['v', 'w']
const values = fc.constantFrom(
  '$v',
  '$w',
  '$v + 1',
  '$w * 2 - $v',
  '$states.input.n',
  '{"n": $v + $w}',
  '[$v, $w]',
  '"x" & $v',
  '7',
)
const conditions = fc.constantFrom('$v > 3', '$w = 1', '$v < $w or $w > 50', 'true', '$exists($states.input.n)')
/** Targets point forward by 1 to 3, so that every machine ends. */
const ahead = fc.integer({ min: 1, max: 3 })

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('pass' as const),
      assign: fc.dictionary(fc.constantFrom(...variables), fc.constantFrom('$v + 1', '$w + $v', '2', '$v * 3')),
      output: values,
      next: ahead,
    },
    { requiredKeys: ['kind', 'assign', 'next'] },
  ),
  fc.record({
    kind: fc.constant('choice' as const),
    rules: fc.array(fc.record({ condition: conditions, next: ahead }), { minLength: 1, maxLength: 3 }),
    next: ahead,
  }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.nat(5), next: ahead }),
  fc.record({
    kind: fc.constant('task' as const),
    payload: values,
    failures: fc.nat(3),
    retries: fc.nat(2),
    caught: fc.option(ahead, { nil: undefined }),
    next: ahead,
  }),
  fc.record({ kind: fc.constant('fail' as const), error: fc.constantFrom('A', 'B') }),
)

const wrap = (text: string): string => `{% ${text} %}`

function toState(step: Step, name: (ahead: number) => string): JsonObject {
  switch (step.kind) {
    case 'pass': {
      const Assign = Object.fromEntries(Object.entries(step.assign).map(([key, text]) => [key, wrap(text)]))
      return { Type: 'Pass', Assign, ...(step.output && { Output: wrap(step.output) }), Next: name(step.next) }
    }
    case 'choice': {
      const Choices = step.rules.map(({ condition, next }) => ({ Condition: wrap(condition), Next: name(next) }))
      return { Type: 'Choice', Choices, Default: name(step.next) }
    }
    case 'wait':
      return { Type: 'Wait', Seconds: step.seconds, Next: name(step.next) }
    case 'task':
      return task('F', {
        Arguments: {
          FunctionName: 'F',
          Payload: {
            failures: step.failures,
            value: wrap(step.payload),
            try: wrap('$states.context.State.RetryCount'),
          },
        },
        Output: wrap('$states.result.Payload'),
        Retry: [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: step.retries }],
        ...(step.caught !== undefined && {
          Catch: [{ ErrorEquals: ['States.ALL'], Output: wrap('$states.errorOutput.Error'), Next: name(step.caught) }],
        }),
        Next: name(step.next),
      })
    case 'fail':
      return { Type: 'Fail', Error: step.error }
  }
}

function toDefinition(steps: Step[]): JsonObject {
  const name = (index: number): string => `S${Math.min(index, steps.length)}`
  const states = steps.map((each, index): [string, JsonObject] => [
    `S${index}`,
    toState(each, (by) => name(index + by)),
  ])
  return machine({
    Start: { Type: 'Pass', Assign: { v: 1, w: 1 }, Next: 'S0' },
    ...Object.fromEntries(states),
    [`S${steps.length}`]: { Type: 'Succeed', Output: wrap('[$states.input, $v, $w]') },
  })
}

/** The whole walk in one loop, with jsonata for every expression. */
async function walkNaively(steps: Step[], first: Json): Promise<{ output?: Json; error?: string; seconds: number }> {
  let input = first
  let scope: Record<string, Json> = { v: 1, w: 1 }
  let seconds = 0
  let at = 0
  const evaluate = async (text: string): Promise<Parsed> => {
    const value = await jsonata(text).evaluate(undefined, { ...scope, states: { input } })
    if (value === undefined) throw new Error('nothing')
    return JSON.parse(JSON.stringify(value))
  }
  try {
    for (let current = steps[at]; current; current = steps[at]) {
      if (current.kind === 'fail') return { error: current.error, seconds }
      if (current.kind === 'wait') seconds += current.seconds
      if (current.kind === 'pass') {
        const changed: Record<string, Json> = {}
        for (const [name, text] of Object.entries(current.assign)) changed[name] = await evaluate(text)
        if (current.output) input = await evaluate(current.output)
        scope = { ...scope, ...changed }
      }
      let next = current.next
      if (current.kind === 'choice') {
        for (const rule of [...current.rules].reverse()) if (await evaluate(rule.condition)) next = rule.next
      }
      if (current.kind === 'task') {
        const outcome = await attempt(current, () => evaluate(current.payload))
        seconds += outcome.seconds as number
        if (outcome.error !== undefined && current.caught === undefined) return { error: outcome.error, seconds }
        if (outcome.error !== undefined) next = current.caught!
        input = outcome.error ?? outcome.value
      }
      at += next
    }
    return { output: await evaluate('[$states.input, $v, $w]'), seconds }
  } catch {
    return { error: 'States.QueryEvaluationError', seconds }
  }
}

async function attempt(step: Extract<Step, { kind: 'task' }>, payload: () => Promise<Json>): Promise<Parsed> {
  let error: string | undefined
  let seconds = 0
  for (let retry = 0; ; retry += 1) {
    try {
      const value = await payload()
      if (retry >= step.failures) return { value, seconds }
      error = 'Busy'
    } catch {
      error = 'States.QueryEvaluationError'
    }
    if (retry === step.retries) return { error, seconds }
    seconds += 2 ** retry
  }
}

it('a random machine ends as a naive walk through it does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 9 }),
      fc.constantFrom<Json>({ n: 5 }, { n: [1, 2] }, {}),
      async (steps, input) => {
        const { start, advance, walk } = createWorkflow({
          definition: toDefinition(steps),
          lambda: (_, payload) => {
            if (payload.try < payload.failures) throw new NamedError('Busy')
            return payload.value
          },
        })
        const arn = start(input)
        await advance(1_000_000)

        const { output, error, startMs, stopMs } = walk(arn)
        expect({ output, error, seconds: (stopMs! - startMs) / 1000 }).toEqual(await walkNaively(steps, input))
      },
    ),
    { numRuns: 300 },
  )
}, 60_000)
