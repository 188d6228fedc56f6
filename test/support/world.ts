import { GetCommand } from '@aws-sdk/lib-dynamodb'
import { summaryKey } from '../../lambda/ledger/keys.ts'
import { createEngine, type Engine } from '../../local/engine/engine.ts'
import { EngineError } from '../../local/engine/errors.ts'
import { createMemoryStore } from '../../local/engine/store.ts'
import { createClock, type LocalClock } from '../../local/clock.ts'
import { offerWorkflow, type StepFunction } from '../../lib/workflow/definition.ts'
import * as states from '../../lambda/contract/states.ts'
import { DeliveryFailed, LOOK_AGAIN, ServiceUnavailable } from '../../lambda/contract/errors.ts'
import type { MailTags } from '../../lambda/contract/mail-tags.ts'
import type { Settings } from '../../lambda/contract/settings.ts'
import type { LedgerEvent, Verdict } from '../../lambda/domain/event.ts'
import type { OfferState } from '../../lambda/domain/state.ts'
import { kindNames } from '../../lambda/domain/kinds.ts'
import type { OfferKind, Target } from '../../lambda/domain/offer.ts'
import { askPeople } from '../../lambda/handlers/ask.handler.ts'
import { closeCase } from '../../lambda/handlers/close.handler.ts'
import { recordDelivery } from '../../lambda/handlers/delivery.handler.ts'
import { delegate } from '../../lambda/handlers/delegate.handler.ts'
import { inspectOffer } from '../../lambda/handlers/inspect.handler.ts'
import { judgeOffer } from '../../lambda/handlers/judge.handler.ts'
import { recordFailure } from '../../lambda/handlers/record-failure.handler.ts'
import { createLately } from '../../lambda/handlers/scan/lately.ts'
import { createListings } from '../../lambda/handlers/scan/listings.ts'
import { createPace } from '../../lambda/handlers/scan/pace.ts'
import type { CallClock } from '../../lambda/handlers/scan/paced-part.ts'
import { runHint } from '../../lambda/handlers/scan/run-hint.ts'
import type { ScanDeps } from '../../lambda/handlers/scan/scan-deps.ts'
import { reject } from '../../lambda/handlers/reject.handler.ts'
import { settle } from '../../lambda/handlers/settle.ts'
import { tallyVotes } from '../../lambda/handlers/tally.handler.ts'
import { vote } from '../../lambda/handlers/vote.handler.ts'
import type { Delegator } from '../../lambda/kinds/delegator.ts'
import type { Kind } from '../../lambda/kinds/kind.ts'
import { ChainStore } from '../../lambda/ledger/chain-store.ts'
import { DigestStore } from '../../lambda/ledger/digest-store.ts'
import { FloodStore } from '../../lambda/ledger/flood-store.ts'
import { createPersonalAsks, createRelease } from '../../lambda/handlers/ask/personal-asks.ts'
import { sendDigests } from '../../lambda/handlers/digest.handler.ts'
import type { DigestDeps } from '../../lambda/handlers/digest/digest-deps.ts'
import { ApprovalsStore } from '../../lambda/ledger/approvals-store.ts'
import { FactsStore } from '../../lambda/ledger/facts-store.ts'
import { Ledger } from '../../lambda/ledger/ledger.ts'
import { TransferStore } from '../../lambda/ledger/transfer-store.ts'
import { ScanStore } from '../../lambda/ledger/scan-store.ts'
import type { Slack } from '../../lambda/notify/channel.ts'
import type { Mail } from '../../lambda/notify/mail.ts'
import type { Mailer } from '../../lambda/notify/mailer.ts'
import { createMessenger } from '../../lambda/notify/messenger.ts'
import type { Workflow } from '../../lambda/notify/workflow.ts'
import type { PolicyEngine } from '../../lambda/policy/engine.ts'
import { approvalSettings } from './approvals.ts'
import type { TestTable } from './table.ts'

const machineArn = 'arn:aws:states:us-east-1:111111111111:stateMachine:gatehouse-offer'

