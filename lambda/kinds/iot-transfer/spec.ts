import type { KindSpec } from '../kind.ts'
import { iotFields } from '../iot-fields.ts'
import { iotTransferWords } from './words.ts'

const certificates = ['arn:${Partition}:iot:${Region}:${Account}:cert/*']
const lists = { actions: ['iot:ListCertificates', 'iot:ListOutgoingCertificates'], resources: ['*'] }
const reads = [
  { actions: ['iot:ListOutgoingCertificates'], resources: ['*'] },
  { actions: ['iot:DescribeCertificate'], resources: certificates },
]
const accepts = { actions: ['iot:AcceptCertificateTransfer'], resources: certificates }

/**
 * Nothing tells the receiver of a new transfer, so only the sweep finds one; the events are of answers given elsewhere.
 * https://docs.aws.amazon.com/iot/latest/developerguide/transfer-cert.html
 */
export const iotTransferSpec: KindSpec = {
  kind: 'iot-transfer',
  scope: 'regional',
  awsId: { pattern: /^[0-9a-fA-F]{64}$/, fields: ['certificateId'] },
  eventPatterns: [
    {
      source: ['aws.iot'],
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: {
        eventSource: ['iot.amazonaws.com'],
        eventName: ['AcceptCertificateTransfer', 'RejectCertificateTransfer'],
      },
    },
  ],
  grants: {
    'gatehouse-reader': [lists, { actions: ['iot:DescribeCertificate'], resources: certificates }],
    // Which account sends is on no condition key: Judge holds others than partners back.
    'gatehouse-auto-acceptor': [...reads, { ...accepts, needsPartners: true }],
    'gatehouse-acceptor': [...reads, accepts],
    'gatehouse-rejector': [...reads, { actions: ['iot:RejectCertificateTransfer'], resources: certificates }],
  },
  words: iotTransferWords,
  facts: iotFields,
  deadlineDefault: 'reject',
  acceptedBy: 'acceptors',
  isDated: true,
  mayBeActive: true,
  rejectedReadsAsGone: true,
}
