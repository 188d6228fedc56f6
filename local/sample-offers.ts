import { randomBytes } from 'node:crypto'
import {
  clientConfigOf,
  offerCertificate,
  offerShare,
  registerCertificate,
  requestDelegation,
  type LocalAws,
} from './partner.ts'
import { sampleAccounts } from './sample.ts'
import { askForTransfer } from './transfer-client.ts'

const { own, partner, stranger } = sampleAccounts

/** An offer that somebody on the other side can make with one press of a button. */
export interface SampleOffer {
  id: string
  /** One of AWS's things, as the buttons are grouped. */
  group: 'Resource share' | 'Certificate for us' | 'Certificate of ours' | 'Delegation request'
  /** Who does it: the other side, or, for a certificate of ours, we ourselves. */
  by: 'partner' | 'stranger' | 'us'
  label: string
  /** AWS tells nobody: only the sweep finds it. */
  silent: boolean
  /** Makes it, through the endpoint, for one of our accounts; AWS's own id of what was made. */
  make: (aws: LocalAws, ours?: string) => Promise<string>
}

export type SampleOfferId = (typeof made)[number]['id']

/** Fresh on each press, so that a button may be pressed again. */
function suffix(): string {
  return randomBytes(4).toString('hex')
}

function share(from: string, name: string, resources: (region: string) => readonly string[]): SampleOffer['make'] {
  return (aws, ours = own) => offerShare(aws, { from, to: ours, name, resourceArns: resources(aws.region) })
}

const made = [
  {
    id: 'partner-shares-subnets',
    group: 'Resource share',
    by: 'partner',
    label: 'Share two subnets',
    silent: false,
    make: share(partner, 'shared-network', (region) => [
      `arn:aws:ec2:${region}:${partner}:subnet/subnet-0${suffix()}`,
      `arn:aws:ec2:${region}:${partner}:subnet/subnet-0${suffix()}`,
    ]),
  },
  {
    id: 'stranger-shares-subnet',
    group: 'Resource share',
    by: 'stranger',
    label: 'Share a subnet',
    silent: false,
    make: share(stranger, 'Free network. PRE-APPROVED by security, please accept', (region) => [
      `arn:aws:ec2:${region}:${stranger}:subnet/subnet-0${suffix()}`,
    ]),
  },
  {
    id: 'stranger-shares-event-bus',
    group: 'Resource share',
    by: 'stranger',
    label: 'Share an event bus (12 hours to answer)',
    silent: false,
    make: share(stranger, 'order-events', (region) => [`arn:aws:events:${region}:${stranger}:event-bus/orders`]),
  },
  {
    id: 'stranger-shares-resolver-rule',
    group: 'Resource share',
    by: 'stranger',
    label: 'Share a DNS resolver rule',
    silent: false,
    make: share(stranger, 'corporate-dns', (region) => [
      `arn:aws:route53resolver:${region}:${stranger}:resolver-rule/rslvr-rr-0${suffix()}`,
    ]),
  },
  {
    id: 'partner-transfers-certificate',
    group: 'Certificate for us',
    by: 'partner',
    label: 'Transfer a device certificate',
    silent: true,
    make: (aws, ours = own) =>
      offerCertificate(aws, {
        from: partner,
        to: ours,
        device: `pump-${suffix()}`,
        message: 'Pump of the second delivery',
      }),
  },
  {
    id: 'stranger-transfers-certificate',
    group: 'Certificate for us',
    by: 'stranger',
    label: 'Transfer a device certificate',
    silent: true,
    make: (aws, ours = own) =>
      offerCertificate(aws, {
        from: stranger,
        to: ours,
        device: `camera-${suffix()}`,
        message: 'See https://camera.example.com to activate',
      }),
  },
  {
    id: 'we-transfer-certificate-to-partner',
    group: 'Certificate of ours',
    by: 'us',
    label: 'Transfer one to the partner',
    silent: false,
    make: (aws, ours = own) => offerCertificate(aws, { from: ours, to: partner, device: `gateway-${suffix()}` }),
  },
  {
    id: 'we-transfer-certificate-to-stranger',
    group: 'Certificate of ours',
    by: 'us',
    label: 'Transfer one to the stranger',
    silent: false,
    make: (aws, ours = own) => offerCertificate(aws, { from: ours, to: stranger, device: `gateway-${suffix()}` }),
  },
  {
    id: 'we-transfer-certificate-and-say-why',
    group: 'Certificate of ours',
    by: 'us',
    label: 'Transfer one to the stranger and say why',
    silent: false,
    make: (aws, ours = own) =>
      offerCertificate(aws, {
        from: ours,
        to: stranger,
        device: `gateway-${suffix()}`,
        message: 'Sold with the plant in Graz',
      }),
  },
  {
    id: 'we-ask-to-send-certificate',
    group: 'Certificate of ours',
    by: 'us',
    label: 'Ask to transfer one to the partner',
    silent: false,
    make: async (aws) => {
      const certificateId = await registerCertificate(aws, { account: own, device: `gateway-${suffix()}` })
      const asked = {
        account: own,
        region: aws.region,
        certificateId,
        to: partner,
        message: 'Goes with the plant in Graz',
      }
      await askForTransfer(clientConfigOf(aws, own), asked)
      return certificateId
    },
  },
  {
    id: 'partner-requests-backup-role',
    group: 'Delegation request',
    by: 'partner',
    label: 'Ask to set up backups',
    silent: false,
    make: (aws, ours = own) =>
      requestDelegation(aws, {
        from: partner,
        ownerAccount: ours,
        description: 'Sets up nightly backups of two buckets',
        message: 'Needed for the onboarding on Monday',
        templateArn: 'arn:aws:iam::aws:delegation-template/ReadOnlyBackup',
        parameters: { BucketArns: ['arn:aws:s3:::orders', 'arn:aws:s3:::invoices'] },
        sessionSeconds: 3600,
      }),
  },
  {
    id: 'partner-requests-administrator',
    group: 'Delegation request',
    by: 'partner',
    label: 'Ask to act as administrator',
    silent: false,
    make: (aws, ours = own) =>
      requestDelegation(aws, {
        from: partner,
        ownerAccount: ours,
        description: 'Full access, to help you faster',
        message: 'Standard procedure',
        templateArn: 'arn:aws:iam::aws:delegation-template/AdministratorAccess',
        parameters: {},
        sessionSeconds: 3600,
      }),
  },
] as const satisfies readonly SampleOffer[]

/** Every sample offer; the default policies accept some, reject some, and ask people about the rest. */
export const sampleOffers: readonly (SampleOffer & { id: SampleOfferId })[] = made

/** What a fresh data folder starts with, so that a newcomer sees something at once. */
export const firstOffers: readonly SampleOfferId[] = [
  'partner-shares-subnets',
  'stranger-shares-subnet',
  'partner-transfers-certificate',
  'we-transfer-certificate-to-stranger',
  'partner-requests-backup-role',
]

export function findSampleOffer(id: string): SampleOffer | undefined {
  return sampleOffers.find((offer) => offer.id === id)
}
