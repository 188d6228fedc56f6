import { readFileSync } from 'node:fs'
import { iamErrors, policyErrors } from '../../../lambda/kinds/iam-delegation/errors.ts'
import { iotOutgoingErrors } from '../../../lambda/kinds/iot-outgoing/errors.ts'
import { iotSendErrors } from '../../../lambda/kinds/iot-send/errors.ts'
import { iotTransferErrors } from '../../../lambda/kinds/iot-transfer/errors.ts'
import { censusErrors } from '../../../lambda/kinds/census.ts'
import { ramErrors } from '../../../lambda/kinds/ram-invitation/errors.ts'
import { commonReactions, reactionTo } from '../../../lambda/kinds/reactions.ts'
import type { ErrorTable } from '../../../lambda/kinds/reactions.ts'
import { stsErrors } from '../../../lambda/kinds/session.ts'
import { organizationsErrors } from '../../../lambda/kinds/standings.ts'

interface Model {
  operations: Record<string, { errors: string[] }>
}

const tables: [model: string, name: string, table: ErrorTable][] = [
  ['ram', 'ram-invitation', ramErrors],
  ['iot', 'iot-transfer', iotTransferErrors],
  ['iot', 'iot-outgoing', iotOutgoingErrors],
  ['iot', 'iot-send', iotSendErrors],
  ['iam', 'iam-delegation', iamErrors],
  ['iam', 'policies of the delegator', policyErrors],
  ['organizations', 'standings', organizationsErrors],
  ['organizations', 'census', censusErrors],
  ['sts', 'session', stsErrors],
]

function modelOf(name: string): Model {
  return JSON.parse(readFileSync(`local/aws/models/${name}.json`, 'utf8')) as Model
}

describe.each(tables)('the errors of %s for %s', (model, _name, table) => {
  const { operations } = modelOf(model)

  it.each(Object.keys(table))('maps all that %s answers', (operation) => {
    const unmapped = operations[operation]!.errors.filter(
      (error) => table[operation]![error] === undefined && commonReactions[error] === undefined,
    )
    expect(unmapped).toEqual([])
  })

  it('names only errors that the model has', () => {
    const invented = Object.entries(table).flatMap(([operation, reactions]) =>
      Object.keys(reactions).filter((error) => !operations[operation]!.errors.includes(error)),
    )
    expect(invented).toEqual([])
  })
})

describe('what settling errors come to', () => {
  const settles = (table: ErrorTable, operation: string, name: string): unknown =>
    reactionTo({ table, operation }, Object.assign(new Error('said AWS'), { name }))

  it.each([
    ['AcceptResourceShareInvitation', 'ResourceShareInvitationAlreadyAcceptedException', 'already-settled'],
    ['AcceptResourceShareInvitation', 'ResourceShareInvitationAlreadyRejectedException', 'lost'],
    ['RejectResourceShareInvitation', 'ResourceShareInvitationAlreadyAcceptedException', 'lost'],
    ['RejectResourceShareInvitation', 'ResourceShareInvitationAlreadyRejectedException', 'already-settled'],
    ['AcceptResourceShareInvitation', 'ResourceShareInvitationExpiredException', 'gone'],
    ['RejectResourceShareInvitation', 'ResourceShareInvitationArnNotFoundException', 'gone'],
  ])('%s %s is %s', (operation, name, result) => {
    expect(settles(ramErrors, operation, name)).toEqual({ settle: result })
  })

  it.each([
    ['IdempotentParameterMismatchException', { loud: 'UnexpectedAnswer' }],
    ['InvalidClientTokenException', { loud: 'UnexpectedAnswer' }],
    ['OperationNotPermittedException', { loud: 'AccessRefused' }],
    ['ServerInternalException', { retry: 'ServiceUnavailable' }],
    ['ThrottlingException', { retry: 'ServiceThrottled' }],
  ])('RAM answering %s is %j', (name, reaction) => {
    expect(settles(ramErrors, 'AcceptResourceShareInvitation', name)).toEqual(reaction)
  })

  it('waits minutes where IAM is busy with the request', () => {
    expect(settles(iamErrors, 'RejectDelegationRequest', 'ConcurrentModificationException')).toEqual({
      retry: 'OfferBusy',
    })
  })

  it.each(['ResourceNotFoundException', 'TransferAlreadyCompletedException'])('looks again on %s of IoT', (name) => {
    expect(settles(iotTransferErrors, 'AcceptCertificateTransfer', name)).toEqual({ look: true })
    expect(settles(iotOutgoingErrors, 'CancelCertificateTransfer', name)).toEqual({ look: true })
  })
})
