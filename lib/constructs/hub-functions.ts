import { ArnFormat, Stack } from 'aws-cdk-lib'
import type { Code } from 'aws-cdk-lib/aws-lambda'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { operateFunctionName } from '../../lambda/contract/intake.ts'
import { env, spokeRoles, type SpokeRole } from '../../lambda/contract/env.ts'
import { transferFunctionName } from '../../lambda/contract/transfer.ts'
import { settleFunctionSeconds } from '../../lambda/contract/timing.ts'
import { acknowledge, wildcardFinding } from '../acknowledge.ts'
import { listsOrganization, type Config } from '../config.ts'
import { delegateFunction, stepFunctions, stepFunctionSeconds } from '../workflow/definition.ts'
import { HubFunction, roleArn } from './hub-function.ts'
import { dueSoonSeconds } from './throttled-votes.ts'
import type { LedgerTable, Partition } from './ledger-table.ts'

export const functionIds = [
  ...stepFunctions,
  ...(['Scan', 'Sweep', 'Transfer', 'Vote', 'Web', 'Delivery', 'Digest', 'Operate'] as const),
] as const
export type FunctionId = (typeof functionIds)[number]

/** Only in the template where they are configured. */
const optionalFunctionIds = ['SignIn', 'Slack', delegateFunction] as const
type OptionalFunctionId = (typeof optionalFunctionIds)[number]

/** One scan lists one account, region and kind to its end. */
export const scanSeconds = 180
/** Organizations lists some 20 accounts a call, and takes few calls a second: thousands of accounts in this time. */
const sweepSeconds = 300
const pageSeconds = 15
/** 2,000 offers for five people: 10,000 links and as many events, twenty at once. */
const digestSeconds = 300

interface FunctionSpec {
  handler: string
  /** For who has to find it by name; the others get one of CloudFormation's making. */
  functionName?: string
  timeoutSeconds: number
  memoryMb?: number
  /** The role it assumes where the offer is. */
  spokeRole?: SpokeRole
  /** Partitions as a whole. */
  reads?: Partition[]
  /** Single items. */
  gets?: Partition[]
  writes?: Partition[]
  /** Written many at once, and deleted. */
  batches?: Partition[]
  listsOpenOffers?: true
  /** Lists open cases and scans, and counts asks whose deadline is near. */
  looksOver?: true
  /** Lists the organization and keeps what it found. */
  takesCensus?: true
  /** Looks up where counterparties are in the organization; `named`: with the names of its OUs. */
  looksUp?: true | 'named'
  mails?: true
  announces?: true
  /** Has a waiting run count the votes. */
  wakes?: true
  /** Has a waiting run read the offer again. */
  recalls?: true
  starts?: true
  queues?: true
  linksToPage?: true
  /** `writes` to people in Slack, or `checks` what comes from there, which is of buttons only. */
  slack?: 'writes' | 'checks'
}

const settles = {
  timeoutSeconds: settleFunctionSeconds,
  reads: ['OFFER'],
  writes: ['OFFER'],
} satisfies Partial<FunctionSpec>
const steps = { ...settles, timeoutSeconds: stepFunctionSeconds }

