import { AssociateDelegationRequestCommand, GetDelegationRequestCommand } from '@aws-sdk/client-iam'
import { offerIdOf } from '../../lambda/domain/offer.ts'
import { operate, type OperateDeps } from '../../lambda/handlers/operate.handler.ts'
import { takeIn, type IntakeDeps } from '../../lambda/handlers/vote/intake.ts'
import { tokenHashOf } from '../../lambda/domain/link-token.ts'
import { ApprovalsStore } from '../../lambda/ledger/approvals-store.ts'
import { signInKeysOf } from '../../lambda/web/sign-in/keys.ts'
import { isSessionOf, mintSession } from '../../lambda/web/sign-in/session.ts'
import { startMs } from '../support/endpoint.ts'
import { requestDelegation, startKindWorld, type KindWorld } from '../support/kind-world.ts'
import { stranger, us } from '../support/kinds.ts'
import { createNearTable, type TestTable } from '../support/table.ts'
import { policyByName, World } from '../support/world.ts'

let table: TestTable
let kinds: KindWorld
let world: World

beforeAll(async () => {
  table = await createNearTable()
  kinds = await startKindWorld()
  kinds.endpoint.advance(Date.now() - startMs)
  world = new World({
    table,
    account: us,
    open: (target) => kinds.open(target.kind, { target }),
    policy: policyByName({}),
  })
})
afterAll(async () => {
  world.close()
  await table.close()
  await kinds.close()
})

const keys = signInKeysOf('a secret of more than 32 characters')

function deps(): OperateDeps & IntakeDeps {
  const { queue } = world.scanDeps()
  return {
    ledger: world.ledger,
    approvals: new ApprovalsStore(table),
    workflow: world.scanDeps().workflow,
    queue,
    settings: world.settings,
    approvalUrl: 'https://approve.example.com',
    now: () => new Date(world.clock.now()),
    isSignedIn: (session, as) => isSessionOf(session, as, { key: keys.session, now: new Date(world.clock.now()) }),
  }
}

const offerIdFor = (awsId: string): string => offerIdOf({ ...world.target('iam-delegation'), awsId })
const statusOf = async (awsId: string): Promise<string | undefined> => {
  const command = new GetDelegationRequestCommand({ DelegationRequestId: awsId })
  return (await kinds.iam(us).send(command)).DelegationRequest?.State
}

test('a request that nobody owns is in no list; told of, it has a case, and nobody took it as theirs', async () => {
  const awsId = await requestDelegation(kinds, { OwnerAccountId: undefined })
  await world.scan(world.target('iam-delegation'))
  expect(await world.ledger.read(offerIdFor(awsId))).toBeUndefined()

  await operate({ do: 'intake', account: us, awsId }, deps())

  expect((await world.state(offerIdFor(awsId))).round?.asked).toBeDefined()
  expect(await statusOf(awsId)).toBe('UNASSIGNED')
  await world.vote('alice', 'reject')
  expect((await world.state(offerIdFor(awsId))).closed?.outcome).toBe('REJECTED')
  expect(await statusOf(awsId)).toBe('REJECTED')
})

test('a person tells of one at the page behind a link of their own', async () => {
  const awsId = await requestDelegation(kinds, { OwnerAccountId: undefined })
  const { said } = await operate({ do: 'intake-link', approver: 'alice' }, deps())
  const token = /\/i\/([\w-]{43})$/.exec(said)?.[1] ?? ''
  const form = { by: 'intake' as const, token, account: us, awsId, digits: awsId.slice(-4) }

  expect(await takeIn({ ...form, digits: '!!!!' }, deps())).toMatchObject({ result: 'not-taken' })
  expect(await takeIn({ ...form, account: '12' }, deps())).toMatchObject({ result: 'not-taken' })
  expect(await takeIn({ ...form, awsId: '<b>' }, deps())).toMatchObject({ result: 'not-taken' })
  expect(await takeIn({ ...form, token: 'b'.repeat(43) }, deps())).toEqual({ result: 'unknown-link' })
  expect(await world.ledger.read(offerIdFor(awsId))).toBeUndefined()
  expect(await takeIn(form, deps())).toEqual({ result: 'taken' })
  expect((await world.state(offerIdFor(awsId))).status).toBe('open')
  expect(await takeIn(form, { ...deps(), settings: { ...world.settings, approvers: [] } })).toEqual({
    result: 'unknown-link',
  })
  expect(await takeIn(form, { ...deps(), now: () => new Date(world.clock.now() + 31 * 86_400_000) })).toEqual({
    result: 'expired',
  })
})

