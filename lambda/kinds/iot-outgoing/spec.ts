import type { KindSpec } from '../kind.ts'
import { iotFields } from '../iot-fields.ts'
import { transferTrail } from '../iot-trail.ts'
import { iotOutgoingWords } from './words.ts'

const certificates = ['arn:${Partition}:iot:${Region}:${Account}:cert/*']
const reads = [
  { actions: ['iot:ListOutgoingCertificates'], resources: ['*'] },
  { actions: ['iot:DescribeCertificate'], resources: certificates },
]

/** Accepting one means to leave it alone, so nobody but the rejector needs a right. */
export const iotOutgoingSpec: KindSpec = {
  kind: 'iot-outgoing',
  scope: 'regional',
  awsId: { pattern: /^[0-9a-fA-F]{64}$/, fields: ['certificateId'] },
  eventPatterns: [transferTrail],
  grants: {
    'gatehouse-reader': reads,
    'gatehouse-rejector': [...reads, { actions: ['iot:CancelCertificateTransfer'], resources: certificates }],
  },
  words: iotOutgoingWords,
  facts: iotFields,
  deadlineDefault: 'leave',
  acceptedBy: 'nobody',
  goesOut: true,
  isDated: true,
  keepsOurs: true,
  begunBy: 'TransferCertificate',
}