/** What each function is and may do. */
const specs: Record<FunctionId | OptionalFunctionId, FunctionSpec> = {
  Scan: {
    mails: true,
    handler: 'scan',
    timeoutSeconds: scanSeconds,
    spokeRole: spokeRoles.reader,
    reads: ['OFFER', 'TRANSFER'],
    gets: ['ASK', 'SCAN', 'TRANSFER'],
    writes: ['OFFER', 'SCAN'],
    listsOpenOffers: true,
    looksUp: true,
    announces: true,
    wakes: true,
    recalls: true,
    starts: true,
    queues: true,
  },
  Sweep: {
    handler: 'sweep',
    timeoutSeconds: sweepSeconds,
    batches: ['SCAN'],
    queues: true,
    looksOver: true,
    takesCensus: true,
  },
  Inspect: { ...steps, handler: 'inspect', spokeRole: spokeRoles.reader, looksUp: 'named', gets: ['TRANSFER'] },
  Judge: { ...steps, handler: 'judge' },
  Ask: {
    ...steps,
    handler: 'ask',
    reads: ['OFFER'],
    gets: ['FLOOD'],
    writes: ['OFFER', 'ASK', 'LINK', 'FLOOD', 'DIGEST'],
    mails: true,
    announces: true,
    wakes: true,
    linksToPage: true,
    slack: 'writes',
  },
  Tally: { ...steps, handler: 'tally' },
  AcceptByPolicy: { ...settles, handler: 'accept', spokeRole: spokeRoles.autoAcceptor, looksUp: true },
  AcceptForPeople: { ...settles, handler: 'accept', spokeRole: spokeRoles.acceptor, looksUp: true },
  Delegate: { ...settles, handler: 'delegate', spokeRole: spokeRoles.delegator, looksUp: true },
  Send: {
    ...settles,
    handler: 'accept',
    spokeRole: spokeRoles.sender,
    looksUp: true,
    gets: ['TRANSFER'],
    writes: ['OFFER', 'TRANSFER'],
  },
  // What people ask for: nothing happens at AWS before policy or people have said yes.
  Transfer: {
    handler: 'transfer',
    functionName: transferFunctionName,
    timeoutSeconds: stepFunctionSeconds,
    spokeRole: spokeRoles.reader,
    gets: ['TRANSFER'],
    writes: ['TRANSFER'],
    queues: true,
  },
  Reject: {
    ...settles,
    handler: 'reject',
    spokeRole: spokeRoles.rejector,
    gets: ['TRANSFER'],
    writes: ['OFFER', 'TRANSFER'],
  },
  Close: {
    ...steps,
    handler: 'close',
    spokeRole: spokeRoles.reader,
    reads: ['OFFER'],
    gets: ['FLOOD', 'TRANSFER'],
    writes: ['OFFER', 'FLOOD', 'DIGEST', 'TRANSFER'],
    mails: true,
    announces: true,
    linksToPage: true,
    slack: 'writes',
  },
  RecordFailure: { ...steps, handler: 'record-failure', mails: true },
  Vote: {
    handler: 'vote',
    timeoutSeconds: pageSeconds,
    reads: ['LINK', 'OFFER'],
    gets: ['ASK'],
    // Of links only how often wrong characters were typed.
    writes: ['OFFER', 'LINK'],
    wakes: true,
    // Somebody tells of a delegation request.
    queues: true,
    slack: 'checks',
  },
  /** For the command line: whoever may invoke it is known to IAM. */
  Operate: {
    handler: 'operate',
    functionName: operateFunctionName,
    timeoutSeconds: pageSeconds,
    writes: ['LINK'],
    queues: true,
    linksToPage: true,
  },
  Delivery: {
    ...steps,
    handler: 'delivery',
    // What came of a digest is written to every case that it told of.
    timeoutSeconds: digestSeconds,
    reads: ['OFFER'],
    gets: ['ASK', 'DIGEST'],
    wakes: true,
  },
  Digest: {
    handler: 'digest',
    timeoutSeconds: digestSeconds,
    memoryMb: 1024,
    reads: ['OFFER', 'DIGEST'],
    gets: ['ASK'],
    writes: ['OFFER', 'DIGEST'],
    batches: ['LINK', 'DIGEST'],
    mails: true,
    wakes: true,
    linksToPage: true,
  },
  // A press has three seconds, a cold start included.
  Slack: {
    handler: 'slack',
    timeoutSeconds: 2 * pageSeconds - 1,
    memoryMb: 1024,
    reads: ['OFFER'],
    slack: 'writes',
  },
  Web: { handler: 'web', timeoutSeconds: 2 * pageSeconds - 1, reads: ['OFFER'], gets: ['LINK'], linksToPage: true },
  SignIn: { handler: 'sign-in', timeoutSeconds: 2 * pageSeconds - 1, gets: ['LINK'], linksToPage: true },
}

