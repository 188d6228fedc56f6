import { GetCommand } from '@aws-sdk/lib-dynamodb'
import { digestEndingKey } from '../../lambda/ledger/keys.ts'
import type { LedgerEvent } from '../../lambda/domain/event.ts'
import { askFlood, floodApprovers, type AskedFlood } from '../support/flood.ts'
import { closeScenes, days, hours, minutes, openScenes, seconds } from '../support/scene.ts'
import { policyByName, type World } from '../support/world.ts'

beforeAll(openScenes)
afterAll(closeScenes)

const people = floodApprovers.map(({ id }) => id)

/** All is asked and told of, and then nobody decides in time. */
async function ended(given: Parameters<typeof askFlood>[0]): Promise<AskedFlood> {
  const flood = await askFlood(given)
  await flood.world.digest()
  await flood.world.advance(8 * days)
  return flood
}

/** Whom the ledger has as told of an ending, by run. */
async function toldOf(world: World, offerId: string): Promise<string[]> {
  const isTold = (event: LedgerEvent): string[] =>
    event.type === 'delivered' && event.data.about === 'outcome' ? [`${event.run} ${event.data.approver}`] : []
  return (await world.events(offerId)).flatMap(isTold)
}

const endingsIn = (text: string): number => text.match(/^\* .*: rejected, decided by default/gm)?.length ?? 0

test('25 asks that reach their deadline: 20 mails of their own to each, and one digest with 5', async () => {
  const { world, group, more } = await ended({ count: 25, personalAsks: 20 })

  expect(more).toHaveLength(5)
  for (const id of people) expect(world.mailed('outcome').filter((to) => to === id)).toHaveLength(20)
  const { length } = world.mails
  expect(await world.digest()).toEqual({ groups: 1, mails: 3, offers: 0, endings: 5 })
  const digests = world.mails.slice(length)
  expect(digests.map(({ to }) => to)).toEqual(floodApprovers.map(({ email }) => email))
  for (const { mail } of digests) expect([endingsIn(mail.text), mail.text.includes('/a/')]).toEqual([5, false])
  for (const offerId of more) expect(await toldOf(world, offerId)).toEqual(people.map((id) => `1 ${id}`))
  expect(await world.digests.entries(group)).toEqual([])
}, 60_000)

test('a Close that dies after `closed` writes the entry with its next attempt', async () => {
  const { world, group, more } = await askFlood({ count: 2, personalAsks: 1 })
  const [offerId] = more
  const deadlineAt = (await world.state(offerId!)).round?.judged?.deadline.at ?? ''
  world.failAnnouncing = true
  await world.advance(Date.parse(deadlineAt) - world.clock.now() + seconds)
  expect((await world.state(offerId!)).status).toBe('closed')
  expect((await world.digests.entries(group)).filter((entry) => 'about' in entry)).toEqual([])

  world.failAnnouncing = false
  await world.advance(hours)
  expect((await world.digest()).endings).toBe(1)
})

test('a Close that comes again, even after the digest, tells nobody twice', async () => {
  const { world, group, more } = await askFlood({ count: 2, personalAsks: 1 })
  let lost = 0
  world.fault = (step, input) => {
    const isIt = step === 'Close' && JSON.stringify(input).includes(more[0] ?? '')
    return isIt && lost++ === 0 ? { when: 'after' } : undefined
  }
  await world.advance(8 * days)
  expect(lost).toBe(2)
  const endings = (await world.digests.entries(group)).filter((entry) => 'about' in entry)
  expect(endings).toHaveLength(1)
  await world.digest()

  await world.digests.putEnding(group, endings[0]!, new Date(world.clock.now()))
  await world.advance(61 * minutes)
  expect(await world.digest()).toMatchObject({ mails: 0, endings: 0 })
  expect(await toldOf(world, more[0]!)).toHaveLength(3)
})

