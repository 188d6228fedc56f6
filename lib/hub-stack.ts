import { Duration, Stack, type Environment } from 'aws-cdk-lib'
import type { IEventBus } from 'aws-cdk-lib/aws-events'
import type { Code } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import { stateMachineName } from '../lambda/contract/env.ts'
import { durationMs, type Config } from './config.ts'
import { Alarms } from './constructs/alarms.ts'
import { ApprovalApi } from './constructs/approval-api.ts'
import { Detection } from './constructs/detection.ts'
import { stateMachineArn } from './constructs/hub-function.ts'
import { HubBus } from './constructs/hub-bus.ts'
import { HubFunctions, scanSeconds } from './constructs/hub-functions.ts'
import { MailEvents } from './constructs/mail-events.ts'
import { LedgerTable } from './constructs/ledger-table.ts'
import { runOnSchedule } from './constructs/on-schedule.ts'
import { OfferWorkflow } from './constructs/offer-workflow.ts'
import { oldestScan } from './constructs/scan-age.ts'
import { ScanQueue } from './constructs/scan-queue.ts'
import { SignIn } from './constructs/sign-in.ts'
import { SpokeRoles } from './constructs/spoke-roles.ts'
import { answeredKinds, rolesPropsOf, type SpokePlan } from './spoke/plan.ts'
import { makeStackSets } from './spoke/stack-sets.ts'

export interface HubStackProps {
  env: Environment
  config: Config
  /** A date in UTC. */
  today: string
  /** The bundle of a handler. */
  codeOf: (handler: string) => Code
  /** As in `SpokePlan`. */
  thorough?: boolean
}

/** Gatehouse in one account: detection, workflow, ledger, approval page, and the roles that touch offers. */
export class HubStack extends Stack {
  constructor(scope: Construct, id: string, props: HubStackProps) {
    const { env: environment, config, today, codeOf, thorough = false } = props
    super(scope, id, {
      env: environment,
      description: 'Gatehouse answers the offers that other AWS accounts make to yours',
    })
    const plan: SpokePlan = { config, today, hubAccount: this.account, thorough }
    const workflowArn = stateMachineArn(this, stateMachineName)

    const ledger = new LedgerTable(this, 'Ledger')
    const queue = new ScanQueue(this, 'Queue', { scanSeconds })
    const approvals = new ApprovalApi(this, 'Approvals')
    const mails = new MailEvents(this, 'Mails')
    const functions = new HubFunctions(this, {
      config,
      codeOf,
      ledger,
      hints: queue.hints,
      approvalUrl: approvals.url,
      workflowArn,
      configurationSet: mails.setName,
    })
    mails.tell(functions.all.Delivery, queue.deadLetters)
    runOnSchedule(mails, 'Digest', { run: functions.all.Digest, every: Duration.hours(1) })
    approvals.serve(functions.all.Web)
    const { signIn } = config.approvals
    if (signIn !== undefined && functions.optional.SignIn !== undefined) {
      approvals.serveSignIn(functions.optional.SignIn)
      new SignIn(this, 'Sessions', { settings: signIn, signIn: functions.optional.SignIn, vote: functions.all.Vote })
    }
    if (functions.optional.Slack !== undefined) approvals.serveSlack(functions.optional.Slack)
    queue.feed(functions.all.Scan)
    const workflow = new OfferWorkflow(this, 'Workflow', {
      functions: functions.all,
      delegate: functions.optional.Delegate,
    })
    new Detection(this, 'Detection', {
      queue,
      region: config.region,
      kinds: answeredKinds(config),
      hubBus: this.#openToMembers(plan),
      sweep: functions.all.Sweep,
      sweepEvery: Duration.millis(durationMs(config.sweepEvery)),
      stateMachineArn: workflowArn,
    })
    new SpokeRoles(this, 'Spoke', rolesPropsOf(plan))
    const { Delegate } = functions.optional
    const { Scan, Sweep, Ask, AcceptByPolicy, AcceptForPeople, Send, Reject, Close, Delivery, Digest, Vote, Web } =
      functions.all
    new Alarms(this, 'Alarms', {
      queue,
      stateMachine: workflow.stateMachine,
      watched: [
        ...[Scan, Sweep, Ask, AcceptByPolicy, AcceptForPeople, Send, Reject, Delivery, Digest, Vote, Web],
        ...(Delegate === undefined ? [] : [Delegate]),
      ],
      asks: Ask,
      closes: Close,
      throttledVotes: { config, accessLogs: approvals.accessLogs, sweep: functions.all.Sweep },
      sweep: Sweep,
      scanAge: oldestScan(config, Sweep),
    })
  }

  /** With targets in an organization: what comes from members, and from the hub's own account in other regions. */
  #openToMembers(plan: SpokePlan): IEventBus | undefined {
    const { organization } = plan.config
    if (organization?.targets === undefined) return undefined
    const { bus } = new HubBus(this, 'HubBus', { organizationId: organization.id })
    makeStackSets(this, plan)
    return bus
  }
}
