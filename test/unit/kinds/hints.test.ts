import { isDeepStrictEqual } from 'node:util'
import { hintSchema } from '../../../lambda/contract/states.ts'
import type { EventPattern } from '../../../lambda/domain/kind-spec.ts'
import { hintsOf } from '../../../lambda/kinds/hints.ts'
import { allKinds } from '../../../lambda/domain/kinds.ts'

const invitationArn =
  'arn:aws:ram:eu-west-1:444455556666:resource-share-invitation/5b0f3a4e-1111-4222-8333-444455556666'
const certificateId = 'ab'.repeat(32)
const requestId = 'dr-0123456789abcdef'

function anEvent(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    version: '0',
    source: 'aws.ram',
    'detail-type': 'Resource Sharing State Change',
    account: '111111111111',
    region: 'eu-west-1',
    resources: [],
    detail: { event: 'Resource Share Invitation', status: 'associated' },
    ...overrides,
  }
}

function aCall(service: string, eventName: string, requestParameters: unknown): Record<string, unknown> {
  return anEvent({
    source: `aws.${service}`,
    'detail-type': 'AWS API Call via CloudTrail',
    detail: { eventSource: `${service}.amazonaws.com`, eventName, requestParameters, requestID: 'b'.repeat(36) },
  })
}

const target = { account: '111111111111', region: 'eu-west-1' }

describe('hints of events', () => {
  it('lists the invitations where a resource share changed', () => {
    expect(hintsOf(anEvent())).toEqual([{ kind: 'ram-invitation', ...target }])
  })

  it.each([
    ['ram', 'AcceptResourceShareInvitation', { resourceShareInvitationArn: invitationArn }, 'ram-invitation'],
    ['ram', 'RejectResourceShareInvitation', { resourceShareInvitationArn: invitationArn }, 'ram-invitation'],
    ['iot', 'AcceptCertificateTransfer', { certificateId }, 'iot-transfer'],
    ['iot', 'RejectCertificateTransfer', { certificateId }, 'iot-transfer'],
    ['iot', 'TransferCertificate', { certificateId }, 'iot-outgoing iot-send'],
    ['iot', 'CancelCertificateTransfer', { certificateId }, 'iot-outgoing iot-send'],
  ])('reads the one offer that a call of %s %s names', (...row) => {
    const [service, name, parameters, kinds] = row
    const awsId = Object.values(parameters)[0]
    const hints = kinds.split(' ').map((kind) => ({ kind, ...target, awsId }))
    expect(hintsOf(aCall(service, name, parameters))).toEqual(hints)
  })

  it('looks for delegation requests in us-east-1, wherever the event is from', () => {
    const event = aCall('iam', 'AssociateDelegationRequest', { delegationRequestId: requestId })
    expect(hintsOf(event)).toEqual([
      { kind: 'iam-delegation', account: '111111111111', region: 'us-east-1', awsId: requestId },
    ])
  })

  it('takes the id from a notification of IAM', () => {
    const detail = { requestId }
    const event = anEvent({ source: 'aws.iam', 'detail-type': 'IAM Temporary Delegation Request Created', detail })
    expect(hintsOf(event)).toMatchObject([{ kind: 'iam-delegation', awsId: requestId }])
  })

  it('gives the offer whose execution failed', () => {
    const offerId = `iot-transfer-${'1'.repeat(32)}`
    const event = (name: string, status = 'FAILED'): unknown =>
      anEvent({
        source: 'aws.states',
        'detail-type': 'Step Functions Execution Status Change',
        detail: { name, status },
      })
    expect(hintsOf(event(`${offerId}-12`))).toEqual([{ offerId }])
    expect(hintsOf(event(`${offerId}-12`, 'SUCCEEDED'))).toEqual([])
    expect(hintsOf(event(offerId))).toEqual([])
    expect(hintsOf(event('somebody-elses-run'))).toEqual([])
  })

  it('understands every event that the rules let through', () => {
    const patterns = allKinds().flatMap(({ kind, eventPatterns }) =>
      eventPatterns.flatMap((pattern) => eventsOf(pattern).map((event) => ({ kind, event }))),
    )
    for (const { kind, event } of patterns) expect(hintsOf(event)).toContainEqual(expect.objectContaining({ kind }))
  })
})

/** One event for each combination of values in a pattern. */
function eventsOf(pattern: EventPattern): unknown[] {
  const names = (pattern.detail?.eventName as string[] | undefined) ?? [undefined]
  const eventSource = (pattern.detail?.eventSource as string[] | undefined)?.[0]
  return pattern['detail-type'].flatMap((type) =>
    names.map((eventName) =>
      anEvent({ source: pattern.source[0], 'detail-type': type, detail: { eventSource, eventName } }),
    ),
  )
}

