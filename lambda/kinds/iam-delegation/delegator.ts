import { delegatorRoleName } from '../../contract/env.ts'
import { approvedBy, isDelegator, type ApprovedBy, type DelegationState } from '../../domain/delegation.ts'
import type { PermissionCheck } from '../../domain/event.ts'
import type { Facts } from '../../domain/facts.ts'
import type { OfferRef } from '../../domain/offer.ts'
import type { KindContext } from '../kind.ts'
import { partyOf } from '../party.ts'
import type { Answer } from '../reactions.ts'
import { IamCalls } from './calls.ts'
import { factsOf } from './facts.ts'
import { cleanNotes } from './notes.ts'

/** A request as the delegator role sees it. */
export type Seen =
  | { state: 'gone' }
  | { state: DelegationState; facts: Facts; ownerId: string | null; approvedBy: ApprovedBy; mayRelease: boolean }

/** The delegator role at work on one request; each method is one call. */
export interface Delegator {
  look: () => Promise<Seen>
  /** Whether it may do what is asked for; `IN_PROGRESS` while IAM works on it. */
  check: () => Promise<Exclude<PermissionCheck, 'TIMED_OUT'> | 'IN_PROGRESS'>
  associate: () => Promise<Answer<unknown>>
  accept: () => Promise<Answer<unknown>>
  sendToken: () => Promise<Answer<unknown>>
  /** Rejects the accepted request. */
  undo: () => Promise<Answer<unknown>>
}

export function openDelegator(context: KindContext, ref: OfferRef): Delegator {
  const calls = new IamCalls(context)
  const { account } = context.target
  const roleArn = `arn:aws:iam::${account}:role/${delegatorRoleName}`
  return {
    look: async () => {
      const request = await calls.get(ref.awsId)
      if (request === undefined || (request.OwnerAccountId ?? account) !== account) return { state: 'gone' }
      const party = await partyOf(context, request.RequestorId)
      return {
        state: request.State,
        facts: factsOf(request, { party, account }),
        ownerId: request.OwnerId,
        approvedBy: approvedBy(request.ApproverId, roleArn),
        mayRelease: isDelegator(request.OwnerId, roleArn) || request.OnlySendByOwner !== true,
      }
    },
    check: () => calls.check(ref.awsId),
    associate: () => calls.associate(ref.awsId),
    accept: () => calls.accept(ref.awsId),
    sendToken: () => calls.sendToken(ref.awsId),
    undo: () => calls.reject(ref.awsId, cleanNotes('Taken back by the receiving account')),
  }
}