const isConfigured: Record<OptionalFunctionId, (config: Config) => boolean> = {
  SignIn: ({ approvals }) => approvals.signIn !== undefined,
  Slack: ({ approvals }) => approvals.slack?.buttons === true,
  Delegate: ({ iam }) => iam.role !== undefined,
}

/** The handlers that a configuration needs bundles of. */
export function handlerNamesFor(config: Config): string[] {
  return [...new Set(functionIdsFor(config).map((id) => specs[id].handler))]
}

function functionIdsFor(config: Config): (FunctionId | OptionalFunctionId)[] {
  return [...functionIds, ...optionalFunctionIds.filter((id) => isConfigured[id](config))]
}

export interface HubFunctionsProps {
  config: Config
  codeOf: (handler: string) => Code
  ledger: LedgerTable
  hints: IQueue
  approvalUrl: string
  workflowArn: string
  /** Every mail is sent with it. */
  configurationSet: string
}

/** Names of the hub roles that may assume a spoke role. */
export function workersOf(role: SpokeRole, config: Config): string[] {
  return functionIdsFor(config)
    .filter((id) => specs[id].spokeRole === role)
    .map(workerRoleName)
}

function workerRoleName(id: FunctionId | OptionalFunctionId): string {
  return `gatehouse-hub-${id.replace(/\B[A-Z]/g, '-$&').toLowerCase()}`
}

/** Every function of the hub, with the rights that `specs` gives it. */
export class HubFunctions {
  readonly all: Record<FunctionId, HubFunction>
  readonly optional: Partial<Record<OptionalFunctionId, HubFunction>>
  readonly #props: HubFunctionsProps
  readonly #stack: Stack

  constructor(scope: Construct, props: HubFunctionsProps) {
    this.#props = props
    this.#stack = Stack.of(scope)
    const make = (id: FunctionId): HubFunction => this.#make(scope, id)
    this.all = {
      Scan: make('Scan'),
      Sweep: make('Sweep'),
      Transfer: make('Transfer'),
      Inspect: make('Inspect'),
      Judge: make('Judge'),
      Ask: make('Ask'),
      Tally: make('Tally'),
      AcceptByPolicy: make('AcceptByPolicy'),
      AcceptForPeople: make('AcceptForPeople'),
      Send: make('Send'),
      Reject: make('Reject'),
      Close: make('Close'),
      RecordFailure: make('RecordFailure'),
      Vote: make('Vote'),
      Web: make('Web'),
      Delivery: make('Delivery'),
      Digest: make('Digest'),
      Operate: make('Operate'),
    }
    this.optional = Object.fromEntries(
      optionalFunctionIds.filter((id) => isConfigured[id](props.config)).map((id) => [id, this.#make(scope, id)]),
    )
    for (const each of [this.all.Web, this.optional.Slack]) if (each !== undefined) this.#letVote(each)
  }

  #letVote(made: HubFunction): void {
    made.addEnvironment(env.voteFunction, this.all.Vote.functionName)
    made.allow(['lambda:InvokeFunction'], [this.all.Vote.functionArn])
  }

  #make(scope: Construct, id: FunctionId | OptionalFunctionId): HubFunction {
    const spec = this.#specOf(id)
    const made = new HubFunction(scope, id, {
      code: this.#props.codeOf(spec.handler),
      timeoutSeconds: spec.timeoutSeconds,
      ...(spec.functionName === undefined ? {} : { functionName: spec.functionName }),
      ...(spec.memoryMb === undefined ? {} : { memoryMb: spec.memoryMb }),
      environment: this.#environmentOf(spec),
      ...(spec.spokeRole === undefined ? {} : { roleName: workerRoleName(id) }),
    })
    this.#allowLedger(made, spec)
    this.#allowSpoke(made, spec)
    this.#allowCensus(made, spec)
    this.#allowWorkflow(made, spec)
    this.#allowTelling(made, spec)
    this.#allowSlack(made, spec)
    return made
  }

