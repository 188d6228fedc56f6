import { sampleAccounts } from '../../local/sample.ts'
import type { AwsCli } from './aws.ts'

const { own: us, stranger } = sampleAccounts

/** `heard` waits until Gatehouse did all that it did of it. */
export type Act = (aws: AwsCli, awsId: string, heard: () => Promise<void>) => Promise<unknown>

interface Hands {
  /** Makes an offer that policy leaves to people; AWS's id of it. */
  offer: (aws: AwsCli) => Promise<string>
  /** What somebody may do about it behind Gatehouse's back. */
  acts: Record<string, Act>
  /** The calls by which Gatehouse answers it. */
  answers: { service: string; accept: string; reject: string }
}

const arn = (awsId: string): string[] => ['--resource-share-invitation-arn', awsId]
const certificate = (awsId: string): string[] => ['--certificate-id', awsId]
const request = (awsId: string): string[] => ['--delegation-request-id', awsId]

/** A certificate that one account sends to another. */
function transfers(from: string, to: string, answers: Omit<Hands['answers'], 'service'>): Hands {
  const cancelled = (aws: AwsCli, id: string): Promise<unknown> =>
    aws.as(from, 'iot', 'cancel-certificate-transfer', ...certificate(id))
  return {
    offer: (aws) => aws.transfer(from, to),
    acts: {
      accepted: (aws, id) => aws.as(to, 'iot', 'accept-certificate-transfer', ...certificate(id)),
      rejected: (aws, id) => aws.as(to, 'iot', 'reject-certificate-transfer', ...certificate(id)),
      cancelled,
      anew: async (aws, id, heard) => {
        await cancelled(aws, id)
        await heard()
        await aws.transferAgain(from, id, to)
      },
    },
    answers: { service: 'iot', ...answers },
  }
}

/** The four kinds of offers, in the hands of whoever has the AWS CLI. */
export const hands = {
  'ram-invitation': {
    offer: (aws) => aws.share(stranger, us),
    acts: {
      accepted: (aws, id) => aws.as(us, 'ram', 'accept-resource-share-invitation', ...arn(id)),
      rejected: (aws, id) => aws.as(us, 'ram', 'reject-resource-share-invitation', ...arn(id)),
    },
    answers: { service: 'ram', accept: 'AcceptResourceShareInvitation', reject: 'RejectResourceShareInvitation' },
  },
  'iot-transfer': transfers(stranger, us, {
    accept: 'AcceptCertificateTransfer',
    reject: 'RejectCertificateTransfer',
  }),
  // What we let go is not answered: accept has no call.
  'iot-outgoing': transfers(us, stranger, { accept: '', reject: 'CancelCertificateTransfer' }),
  'iam-delegation': {
    offer: (aws) => aws.requestDelegation(stranger, us),
    acts: {
      accepted: async (aws, id) => {
        await aws.as(us, 'iam', 'associate-delegation-request', ...request(id)).catch(() => undefined)
        await aws.as(us, 'iam', 'accept-delegation-request', ...request(id))
      },
      rejected: async (aws, id) => {
        await aws.as(us, 'iam', 'associate-delegation-request', ...request(id)).catch(() => undefined)
        await aws.as(us, 'iam', 'reject-delegation-request', ...request(id))
      },
      released: (aws, id) => aws.as(us, 'iam', 'send-delegation-token', ...request(id)),
    },
    answers: { service: 'iam', accept: 'AcceptDelegationRequest', reject: 'RejectDelegationRequest' },
  },
} as const satisfies Record<string, Hands>

export type HandKind = keyof typeof hands
export const handsOf = (kind: HandKind): Hands => hands[kind]
