/**
 * What IAM's errors mean here; the rest is in the common table. IAM models no error for a request in the wrong state, so
 * where it refuses the input the state of the request decides.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_RejectDelegationRequest.html
 */
export const iamErrors = {
  /** Says of a listing that an owner asked for does not exist; we name none. */
  ListDelegationRequests: {
    NoSuchEntityException: { loud: 'UnexpectedAnswer' },
    /** Besides the marker we ask for nothing that could be wrong. */
    InvalidInputException: { look: true },
  },
  GetDelegationRequest: { NoSuchEntityException: { read: 'gone' } },
  /** Help for the reader, which nothing hangs on. */
  GetHumanReadableSummary: { NoSuchEntityException: { look: true }, InvalidInputException: { look: true } },
  AcceptDelegationRequest: { NoSuchEntityException: { settle: 'gone' } },
  SendDelegationToken: { NoSuchEntityException: { settle: 'gone' }, InvalidInputException: { look: true } },
  AssociateDelegationRequest: { NoSuchEntityException: { settle: 'gone' }, InvalidInputException: { look: true } },
  RejectDelegationRequest: { NoSuchEntityException: { settle: 'gone' }, InvalidInputException: { look: true } },
} as const

/** Of the delegator's policies: a text that is not to be had is unknown. */
export const policyErrors = {
  GetPolicy: { NoSuchEntityException: { look: true } },
  GetPolicyVersion: { NoSuchEntityException: { look: true } },
} as const

/**
 * Of an id that somebody gave us: what AWS refuses to show is another account's, as far as we can know. A case of ours
 * that may not be read any more is read by the table above, and is loud.
 */
export const namedErrors = {
  GetDelegationRequest: {
    ...iamErrors.GetDelegationRequest,
    AccessDenied: { read: 'gone' },
    AccessDeniedException: { read: 'gone' },
  },
} as const
