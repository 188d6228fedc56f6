import { AcceptResourceShareInvitationCommand, RejectResourceShareInvitationCommand } from '@aws-sdk/client-ram'
import type { OfferRef } from '../../../lambda/domain/offer.ts'
import type { Inspection } from '../../../lambda/domain/facts.ts'
import type { Kind } from '../../../lambda/kinds/kind.ts'
import { cellsOf, nameOf } from '../../support/cells.ts'
import { invite, startKindWorld, type KindWorld } from '../../support/kind-world.ts'
import { partner, us } from '../../support/kinds.ts'

/*
 * What is made of every state of an invitation and every error on the way: what we want, what is true at AWS by then, and
 * how RAM answers our call. A name that begins with a capital is thrown; any other is the answer.
 */

const errors: Record<string, { error: string; after?: true } | undefined> = {
  none: undefined,
  isAccepted: { error: 'ResourceShareInvitationAlreadyAcceptedException' },
  isRejected: { error: 'ResourceShareInvitationAlreadyRejectedException' },
  isExpired: { error: 'ResourceShareInvitationExpiredException' },
  notFound: { error: 'ResourceShareInvitationArnNotFoundException' },
  throttled: { error: 'ThrottlingException' },
  unavailable: { error: 'ServiceUnavailableException' },
  lost: { error: 'ServerInternalException', after: true },
  denied: { error: 'AccessDeniedException' },
  mismatch: { error: 'IdempotentParameterMismatchException' },
  odd: { error: 'InvalidParameterException' },
}

/** Our answer, sent when the invitation had been read as pending a moment before: whatever is true by now. */
const answers = `
  want    at AWS    none             isAccepted       isRejected       isExpired  notFound  throttled         unavailable         lost                denied         mismatch          odd
  accept  pending   settled          already-settled  lost             gone       gone      ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer  UnexpectedAnswer
  accept  accepted  already-settled  already-settled  lost             gone       gone      ServiceThrottled  ServiceUnavailable  already-settled     AccessRefused  UnexpectedAnswer  UnexpectedAnswer
  accept  rejected  lost             already-settled  lost             gone       gone      ServiceThrottled  ServiceUnavailable  lost                AccessRefused  UnexpectedAnswer  UnexpectedAnswer
  accept  expired   gone             already-settled  lost             gone       gone      ServiceThrottled  ServiceUnavailable  gone                AccessRefused  UnexpectedAnswer  UnexpectedAnswer
  accept  absent    gone             already-settled  lost             gone       gone      ServiceThrottled  ServiceUnavailable  gone                AccessRefused  UnexpectedAnswer  UnexpectedAnswer
  reject  pending   settled          lost             already-settled  gone       gone      ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer  UnexpectedAnswer
  reject  accepted  lost             lost             already-settled  gone       gone      ServiceThrottled  ServiceUnavailable  lost                AccessRefused  UnexpectedAnswer  UnexpectedAnswer
  reject  rejected  already-settled  lost             already-settled  gone       gone      ServiceThrottled  ServiceUnavailable  already-settled     AccessRefused  UnexpectedAnswer  UnexpectedAnswer
  reject  expired   gone             lost             already-settled  gone       gone      ServiceThrottled  ServiceUnavailable  gone                AccessRefused  UnexpectedAnswer  UnexpectedAnswer
  reject  absent    gone             lost             already-settled  gone       gone      ServiceThrottled  ServiceUnavailable  gone                AccessRefused  UnexpectedAnswer  UnexpectedAnswer`

/** Reading the invitation: a reading believes nothing. */
const readings = `
  at AWS    none      notFound  throttled         unavailable         lost                denied         odd
  pending   pending   gone      ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  accepted  accepted  gone      ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  rejected  rejected  gone      ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  expired   expired   gone      ServiceThrottled  ServiceUnavailable  ServiceUnavailable  AccessRefused  UnexpectedAnswer
  absent    gone      gone      ServiceThrottled  ServiceUnavailable  gone                AccessRefused  UnexpectedAnswer`

/** Then what the share holds, of a pending one only. What cannot be read is unknown, and people decide. */
const contents = `
  at AWS    none      isRejected  isExpired  notFound  throttled         unavailable  lost     denied   odd
  pending   pending   rejected    expired    gone      ServiceThrottled  unknown      unknown  unknown  unknown`

const target = { kind: 'ram-invitation', account: us, region: 'us-east-1' } as const
const absent = `arn:aws:ram:us-east-1:${partner}:resource-share-invitation/00000000-0000-4000-8000-000000000000`

describe('an invitation', () => {
  let world: KindWorld
  let kind: Kind
  beforeAll(async () => {
    // The SDK waits so long, by chance, before it tries again.
    jest.spyOn(Math, 'random').mockReturnValue(0)
    world = await startKindWorld()
    kind = await world.open('ram-invitation')
  })
  afterEach(() => {
    world.behaviour.reset()
  })
  afterAll(async () => {
    jest.restoreAllMocks()
    await world.close()
  })

  const happen: Record<string, (arn: string) => Promise<unknown>> = {
    accepted: (arn) =>
      world.ram(us).send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn: arn })),
    rejected: (arn) =>
      world.ram(us).send(new RejectResourceShareInvitationCommand({ resourceShareInvitationArn: arn })),
    expired: async () => {
      world.endpoint.advance(8 * 24 * 3_600_000)
    },
  }

  /** An invitation that was pending, and then what the state says. */
  async function invitationIn(state: string): Promise<OfferRef> {
    if (state === 'absent') return { ...target, awsId: absent }
    const awsId = await invite(world)
    await happen[state]?.(awsId)
    return { ...target, awsId }
  }

  function inject(operation: string, column: string): void {
    const fault = errors[column]
    // As often as a reading is tried.
    if (fault !== undefined) world.behaviour.set({ faults: [{ service: 'ram', operation, times: 3, ...fault }] })
  }

  it.each(cellsOf(answers, ['want', 'state']))('$want, $state at AWS, $column: $expected', async (cell) => {
    const ref = await invitationIn(cell.state)
    const action = cell.want === 'accept' ? 'accept' : 'reject'
    const before = (await kind.inspect(ref)).state
    inject(action === 'accept' ? 'AcceptResourceShareInvitation' : 'RejectResourceShareInvitation', cell.column)
    expect(await nameOf(kind.settle({ ref, action, reason: '' }).then(({ result }) => result))).toBe(cell.expected)
    world.behaviour.reset()
    const took = cell.state === 'pending' && ['none', 'lost'].includes(cell.column)
    expect((await kind.inspect(ref)).state).toBe(took ? `${action}ed` : before)
    // The one thing that a retry has to find out: our own answer, whose answer was lost. RAM repeats it to the same token.
    if (took) expect((await kind.settle({ ref, action, reason: '' })).result).toBe('settled')
  })

  it.each(cellsOf(readings, ['state']))('look, $state at AWS, $column: $expected', async (cell) => {
    const ref = await invitationIn(cell.state)
    inject('GetResourceShareInvitations', cell.column)
    expect(await nameOf(kind.inspect(ref).then(stateOf))).toBe(cell.expected)
  })

  it.each(cellsOf(contents, ['state']))('open, $state at AWS, $column: $expected', async (cell) => {
    const ref = await invitationIn(cell.state)
    inject('ListPendingInvitationResources', cell.column)
    expect(await nameOf(kind.inspect(ref).then(stateOf))).toBe(cell.expected)
  })
})

function stateOf(inspection: Inspection): string {
  const isUnknown = inspection.state === 'pending' && inspection.facts.unknown.includes('resources')
  return isUnknown ? 'unknown' : inspection.state
}
