import { randomBytes } from 'node:crypto'
import { createActivity } from './activity.ts'
import type { Activity } from './activity.ts'
import type { Assembly } from './assembly/specs.ts'
import type { Behaviour } from './aws/behaviour.ts'
import { createBehaviour } from './aws/behaviour.ts'
import { openDynamo } from './aws/dynamodb/dynamodb.ts'
import type { Dynamo } from './aws/dynamodb/dynamodb.ts'
import type { BusEvent, RaiseEvent, Service } from './aws/service.ts'
import { createEvents, isoSeconds } from './aws/services/events.ts'
import { createLambda } from './aws/services/lambda.ts'
import { createOfferServices } from './aws/services/offer-services.ts'
import { createOrganizations } from './aws/services/organizations.ts'
import { OrganizationTree, type OrganizationSpec } from './aws/services/organization-tree.ts'
import { createSecretsManager } from './aws/services/secretsmanager.ts'
import { createSesv2 } from './aws/services/sesv2.ts'
import { createSqs } from './aws/services/sqs.ts'
import { createStepFunctions } from './aws/services/stepfunctions.ts'
import { createSts } from './aws/services/sts.ts'
import { createSessions, roleCaller } from './aws/sessions.ts'
import type { Sessions } from './aws/sessions.ts'
import { createClock } from './clock.ts'
import type { LocalClock } from './clock.ts'
import { createEngine } from './engine/engine.ts'
import type { Engine, ExecutionDescription } from './engine/engine.ts'
import { parseJson } from './engine/json.ts'
import type { InvokeResult } from './engine/run/host.ts'
import { createMemoryStore } from './engine/store.ts'
import { accountIn, createDeployments, type Deployments } from './deployments.ts'
import { createEventBuses } from './event-bus.ts'
import type { FunctionLog } from './function-log.ts'
import { createAuthority } from './iam/authority.ts'
import type { Authority } from './iam/authority.ts'
import { createGate } from './iam/gate.ts'
import type { Gate } from './iam/gate.ts'
import { checkWorkers, invokeAsMachine, pollAsFunction } from './iam/workers.ts'
import { createFunctions } from './functions.ts'
import type { Functions } from './functions.ts'
import { createMailbox } from './mailbox.ts'
import type { Mailbox } from './mailbox.ts'
import { createPoller } from './poller.ts'
import type { Poller } from './poller.ts'
import { createQueues } from './queues.ts'
import { startSchedules } from './schedules.ts'
import { createSlack } from './slack/slack.ts'
import type { LocalSlack } from './slack/slack.ts'
import type { SlackOptions } from './slack/workspace.ts'
import { createTargets } from './targets.ts'

export interface RuntimeOptions {
  assembly: Assembly
  /** Folder of the ledger's tables; in memory when absent. */
  ledgerPath?: string | undefined
  clockOffsetMs?: number
  log: FunctionLog
  organization?: OrganizationSpec | undefined
  /** A workspace with the app in it; without one nothing answers for Slack. */
  slack?: SlackOptions | undefined
  /** Text of secrets that an operator would have made, by name. */
  secrets?: Readonly<Record<string, string>> | undefined
}

/** How long after a mail its bounce is known. */
const mailTravelMs = 2000

/** The app at work on this machine: all that an account would run, but no door to it yet. */
export interface Runtime {
  readonly assembly: Assembly
  readonly clock: LocalClock
  readonly engine: Engine
  readonly functions: Functions
  readonly mailbox: Mailbox
  readonly behaviour: Behaviour
  readonly sessions: Sessions
  readonly services: readonly Service[]
  readonly dynamo: Dynamo
  readonly slack?: LocalSlack | undefined
  /** What the synthesized policies allow, and which of it was needed so far. */
  readonly authority: Authority
  readonly gate: Gate
  /** What stands in which account, as the organization is now. */
  readonly deployments: Deployments
  readonly organization?: OrganizationTree | undefined
  /** Queues are read and schedules fire from here on. */
  start: () => void
  /** No new work is taken from queues and schedules. */
  stop: () => void
  /** Resolves when queues, events and running tasks are idle; waiting for a token or a timer is idle. */
  idle: () => Promise<void>
  /** Everything as on the first day, clock included. */
  reset: () => Promise<void>
  /** Ends the functions and closes the tables. */
  close: () => Promise<void>
}

