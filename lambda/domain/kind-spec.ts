import type { Fields } from './fact-field.ts'
import type { KindWords } from './kind-words.ts'

/**
 * Plain data about a kind, in its folder: synth makes rules and roles of it, the runtime reads events and speaks to people
 * with it. General code asks it, and names no kind.
 */
export interface KindSpec {
  /** Its name and that of its folder: `ram-invitation`. */
  kind: string
  /** Where offers of this kind live: the kind is looked for in us-east-1 only when global. */
  scope: 'regional' | 'global'
  /** AWS's id of an offer: its form, and the fields of an event that may carry it. */
  awsId: { pattern: RegExp; fields: readonly string[] }
  /** EventBridge patterns of what hints at an offer of this kind, without the filter on our own roles. */
  eventPatterns: readonly EventPattern[]
  /** Actions each spoke role needs, with the resources they can be narrowed to; `*` where the service has no type. */
  grants: Readonly<Record<string, readonly Grant[]>>
  words: KindWords
  facts: Fields
  /** What the deadline brings unless the configuration says otherwise. */
  deadlineDefault: 'reject' | 'leave'
  /**
   * Who carries out an accept: the acceptors; `delegator`, a person in the AWS console, or our delegator role where it is
   * configured; `sender`, the role that begins transfers; `nobody`, as accepting means to leave it alone.
   */
  acceptedBy: 'acceptors' | 'delegator' | 'sender' | 'nobody'
  /** The counterparty is to get something of ours. */
  goesOut?: true
  /** AWS's id may be offered again: the date of the offer, `transferDate`, is part of what makes it itself. */
  isDated?: true
  /** Somebody of ours asks for it at Gatehouse, and AWS knows nothing of it: its request ends with its case. */
  isAskedFor?: true
  /** AWS lists it only once it has an owner here: people tell Gatehouse of one by its id. For global kinds. */
  isTakenIn?: true
  /** Who accepts may choose that what comes is active at once. */
  mayBeActive?: true
  /** What is given is in its fact `resources`: policy accepts none that is empty. */
  holdsResources?: true
  /** At AWS an offer that we rejected looks like one that was withdrawn. */
  rejectedReadsAsGone?: true
  /** A reject keeps what is ours: if the other side has taken it first, there is an alarm. */
  keepsOurs?: true
  /** The call by which somebody of ours began it: CloudTrail's event of it says who, and they have no say in it. */
  begunBy?: string
  /** Where a person answers it in the AWS console: built from the id, once that has AWS's form. */
  reviewLink?: (awsId: string) => string
  /** What is never found where us-east-1 is not among the regions, for a warning at synth. */
  missedWithoutGlobalRegion?: string
}

export interface EventPattern {
  source: string[]
  'detail-type': string[]
  detail?: Record<string, unknown>
}

/** Stands for the policies and the boundary that the configuration gives the delegator role. */
export const delegatorPoliciesTemplate = '${DelegatorPolicies}'

export interface Grant {
  actions: string[]
  /** ARN templates: `${Partition}`, `${Region}` and `${Account}` are filled in at synth; or `delegatorPoliciesTemplate`. */
  resources: string[]
  /** Narrow to the partner accounts of the configuration with this condition key (auto-acceptor only). */
  partnerCondition?: string
  /** Given only where partners are configured; for what has no key to narrow it to them (auto-acceptor only). */
  needsPartners?: true
  /** Given only where the delegator role is configured, and only in the accounts named there. */
  needsDelegation?: true
}
