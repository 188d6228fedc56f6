import { LOOK_AGAIN } from '../../lambda/contract/errors.ts'
import { settleTaskSeconds, triesPerAsk } from '../../lambda/contract/timing.ts'
import type { AskPurpose } from '../../lambda/contract/states.ts'
import type { Catcher, ChoiceState, Expression, Retrier, StateMachine, TaskState } from './asl.ts'
import { askRetry, busyRetry, checkRetry, serviceRetry, settleRetry, throttleRetry, visibleRetry } from './retries.ts'

/** Functions that the workflow invokes, by their construct ids. */
export const stepFunctions = [
  'Inspect',
  'Judge',
  'Ask',
  'Tally',
  'AcceptByPolicy',
  'AcceptForPeople',
  'Send',
  'Reject',
  'Close',
  'RecordFailure',
] as const
/** Only where `iam.role` is configured. */
export const delegateFunction = 'Delegate'
export type StepFunction = (typeof stepFunctions)[number] | typeof delegateFunction

/** A step's function lives for 60 s; its task waits longer, so that it hears how the function ended. */
export const stepFunctionSeconds = 60
const stepTaskSeconds = 75
/** A look costs about 20 events of the 25,000 that an execution may have: three years. */
const watchSeconds = 86_400

const inspect = 'Inspect the offer'
const inspectAgain = 'Inspect it again'
const isPending = 'Is it pending?'
const judge = 'Judge against policy'
const whatPolicySays = 'What does policy say?'
const ask = 'Ask for approval'
const tally = 'Tally the votes'
const whatPeopleSay = 'What do people say?'
const acceptByPolicy = 'Accept by policy'
const acceptForPeople = 'Accept for people'
const send = 'Begin the transfer'
const watch = 'Watch the transfer'
const reject = 'Reject'
const howDidItGo = 'How did it go?'
const awaitHandOver = 'Await the hand-over'
const previewDelegation = 'Check what the delegator may give'
const delegate = 'Accept as the delegator'
const howFarIsIt = 'How far is the delegation?'
const holdDelegation = 'Hold before access is released'
const close = 'Close the case'
const superseded = 'Another run took over'
const recordFailure = 'Record the failure'
const runFailed = 'Run failed'

/**
 * The workflow of one offer. It holds references and counters only; facts, votes and decisions are on the ledger. Its
 * variables begin with the first inspection, because a state of their own would be a transition more.
 */