export async function createRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { assembly, log } = options
  const { place } = assembly
  const organization = options.organization && new OrganizationTree(options.organization)
  const clock = createClock({ offsetMs: options.clockOffsetMs ?? 0 })
  const activity = createActivity()
  const sessions = createSessions()
  const behaviour = createBehaviour()
  const mailbox = createMailbox()
  const deployments = createDeployments(assembly, organization)
  const queues = createQueues(assembly.queues, clock, (queueArn) =>
    deployments.in(accountIn(queueArn) ?? '').queues.find(({ arn }) => arn === queueArn),
  )
  const authority = createAuthority({
    deployments,
    organization,
    log: (line) => {
      log.add('iam', line)
    },
  })
  checkWorkers(assembly, authority)
  const functions = createFunctions({
    specs: assembly.functions,
    place,
    credentialsOf: (spec) => sessions.start(roleCaller(spec.roleArn, spec.name)),
    clockOffsetMs: () => clock.offsetMs,
    log: log.add,
    activity,
  })
  const { deliver } = createTargets({ assembly, queues, functions, authority, clock })
  const buses = createEventBuses({ deployments, authority, deliver })
  const { raise } = buses
  const engine = startEngine({ assembly, clock, functions, raise, authority })
  const offerServices = createOfferServices({ raise, behaviour, deleteRole: deployments.deleteRole })
  const gate = createGate({
    authority,
    offerServices,
    tables: assembly.tables,
    organization,
    functionArnOf: (reference) => functions.find(reference)?.arn,
    machineOf: (token) => engine.machineOf(token),
  })
  const { tables } = assembly
  const dynamo = await openDynamo({ tables, place, path: options.ledgerPath, resolveCaller: sessions.find, gate })
  const services = [
    createSqs({ queues, clock }),
    createSesv2({
      mailbox,
      configurationSets: assembly.configurationSets,
      raise,
      later: (work) => clock.at(clock.now() + mailTravelMs, work),
    }),
    ...offerServices,
    createOrganizations({ organization }),
    createSts({ sessions }),
    createStepFunctions(engine),
    createEvents(buses),
    createLambda({ functions, account: place.account }),
    createSecretsManager({ account: place.account, secrets: secretsOf(options) }),
  ]
  const slack =
    options.slack &&
    createSlack({ options: options.slack, nowMs: () => clock.now(), behaviour, approvalUrl: place.approvalUrl })
  const pollers = startPollers({ assembly, queues, functions, activity, authority })
  let stopSchedules: (() => void) | undefined

  function start(): void {
    stopSchedules ??= startSchedules({ schedules: assembly.schedules, clock, deliver })
    for (const poller of pollers) poller.start()
  }

  function stop(): void {
    stopSchedules?.()
    stopSchedules = undefined
    for (const poller of pollers) poller.stop()
  }

  async function idle(): Promise<void> {
    do {
      await activity.quiet()
      await engine.idle()
    } while (activity.busy)
  }

  return {
    assembly,
    clock,
    engine,
    functions,
    mailbox,
    behaviour,
    sessions,
    services,
    dynamo,
    slack,
    authority,
    gate,
    deployments,
    organization,
    start,
    stop,
    idle,
    async reset() {
      stop()
      await idle()
      engine.reset()
      for (const service of services) service.reset?.()
      behaviour.reset()
      deployments.reset()
      slack?.workspace.clear()
      await dynamo.reset()
      await clock.rewind()
      start()
    },
    async close() {
      stop()
      await functions.close()
      await dynamo.close()
    },
  }
}

/** Those of the app are made up anew with every start, as nothing that outlives one depends on them. */
function secretsOf({ assembly, secrets = {} }: RuntimeOptions): ReadonlyMap<string, string> {
  const made = assembly.secrets.map(({ name }) => [name, randomBytes(32).toString('hex')] as const)
  return new Map([...made, ...Object.entries(secrets)])
}

interface EngineParts {
  assembly: Assembly
  clock: LocalClock
  functions: Functions
  raise: RaiseEvent
  authority: Authority
}

function startEngine({ assembly, clock, functions, raise, authority }: EngineParts): Engine {
  const { account, region } = assembly.place
  const engine = createEngine({
    clock,
    store: createMemoryStore(),
    account,
    region,
    invoke: async (reference, payload, machineArn) => {
      const refused = invokeAsMachine({ assembly, authority }, { machineArn, spec: functions.find(reference) })
      return refused ?? (await invokeForEngine(functions, reference, payload))
    },
  })
  for (const { arn, name, definition, roleArn } of assembly.stateMachines)
    engine.register(arn, JSON.parse(definition), { name, roleArn })
  engine.onExecutionEnd((execution) => {
    raise(statusChange(execution, assembly))
  })
  return engine
}

async function invokeForEngine(functions: Functions, reference: string, payload: unknown): Promise<InvokeResult> {
  if (functions.find(reference) === undefined)
    return {
      ok: false,
      errorType: 'Lambda.ResourceNotFoundException',
      errorMessage: `Function not found: ${reference}`,
    }
  const outcome = await functions.invoke(reference, JSON.stringify(payload))
  return outcome.ok ? { ok: true, payload: parseJson(outcome.payload) ?? null } : { ok: false, ...outcome.error }
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
function statusChange(execution: ExecutionDescription, { place }: Assembly): BusEvent {
  const { executionArn, stateMachineArn, name, status, startMs, stopMs, input, output, error, cause } = execution
  return {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    account: place.account,
    region: place.region,
    time: isoSeconds(stopMs ?? startMs),
    resources: [executionArn],
    detail: {
      executionArn,
      stateMachineArn,
      name,
      status,
      startDate: startMs,
      stopDate: stopMs ?? null,
      input,
      output: output ?? null,
      error: error ?? null,
      cause: cause ?? null,
    },
  }
}

interface PollerParts {
  assembly: Assembly
  queues: ReturnType<typeof createQueues>
  functions: Functions
  activity: Activity
  authority: Authority
}

function startPollers({ assembly, queues, functions, activity, authority }: PollerParts): Poller[] {
  return assembly.eventSources.map((source) => {
    const queue = queues.byArn(source.queueArn)
    const spec = functions.find(source.functionName)
    if (queue === undefined || spec === undefined)
      throw new Error(`${source.id}: its queue or its function is not of the app`)
    const check = pollAsFunction(authority, { spec, queueArn: queue.spec.arn })
    return createPoller({ source, queue, functions, activity, region: assembly.place.region, check })
  })
}