test('a digest that dies before it is recorded comes again', async () => {
  const { world } = await ended({ count: 3, personalAsks: 1 })
  world.failMailTo = 'carol@example.com'
  await expect(world.digest()).rejects.toThrow('no mail to')
  world.failMailTo = undefined

  expect(await world.digest()).toMatchObject({ mails: 1, endings: 2 })
})

test('who is in two groups that were asked is told once', async () => {
  const both = { groups: { standIns: { approvers: ['alice', 'bob'], quorum: 1 } }, escalationGroup: 'standIns' }
  const { world, more } = await ended({ count: 2, personalAsks: 1, settings: both })

  expect((await world.state(more[0]!)).round?.escalated?.why).toBe('time')
  expect(await world.digest()).toMatchObject({ groups: 1, mails: 3, endings: 1 })
  expect(await toldOf(world, more[0]!)).toHaveLength(3)
})

test('whoever is in no group any more is told by mail', async () => {
  const { world, group, more } = await askFlood({ count: 2, personalAsks: 1 })
  await world.digest()
  const groups = { [group]: { approvers: ['alice', 'bob'], quorum: 1 } }
  world.settings = { ...world.settings, groups }
  await world.advance(8 * days)

  expect(world.mailed('outcome').filter((to) => to === 'carol')).toHaveLength(2)
  expect(await world.digest()).toMatchObject({ mails: 2, endings: 1 })
  expect((await toldOf(world, more[0]!)).sort()).toEqual(people.map((id) => `1 ${id}`))
})

test('a later round that nobody was asked in ends by digest, too', async () => {
  const { world, aws, more } = await askFlood({ count: 2, personalAsks: 1 })
  await world.digest()
  const { length } = world.mailed('outcome')
  world.policy = policyByName({ B: 'reject' })
  aws.offers.get(more[0]!)!.facts = 'B'
  await world.vote('alice', 'accept')

  const { round, closed } = await world.state(more[0]!)
  expect([closed?.outcome, round?.number, round?.asked]).toEqual(['REJECTED', 2, undefined])
  expect(world.mailed('outcome')).toHaveLength(length)
  await world.advance(61 * minutes)
  expect(await world.digest()).toMatchObject({ mails: 3, endings: 1 })
  expect(world.mails.at(-1)?.mail.text).toContain('rejected, decided by policy: ')
})

test('a case that was opened again is told of its last ending only', async () => {
  const { world, aws, group, more } = await ended({ count: 2, personalAsks: 1 })
  aws.offers.get(more[0]!)!.status = 'pending'
  world.settings = { ...world.settings, personalAsks: 0 }
  await world.advance(10 * minutes)
  await world.scan()
  expect(await world.state(more[0]!)).toMatchObject({ status: 'open', run: 2 })
  aws.offers.get(more[0]!)!.status = 'gone'
  await world.scan()
  expect((await world.digests.entries(group)).filter((entry) => 'about' in entry)).toHaveLength(2)

  expect(await world.digest()).toMatchObject({ mails: 3, endings: 1 })
  expect(await toldOf(world, more[0]!)).toEqual(people.map((id) => `2 ${id}`))
})

test('an entry is kept for two days from the writing on, however long the deadline is past', async () => {
  const { world, group, more } = await askFlood({ count: 2, personalAsks: 1 })
  await world.advance(8 * days)
  const closedAt = (await world.state(more[0]!)).closed?.at ?? ''

  const { client, tableName } = world.table
  const Key = digestEndingKey(group, { closedAt, offerId: more[0]!, run: 1 })
  const { Item } = await client.send(new GetCommand({ TableName: tableName, Key }))
  expect(Number(Item?.['ttl']) * 1000 - Date.parse(closedAt)).toBeGreaterThan(2 * days - minutes)
})

test('a digest that comes back is known of each ending', async () => {
  const { world, more } = await ended({ count: 2, personalAsks: 1 })
  await world.digest()
  await world.bounce('carol')

  const { round } = await world.state(more[0]!)
  expect(round?.deliveries.get('outcome:carol')?.get('email')).toBe('bounced')
})
