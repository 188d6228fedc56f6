import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { SFNClient } from '@aws-sdk/client-sfn'
import { SQSClient } from '@aws-sdk/client-sqs'
import { STSClient } from '@aws-sdk/client-sts'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { env, policiesFile, settingsFile, spokeRoles, type SpokeRole } from './contract/env.ts'
import { AccountNotGoverned, ServiceUnavailable } from './contract/errors.ts'
import { settingsSchema, type Settings, type SlackSettings } from './contract/settings.ts'
import { parseSlackSecret } from './contract/slack-secret.ts'
import { censusSeconds, lookSeconds } from './contract/timing.ts'
import type { Facts, Inspection } from './domain/facts.ts'
import type { JsonObject } from './domain/json.ts'
import type { CensusEntry, Governance, Sight } from './domain/governed.ts'
import { allKinds } from './domain/kinds.ts'
import type { OfferRef, Target } from './domain/offer.ts'
import type { Receipt } from './domain/facts.ts'
import type { OfferState } from './domain/state.ts'
import { createGoverned } from './governed.ts'
import { createIdentify, type Identify } from './kinds/caller.ts'
import type { Delegator } from './kinds/delegator.ts'
import type { AwsCredentials, Kind, KindContext } from './kinds/kind.ts'
import { openKind } from './kinds/open.ts'
import { createSessions, type Sessions } from './kinds/session.ts'
import './kinds/register.ts'
import { notLookedUp, unknownStanding, type LookUp, type StandingOf } from './kinds/standing.ts'
import type { Standings } from './kinds/standings.ts'
import { ApprovalsStore } from './ledger/approvals-store.ts'
import { CensusReader } from './ledger/census-reader.ts'
import { CensusStore } from './ledger/census-store.ts'
import { ChainStore } from './ledger/chain-store.ts'
import { DigestStore } from './ledger/digest-store.ts'
import { FactsStore } from './ledger/facts-store.ts'
import { FloodStore } from './ledger/flood-store.ts'
import { Ledger } from './ledger/ledger.ts'
import { PlaceStore } from './ledger/place-store.ts'
import { ScanStore } from './ledger/scan-store.ts'
import { createAcceptedEvent, type TellAccepted } from './notify/accepted-event.ts'
import { TransferStore } from './ledger/transfer-store.ts'
import { createBus } from './notify/bus.ts'
import { createHintQueue, type HintQueue } from './notify/hint-queue.ts'
import type { Mailer } from './notify/mailer.ts'
import { createMessenger, type Messenger, type SeldomMessenger } from './notify/messenger.ts'
import { waysTo, type Slack } from './notify/channel.ts'
import { createSlackChannel } from './notify/slack-channel.ts'
import type { SlackClient } from './notify/slack-client.ts'
import { createWorkflow, type Workflow } from './notify/workflow.ts'
import { createPolicyEngine } from './policy/cedar-engine.ts'
import { policyDocumentSchema } from './policy/document.ts'
import type { PolicyEngine } from './policy/engine.ts'
import { Recent } from './recent.ts'
import type { ReadSecret } from './secrets.ts'
import type { SignInKeys } from './web/sign-in/keys.ts'
import { createProvider, type Provider } from './web/sign-in/provider.ts'
import { callbackPath } from './web/sign-in/paths.ts'
import type { SessionClaims } from './web/sign-in/session.ts'
import { createVoteClient, type CastVote } from './web/vote-client.ts'

/** Each has clients of its own; a batch is about one account or a few. */
const mostKinds = 64

/*
 * One small factory per dependency. A handler calls only those it needs, so its bundle holds only those. What is worth
 * keeping between invocations is kept here, for the life of the instance.
 */
const kept: {
  settings?: Settings
  documents?: DynamoDBDocumentClient
  sfn?: SFNClient
  sqs?: SQSClient
  events?: EventBridgeClient
  lambda?: LambdaClient
  mailer?: Promise<Mailer>
  sessions?: Sessions
  standings?: Promise<Standings>
  kinds?: Recent<Promise<Kind>>
  governs?: (target: Target) => Promise<boolean>
  policy?: PolicyEngine
  secrets?: Promise<ReadSecret>
  slack?: Promise<SlackClient>
} = {}

function required(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '')
    throw new TypeError(`expected the environment variable \`${name}\`, got none`)
  return value
}

/** The clock at the edge; a local run moves it by an offset. */
export function now(): Date {
  return new Date(Date.now() + Number(process.env[env.clockOffsetMs] ?? 0))
}

/** What synth wrote beside the bundle. */
export function settings(): Settings {
  return (kept.settings ??= settingsSchema.parse(readBeside(settingsFile)))
}

function readBeside(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`./${file}`, import.meta.url), 'utf8'))
}

