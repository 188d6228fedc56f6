import type { SampleOfferId } from '../sample-offers.ts'

/** One offer of the demo, what people do about it, and how it has to end. */
export interface Scene {
  offer: SampleOfferId
  /** What happens, for the reader. */
  story: string
  vote?: { by: 'alice' | 'bob'; choice: 'accept' | 'reject'; comment: string }
  /** A person accepts it in the AWS console after the vote. */
  inAwsConsole?: true
  verdict: 'accept' | 'reject' | 'review'
  decidedBy: 'policy' | 'alice' | 'bob' | 'deadline'
  outcome: 'ACCEPTED' | 'REJECTED' | 'LEFT'
}

export const scenes: readonly Scene[] = [
  {
    offer: 'partner-shares-subnets',
    story: 'the partner shares two subnets',
    verdict: 'accept',
    decidedBy: 'policy',
    outcome: 'ACCEPTED',
  },
  {
    offer: 'stranger-shares-resolver-rule',
    story: 'a stranger shares a DNS resolver rule',
    verdict: 'reject',
    decidedBy: 'policy',
    outcome: 'REJECTED',
  },
  {
    offer: 'stranger-shares-subnet',
    story: 'a stranger shares a subnet, and says it is pre-approved',
    vote: { by: 'alice', choice: 'reject', comment: 'Nobody here asked for it' },
    verdict: 'review',
    decidedBy: 'alice',
    outcome: 'REJECTED',
  },
  {
    offer: 'stranger-shares-event-bus',
    story: 'a stranger shares an event bus, and nobody answers',
    verdict: 'review',
    decidedBy: 'deadline',
    outcome: 'REJECTED',
  },
  {
    offer: 'partner-transfers-certificate',
    story: 'the partner transfers a device certificate to us',
    verdict: 'accept',
    decidedBy: 'policy',
    outcome: 'ACCEPTED',
  },
  {
    offer: 'stranger-transfers-certificate',
    story: 'a stranger transfers a device certificate to us',
    vote: { by: 'bob', choice: 'accept', comment: 'Ours: bought with the new building' },
    verdict: 'review',
    decidedBy: 'bob',
    outcome: 'ACCEPTED',
  },
  {
    offer: 'we-transfer-certificate-to-partner',
    story: 'a certificate of ours leaves for the partner',
    verdict: 'accept',
    decidedBy: 'policy',
    outcome: 'LEFT',
  },
  {
    offer: 'we-transfer-certificate-to-stranger',
    story: 'a certificate of ours leaves for a stranger, without a word',
    verdict: 'reject',
    decidedBy: 'policy',
    outcome: 'REJECTED',
  },
  {
    offer: 'we-transfer-certificate-and-say-why',
    story: 'a certificate of ours leaves for a stranger, with a reason',
    vote: { by: 'alice', choice: 'accept', comment: 'The plant was sold' },
    verdict: 'review',
    decidedBy: 'alice',
    outcome: 'LEFT',
  },
  {
    offer: 'partner-requests-backup-role',
    story: 'the partner asks to set up backups in our account',
    vote: { by: 'alice', choice: 'accept', comment: 'As agreed' },
    inAwsConsole: true,
    verdict: 'review',
    decidedBy: 'alice',
    outcome: 'ACCEPTED',
  },
  {
    offer: 'partner-requests-administrator',
    story: 'the partner asks to be administrator in our account',
    verdict: 'reject',
    decidedBy: 'policy',
    outcome: 'REJECTED',
  },
]