test('with sign-in configured the link alone tells nothing: it takes a session of its approver, for this link', async () => {
  const awsId = await requestDelegation(kinds, { OwnerAccountId: undefined })
  const signIn = { issuer: 'https://login.example.com', clientId: 'gatehouse' }
  const guarded = (): OperateDeps & IntakeDeps => ({ ...deps(), settings: { ...world.settings, signIn } })
  const { said } = await operate({ do: 'intake-link', approver: 'alice' }, guarded())
  const token = /\/i\/([\w-]{43})$/.exec(said)?.[1] ?? ''
  const form = { by: 'intake' as const, token, account: us, awsId, digits: awsId.slice(-4) }
  const sessionOf = async (approver: string, of = token): Promise<string> => {
    const at = { key: keys.session, now: new Date(world.clock.now()) }
    return await mintSession({ approver, linkHash: tokenHashOf(of) }, at)
  }

  for (const session of [undefined, 'forged', await sessionOf('bob'), await sessionOf('alice', 'b'.repeat(43))]) {
    expect(await takeIn({ ...form, session }, guarded())).toEqual({ result: 'sign-in' })
  }
  expect(await world.ledger.read(offerIdFor(awsId))).toBeUndefined()
  expect(await takeIn({ ...form, session: await sessionOf('alice') }, guarded())).toEqual({ result: 'taken' })
  expect((await world.state(offerIdFor(awsId))).status).toBe('open')
})

test('an intake link votes nothing', async () => {
  const { said } = await operate({ do: 'intake-link', approver: 'alice' }, deps())
  const token = /\/i\/([\w-]{43})$/.exec(said)?.[1] ?? ''
  expect(await world.castVote('alice', 'accept', { token })).toEqual({ result: 'unknown-link' })
})

test('what another account took, and what there is not, opens no case', async () => {
  const awsId = await requestDelegation(kinds, { OwnerAccountId: undefined })
  await kinds.iam(stranger).send(new AssociateDelegationRequestCommand({ DelegationRequestId: awsId }))
  const theirs = await requestDelegation(kinds, { OwnerAccountId: stranger })
  for (const id of [awsId, theirs, 'dr-there-is-none-here']) {
    await operate({ do: 'intake', account: us, awsId: id }, deps())
    expect(await world.ledger.read(offerIdFor(id))).toBeUndefined()
  }
})

test('what AWS refuses to show opens no case and stops no queue; a case that may not be read any more is loud', async () => {
  const awsId = await requestDelegation(kinds, { OwnerAccountId: undefined })
  const refuse = (): void => {
    const error = 'AccessDenied'
    kinds.behaviour.set({ faults: [{ service: 'iam', operation: 'GetDelegationRequest', error, times: 9 }] })
  }
  refuse()
  const { said } = await operate({ do: 'intake', account: us, awsId }, deps())
  expect(said).toContain('else nothing more happens')
  expect(await world.ledger.read(offerIdFor(awsId))).toBeUndefined()

  kinds.behaviour.reset()
  await operate({ do: 'intake', account: us, awsId }, deps())
  expect((await world.state(offerIdFor(awsId))).status).toBe('open')
  refuse()
  await expect(operate({ do: 'intake', account: us, awsId }, deps())).rejects.toThrow('AccessDenied')
  kinds.behaviour.reset()
})

test('only an approver gets a link, and only what is held is taken back', async () => {
  expect(await operate({ do: 'intake-link', approver: 'mallory' }, deps())).toMatchObject({ done: false })
  const offerId = offerIdFor('dr-there-is-none-here')
  const settings = {
    ...world.settings,
    delegationRole: { accounts: [us], managedPolicyArns: [], permissionsBoundary: null, holdMs: 1000 },
  }
  expect(await operate({ do: 'revoke', offerId, comment: 'no' }, deps())).toMatchObject({ done: false })
  expect(await operate({ do: 'revoke', offerId, comment: 'no' }, { ...deps(), settings })).toMatchObject({
    said: 'no such offer on the ledger',
  })
})
