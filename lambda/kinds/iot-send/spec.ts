import type { KindSpec } from '../kind.ts'
import { transferTrail } from '../iot-trail.ts'
import { iotSendFields, iotSendWords } from './words.ts'

const certificates = ['arn:${Partition}:iot:${Region}:${Account}:cert/*']
const reads = [
  { actions: ['iot:ListOutgoingCertificates'], resources: ['*'] },
  { actions: ['iot:DescribeCertificate', 'iot:ListAttachedPolicies'], resources: certificates },
]

/**
 * Nothing happens at AWS before the accept, so no event tells of a request: Gatehouse's own queue does, and every sweep. What
 * somebody of ours does by hand has events; the receiver's answer is told to nobody, and only the sweep sees it.
 */
export const iotSendSpec: KindSpec = {
  kind: 'iot-send',
  scope: 'regional',
  awsId: { pattern: /^[0-9a-fA-F]{64}$/, fields: ['certificateId'] },
  eventPatterns: [transferTrail],
  grants: {
    'gatehouse-reader': reads,
    'gatehouse-sender': [...reads, { actions: ['iot:TransferCertificate'], resources: certificates }],
    // A reject writes at no AWS service; it reads first, as every answer does.
    'gatehouse-rejector': reads,
  },
  words: iotSendWords,
  facts: iotSendFields,
  deadlineDefault: 'reject',
  acceptedBy: 'sender',
  goesOut: true,
  isDated: true,
  isAskedFor: true,
}
