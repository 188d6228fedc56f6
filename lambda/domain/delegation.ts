import type { Finding } from './event.ts'
import { mayBeSamePrincipal, principalArnSchema } from './principal.ts'
import type { OfferState, Round } from './state.ts'

export const delegationStates = [
  'UNASSIGNED',
  'ASSIGNED',
  'PENDING_APPROVAL',
  'ACCEPTED',
  'FINALIZED',
  'REJECTED',
  'EXPIRED',
] as const
export type DelegationState = (typeof delegationStates)[number]

/** So long an accept is held where the configuration does not say, or no longer has the strategy. */
export const defaultHoldMs = 30 * 60_000

export function holdMsOf(role: { holdMs: number } | null): number {
  return role?.holdMs ?? defaultHoldMs
}

/** Whether a role of ours accepts in this account, by the configuration of now. */
export function delegatesIn(role: { accounts: readonly string[] } | null, account: string): boolean {
  return role?.accounts.includes(account) === true
}

/**
 * How far the ledger says that the delegator role is: people or policy accepted; it attempted to; AWS took the accept,
 * which is held; the hold is over; somebody takes it back.
 */
export type Belief = 'decided' | 'attempted' | 'held' | 'due' | 'revoked'

export function beliefOf({ delegation }: Pick<OfferState, 'delegation'>, now: Date): Belief {
  if (delegation === undefined) return 'decided'
  if (delegation.heldUntil === undefined) return 'attempted'
  if (isTakenBack({ delegation })) return 'revoked'
  return delegation.told === true && Date.parse(delegation.heldUntil) <= now.getTime() ? 'due' : 'held'
}

/** Whose identity accepted: the delegator role's, another one's, or what is no ARN. Which AWS records is not documented. */
export type ApprovedBy = 'us' | 'another' | 'unknown'

/** What a reading of the request says, as far as it matters here. */
export interface Sight {
  state: DelegationState | 'gone'
  approvedBy: ApprovedBy
  /** The facts are those that were decided on, or accepted. */
  sameFacts: boolean
  /** The delegator may release the access: it owns the request, or others than the owner may. */
  mayRelease: boolean
}

/** What the delegator does next. Each is one step: at most one call that changes something. */
export type DelegationStep =
  | { do: 'associate' }
  | { do: 'check' }
  | { do: 'accept' }
  /** AWS took the accept, and the ledger does not say so yet. */
  | { do: 'confirm' }
  | { do: 'hold' }
  | { do: 'tell-owner' }
  | { do: 'release' }
  | { do: 'undo' }
  /** Decide anew, on the facts of now. */
  | { do: 'look' }
  | { do: 'close'; finding: Finding }
  /** Nothing that we know of leads there. */
  | { do: 'fail' }

/** The table: what the ledger believes by what AWS says. */
export function nextStep(belief: Belief, sight: Sight, { allowed }: { allowed: boolean }): DelegationStep {
  switch (sight.state) {
    case 'FINALIZED':
      return { do: 'close', finding: 'accepted' }
    case 'REJECTED':
      return { do: 'close', finding: 'rejected' }
    case 'EXPIRED':
      return { do: 'close', finding: 'expired' }
    case 'gone':
      return { do: 'close', finding: 'gone' }
    case 'UNASSIGNED':
      return beforeAccept(belief, sight, { do: 'associate' })
    case 'ASSIGNED':
    case 'PENDING_APPROVAL':
      return belief === 'revoked' ? { do: 'undo' } : beforeAccept(belief, sight, { do: allowed ? 'accept' : 'check' })
    case 'ACCEPTED':
      return afterAccept(belief, sight)
  }
}

function beforeAccept(belief: Belief, { sameFacts }: Sight, step: DelegationStep): DelegationStep {
  if (belief !== 'decided' && belief !== 'attempted') return { do: 'fail' }
  return sameFacts ? step : { do: 'look' }
}

function afterAccept(belief: Belief, { approvedBy, sameFacts, mayRelease }: Sight): DelegationStep {
  switch (belief) {
    case 'decided':
      // Under our role, and the ledger knows nothing of it.
      return approvedBy === 'us' ? { do: 'fail' } : { do: 'close', finding: 'accepted' }
    case 'attempted':
      // Closed as somebody else's, an accept of ours would be neither released nor taken back.
      if (approvedBy === 'unknown') return { do: 'fail' }
      return approvedBy === 'us' ? { do: 'confirm' } : { do: 'close', finding: 'accepted' }
    case 'revoked':
      return { do: 'undo' }
    case 'held':
    case 'due':
      if (approvedBy !== 'us') return { do: 'fail' }
      if (!sameFacts) return { do: 'undo' }
      if (belief === 'held') return { do: 'hold' }
      return { do: mayRelease ? 'release' : 'tell-owner' }
  }
}

/** Whose facts the delegator goes by: those it accepted, before that those of the round. */
export function factsHashDecidedOn({ delegation }: Pick<OfferState, 'delegation'>, round: Round): string {
  return delegation?.heldUntil === undefined ? round.factsHash : delegation.factsHash
}

export function approvedBy(approverId: string | null, roleArn: string): ApprovedBy {
  if (!principalArnSchema.safeParse(approverId).success) return 'unknown'
  return isDelegator(approverId, roleArn) ? 'us' : 'another'
}

/** Whether an ARN may be the delegator role's, or one of its sessions'. */
export function isDelegator(arn: string | null, roleArn: string): boolean {
  return arn !== null && mayBeSamePrincipal(arn, roleArn)
}

/** What was accepted is taken back: by somebody, or because its facts changed. */
export function isTakenBack({ delegation }: Pick<OfferState, 'delegation'>): boolean {
  return delegation?.revoked !== undefined || delegation?.undoing === true
}

/** An accept that is held and can still be taken back. */
export function isRevocable({ status, delegation }: Pick<OfferState, 'status' | 'delegation'>): boolean {
  return status === 'open' && delegation?.heldUntil !== undefined && !isTakenBack({ delegation })
}