export function offerWorkflow(
  arnOf: (step: StepFunction) => string,
  { delegates }: { delegates: boolean } = { delegates: false },
): StateMachine {
  return {
    Comment: 'Answers one offer: inspect, judge, ask people where policy does not decide, settle, close.',
    QueryLanguage: 'JSONata',
    StartAt: inspect,
    States: {
      [inspect]: step({
        comment: 'Reads the offer at AWS and begins a round on its facts.',
        function: arnOf('Inspect'),
        payload: { ...fromInput, round: 0, cause: 'first', step: 'judged' },
        assign: { ...fromInput, asks: 0, ...inspected },
        next: isPending,
      }),
      [inspectAgain]: step({
        comment: 'Reads it again; changed facts begin a new round.',
        function: arnOf('Inspect'),
        payload: { ...current, cause: '{% $cause %}', step: '{% $step %}' },
        assign: inspected,
        next: isPending,
      }),
      [isPending]: choice('Only a pending offer is judged; an accept that is taken back may have lost its role.', {
        judge,
        close,
        watch,
        reject,
        ...(delegates ? { delegate } : {}),
      }),
      [judge]: step({
        comment: 'Asks policy: at first what to do, and of an accept by people whether it may stand.',
        function: arnOf('Judge'),
        payload: { ...current, step: '{% $step %}' },
        assign: fromResult('cause', 'finding', 'secondsLeft'),
        next: whatPolicySays,
      }),
      [whatPolicySays]: choice(
        'Past the deadline nobody is asked: the default stands.',
        {
          'accept-by-policy': acceptByPolicy,
          'accept-for-people': acceptForPeople,
          send,
          reject,
          ask,
          inspect: inspectAgain,
          close,
          ...(delegates ? { delegate, preview: previewDelegation } : {}),
        },
        [{ Condition: "{% $states.input.next = 'ask' and $states.input.secondsLeft < 1 %}", Next: tally }],
      ),
      [ask]: waitForPeople({
        comment: 'Asks, reminds and escalates, and waits for a vote, a look-again or the next time to do so.',
        function: arnOf('Ask'),
        purpose: 'approval',
        next: tally,
        whenTimeIsUp: tally,
      }),
      [tally]: step({
        comment: 'Counts the votes of the round; at the deadline the default decides.',
        function: arnOf('Tally'),
        payload: current,
        assign: {
          ...fromResult('finding', 'secondsLeft'),
          cause: 'look',
          step: "{% $states.result.Payload.next = 'inspect' ? 'approved' : $step %}",
        },
        next: whatPeopleSay,
      }),
      [whatPeopleSay]: choice('What people accept is looked at and judged once more.', {
        inspect: inspectAgain,
        reject,
        ask,
        close,
      }),
      [acceptByPolicy]: settle('Accepts at AWS with the role bounded to partners.', arnOf('AcceptByPolicy')),
      [acceptForPeople]: settle('Accepts at AWS what people decided.', arnOf('AcceptForPeople')),
      [send]: settle('Begins the transfer of our certificate that somebody asked for.', arnOf('Send')),
      [watch]: waitForPeople({
        comment: 'Waits until the other side has answered; scans see that, and a day is the longest between two looks.',
        function: arnOf('Ask'),
        purpose: 'watch',
        next: inspectAgain,
        whenTimeIsUp: inspectAgain,
        timeoutSeconds: watchSeconds,
      }),
      [reject]: settle('Rejects at AWS, or cancels our own outgoing transfer.', arnOf('Reject')),
      [howDidItGo]: choice('Settled, changed meanwhile, or for a person to do at AWS.', {
        close,
        inspect: inspectAgain,
        'hand-over': awaitHandOver,
      }),
      [awaitHandOver]: waitForPeople({
        comment: 'Tells the approvers to accept at AWS under their own identity, and waits until it looks done.',
        function: arnOf('Ask'),
        purpose: 'hand-over',
        next: inspectAgain,
        whenTimeIsUp: inspectAgain,
      }),
      ...(delegates ? delegationStates(arnOf) : {}),
      [close]: step({
        comment: 'Records what an accept gave us and the outcome, and tells everybody who was asked.',
        function: arnOf('Close'),
        payload: { ...current, finding: '{% $finding %}', try: retriesSoFar },
        retry: [throttleRetry, busyRetry, visibleRetry, serviceRetry],
      }),
      [superseded]: { Type: 'Succeed', Comment: 'The run is no longer the current one, or the case is closed.' },
      [recordFailure]: {
        ...step({
          comment: 'Ends the run, not the case: the next scan starts the next run.',
          function: arnOf('RecordFailure'),
          payload: {
            ...fromInput,
            // A choice that fits nothing leads here with no error of its own.
            error: "{% $exists($states.input.Error) ? $states.input.Error : 'NoSuchTransition' %}",
            detail: "{% $exists($states.input.Cause) ? $substring($states.input.Cause, 0, 1000) : '' %}",
          },
          next: runFailed,
        }),
        Catch: [{ ErrorEquals: ['States.ALL'], Next: runFailed }],
      },
      [runFailed]: {
        Type: 'Fail',
        Comment: 'Found by its event and by the next scan.',
        Error: 'RunFailed',
        Cause: 'see the ledger',
      },
    },
  }
}

/** The delegator role accepts, the accept is held, and then it is released or taken back. */
function delegationStates(arnOf: (step: StepFunction) => string): StateMachine['States'] {
  const assign = fromResult('cause', 'finding', 'secondsLeft')
  return {
    [previewDelegation]: {
      ...step({
        comment: 'Has IAM check what the delegator role could give, so that people who are asked know.',
        function: arnOf(delegateFunction),
        payload: { ...current, purpose: 'preview' },
        retry: [throttleRetry, checkRetry, serviceRetry],
        assign,
        next: ask,
      }),
      // Nobody is left unasked because a check failed.
      Catch: [
        { ErrorEquals: ['RunSuperseded'], Next: superseded },
        { ErrorEquals: ['States.ALL'], Next: ask },
      ],
    },
    [delegate]: step({
      comment:
        'Takes the delegation as far as it goes: associate, check, accept; after the hold compare, and release or undo.',
      function: arnOf(delegateFunction),
      payload: { ...current, purpose: 'accept' },
      timeoutSeconds: settleTaskSeconds,
      retry: [throttleRetry, busyRetry, checkRetry, settleRetry],
      assign,
      next: howFarIsIt,
    }),
    [howFarIsIt]: choice('Held, changed meanwhile, or at its end.', {
      hold: holdDelegation,
      inspect: inspectAgain,
      close,
    }),
    [holdDelegation]: waitForPeople({
      comment: 'Tells people that they can still take the accept back, and waits for the end of the hold.',
      function: arnOf('Ask'),
      purpose: 'hold',
      next: delegate,
      whenTimeIsUp: delegate,
      whenToLookAgain: delegate,
    }),
  }
}

