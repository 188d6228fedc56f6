import { offerIdOf } from '../../lambda/domain/offer.ts'
import { runHint } from '../../lambda/handlers/scan/run-hint.ts'
import { askFlood, floodApprovers, type AskedFlood } from '../support/flood.ts'
import { closeScenes, days, minutes, openScenes, scene, type Scene } from '../support/scene.ts'

beforeAll(openScenes)
afterAll(closeScenes)

/** So many offers of one sender, and behind them the offer of another. */
function floodOf(count: number): Scene & { others: string } {
  const given = scene({ settings: { runsPerSecond: 5 } })
  const { ref, counterparty } = given.offer
  for (let index = 1; index < count; index += 1)
    given.aws.offer({ ref: { ...ref, awsId: `${ref.awsId}-${index}` }, counterparty })
  const last = given.aws.offer({ ref: { ...ref, awsId: `${ref.awsId}-other` }, counterparty: '777788889999' })
  return { ...given, others: offerIdOf(last.ref) }
}

test('2,000 offers of one sender delay the start and the mail of another sender by one', async () => {
  const { world, others } = floodOf(2000)

  const deps = world.scanDeps()
  const later = (): Promise<void> => Promise.resolve()
  await runHint(world.target('ram-invitation'), { ...deps, queue: { ...deps.queue, later } })
  await world.idle()

  const started = world.executions().sort((a, b) => a.startMs - b.startMs)
  expect(started.map(({ name }) => name).slice(0, 2)).toContain(`${others}-1`)
  const asked = world.mails.map(({ mail }) => mail.text.match(/Offer (\S+)\.\n$/)?.[1])
  expect([...new Set(asked)].slice(0, 2)).toContain(others)
}, 120_000)

describe('more open asks than get messages of their own', () => {
  /** So many asks, of which three are personal. */
  const asked = (count: number): Promise<AskedFlood> => askFlood({ count, personalAsks: 3 })
  const linksIn = (text: string): string[] => [...text.matchAll(/\/a\/[\w-]{43}/g)].map(([link]) => link)

  test('share one digest for each approver and hour, with a link for each, and are each decided by themselves', async () => {
    const { world, more } = await asked(8)
    expect(more).toHaveLength(5)
    expect(world.mails).toHaveLength(9)

    expect(await world.digest()).toEqual({ groups: 1, mails: 3, offers: 5, endings: 0 })
    const digests = world.mails.slice(9)
    expect(digests.map(({ to }) => to)).toEqual(floodApprovers.map(({ email }) => email))
    for (const { mail } of digests) expect(linksIn(mail.text)).toHaveLength(5)
    expect(new Set(digests.flatMap(({ mail }) => linksIn(mail.text))).size).toBe(15)

    await world.vote('alice', 'reject')
    const closed = await Promise.all(more.map(async (id) => (await world.state(id)).closed?.outcome))
    expect(closed.filter((outcome) => outcome === 'REJECTED')).toHaveLength(1)
    expect(closed.filter((outcome) => outcome === undefined)).toHaveLength(4)
  })

  test('are told of once an hour, and not again until a reminder is due', async () => {
    const { world } = await asked(5)
    await world.digest()
    const { length } = world.mails

    await world.digest()
    await world.advance(61 * minutes)
    expect((await world.digest()).mails).toBe(0)
    expect(world.mails).toHaveLength(length)
    await world.advance(4 * days)
    expect((await world.digest()).mails).toBe(3)
  })

  test('a digest that dies before it is recorded comes again, and nothing is lost', async () => {
    const { world, more } = await asked(5)
    world.failMailTo = 'carol@example.com'
    await expect(world.digest()).rejects.toThrow('no mail to')
    world.failMailTo = undefined

    expect(await world.digest()).toEqual({ groups: 1, mails: 1, offers: more.length, endings: 0 })
    expect(world.mails.slice(-3).map(({ to }) => to)).toEqual(floodApprovers.map(({ email }) => email))
  })

  test('wait for the digest: a sweep asks nobody anew', async () => {
    const { world } = await asked(4)
    await world.advance(16 * minutes)
    const { length } = world.invoked
    await world.scan()
    expect(world.invoked).toHaveLength(length)
  })

  test('whose digest is overdue are put in again by a sweep', async () => {
    const { world, more } = await asked(5)
    const group = world.settings.defaultGroup ?? ''
    await world.digests.remove(group, await world.digests.entries(group))
    await world.advance(125 * minutes)
    await world.scan()
    expect((await world.digest()).offers).toBe(more.length)
  })

  test('who has voted, and what is no longer asked, is left out', async () => {
    const { world, aws, more } = await asked(5)
    aws.offers.get(more[0]!)!.status = 'gone'
    await world.scan()

    expect((await world.digest()).offers).toBe(1)
  })

  test('a place that is given back goes to the next', async () => {
    const { world, aws, offer } = await asked(3)
    offer.status = 'gone'
    await world.scan()
    const next = aws.offer({
      ref: { ...offer.ref, awsId: `${offer.ref.awsId}-next` },
      counterparty: offer.counterparty,
    })
    await world.scan()

    expect((await world.state(offerIdOf(next.ref))).round?.asked?.digest).toBe(false)
  })

  test('a place is given back, too, by a case that is asked about no more', async () => {
    const { world, aws, offer } = await asked(3)
    const { approve, activate, judge } = world.policy
    world.policy = { approve, activate, judge: (request) => ({ ...judge(request), verdict: 'reject' }) }
    offer.facts = 'B'
    world.killRun(`${offerIdOf(offer.ref)}-1`)
    await world.scan()
    await world.advance(2 * minutes)
    expect((await world.state(offerIdOf(offer.ref))).closed?.outcome).toBe('REJECTED')
    world.policy = { approve, activate, judge }
    const next = aws.offer({
      ref: { ...offer.ref, awsId: `${offer.ref.awsId}-next` },
      counterparty: offer.counterparty,
    })
    await world.scan()

    expect((await world.state(offerIdOf(next.ref))).round?.asked?.digest).toBe(false)
  })

  test('a digest that comes back is known to have reached nobody, in every case that it told of', async () => {
    const { world, more } = await asked(6)
    await world.digest()
    await world.bounce('carol')

    for (const id of more) {
      const { round } = await world.state(id)
      expect(round?.deliveries.get('approval:carol')?.get('email')).toBe('bounced')
      expect(round?.deliveries.get('approval:bob')?.get('email')).toBe('sent')
    }
  })
})
