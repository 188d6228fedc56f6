import type { EventPattern } from '../domain/kind-spec.ts'

/** Somebody sends a certificate of ours, or takes that back: a hint at its transfer, and at the request that is about it. */
export const transferTrail: EventPattern = {
  source: ['aws.iot'],
  'detail-type': ['AWS API Call via CloudTrail'],
  detail: {
    eventSource: ['iot.amazonaws.com'],
    eventName: ['TransferCertificate', 'CancelCertificateTransfer'],
  },
}