export function policyEngine(): PolicyEngine {
  return (kept.policy ??= createPolicyEngine(policyDocumentSchema.parse(readBeside(policiesFile)), settings()))
}

function table(): { client: DynamoDBDocumentClient; tableName: string } {
  kept.documents ??= DynamoDBDocumentClient.from(new DynamoDBClient({}), {
    marshallOptions: { removeUndefinedValues: true },
  })
  return { client: kept.documents, tableName: required(env.tableName) }
}

export function ledger(): Ledger {
  return new Ledger({ ...table(), now })
}

/** Until when an ask counts as due soon. */
export function dueSoonUntil(): Date {
  return new Date(now().getTime() + Number(required(env.dueSoonSeconds)) * 1000)
}

export function factsStore(): FactsStore {
  return new FactsStore(table())
}

export function approvalsStore(): ApprovalsStore {
  return new ApprovalsStore(table())
}

export function digestStore(): DigestStore {
  return new DigestStore(table())
}

export function floodStore(): FloodStore {
  return new FloodStore({ ...table(), most: settings().personalAsks })
}

export function scanStore(): ScanStore {
  return new ScanStore(table())
}

export function chainStore(): ChainStore {
  return new ChainStore(table())
}

export function placeStore(): PlaceStore {
  return new PlaceStore(table())
}

export function workflow(): Workflow {
  return createWorkflow({
    sfn: (kept.sfn ??= new SFNClient({})),
    stateMachineArn: process.env[env.stateMachineArn] ?? '',
  })
}

export function hintQueue(): HintQueue {
  return createHintQueue({ sqs: (kept.sqs ??= new SQSClient({})), queueUrl: required(env.queueUrl) })
}

/** Loaded by the first mail: a scan only announces. */
async function mailer(): Promise<Mailer> {
  const [{ SESv2Client }, { createMailer }] = await Promise.all([
    import('@aws-sdk/client-sesv2'),
    import('./notify/mailer.ts'),
  ])
  const configurationSet = required(env.configurationSet)
  return createMailer({ ses: new SESv2Client({}), from: settings().emailFrom, configurationSet })
}

export function lazyMailer(): Mailer {
  return { send: async (message) => await (await (kept.mailer ??= mailer())).send(message) }
}

export function messenger(): Messenger {
  return createMessenger({
    mailer: lazyMailer(),
    rules: settings(),
    now,
    slack: slack(),
    announce: createBus((kept.events ??= new EventBridgeClient({}))),
    putLink: (token, link) => approvalsStore().putLink(token, link),
    approvalUrl: process.env[env.approvalUrl] ?? '',
  })
}

/** For who announces, and seldom writes to people: what that takes is loaded by the first message. */
export function seldomMessenger(): SeldomMessenger {
  const hasSlack = settings().slack !== null
  return {
    channelsOf: (approver) => waysTo(approver, { hasSlack }),
    announce: createBus((kept.events ??= new EventBridgeClient({}))),
    tellTrouble: async (telling) => (await import('./notify/trouble.ts')).tellTrouble(telling, lazyMailer()),
  }
}

/** Slack opens a modal for three seconds after a press, and a step of the workflow has others to write to. */
const slackTimeoutMs = 2_500

/** Loaded by the first message: who has none to send reads no secret. */
async function connectSlack({ secret }: SlackSettings): Promise<SlackClient> {
  const [{ createSlackClient }, { Logger }] = await Promise.all([
    import('./notify/slack-client.ts'),
    import('@aws-lambda-powertools/logger'),
  ])
  const logger = new Logger({ serviceName: 'gatehouse' })
  return createSlackClient({
    botToken: async () => parseSlackSecret(await readSecret(secret)).botToken,
    apiUrl: process.env[env.slackApiUrl],
    timeoutMs: slackTimeoutMs,
    report: (code) => {
      logger.error('Slack refuses the app: an administrator has to mend it', { code })
    },
  })
}

export function slackClient(slack: SlackSettings): SlackClient {
  return {
    call: async (method, parameters) => await (await (kept.slack ??= connectSlack(slack))).call(method, parameters),
  }
}

function slack(): Slack | undefined {
  const { slack } = settings()
  return slack === null ? undefined : createSlackChannel({ client: slackClient(slack), slack, settings: settings() })
}

/** Undefined where there are no buttons. */
export async function slackSigningSecret(): Promise<string | undefined> {
  const { slack } = settings()
  return slack?.buttons === true ? parseSlackSecret(await readSecret(slack.secret)).signingSecret : undefined
}

/** Where the approval page lives. */
export function approvalUrl(): string {
  return required(env.approvalUrl)
}

export function castVote(): CastVote {
  return createVoteClient({ lambda: (kept.lambda ??= new LambdaClient({})), functionName: required(env.voteFunction) })
}

