import { delegatorPoliciesTemplate } from '../../domain/kind-spec.ts'
import type { KindSpec } from '../kind.ts'
import { iamDelegationFields, iamDelegationWords } from './words.ts'

/** Which account the ARN carries is not documented. */
const requests = ['arn:${Partition}:iam::*:delegation-request/*']
const read = { actions: ['iam:GetDelegationRequest'], resources: requests }

/**
 * IAM is global: its calls and events are in us-east-1.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/temporary-delegation-notifications.html
 */
export const iamDelegationSpec: KindSpec = {
  kind: 'iam-delegation',
  scope: 'global',
  // IAM's notifications do not document theirs, so a few likely names are tried.
  awsId: {
    pattern: /^[A-Za-z0-9_-]{16,128}$/,
    fields: ['delegationRequestId', 'DelegationRequestId', 'requestId', 'RequestId'],
  },
  eventPatterns: [
    {
      source: ['aws.iam'],
      'detail-type': ['Created', 'Assigned', 'Pending Approval', 'Rejected', 'Accepted', 'Finalized', 'Expired'].map(
        (change) => `IAM Temporary Delegation Request ${change}`,
      ),
    },
    {
      source: ['aws.iam'],
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: {
        eventSource: ['iam.amazonaws.com'],
        eventName: [
          'AssociateDelegationRequest',
          'UpdateDelegationRequest',
          'AcceptDelegationRequest',
          'RejectDelegationRequest',
          'SendDelegationToken',
        ],
      },
    },
  ],
  grants: {
    'gatehouse-reader': [
      { actions: ['iam:ListDelegationRequests'], resources: ['*'] },
      { actions: [...read.actions, 'iam:GetHumanReadableSummary'], resources: requests },
      // So that people see what of a request the delegator role would give.
      {
        actions: ['iam:GetPolicy', 'iam:GetPolicyVersion'],
        resources: [delegatorPoliciesTemplate],
        needsDelegation: true,
      },
    ],
    // An accept is handed over to a person: the acceptors only read the request again.
    'gatehouse-auto-acceptor': [read],
    'gatehouse-acceptor': [read],
    // Only where people have said that this role may accept, and then with what it is given there.
    'gatehouse-delegator': [
      {
        actions: [
          'iam:GetDelegationRequest',
          'iam:AssociateDelegationRequest',
          'iam:AcceptDelegationRequest',
          'iam:SendDelegationToken',
          // The undo, as long as no access was released.
          'iam:RejectDelegationRequest',
        ],
        resources: requests,
        needsDelegation: true,
      },
    ],
    // A request without an owner has to be ours before it can be rejected.
    'gatehouse-rejector': [
      read,
      { actions: ['iam:RejectDelegationRequest', 'iam:AssociateDelegationRequest'], resources: requests },
    ],
  },
  words: iamDelegationWords,
  facts: iamDelegationFields,
  deadlineDefault: 'reject',
  acceptedBy: 'delegator',
  isTakenIn: true,
  reviewLink: (awsId) => `https://us-east-1.console.aws.amazon.com/iam/account-access-requests/review/${awsId}`,
}
