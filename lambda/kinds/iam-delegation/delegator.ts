import { delegatorRoleName } from '../../contract/env.ts'
import { approvedBy, isDelegator } from '../../domain/delegation.ts'
import type { OfferRef } from '../../domain/offer.ts'
import type { Delegator } from '../delegator.ts'
import type { KindContext } from '../kind.ts'
import { partyOf } from '../party.ts'
import { IamCalls } from './calls.ts'
import { factsOf } from './facts.ts'
import { cleanNotes } from './notes.ts'

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