/** Loaded by the first reading: most functions, and most votes, need no secret. */
async function secrets(): Promise<ReadSecret> {
  const [{ SecretsManagerClient }, { createSecrets }] = await Promise.all([
    import('@aws-sdk/client-secrets-manager'),
    import('./secrets.ts'),
  ])
  return createSecrets({ client: new SecretsManagerClient({}), now })
}

/** The text of a secret, by name or ARN. */
export async function readSecret(secretId: string): Promise<string> {
  return await (
    await (kept.secrets ??= secrets())
  )(secretId)
}

/** What signs sessions, and what encrypts those that wait; from one secret. */
export async function signInKeys(): Promise<SignInKeys> {
  const { signInKeysOf } = await import('./web/sign-in/keys.ts')
  return signInKeysOf(await readSecret(required(env.sessionSecret)))
}

export function signInProvider(): Provider {
  const { signIn } = settings()
  if (signIn === null) throw new TypeError('expected sign-in to be configured, got none')
  return createProvider({ settings: signIn, readSecret, redirectUri: `${approvalUrl()}${callbackPath}` })
}

/** Whether a session is one that the sign-in function gave to this person for this link, and not over. */
export function isSignedIn(): (session: string, as: SessionClaims) => Promise<boolean> {
  return async (session, as) => {
    const { isSessionOf } = await import('./web/sign-in/session.ts')
    return await isSessionOf(session, as, { key: (await signInKeys()).session, now: now() })
  }
}

/** Whose offers are answered, by the configuration. */
export function governance(): Governance {
  const { region, targets, kinds } = settings()
  const globalKinds = allKinds().flatMap(({ kind, scope }) => (scope === 'global' ? [kind] : []))
  return { hubAccount: required(env.account), hubRegion: region, globalKinds, targets, kinds }
}

export function censusStore(): CensusStore {
  return new CensusStore(table())
}

/** Lists the organization to its end. More patient than other clients: its few calls a second are shared by all. */
export function listsOrganization(): (known: readonly string[]) => Promise<Omit<CensusEntry, 'since'>[]> {
  return async (known) => {
    const { organizationId } = settings()
    if (organizationId === null) throw new TypeError('expected an organization to be configured, got none')
    const [{ OrganizationsClient }, { listOrganization }] = await Promise.all([
      import('@aws-sdk/client-organizations'),
      import('./kinds/census.ts'),
    ])
    const requestHandler = { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true }
    const organizations = new OrganizationsClient({ region: 'us-east-1', maxAttempts: 8, requestHandler })
    const signal = AbortSignal.timeout(censusSeconds * 1000)
    return await listOrganization({ organizations, organizationId, rules: governance(), known, signal })
  }
}

/** Whether offers of this kind, made to this account in this region, are answered. */
export async function governs(target: Target): Promise<boolean> {
  const find = (account: string): Promise<Sight> => new CensusReader(table()).find(account)
  kept.governs ??= createGoverned({ rules: governance(), find, now })
  return await kept.governs(target)
}

/** The role that this function assumes where the offer is. */
export function spokeRole(): SpokeRole {
  const name = process.env[env.spokeRole]
  const role = Object.values(spokeRoles).find((known) => known === name)
  if (role === undefined)
    throw new TypeError(`expected \`${env.spokeRole}\` to name a spoke role, got \`${name ?? ''}\``)
  return role
}

function sessions(): Sessions {
  return (kept.sessions ??= createSessions({ sts: new STSClient({}) }))
}

interface Opening {
  /** A settling worker's session names the offer. */
  tags?: { offerId: string; run: number }
  standingOf: StandingOf
}

async function requireGoverned(target: Target): Promise<void> {
  if (await governs(target)) return
  throw new AccountNotGoverned(
    `expected a governed account and region, got \`${target.account}\` in \`${target.region}\``,
  )
}

async function open(target: Target, opening: Opening): Promise<Kind> {
  return await openKind(await contextOf(target, opening))
}

async function contextOf(target: Target, { tags, standingOf }: Opening): Promise<KindContext> {
  await requireGoverned(target)
  const request = { account: target.account, role: spokeRole(), ...(tags === undefined ? {} : { tags }) }
  let worker: Promise<AwsCredentials> | undefined
  return {
    target: { kind: target.kind, account: target.account, region: target.region },
    // A worker is gone before its session ends: one serves all its clients.
    credentials: () =>
      tags === undefined ? sessions().credentialsFor(request) : (worker ??= sessions().credentialsFor(request)),
    settings: settings(),
    requests: transferStore().at(target),
    pause,
    standingOf,
  }
}

export function transferStore(): TransferStore {
  return new TransferStore({ ...table(), now })
}