describe('who began our outgoing transfer', () => {
  const session = 'arn:aws:sts::111111111111:assumed-role/Admin/ann@example.com'
  const role = 'arn:aws:iam::111111111111:role/teams/Admin'
  const sessionContext = { sessionIssuer: { type: 'Role', arn: role, userName: 'Admin' } }
  const began = (userIdentity: unknown, name = 'TransferCertificate'): unknown[] => {
    const event = aCall('iot', name, { certificateId })
    // Of the request for a transfer the event says nothing but that there is something to see.
    const hints = hintsOf({ ...event, detail: { ...(event.detail as object), userIdentity } })
    return hints.filter((one) => !isDeepStrictEqual(one, { kind: 'iot-send', ...hint }))
  }
  const hint = { ...target, awsId: certificateId }

  it.each([
    ['a session of a role', { type: 'AssumedRole', arn: session, sessionContext }, session],
    ['a user', { type: 'IAMUser', arn: 'arn:aws:iam::111111111111:user/ann' }, 'arn:aws:iam::111111111111:user/ann'],
    ['the root', { type: 'Root', arn: 'arn:aws:iam::111111111111:root' }, 'arn:aws:iam::111111111111:root'],
    ['a session without its own ARN, as its role', { type: 'AssumedRole', sessionContext }, role],
    ['a session with an odd ARN, as its role', { arn: 'arn:aws:s3:::x', sessionContext }, role],
  ])('is %s', (_, userIdentity, initiator) => {
    const hints = began(userIdentity)
    expect(hints).toEqual([{ kind: 'iot-outgoing', ...hint, initiator }])
    expect(hintSchema.parse(hints[0])).toEqual(hints[0])
  })

  it.each([
    ['a service', { type: 'AWSService', invokedBy: 'iot.amazonaws.com' }],
    ['nobody', undefined],
    ['text', session],
    ['no ARN of IAM', { arn: 'arn:aws:iot:us-east-1:111111111111:cert/x' }],
    ['an ARN with a line end', { arn: `${session}\n` }],
    ['an ARN with a blank', { arn: `${session} <b>` }],
    ['an ARN without end', { arn: `${session}${'x'.repeat(1000)}` }],
    ['a list', { arn: [session] }],
  ])('is not said by %s', (_, userIdentity) => {
    expect(began(userIdentity)).toEqual([{ kind: 'iot-outgoing', ...hint }])
  })

  it('is nobody who answers, cancels or works on another kind', () => {
    expect(began({ arn: session }, 'CancelCertificateTransfer')).toEqual([{ kind: 'iot-outgoing', ...hint }])
    expect(began({ arn: session }, 'AcceptCertificateTransfer')).toEqual([{ kind: 'iot-transfer', ...hint }])
  })
})

describe('odd and hostile events', () => {
  const noId = ['iot-outgoing', 'iot-send'].map((kind) => ({ kind, ...target }))

  it.each([
    ['a path', '../../certificates'],
    ['another length', 'ab'.repeat(31)],
    ['markup', '<script>alert(1)</script>'],
    ['a list', [certificateId]],
    ['an object', { toString: 'x' }],
    ['a number', 7],
    ['a line end after the id', `${certificateId}\n`],
  ])('does not pass on an id that is %s', (_what, id) => {
    expect(hintsOf(aCall('iot', 'TransferCertificate', { certificateId: id }))).toEqual(noId)
  })

  it.each([
    ['no event', undefined],
    ['null', null],
    ['text', 'hello'],
    ['a list', [anEvent()]],
    ['an unknown source', anEvent({ source: 'com.example' })],
    ['a source of the wrong type', anEvent({ source: ['aws.ram'] })],
    ['an account that is none', anEvent({ account: '1111' })],
    ['a region that is none', anEvent({ region: 'eu-west-1;drop' })],
    ['no detail', anEvent({ detail: null })],
    ['a call of no concern', aCall('iot', 'UpdateCertificate', { certificateId })],
    ['a call of another service', aCall('s3', 'TransferCertificate', { certificateId })],
    ['an execution without a name', anEvent({ source: 'aws.states', detail: { status: 'FAILED' } })],
  ])('gives no hint for %s', (_what, event) => {
    expect(hintsOf(event)).toEqual([])
  })

  it('gives no hint for a call that failed', () => {
    const event = aCall('iot', 'TransferCertificate', { certificateId })
    const detail = { ...(event.detail as object), errorCode: 'TransferConflictException' }
    expect(hintsOf({ ...event, detail })).toEqual([])
  })

  it('survives parameters that are no record', () => {
    for (const parameters of [null, 'x', 3, []]) {
      expect(hintsOf(aCall('iot', 'TransferCertificate', parameters))).toEqual(noId)
    }
  })

  it('gives hints that the queue takes', () => {
    const hints = hintsOf(aCall('ram', 'AcceptResourceShareInvitation', { resourceShareInvitationArn: invitationArn }))
    expect(hints.map((hint) => hintSchema.parse(hint))).toEqual(hints)
  })
})
