const expired = { read: 'expired' } as const
const gone = { read: 'gone' } as const

/** Of the listing of all, which is the only call that begins at a marker of before. */
export const ramListingErrors = {
  GetResourceShareInvitations: { InvalidNextTokenException: { look: true } },
} as const

/** What RAM's errors mean here; the rest is in the common table. */
export const ramErrors = {
  GetResourceShareInvitations: {
    ResourceShareInvitationArnNotFoundException: gone,
  },
  ListPendingInvitationResources: {
    ResourceShareInvitationArnNotFoundException: gone,
    ResourceShareInvitationAlreadyRejectedException: { read: 'rejected' },
    ResourceShareInvitationExpiredException: expired,
  },
  GetResourceShares: {
    /** We are not in it, as far as RAM knows by now. */
    UnknownResourceException: gone,
  },
  ListResources: {
    UnknownResourceException: gone,
    InvalidResourceTypeException: { loud: 'UnexpectedAnswer' },
  },
  AcceptResourceShareInvitation: {
    ResourceShareInvitationAlreadyAcceptedException: { settle: 'already-settled' },
    ResourceShareInvitationAlreadyRejectedException: { settle: 'lost' },
    ResourceShareInvitationExpiredException: { settle: 'gone' },
    ResourceShareInvitationArnNotFoundException: { settle: 'gone' },
  },
  RejectResourceShareInvitation: {
    ResourceShareInvitationAlreadyAcceptedException: { settle: 'lost' },
    ResourceShareInvitationAlreadyRejectedException: { settle: 'already-settled' },
    ResourceShareInvitationExpiredException: { settle: 'gone' },
    ResourceShareInvitationArnNotFoundException: { settle: 'gone' },
  },
} as const
