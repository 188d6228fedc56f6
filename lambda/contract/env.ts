/** Environment variables: set by the stack, read in deps.ts. */
export const env = {
  account: 'GATEHOUSE_ACCOUNT',
  tableName: 'GATEHOUSE_TABLE',
  queueUrl: 'GATEHOUSE_QUEUE_URL',
  stateMachineArn: 'GATEHOUSE_STATE_MACHINE_ARN',
  approvalUrl: 'GATEHOUSE_APPROVAL_URL',
  /** Name of the SES configuration set that every mail is sent with. */
  configurationSet: 'GATEHOUSE_CONFIGURATION_SET',
  /** Another address than Slack's own; set by a local run only, never in an account. */
  slackApiUrl: 'GATEHOUSE_SLACK_API_URL',
  voteFunction: 'GATEHOUSE_VOTE_FUNCTION',
  /** ARN of the secret that signs the sessions of who has signed in. */
  sessionSecret: 'GATEHOUSE_SESSION_SECRET',
  /** So many seconds before its deadline an ask counts as due soon. */
  dueSoonSeconds: 'GATEHOUSE_DUE_SOON_SECONDS',
  /** Name of the role that this function assumes in the account of the offer. */
  spokeRole: 'GATEHOUSE_SPOKE_ROLE',
  /** Milliseconds that a local run has moved its clock; never set in an account. */
  clockOffsetMs: 'GATEHOUSE_CLOCK_OFFSET_MS',
} as const

/** Files that synth lays beside each bundle. */
export const settingsFile = 'settings.json'
export const policiesFile = 'policies.json'

export const spokeRoles = {
  reader: 'gatehouse-reader',
  autoAcceptor: 'gatehouse-auto-acceptor',
  acceptor: 'gatehouse-acceptor',
  rejector: 'gatehouse-rejector',
  delegator: 'gatehouse-delegator',
  /** Begins transfers of our own certificates. */
  sender: 'gatehouse-sender',
} as const
export type SpokeRole = (typeof spokeRoles)[keyof typeof spokeRoles]

/** The one role that may accept a delegation request: the partner then acts with what it has. */
export const delegatorRoleName = spokeRoles.delegator

export const stateMachineName = 'gatehouse-offer'
export const externalId = 'gatehouse'
export const eventSource = 'gatehouse'

/** Names of the session tags that a settling worker carries into the spoke; CloudTrail shows them. */
export const sessionTags = { offerId: 'gatehouse:offer', run: 'gatehouse:run' } as const

/** Names of the ledger table's indexes and their keys. */
export const ledgerTable = {
  partitionKey: 'pk',
  sortKey: 'sk',
  ttl: 'ttl',
  openIndex: { name: 'open', partitionKey: 'openKey', sortKey: 'offerId' },
  statusIndex: { name: 'status', partitionKey: 'status', sortKey: 'deadlineKey' },
} as const
