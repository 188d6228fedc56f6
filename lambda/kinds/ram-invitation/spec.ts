import type { KindSpec } from '../kind.ts'
import { ramFields, ramWords } from './words.ts'

/** The ARN carries the sender's account, so ours cannot narrow it. */
const invitations = ['arn:${Partition}:ram:${Region}:*:resource-share-invitation/*']
const reads = [
  { actions: ['ram:GetResourceShareInvitations'], resources: ['*'] },
  { actions: ['ram:ListPendingInvitationResources'], resources: invitations },
]
const accepts = { actions: ['ram:AcceptResourceShareInvitation'], resources: invitations }

/** https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ram.html */
export const ramInvitationSpec: KindSpec = {
  kind: 'ram-invitation',
  scope: 'regional',
  awsId: {
    pattern: /^arn:aws[a-z-]*:ram:[a-z0-9-]+:\d{12}:resource-share-invitation\/[0-9a-zA-Z-]{1,64}$/,
    fields: ['resourceShareInvitationArn'],
  },
  eventPatterns: [
    // No filter on the detail: which of its values a new invitation has is not documented.
    { source: ['aws.ram'], 'detail-type': ['Resource Sharing State Change'] },
    {
      source: ['aws.ram'],
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: {
        eventSource: ['ram.amazonaws.com'],
        eventName: ['AcceptResourceShareInvitation', 'RejectResourceShareInvitation'],
      },
    },
  ],
  grants: {
    'gatehouse-reader': [...reads, { actions: ['ram:GetResourceShares', 'ram:ListResources'], resources: ['*'] }],
    'gatehouse-auto-acceptor': [...reads, { ...accepts, partnerCondition: 'ram:ShareOwnerAccountId' }],
    'gatehouse-acceptor': [...reads, accepts],
    'gatehouse-rejector': [...reads, { actions: ['ram:RejectResourceShareInvitation'], resources: invitations }],
  },
  words: ramWords,
  facts: ramFields,
  deadlineDefault: 'reject',
  acceptedBy: 'acceptors',
  holdsResources: true,
  // RAM shares what is global from there only, and there the invitation is: a sweep elsewhere does not list it.
  missedWithoutGlobalRegion: 'invitations to shares of global resources, which are there,',
}
