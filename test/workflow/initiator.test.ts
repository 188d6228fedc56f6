import { CancelCertificateTransferCommand } from '@aws-sdk/client-iot'
import { offerIdOf } from '../../lambda/domain/offer.ts'
import { hintsOf } from '../../lambda/kinds/hints.ts'
import type { Hint } from '../../lambda/contract/states.ts'
import { partner, us } from '../support/kinds.ts'
import { startKindWorld, transfer, type KindWorld } from '../support/kind-world.ts'
import { createNearTable, type TestTable } from '../support/table.ts'
import { World } from '../support/world.ts'

let table: TestTable
let kinds: KindWorld
let world: World

beforeEach(async () => {
  table = await createNearTable()
  kinds = await startKindWorld()
  world = new World({
    table,
    account: us,
    open: (target) => kinds.open(target.kind, { target }),
    settings: { approvers },
  })
})
afterEach(async () => {
  world.close()
  await table.close()
  await kinds.close()
})

const root = `arn:aws:iam::${us}:root`
/** The local endpoint knows an account's administrator as its root. */
const approvers = [
  { id: 'alice', email: 'alice@example.com', principals: [root] },
  { id: 'bob', email: 'bob@example.com' },
]

/** Our own transfer, and the hint that CloudTrail's event of it gives. */
async function begin(): Promise<{ id: string; hint: Hint; certificateId: string }> {
  const certificateId = await transfer(kinds, { from: us, to: partner })
  const kind = await kinds.open('iot-outgoing')
  const event = kinds.raised.findLast(({ detail }) => detail.eventName === 'TransferCertificate')
  return { id: offerIdOf((await kind.locate(certificateId))!), hint: hintsOf(event)[0]!, certificateId }
}

async function noticed(id: string): Promise<unknown[]> {
  return (await world.events(id)).filter(({ type }) => type === 'noticed').map(({ data }) => data)
}

test('the event that opens the case says who began the transfer, before anybody is asked', async () => {
  const { id, hint } = await begin()
  await world.scan(hint)
  expect(hint).toMatchObject({ initiator: root })
  expect((await world.types(id)).slice(0, 3)).toEqual(['detected', 'noticed', 'inspected'])
  await world.vote('alice', 'accept')
  expect((await world.state(id)).status).toBe('open')
  await world.vote('bob', 'accept')
  expect((await world.state(id)).closed?.outcome).toBe('LEFT')
})

test('who is asked reads what certificate it is, where it goes, what for, and who began that', async () => {
  const { hint, certificateId } = await begin()
  await world.scan(hint)
  const { text } = world.mails.find(({ tags }) => tags.about === 'approval')!.mail
  expect(text).toContain(`Certificate: ${certificateId}`)
  expect(text).toMatch(/Certificate valid until: \d/)
  expect(text).toContain('> Subject in the certificate: CN=pump-7')
  expect(text).toContain(`Goes to account: ${partner}`)
  expect(text).toContain('> Message: for you')
  expect(text).toContain(`Begun by: ${root}`)
})

test('after the sweep found it, an accept of who began it stands no longer', async () => {
  const { id, hint } = await begin()
  world.settings = { ...world.settings, groups: { people: { approvers: ['alice', 'bob'], quorum: 2 } } }
  await world.scan(world.target('iot-outgoing'))
  await world.vote('alice', 'accept')
  await world.scan(hint)
  world.settings = { ...world.settings, groups: { people: { approvers: ['alice', 'bob'], quorum: 1 } } }
  await world.scan({ offerId: id })
  expect((await world.state(id)).status).toBe('open')
})

test('is recorded once, however often the event comes; another one said to have begun it is kept, too', async () => {
  const { id, hint } = await begin()
  for (const again of [hint, hint, { ...hint, initiator: `arn:aws:iam::${us}:user/forged` }, hint])
    await world.scan(again)
  expect(await noticed(id)).toEqual([{ initiator: root }, { initiator: `arn:aws:iam::${us}:user/forged` }])
})

test('a flood of forged ones ends', async () => {
  const { id, hint } = await begin()
  for (let count = 0; count < 12; count += 1)
    await world.scan({ ...hint, initiator: `arn:aws:iam::${us}:user/${count}` })
  expect(await noticed(id)).toHaveLength(10)
})

test('a case that is closed has no use for it', async () => {
  const { id, hint, certificateId } = await begin()
  await world.scan(world.target('iot-outgoing'))
  await world.vote('bob', 'accept')
  await world.scan(hint)
  expect((await world.state(id)).closed?.outcome).toBe('LEFT')
  await kinds.iot(us).send(new CancelCertificateTransferCommand({ certificateId }))
  await world.scan(hint)
  expect(await noticed(id)).toEqual([])
})

test('on another kind it says nothing', async () => {
  const certificateId = await transfer(kinds)
  const id = offerIdOf((await (await kinds.open('iot-transfer')).locate(certificateId))!)
  await world.scan({ ...world.target('iot-transfer'), awsId: certificateId, initiator: root })
  expect(await noticed(id)).toEqual([])
  expect((await world.state(id)).status).toBe('open')
})
