/** What IoT's errors mean for a transfer that we begin; the rest is in the common table. */
export const iotSendErrors = {
  /** Not ours any more, or deleted. */
  DescribeCertificate: { ResourceNotFoundException: { read: 'gone' } },
  ListOutgoingCertificates: {},
  ListAttachedPolicies: {
    /** Gone between two readings: the next reading says how. */
    ResourceNotFoundException: { retry: 'ServiceUnavailable' },
    LimitExceededException: { retry: 'ServiceThrottled' },
  },
  TransferCertificate: {
    ResourceNotFoundException: { look: true },
    /** It is active. */
    CertificateStateException: { look: true },
    /** Policies are attached, or it is on its way already: perhaps by an earlier call of ours. */
    TransferConflictException: { look: true },
  },
} as const