export interface Fault {
  /** `before`: the function dies without a trace. `after`: it did everything, and its answer is lost. */
  when: 'before' | 'after'
  error?: string
}

export interface WorldOptions {
  table: TestTable
  /** The one account that is governed. */
  account: string
  /** `fresh`: rests on no lookup that is kept. */
  open: (target: Target, how?: { fresh: boolean }) => Kind | Promise<Kind>
  settings?: Partial<Settings>
  /** Verdict by the name of the facts that TestAws shows, or any engine. */
  policy?: Partial<Record<string, Verdict>> | PolicyEngine
}

/** Settings as synth would write them, on two approvers in one group and one partner. */
export function testSettings(overrides: Partial<Settings> = {}): Settings {
  const approvers = overrides.approvers ?? [
    { id: 'alice', email: 'alice@example.com' },
    { id: 'bob', email: 'bob@example.com' },
  ]
  return {
    region: 'us-east-1',
    mode: 'enforce',
    approvers,
    ...approvalSettings(approvers),
    partners: { network: ['444455556666'] },
    organizationId: null,
    partnersUntil: {},
    partnerOwners: {},
    tellsAccepted: false,
    targets: null,
    kinds: { default: kindNames(), ous: {}, accounts: {} },
    emailFrom: 'gatehouse@example.com',
    iotWindowMs: 7 * 86_400_000,
    marginMs: 3_600_000,
    deadlineDefault: {
      'ram-invitation': 'reject',
      'iot-transfer': 'reject',
      'iam-delegation': 'reject',
      'iot-outgoing': 'leave',
      'iot-send': 'reject',
    },
    sevenDayTypes: ['ec2:Subnet'],
    setAsActive: false,
    iotCalls: { perSecond: 10, share: 0.5 },
    delegationStrategy: 'console',
    delegationRole: null,
    runsPerSecond: 1000,
    policyDigest: 'digest-1',
    ...overrides,
  }
}

/** The synthesized workflow on the engine with the real handlers and a real ledger; faults on command. */
export class World {
  readonly account: string
  readonly table: TestTable
  readonly clock: LocalClock = createClock()
  readonly engine: Engine
  readonly ledger: Ledger
  readonly mails: { to: string; mail: Mail; tags: MailTags; at: number }[] = []
  readonly announced: string[] = []
  /** Accepted offers that other systems were told of. */
  readonly told: OfferState[] = []
  /** Other systems cannot be told. */
  failAnnouncing = false
  /** An address to which sending fails in a way that nobody expects. */
  failMailTo: string | undefined
  /** Addresses that SES does not take, or cannot just now. */
  readonly refused = new Set<string>()
  readonly unavailable = new Set<string>()
  slack: Slack | undefined
  /** What submissions of Slack have to be signed with. */
  signingSecret: string | undefined
  takesPersonalAsk = true
  /** Called after a settling worker's first check and before its attempt. */
  beforeSettling: () => Promise<void> = () => Promise.resolve()
  /** Called when Ask has read the fold. */
  onAskRead: () => Promise<void> = () => Promise.resolve()
  /** Opens the request of an offer as the delegator role would. */
  openDelegator: (state: OfferState) => Promise<Delegator> = () => Promise.reject(new Error('no delegator here'))
  /** The same as the rejector role. */
  openForReject: (state: OfferState) => Promise<Delegator> = () =>
    Promise.reject(new Error('nothing to take back here'))
  /** Functions invoked, in order. */
  readonly invoked: string[] = []
  settings: Settings
  policy: PolicyEngine
  /** Asked before each function: a fault to inject, or none. */
  fault: (step: StepFunction, input: unknown) => Fault | undefined = () => undefined
  /** Who waits between calls moves it, and no other clock. */
  readonly callClock = createCallClock(() => this.clock.now())
  readonly digests: DigestStore
  readonly requests: TransferStore
  readonly #facts: FactsStore
  readonly #approvals: ApprovalsStore
  readonly #lately = createLately(() => this.clock.now())
  readonly #listings = createListings()
  readonly #scans: ScanStore
  readonly #workflow: Workflow
  readonly #open: WorldOptions['open']
  #hinted: Promise<void>[] = []
  #wakesLost = false
  readonly #cancels: (() => void)[] = []