/** Why AWS would not begin this now; undefined where it would. */
export async function obstacleTo(target: Target, awsId: string): Promise<string | undefined> {
  const kind = await open(target, { standingOf: () => Promise.resolve(unknownStanding) })
  return await kind.obstacle?.(awsId)
}

/** STS in this region, or where a local run says. */
export function identify(): Identify {
  return createIdentify(process.env['AWS_ENDPOINT_URL'] ?? `https://sts.${settings().region}.amazonaws.com`)
}

/** Loaded where an organization is configured; without one nothing is looked up. */
function standingOf(how: LookUp): StandingOf {
  const { organizationId } = settings()
  if (organizationId === null) return () => Promise.resolve(notLookedUp)
  return async (account) => await (await (kept.standings ??= standings(organizationId))).for(how)(account)
}

async function standings(organizationId: string): Promise<Standings> {
  const [{ OrganizationsClient }, { Standings }] = await Promise.all([
    import('@aws-sdk/client-organizations'),
    import('./kinds/standings.ts'),
  ])
  const requestHandler = { connectionTimeout: 2000, requestTimeout: 3000, throwOnRequestTimeout: true }
  const organizations = new OrganizationsClient({ region: 'us-east-1', maxAttempts: 2, requestHandler })
  return new Standings({ organizations, organizationId, nowMs: () => now().getTime() })
}

/** Readers carry no session tags, so their sessions can be kept, and with them clients and connections. */
async function reader(target: Target, { fresh, named }: LookUp): Promise<Kind> {
  // A kind that is kept was governed when it was opened.
  await requireGoverned(target)
  const { kind, account, region } = target
  const key = `${kind}/${account}/${region}/${String(fresh)}/${String(named)}`
  const known = (kept.kinds ??= new Recent<Promise<Kind>>(mostKinds))
  const opened = known.get(key, () => open(target, { standingOf: standingOf({ fresh, named }) }))
  opened.catch(() => {
    known.delete(key)
  })
  return await opened
}

/** A scan compares facts; nobody reads them. */
export function kindForScan(): (target: Target) => Promise<Kind> {
  return (target) => reader(target, { fresh: false, named: false })
}

/** Reads an offer; `fresh` rests on no lookup that is kept, `named` is for people to read. */
export function kindReader(): (ref: OfferRef, how: LookUp) => Promise<Inspection> {
  return async (ref, how) => await (await reader(ref, how)).inspect(ref)
}

/** What a kind has to say of an offer besides its facts. */
export function kindDescriber(): (ref: OfferRef) => Promise<JsonObject> {
  return async (ref) => (await (await reader(ref, { fresh: false, named: true })).describe?.(ref)) ?? {}
}

/** What AWS shows of what an accept gave us; undefined for a kind that gives nothing to see. */
export function lookAtReceived(): (ref: OfferRef, decided: Facts | undefined) => Promise<Receipt | undefined> {
  return async (ref, decided) => {
    const look = async (): Promise<Receipt | undefined> =>
      await (await reader(ref, { fresh: false, named: false })).received?.(ref, decided)
    const late = new AbortController()
    const tooLong = async (): Promise<never> => {
      await delay(lookSeconds * 1000, undefined, { signal: late.signal, ref: false })
      throw new ServiceUnavailable(`expected an answer within ${lookSeconds} s, got none`)
    }
    try {
      return await Promise.race([look(), tooLong()])
    } finally {
      late.abort()
    }
  }
}

/** Undefined where nobody is to be told. */
export function tellAccepted(): TellAccepted | undefined {
  return settings().tellsAccepted ? createAcceptedEvent((kept.events ??= new EventBridgeClient({}))) : undefined
}

/** A worker's session names the offer and the run in its tags. */
export function kindWorker(): (state: OfferState) => Promise<Kind> {
  return async ({ ref, offerId, run }) => await open(ref, { tags: { offerId, run }, standingOf: workerStanding() })
}

/** A worker's session names the offer and the run in its tags. The rejector takes back what the delegator no longer may. */
export function delegatorWorker(): (state: OfferState) => Promise<Delegator> {
  return async ({ ref, offerId, run }) => {
    const kind = await open(ref, { tags: { offerId, run }, standingOf: workerStanding() })
    if (kind.delegator === undefined)
      throw new TypeError(`expected a kind that a role of ours accepts, got \`${ref.kind}\``)
    return await kind.delegator(ref)
  }
}

/** Who rejects compares no facts, so it looks nothing up. */
function workerStanding(): StandingOf {
  if (spokeRole() === spokeRoles.rejector) return () => Promise.resolve(unknownStanding)
  return standingOf({ fresh: true, named: false })
}

/** Between readings after a call: 200 ms, 400 ms, 800 ms. */
export async function pause(attempt: number): Promise<void> {
  await delay(100 * 2 ** attempt)
}
