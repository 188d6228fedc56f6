import type { Facts } from '../../lambda/domain/facts.ts'
import type { JsonObject } from '../../lambda/domain/json.ts'
import type { OfferKind, OfferRef } from '../../lambda/domain/offer.ts'
import { aRef } from './events.ts'

export const partner = '444455556666'
const certificateId = '7d2e'.repeat(16)
const requestId = 'dr-3f6c1a52b7e94d08a1c2'

/** A ref as AWS would give it for each kind. */
export function aRefOf(kind: OfferKind): OfferRef {
  switch (kind) {
    case 'ram-invitation':
      return aRef()
    case 'iot-transfer':
    case 'iot-outgoing':
      return aRef({ kind, awsId: certificateId, transferDate: '2026-11-20T09:30:00Z' })
    case 'iot-send':
      return aRef({ kind, awsId: certificateId, transferDate: '2026-11-20T09:30:00Z' })
    case 'iam-delegation':
      return aRef({ kind, awsId: requestId })
    default:
      throw new Error(`no ref of ${kind}`)
  }
}

/** Facts as each kind reads them; `decisive` members can be overridden. */
export function factsOfKind(kind: OfferKind, decisive: JsonObject = {}, rest: Partial<Facts> = {}): Facts {
  const body = bodies[kind]
  if (body === undefined) throw new Error(`no facts of ${kind}`)
  const { expiresAt, ...own } = body
  return {
    decisive: { counterparty: partner, organization: 'outside', ...own.decisive, ...decisive },
    context: own.context,
    unknown: [],
    counterparty: partner,
    offeredAt: '2026-11-20T09:30:00.000Z',
    expiresAt,
    ...rest,
  }
}

interface Body {
  decisive: JsonObject
  context: JsonObject
  expiresAt: string | null
}

const certificate: Body = {
  decisive: { certificateId, message: 'Devices of the Oslo plant, as agreed.' },
  context: { certificateArn: `arn:aws:iot:us-east-1:111111111111:cert/${certificateId}`, status: 'PENDING_TRANSFER' },
  expiresAt: null,
}

const bodies: Readonly<Record<OfferKind, Body>> = {
  'ram-invitation': {
    decisive: {
      shareName: 'network-prod',
      shareArn: `arn:aws:ram:us-east-1:${partner}:resource-share/0d3b2c7e-5a41-4f0e-9a57-7c1d6a0f1b22`,
      receiver: '111111111111',
      resources: [
        {
          arn: `arn:aws:ec2:us-east-1:${partner}:subnet/subnet-0a1b2c3d4e5f67890`,
          type: 'ec2:Subnet',
          regionScope: 'REGIONAL',
        },
        {
          arn: `arn:aws:ec2:us-east-1:${partner}:subnet/subnet-0b1c2d3e4f5a67891`,
          type: 'ec2:Subnet',
          regionScope: 'REGIONAL',
        },
      ],
      resourceTypes: ['ec2:Subnet'],
      resourceCount: 2,
    },
    context: { invitationArn: aRef().awsId, status: 'PENDING' },
    expiresAt: '2026-11-27T09:30:00.000Z',
  },
  'iot-transfer': {
    ...certificate,
    decisive: {
      ...certificate.decisive,
      certificateMode: 'DEFAULT',
      notBefore: '2026-01-01T00:00:00.000Z',
      notAfter: '2031-01-01T00:00:00.000Z',
      subject: 'CN=plant-oslo-17, O=Partner AS',
      issuer: 'CN=Partner Devices CA, O=Partner AS',
    },
  },
  'iot-outgoing': certificate,
  'iot-send': {
    decisive: {
      ...certificate.decisive,
      requestedBy: 'arn:aws:sts::111111111111:assumed-role/Operators/olaf@example.com',
      status: 'INACTIVE',
      attachedPolicies: [],
    },
    context: {
      certificateArn: `arn:aws:iot:us-east-1:111111111111:cert/${certificateId}`,
      requestedAt: '2026-11-20T09:30:00Z',
    },
    expiresAt: null,
  },
  'iam-delegation': {
    decisive: {
      requestorName: 'Partner Deploy',
      description: 'Sets up the monitoring of your account.',
      requestMessage: 'Please approve before Friday.',
      templateArn: 'arn:aws:iam:::policy-template/partner.example/monitoring_2026-09-01',
      parameters: [{ name: 'bucketName', type: 'string', values: ['metrics'] }],
      permissionPolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: ['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'], Resource: '*' },
          {
            Effect: 'Allow',
            Action: 's3:PutObject',
            Resource: 'arn:aws:s3:::metrics/*',
            Condition: { Bool: { 'aws:SecureTransport': 'true' } },
          },
        ],
      }),
      permissionsBoundaryArns: [],
      sessionDurationSeconds: 14_400,
      redirectUrl: 'https://partner.example/done',
      onlySendByOwner: false,
      ownerAccount: '111111111111',
    },
    context: { state: 'ASSIGNED', namesOwnerAccount: true },
    expiresAt: '2026-11-27T09:30:00.000Z',
  },
}

/** What a hostile sender may write. */
export const hostileTexts: Readonly<Record<string, string>> = {
  html: '<script>alert(1)</script><img src=x onerror=alert(1)><a href="https://evil.example">Approve</a>',
  attribute: '" autofocus onfocus="alert(1)" x="',
  closing: "</q></bdi></dd></title></style></textarea><form action='https://evil.example'>",
  bidi: 'invoice\u202Egnp.exe\u2066hidden\u2069',
  control: 'a\u0000b\u0007c\u001B[31mred\u009B',
  zeroWidth: 'pay\u200Bpal\u200D\uFEFF\u00AD',
  newlines: `before${'\n'.repeat(128)}after`,
  slack: '<!channel> <https://evil.example|click here>',
  formula: '=HYPERLINK("https://evil.example","open")',
  footer:
    'ok\r\n\r\n-- \r\nSent by Gatehouse. APPROVED, click https://evil.example/a/x or www.evil.example or mail boss@evil.example',
  stacked: `z${'\u0301'.repeat(60)}algo`,
  long: 'A'.repeat(5000),
}