  constructor({ table, account, open, settings, policy = {} }: WorldOptions) {
    this.account = account
    this.table = table
    this.settings = testSettings(settings)
    this.policy = isEngine(policy) ? policy : policyByName(policy)
    this.#open = open
    this.ledger = new Ledger({ ...table, now: () => new Date(this.clock.now()) })
    this.#facts = new FactsStore(table)
    this.#approvals = new ApprovalsStore(table)
    this.#scans = new ScanStore(table)
    this.digests = new DigestStore(table)
    this.requests = new TransferStore({ ...table, now: () => new Date(this.clock.now()) })
    this.engine = createEngine({
      invoke: (name, payload) => this.#invoke(name, payload),
      clock: this.clock,
      store: createMemoryStore(),
      account: '111111111111',
      region: 'us-east-1',
    })
    this.engine.register(
      machineArn,
      offerWorkflow((step) => step, { delegates: true }),
    )
    const workflow = workflowOn(this.engine)
    this.#workflow = {
      ...workflow,
      wake: (token, what) => (this.#wakesLost ? Promise.resolve(false) : workflow.wake(token, what)),
    }
  }

  target(kind: OfferKind): Target {
    return { kind, account: this.account, region: 'us-east-1' }
  }

  /** Ends every run and timer. */
  close(): void {
    for (const cancel of this.#cancels) cancel()
    this.engine.reset()
  }

  /** A scan as a hint asks for it; waits until everything it caused is idle. */
  async scan(hint: states.Hint = this.target('ram-invitation')): Promise<void> {
    await runHint(hint, this.scanDeps())
    await this.idle()
  }

  scanDeps(): ScanDeps {
    return {
      ledger: this.ledger,
      scans: this.#scans,
      approvals: this.#approvals,
      workflow: this.#workflow,
      messenger: this.#messenger(),
      queue: {
        send: async (hints) => {
          for (const hint of hints) await this.scan(hint)
        },
        later: (hint, seconds) => {
          const cancel = this.clock.at(this.clock.now() + Math.min(900, seconds) * 1000, () => {
            this.#hinted.push(runHint(hint, this.scanDeps()))
          })
          this.#cancels.push(cancel)
          return Promise.resolve()
        },
      },
      open: async (target) => await this.#open(target, { fresh: false }),
      lookAfresh: async (ref) => await (await this.#open(ref)).inspect(ref),
      governs: ({ account }) => Promise.resolve(account === this.account),
      settings: this.settings,
      chains: new ChainStore(this.table),
      callClock: this.callClock,
      pace: createPace(this.settings.runsPerSecond, () => this.clock.now()),
      lately: this.#lately,
      listings: this.#listings,
    }
  }

  async idle(): Promise<void> {
    do {
      const hinted = this.#hinted
      this.#hinted = []
      await Promise.all(hinted)
      await this.engine.idle()
    } while (this.#hinted.length > 0)
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms, () => this.idle())
  }

  /** Votes with the newest link that the approver was sent, as the page would. */
  async vote(approver: string, choice: string, overrides: Partial<states.LinkVote> = {}): Promise<states.VoteReply> {
    const reply = await this.castVote(approver, choice, overrides)
    await this.idle()
    return reply
  }

  /** The same, without waiting for what it causes. */
  async castVote(
    approver: string,
    choice: string,
    overrides: Partial<states.LinkVote> = {},
  ): Promise<states.VoteReply> {
    const token = this.tokensOf(approver).at(-1) ?? 'none'
    const link = await this.#approvals.getLink(token)
    const state = link === undefined ? undefined : await this.ledger.read(link.offerId)
    const request = {
      by: 'link',
      token,
      choice,
      comment: 'because',
      factsHash: state?.round?.factsHash ?? '',
      round: String(state?.round?.number ?? ''),
      digits: state?.round?.counterparty?.slice(-4) ?? '',
      ...overrides,
    }
    return await this.#cast(request)
  }

  /** A submission as Slack sends it. */
  async voteBySlack(request: states.SlackVote): Promise<states.VoteReply> {
    const reply = await this.#cast(request)
    await this.idle()
    return reply
  }

  async #cast(request: unknown): Promise<states.VoteReply> {
    const deps = {
      ledger: this.ledger,
      approvals: this.#approvals,
      workflow: this.#workflow,
      settings: this.settings,
      isSignedIn: () => Promise.resolve(false),
      signingSecret: () => Promise.resolve(this.signingSecret),
      now: () => new Date(this.clock.now()),
      queue: this.scanDeps().queue,
    }
    return await vote(states.voteRequestSchema.parse(request), deps)
  }

  tokensOf(approver: string): string[] {
    const texts = this.mails.filter(({ to }) => to.startsWith(`${approver}@`)).map(({ mail }) => mail.text)
    return texts.flatMap((text) => [...text.matchAll(/\/a\/([A-Za-z0-9_-]{43})/g)].map((match) => match[1] ?? ''))
  }

  /** The last mail to an approver comes back, as SES says. */
  async bounce(approver: string): Promise<void> {
    const last = this.mails.filter(({ to }) => to.startsWith(`${approver}@`)).at(-1)
    const tags = Object.fromEntries(Object.entries(last?.tags ?? {}).map(([name, value]) => [name, [value]]))
    const bounce = { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [{ status: '5.1.1' }] }
    const deps = {
      ledger: this.ledger,
      openLedger: () => this.openLedger(),
      digests: this.digests,
      approvals: this.#approvals,
      workflow: this.#workflow,
    }
    await recordDelivery({ 'detail-type': 'Email Bounced', detail: { mail: { tags }, bounce } }, deps)
    await this.idle()
  }

  /** Runs Ask outside the workflow, as an attempt that Lambda started late would. */
  async ask(payload: unknown): Promise<void> {
    await this.#handle('Ask', payload)
  }

  /** The approvers that were mailed since the start, in order, by what was written about. */
  mailed(about: string): string[] {
    return this.mails.filter(({ tags }) => tags.about === about).map(({ to }) => to.split('@')[0] ?? '')
  }

  async state(offerId: string): Promise<OfferState> {
    const state = await this.ledger.read(offerId)
    if (state === undefined) throw new Error(`the ledger does not know ${offerId}`)
    return state
  }

  async events(offerId: string): Promise<readonly LedgerEvent[]> {
    return (await this.ledger.history(offerId)).events
  }

  async types(offerId: string): Promise<string[]> {
    return (await this.events(offerId)).map(({ type }) => type)
  }

  async summaryItem(offerId: string): Promise<{ Item?: Record<string, unknown> }> {
    const { client, tableName } = this.table
    return await client.send(new GetCommand({ TableName: tableName, Key: summaryKey(offerId), ConsistentRead: true }))
  }

  executions(): ReturnType<Engine['list']> {
    return this.engine.list(machineArn)
  }

  /** The names of the states that an execution entered: its transitions. */
  path(name: string): string[] {
    const execution = this.executions().find((candidate) => candidate.name === name)
    if (execution === undefined) throw new Error(`no execution ${name}`)
    const entered = this.engine.history(execution.executionArn).filter(({ type }) => type.endsWith('StateEntered'))
    return entered.map(({ details }) => JSON.stringify(details?.name ?? null))
  }

  /** From now on wake-ups are lost; call what it gives back to end that. */
  loseWakes(): () => void {
    this.#wakesLost = true
    return () => {
      this.#wakesLost = false
    }
  }

  /** Kills the running execution as an operator or a lost machine would. */
  killRun(name: string): void {
    const execution = this.executions().find((candidate) => candidate.name === name)
    if (execution !== undefined) this.engine.stop(execution.executionArn)
  }

  async #invoke(name: string, payload: unknown): ReturnType<Parameters<typeof createEngine>[0]['invoke']> {
    const step = name as StepFunction
    this.invoked.push(step)
    const fault = this.fault(step, payload)
    if (fault?.when === 'before') return failure(fault.error ?? 'Lambda.Unknown')
    try {
      const output = await this.#handle(step, payload)
      return fault === undefined ? { ok: true, payload: output } : failure(fault.error ?? 'Lambda.Unknown')
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error))
      return { ok: false, errorType: name, errorMessage: message }
    }
  }

  #handle(step: StepFunction, payload: unknown): Promise<never> {
    const { ledger, settings } = this
    const facts = this.#facts
    const open = async (state: OfferState): Promise<Kind> => {
      await this.beforeSettling()
      return await this.#open(state.ref)
    }
    const settling = { ledger, settings, open, pause: () => Promise.resolve() }
    const messenger = this.#messenger()
    const run = async (): Promise<unknown> => {
      switch (step) {
        case 'Inspect':
          return await inspectOffer(states.inspectInputSchema.parse(payload), {
            ledger,
            facts,
            inspect: async (ref, how) => await (await this.#open(ref, how)).inspect(ref),
            describe: async (ref) => (await (await this.#open(ref)).describe?.(ref)) ?? {},
            settings,
          })
        case 'Judge':
          return await judgeOffer(states.judgeInputSchema.parse(payload), {
            ledger,
            policy: this.policy,
            settings,
          })
        case 'Ask':
          return await askPeople(states.askInputSchema.parse(payload), {
            ledger: this.#ledgerOfAsk(),
            facts,
            approvals: this.#approvals,
            messenger,
            workflow: this.#workflow,
            settings,
            digests: this.digests,
            takesPersonalAsk: async (state, round) =>
              this.takesPersonalAsk && (await this.#personalAsks()(state, round)),
          })
        case 'Tally':
          return await tallyVotes(states.tallyInputSchema.parse(payload), { ledger, settings })
        case 'AcceptByPolicy':
          return await settle(states.settleInputSchema.parse(payload), 'accept', { ...settling, bounded: true })
        case 'AcceptForPeople':
          return await settle(states.settleInputSchema.parse(payload), 'accept', { ...settling, bounded: false })
        case 'Delegate':
          return await delegate(states.delegateInputSchema.parse(payload), {
            ledger,
            settings,
            open: async (state) => {
              await this.beforeSettling()
              return await this.openDelegator(state)
            },
          })
        case 'Send':
          return await settle(states.settleInputSchema.parse(payload), 'accept', { ...settling, bounded: false })
        case 'Reject':
          return await reject(states.settleInputSchema.parse(payload), {
            settling: { ...settling, bounded: false },
            openDelegation: this.openForReject,
          })
        case 'Close':
          return await closeCase(states.closeInputSchema.parse(payload), {
            ledger,
            facts,
            look: async (ref, decided) => await (await this.#open(ref)).received?.(ref, decided),
            tellAccepted: settings.tellsAccepted ? async (state) => void this.told.push(state) : undefined,
            messenger,
            settings,
            digests: this.digests,
            releasePersonalAsk: createRelease({ floods: this.#floods(), now: () => new Date(this.clock.now()) }),
            endRequest: (ref) => this.requests.end(ref),
          })
        case 'RecordFailure':
          return await recordFailure(states.recordFailureInputSchema.parse(payload), { ledger, messenger, settings })
      }
    }
    return run() as Promise<never>
  }

  #floods(): FloodStore {
    return new FloodStore({ ...this.table, most: this.settings.personalAsks })
  }

  #personalAsks(): ReturnType<typeof createPersonalAsks> {
    return createPersonalAsks({ floods: this.#floods(), now: () => new Date(this.clock.now()) })
  }

  openLedger(): Ledger {
    return new Ledger({ ...this.table, now: () => new Date(this.clock.now()) })
  }

  /** Runs the function that the hourly schedule runs. */
  async digest(overrides: Partial<DigestDeps> = {}): Promise<Awaited<ReturnType<typeof sendDigests>>> {
    const sent = await sendDigests({
      openLedger: () => this.openLedger(),
      digests: this.digests,
      approvals: this.#approvals,
      mailer: this.#mailer(),
      workflow: this.#workflow,
      settings: this.settings,
      approvalUrl: 'http://127.0.0.1:8787',
      now: () => new Date(this.clock.now()),
      most: 2000,
      ...overrides,
    })
    await this.idle()
    return sent
  }

  #ledgerOfAsk(): Ledger {
    const ledger = new Ledger({ ...this.table, now: () => new Date(this.clock.now()) })
    const read = async (offerId: string): Promise<OfferState | undefined> => {
      const state = await ledger.read(offerId)
      await this.onAskRead()
      return state
    }
    return new Proxy(ledger, {
      get: (target, name) => {
        if (name === 'read') return read
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
  }

  #mailer(): Mailer {
    return {
      send: ({ to, mail, tags }) => {
        if (to === this.failMailTo) return Promise.reject(new Error(`no mail to ${to}`))
        if (this.refused.has(to)) return Promise.reject(new DeliveryFailed('refused'))
        if (this.unavailable.has(to)) return Promise.reject(new ServiceUnavailable('not now'))
        this.mails.push({ to, mail, tags, at: this.clock.now() })
        return Promise.resolve({ messageId: `mail-${this.mails.length}` })
      },
    }
  }

  #messenger(): ReturnType<typeof createMessenger> {
    return createMessenger({
      mailer: this.#mailer(),
      slack: this.slack,
      rules: this.settings,
      now: () => new Date(this.clock.now()),
      announce: (what) => {
        if (this.failAnnouncing) return Promise.reject(new ServiceUnavailable('no announcing'))
        this.announced.push(what)
        return Promise.resolve()
      },
      putLink: (token, link) => this.#approvals.putLink(token, link),
      approvalUrl: 'http://127.0.0.1:8787',
    })
  }
}

function failure(errorType: string): { ok: false; errorType: string; errorMessage: string } {
  return { ok: false, errorType, errorMessage: 'injected' }
}

function isEngine(policy: object): policy is PolicyEngine {
  return 'judge' in policy && typeof policy.judge === 'function'
}

/**
 * A policy that looks at nothing but the name of the facts: `no-approve` in it forbids people to accept, `no-activate`
 * to have the certificate active, which `activate` lets them.
 */
export function policyByName(verdicts: Partial<Record<string, Verdict>>): PolicyEngine {
  const shown = (facts: { decisive: Record<string, unknown> }): string => String(facts.decisive.shown)
  return {
    judge: ({ facts }) => {
      const verdict = verdicts[shown(facts)] ?? 'review'
      return {
        verdict,
        policies: [{ id: `test.${verdict}`, reason: 'the test says so' }],
        errors: [],
        unknown: [],
        notes: [],
        routing: [],
      }
    },
    approve: ({ facts }) => {
      const allowed = !shown(facts).includes('no-approve')
      return {
        allowed,
        policies: [{ id: allowed ? 'test.allow' : 'test.forbid', reason: 'the test says so' }],
        errors: [],
      }
    },
    activate: ({ facts }, byDefault) => {
      const allowed = !shown(facts).includes('no-activate') && (byDefault || shown(facts).includes('activate'))
      return { allowed, policies: [], errors: [] }
    },
  }
}

function workflowOn(engine: Engine): Workflow {
  return {
    start: (input) => {
      try {
        engine.startExecution({
          stateMachineArn: machineArn,
          name: states.executionNameOf(input),
          input: JSON.stringify(input),
        })
        return Promise.resolve('answered')
      } catch (error) {
        if (error instanceof EngineError && error.name === 'ExecutionAlreadyExists') return Promise.resolve('ended')
        throw error
      }
    },
    wake: (token, what) => {
      try {
        if (what === 'tally') engine.sendTaskSuccess(token, '{}')
        else engine.sendTaskFailure(token, { error: LOOK_AGAIN })
        return Promise.resolve(true)
      } catch (error) {
        if (error instanceof EngineError) return Promise.resolve(false)
        throw error
      }
    },
  }
}

/** The world's time plus all that was waited. */
function createCallClock(worldMs: () => number): CallClock {
  let waitedMs = 0
  return {
    nowMs: () => worldMs() + waitedMs,
    wait: (ms) => {
      waitedMs += ms
      return Promise.resolve()
    },
  }
}
