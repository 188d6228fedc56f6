import { createClock } from '../../local/clock.ts'
import { createEngine } from '../../local/engine/engine.ts'
import type { Engine } from '../../local/engine/engine.ts'
import type { Json } from '../../local/engine/json.ts'
import { createMemoryStore } from '../../local/engine/store.ts'
import { median, type Measured } from './bench.ts'

const stateMachineArn = 'arn:aws:states:us-east-1:111111111111:stateMachine:Bench'
const lambdaInvoke = 'arn:aws:states:::lambda:invoke'

/** Six states a run, as an offer with an automatic verdict walks: task, choice, task, choice, task, task. */
const definition = {
  QueryLanguage: 'JSONata',
  StartAt: 'Inspect',
  States: {
    Inspect: {
      Type: 'Task',
      Resource: lambdaInvoke,
      Arguments: {
        FunctionName: 'Inspect',
        Payload: {
          offerId: '{% $states.input.offerId %}',
          run: '{% $states.input.run %}',
          retry: '{% $states.context.State.RetryCount %}',
        },
      },
      TimeoutSeconds: 60,
      Retry: [{ ErrorEquals: ['Lambda.TooManyRequestsException'], IntervalSeconds: 1, JitterStrategy: 'FULL' }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }],
      Assign: {
        offerId: '{% $states.input.offerId %}',
        run: '{% $states.input.run %}',
        round: '{% $states.result.Payload.round %}',
        factsHash: '{% $states.result.Payload.factsHash %}',
      },
      Output: '{% $states.result.Payload %}',
      Next: 'Is it pending',
    },
    'Is it pending': {
      Type: 'Choice',
      Choices: [{ Condition: "{% $states.input.next = 'judge' %}", Next: 'Judge' }],
      Default: 'Close',
    },
    Judge: {
      Type: 'Task',
      Resource: lambdaInvoke,
      Arguments: {
        FunctionName: 'Judge',
        Payload: { offerId: '{% $offerId %}', run: '{% $run %}', round: '{% $round %}', factsHash: '{% $factsHash %}' },
      },
      TimeoutSeconds: 60,
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }],
      Output: '{% $states.result.Payload %}',
      Next: 'What does policy say',
    },
    'What does policy say': {
      Type: 'Choice',
      Choices: [
        { Condition: "{% $states.input.next = 'reject' %}", Next: 'Close' },
        { Condition: "{% $states.input.next = 'ask' and $states.input.secondsLeft < 1 %}", Next: 'Close' },
        { Condition: "{% $states.input.next = 'accept' %}", Next: 'Accept' },
      ],
      Default: 'Close',
    },
    Accept: {
      Type: 'Task',
      Resource: lambdaInvoke,
      Arguments: {
        FunctionName: 'Accept',
        Payload: { offerId: '{% $offerId %}', run: '{% $run %}', round: '{% $round + 0 %}' },
      },
      TimeoutSeconds: 45,
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }],
      Output: '{% $states.result.Payload %}',
      Next: 'Close',
    },
    Close: {
      Type: 'Task',
      Resource: lambdaInvoke,
      Arguments: { FunctionName: 'Close', Payload: { offerId: '{% $offerId %}', run: '{% $run %}' } },
      TimeoutSeconds: 60,
      Output: { outcome: '{% $states.result.Payload.outcome %}' },
      End: true,
    },
    Failed: { Type: 'Fail', Error: 'RunFailed' },
  },
}

const answers = new Map<string, Json>([
  ['Inspect', { next: 'judge', round: 1, factsHash: 'a'.repeat(64) }],
  ['Judge', { next: 'accept', secondsLeft: 604_800 }],
  ['Accept', { next: 'close' }],
  ['Close', { outcome: 'ACCEPTED' }],
])

const atOnce = 100
const perRound = 2000
const rounds = 8

/** Six-state executions a second, in memory. */
export async function run(): Promise<Measured> {
  const clock = createClock()
  const engine = createEngine({
    clock,
    store: createMemoryStore(),
    account: '111111111111',
    region: 'us-east-1',
    invoke: (name) => Promise.resolve({ ok: true, payload: answers.get(name) ?? null }),
  })
  engine.register(stateMachineArn, definition)
  await runRound(engine, 'warm')
  const rates: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    engine.reset()
    const startedAt = performance.now()
    await runRound(engine, `round${round}`)
    rates.push((perRound * 1000) / (performance.now() - startedAt))
  }
  return { name: 'engine', figures: { sixStateExecutionsPerSecond: median(rates) } }
}

/** Histories are kept for the whole round, as a store would. */
async function runRound(engine: Engine, name: string): Promise<void> {
  for (let first = 0; first < perRound; first += atOnce) {
    let last = ''
    for (let index = first; index < first + atOnce; index += 1) {
      const input = JSON.stringify({ offerId: `ram-invitation-${index}`, run: 1 })
      last = engine.startExecution({ stateMachineArn, name: `${name}-${index}`, input }).executionArn
    }
    await engine.idle()
    const { status, output } = engine.describe(last)
    if (status !== 'SUCCEEDED' || output !== '{"outcome":"ACCEPTED"}') throw new Error(`the bench run ended ${status}`)
  }
}