const fromInput = {
  offerId: '{% $states.context.Execution.Input.offerId %}',
  run: '{% $states.context.Execution.Input.run %}',
} as const

/** Not `$round`: that is a function of JSONata. */
const current = { offerId: '{% $offerId %}', run: '{% $run %}', round: '{% $roundNumber %}' } as const

const retriesSoFar = '{% $exists($states.context.State.RetryCount) ? $states.context.State.RetryCount : 0 %}'

const inspected = {
  roundNumber: '{% $states.result.Payload.round %}',
  step: '{% $states.result.Payload.step %}',
  finding: '{% $states.result.Payload.finding %}',
} as const

const catchAll: Catcher[] = [
  { ErrorEquals: ['RunSuperseded'], Next: superseded },
  { ErrorEquals: ['States.ALL'], Next: recordFailure },
]

interface Step {
  comment: string
  function: string
  payload: Record<string, string | number>
  assign?: Record<string, string | number>
  retry?: Retrier[]
  timeoutSeconds?: number
  /** Left out, the step ends the execution. */
  next?: string
}

function step({ comment, payload, assign, next, ...rest }: Step): TaskState {
  return {
    Type: 'Task',
    Comment: comment,
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: rest.function, Payload: payload },
    TimeoutSeconds: rest.timeoutSeconds ?? stepTaskSeconds,
    Retry: rest.retry ?? [throttleRetry, busyRetry, serviceRetry],
    Catch: catchAll,
    Output: '{% $states.result.Payload %}',
    ...(assign === undefined ? {} : { Assign: assign }),
    ...(next === undefined ? { End: true } : { Next: next }),
  }
}

function settle(comment: string, functionArn: string): TaskState {
  return step({
    comment,
    function: functionArn,
    payload: current,
    timeoutSeconds: settleTaskSeconds,
    retry: [throttleRetry, busyRetry, settleRetry],
    assign: fromResult('cause', 'finding', 'secondsLeft'),
    next: howDidItGo,
  })
}

interface Waiting {
  comment: string
  function: string
  purpose: AskPurpose
  next: string
  whenTimeIsUp: string
  whenToLookAgain?: string
  /** Left out, the step before said in how many seconds there is something to do. */
  timeoutSeconds?: number
}

/**
 * Waits for SendTaskSuccess or SendTaskFailure, or until it is time for a reminder, an escalation or the default: the
 * step before said in how many seconds. Every way out counts, so that the next entry has a greater `try`.
 */
function waitForPeople({
  comment,
  purpose,
  next,
  whenTimeIsUp,
  whenToLookAgain = inspectAgain,
  ...rest
}: Waiting): TaskState {
  const leave = { asks: '{% $asks + 1 %}', cause: 'look' } as const
  return {
    Type: 'Task',
    Comment: comment,
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: {
      FunctionName: rest.function,
      Payload: {
        ...current,
        purpose,
        try: `{% $asks * ${triesPerAsk} + ($exists($states.context.State.RetryCount) ? $states.context.State.RetryCount : 0) %}`,
        token: '{% $states.context.Task.Token %}',
      },
    },
    TimeoutSeconds: rest.timeoutSeconds ?? '{% $max([1, $secondsLeft]) %}',
    Retry: [throttleRetry, busyRetry, askRetry],
    Catch: [
      { ErrorEquals: [LOOK_AGAIN], Assign: leave, Next: whenToLookAgain },
      { ErrorEquals: ['States.Timeout', 'States.HeartbeatTimeout'], Assign: leave, Next: whenTimeIsUp },
      ...catchAll,
    ],
    Assign: leave,
    Next: next,
  }
}

/** Follows the `next` that the step before gave; what fits nothing is a failure of the run. */
function choice(comment: string, nexts: Record<string, string>, before: ChoiceState['Choices'] = []): ChoiceState {
  const choices = Object.entries(nexts).map(([word, state]) => {
    return { Condition: `{% $states.input.next = '${word}' %}` as const, Next: state }
  })
  return { Type: 'Choice', Comment: comment, Choices: [...before, ...choices], Default: recordFailure }
}

function fromResult(...names: string[]): Record<string, Expression> {
  return Object.fromEntries(names.map((name) => [name, `{% $states.result.Payload.${name} %}` as const]))
}
