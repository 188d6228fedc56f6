import type { Facts } from '../../../lambda/domain/facts.ts'
import type { TransferRequest } from '../../../lambda/domain/transfer-request.ts'
import type { OfferKind } from '../../../lambda/domain/offer.ts'
import { factsOf as delegationFacts, requestSchema } from '../../../lambda/kinds/iam-delegation/facts.ts'
import { factsOf as outgoingFacts, outgoingSchema } from '../../../lambda/kinds/iot-outgoing/facts.ts'
import { factsOf as sendFacts } from '../../../lambda/kinds/iot-send/facts.ts'
import { factsOf as transferFacts } from '../../../lambda/kinds/iot-transfer/facts.ts'
import { descriptionSchema } from '../../../lambda/kinds/iot-calls.ts'
import { factsOf as invitationFacts, invitationSchema } from '../../../lambda/kinds/ram-invitation/facts.ts'
import type { Resources } from '../../../lambda/kinds/ram-invitation/facts.ts'
import { createPolicyEngine } from '../../../lambda/policy/cedar-engine.ts'
import { compilePolicySet } from '../../../lambda/policy/load.ts'
import { aParty } from '../../support/kinds.ts'

const settings = { partners: { partners: ['444455556666'] }, groups: {}, defaultGroup: null }
const engine = createPolicyEngine(compilePolicySet('policies', settings), settings)
const known = aParty()
const unknown = aParty({ counterparty: null, organization: 'unknown', unknown: ['counterparty', 'organization'] })
const date = new Date('2026-11-20T10:00:00Z')

function invitation(resources: Resources, more: object = {}): Facts {
  const item = { resourceShareInvitationArn: 'arn', invitationTimestamp: date, status: 'PENDING', ...more }
  const party = 'list' in resources ? known : unknown
  return invitationFacts({ invitation: invitationSchema.parse(item), resources, party, sevenDayTypes: [] })
}

const fullShare = {
  resourceShareName: 'network',
  resourceShareArn: 'arn:aws:ram:us-east-1:444455556666:resource-share/s',
  senderAccountId: '444455556666',
  receiverAccountId: '111111111111',
}
const subnet = {
  arn: 'arn:aws:ec2:us-east-1:444455556666:subnet/s',
  type: 'ec2:Subnet',
  regionScope: 'REGIONAL' as const,
}

const fullRequest = {
  DelegationRequestId: 'dr-1',
  OwnerAccountId: '111111111111',
  State: 'ASSIGNED',
  RequestorId: '444455556666',
  RequestorName: 'Example',
  Description: 'Backups',
  RequestMessage: 'Hello',
  Permissions: {
    PolicyTemplateArn: 'arn:aws:iam::aws:delegation-template/t',
    Parameters: [{ Name: 'Bucket', Type: 'stringList', Values: ['a', 'b'] }, { Name: 'Empty' }],
  },
  PermissionPolicy: '{}',
  RolePermissionRestrictionArns: ['arn:aws:iam::444455556666:policy/permission_boundary/d/n_2026'],
  SessionDuration: 3600,
  RedirectUrl: 'https://example.com',
  OnlySendByOwner: true,
}
const fullCertificate = {
  certificateId: 'c',
  certificateMode: 'SNI_ONLY',
  caCertificateId: 'ca',
  validity: { notBefore: date, notAfter: date },
  transferData: { transferMessage: 'batch 7', transferDate: date },
  status: 'PENDING_TRANSFER',
}
const account = '111111111111'
const asked: TransferRequest = {
  ...{ account, region: 'us-east-1', certificateId: '7d2e'.repeat(16), to: '444455556666', message: 'sold' },
  ...{ requestedBy: `arn:aws:iam::${account}:user/olaf`, requestedAt: '2026-11-20T10:00:00Z' },
  ...{ state: 'asked', ended: false, revision: 1 },
}

/** What each kind makes of the most and of the least that AWS may answer. */
const all: [string, OfferKind, Facts][] = [
  ['a full share', 'ram-invitation', invitation({ list: [subnet, { ...subnet, regionScope: null }] }, fullShare)],
  ['an empty share', 'ram-invitation', invitation({ list: [] })],
  ['an unreadable share', 'ram-invitation', invitation({ problem: 'refused' })],
  ['a full certificate', 'iot-transfer', transferFacts(descriptionSchema.parse(fullCertificate), known)],
  [
    'a bare certificate',
    'iot-transfer',
    transferFacts(descriptionSchema.parse({ certificateId: 'c', status: 'PENDING_TRANSFER' }), unknown),
  ],
  [
    'a full outgoing',
    'iot-outgoing',
    outgoingFacts(outgoingSchema.parse({ certificateId: 'c', transferDate: date, transferMessage: 'sold' }), known),
  ],
  [
    'an outgoing that was asked for',
    'iot-outgoing',
    outgoingFacts(outgoingSchema.parse({ certificateId: 'c', transferDate: date }), known, asked),
  ],
  [
    'a request to send',
    'iot-send',
    sendFacts(asked, { description: descriptionSchema.parse(fullCertificate), policies: ['pumps'] }, known),
  ],
  ['a bare outgoing', 'iot-outgoing', outgoingFacts(outgoingSchema.parse({ certificateId: 'c' }), unknown)],
  ['a full delegation', 'iam-delegation', delegationFacts(requestSchema.parse(fullRequest), { party: known, account })],
  [
    'a bare delegation',
    'iam-delegation',
    delegationFacts(requestSchema.parse({ DelegationRequestId: 'd', State: 'UNASSIGNED' }), {
      party: unknown,
      account,
    }),
  ],
]

describe("the facts of every kind fit the policies' schema", () => {
  it.each(all)('%s', (_, kind, facts) => {
    const request = { ref: { kind, account, region: 'us-east-1', awsId: 'x' }, facts, now: date }
    expect(engine.judge(request).errors).toEqual([])
    expect(engine.approve(request).errors).toEqual([])
  })
})