  /** Only where a role of ours accepts is there anything that could be taken back. */
  #specOf(id: FunctionId | OptionalFunctionId): FunctionSpec {
    const spec = specs[id]
    if (id !== 'Operate' || this.#props.config.iam.role === undefined) return spec
    return { ...spec, reads: ['OFFER'], gets: ['ASK'], writes: ['OFFER', 'LINK'], wakes: true }
  }

  #environmentOf({ spokeRole, queues, starts, linksToPage, mails, looksOver }: FunctionSpec): Record<string, string> {
    const { config, ledger, hints, workflowArn, approvalUrl, configurationSet } = this.#props
    return {
      [env.account]: this.#stack.account,
      [env.tableName]: ledger.tableName,
      ...(spokeRole === undefined ? {} : { [env.spokeRole]: spokeRole }),
      ...(queues === undefined ? {} : { [env.queueUrl]: hints.queueUrl }),
      ...(starts === undefined ? {} : { [env.stateMachineArn]: workflowArn }),
      ...(linksToPage === undefined ? {} : { [env.approvalUrl]: approvalUrl }),
      ...(mails === undefined ? {} : { [env.configurationSet]: configurationSet }),
      ...(looksOver === undefined ? {} : { [env.dueSoonSeconds]: String(dueSoonSeconds(config)) }),
    }
  }

  #allowLedger(made: HubFunction, spec: FunctionSpec): void {
    const { reads, gets, writes, batches, listsOpenOffers, looksOver } = spec
    const { ledger } = this.#props
    if (reads !== undefined) ledger.open(made, 'read', reads)
    if (gets !== undefined) ledger.open(made, 'get', gets)
    if (writes !== undefined) ledger.open(made, 'write', writes)
    if (batches !== undefined) ledger.open(made, 'batch', batches)
    if (listsOpenOffers === true) ledger.openIndexTo(made)
    if (looksOver === true) ledger.openListsTo(made)
  }

  #allowSpoke(made: HubFunction, { spokeRole, looksUp }: FunctionSpec): void {
    const { organization, iam } = this.#props.config
    if (spokeRole !== undefined) {
      const sameOrganization = { StringEquals: { 'aws:ResourceOrgID': organization?.id ?? '' } }
      // Which members are governed changes from sweep to sweep; the worker looks before it assumes.
      const everywhere = organization?.targets === undefined ? this.#stack.account : '*'
      // Where the delegator may work is written down, account by account.
      const accounts = spokeRole === spokeRoles.delegator ? (iam.role?.accounts ?? []) : [everywhere]
      made.allow(
        spokeRole === spokeRoles.reader ? ['sts:AssumeRole'] : ['sts:AssumeRole', 'sts:TagSession'],
        accounts.map((account) => roleArn(this.#stack, spokeRole, account)),
        organization === undefined ? {} : sameOrganization,
      )
      if (accounts.includes('*'))
        acknowledge(made.ownRole, 'one role name in every member; no account outside the organization', [
          wildcardFinding(`arn:<AWS::Partition>:iam::*:role/${spokeRole}`),
        ])
    }
    if (looksUp !== undefined && organization !== undefined) this.#allowLookUps(made, looksUp, organization.id)
  }

  /** OUs and accounts have ids that nobody can foresee. */
  #allowLookUps(made: HubFunction, how: true | 'named', organizationId: string): void {
    const all = (type: string, partition: string): string =>
      `arn:${partition}:organizations::*:${type}/${organizationId}/*`
    const accounts = all('account', this.#stack.partition)
    const units = all('ou', this.#stack.partition)
    made.allow(['organizations:DescribeAccount', 'organizations:ListParents'], [accounts])
    made.allow(['organizations:ListParents'], [units])
    if (how === 'named') made.allow(['organizations:DescribeOrganizationalUnit'], [units])
    acknowledge(made.ownRole, 'any account may make an offer, so any may have to be looked up', [
      wildcardFinding(all('account', '<AWS::Partition>')),
      wildcardFinding(all('ou', '<AWS::Partition>')),
    ])
  }

  /** Who enters a spoke asks whether it is governed; Sweep finds out. */
  #allowCensus(made: HubFunction, { spokeRole, takesCensus }: FunctionSpec): void {
    const { config, ledger } = this.#props
    if (!listsOrganization(config)) return
    if (spokeRole !== undefined) ledger.open(made, 'get', ['ORGANIZATION'])
    if (takesCensus === true) {
      ledger.open(made, 'read', ['ORGANIZATION'])
      ledger.open(made, 'batch', ['ORGANIZATION'])
      allowListing(made, config.organization)
    }
  }

  #allowWorkflow(made: HubFunction, { starts, wakes, recalls, queues }: FunctionSpec): void {
    const { workflowArn, hints } = this.#props
    if (starts === true) made.allow(['states:StartExecution'], [workflowArn])
    if (wakes === true) made.allow(['states:SendTaskSuccess'], [workflowArn])
    if (recalls === true) made.allow(['states:SendTaskFailure'], [workflowArn])
    if (queues === true) made.allow(['sqs:SendMessage'], [hints.queueArn])
  }

  #allowTelling(made: HubFunction, { mails, announces }: FunctionSpec): void {
    if (mails === true) {
      const { from } = this.#props.config.email
      const domain = from.slice(from.lastIndexOf('@') + 1)
      const identities = [domain, from].map((name) => this.#arn('ses', 'identity', name))
      const configurationSet = this.#arn('ses', 'configuration-set', this.#props.configurationSet)
      made.allow(['ses:SendEmail'], [...identities, configurationSet], { StringEquals: { 'ses:FromAddress': from } })
    }
    if (announces === true) made.allow(['events:PutEvents'], [this.#arn('events', 'event-bus', 'default')])
  }

  /** Secrets Manager ends each ARN in six characters of its own. */
  #allowSlack(made: HubFunction, spec: FunctionSpec): void {
    const { slack } = this.#props.config.approvals
    if (spec.slack === undefined || slack === undefined) return
    if (spec.slack === 'checks' && !slack.buttons) return
    const secret = this.#stack.formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${slack.secret}-??????`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })
    made.allow(['secretsmanager:GetSecretValue'], [secret])
  }

  #arn(service: string, resource: string, resourceName: string): string {
    return this.#stack.formatArn({ service, resource, resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME })
  }
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html */
function allowListing(made: HubFunction, organization: Config['organization']): void {
  const { partition } = Stack.of(made)
  const arn = (of: string, type: string): string => `arn:${of}:organizations::*:${type}/${organization?.id ?? ''}/*`
  // What is above the targets is not listed.
  const isWhole = organization?.targets?.ous.some((unit) => unit.startsWith('r-')) === true
  const parents = isWhole ? ['ou', 'root'] : ['ou']
  const rights = {
    ListAccountsForParent: parents,
    ListOrganizationalUnitsForParent: parents,
    ListParents: ['ou', 'account'],
    DescribeAccount: ['account'],
  }
  for (const [action, types] of Object.entries(rights)) {
    const resources = types.map((type) => arn(partition, type))
    made.allow([`organizations:${action}`], resources)
  }
  acknowledge(
    made.ownRole,
    'accounts come and go, and any OU may be a target; the organization is named, only who manages it is not',
    ['account', 'ou', 'root'].map((type) => wildcardFinding(arn('<AWS::Partition>', type))),
  )
}
