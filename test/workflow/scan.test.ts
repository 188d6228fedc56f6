import { closeScenes, days, minutes, openScenes, scene, seconds } from '../support/scene.ts'

beforeAll(openScenes)
afterAll(closeScenes)

describe('the scan reconciles', () => {
  test('a wake-up that was lost is made up for by the next scan', async () => {
    const { world, id } = scene()
    await world.scan()
    const wake = world.loseWakes()
    await world.vote('alice', 'accept')
    expect((await world.state(id)).status).toBe('open')
    wake()
    await world.scan()
    expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
  })

  test('OBSERVED is reopened when the mode changes, and people are asked anew', async () => {
    const { world, id } = scene({ settings: { mode: 'observe' } })
    await world.scan()
    await world.scan()
    expect((await world.state(id)).run).toBe(1)
    world.settings = { ...world.settings, mode: 'enforce' }
    await world.scan()
    expect(await world.state(id)).toMatchObject({ status: 'open', run: 2 })
    expect(world.mails).toHaveLength(2)
  })

  test('OBSERVED is not reopened by a kept lookup that is older than what was judged', async () => {
    const { aws, world, id } = scene({ settings: { mode: 'observe' } })
    await world.scan()
    aws.keptFacts = (facts) => ({ ...facts, decisive: { ...facts.decisive, shown: 'old' } })
    await world.scan()
    expect(await world.state(id)).toMatchObject({ status: 'closed', run: 1 })
  })

  test('LEFT is reopened when the facts change, and the window counts from there', async () => {
    const deadlineDefault = {
      'ram-invitation': 'leave',
      'iot-transfer': 'reject',
      'iam-delegation': 'reject',
      'iot-outgoing': 'leave',
      'iot-send': 'reject',
    } as const
    const { world, offer, id } = scene({ settings: { deadlineDefault } })
    await world.scan()
    await world.advance(8 * days)
    expect((await world.state(id)).closed?.outcome).toBe('LEFT')
    offer.facts = 'B'
    await world.scan()
    const state = await world.state(id)
    expect(state).toMatchObject({ status: 'open', run: 2 })
    expect(Date.parse(state.round?.judged?.deadline.at ?? '') - world.clock.now()).toBeGreaterThan(6.9 * days)
  })

  test('settled by us and pending again after the window: reopened, with an alarm', async () => {
    const { world, offer, id } = scene({ policy: { A: 'reject' } })
    await world.scan()
    offer.status = 'pending'
    await world.scan()
    expect((await world.state(id)).status).toBe('closed')
    await world.advance(6 * minutes)
    await world.scan()
    const reopened = (await world.events(id)).find(({ type }) => type === 'reopened')
    expect(reopened).toMatchObject({ data: { alarm: true } })
  })

  test('only the workflow closes a case: a scan that dies right after waking it changes nothing', async () => {
    const { world, offer, id } = scene()
    await world.scan()
    offer.status = 'gone'
    const wake = world.loseWakes()
    await world.scan()
    expect((await world.state(id)).status).toBe('open')
    wake()
    await world.scan()
    expect((await world.state(id)).closed?.outcome).toBe('WITHDRAWN')
  })

  test('the same hint a hundred times makes one execution', async () => {
    const { world, id } = scene()
    await Promise.all(Array.from({ length: 100 }, () => world.scan()))
    expect(world.executions().filter(({ name }) => name.startsWith(id))).toHaveLength(1)
    expect((await world.types(id)).filter((type) => type === 'detected')).toHaveLength(1)
    expect(world.mails).toHaveLength(2)
  }, 30_000)

  test('a forged hint costs one read and nothing else', async () => {
    const { aws, world } = scene()
    const before = { reads: aws.reads, lists: aws.lists }
    await world.scan({ ...world.target('ram-invitation'), awsId: 'forged' })
    expect(aws.reads - before.reads).toBe(1)
    expect(aws.lists).toBe(before.lists)
    expect(world.executions()).toEqual([])
  })

  test('a hint about an account that is not governed reads nothing', async () => {
    const { aws, world } = scene()
    await world.scan({ kind: 'ram-invitation', account: '999999999999', region: 'us-east-1' })
    expect(aws.reads + aws.lists).toBe(0)
  })

  test('starts no more runs a second than configured; the rest come through the queue', async () => {
    const { aws, world } = scene({ settings: { runsPerSecond: 2 } })
    for (let n = 0; n < 4; n += 1)
      aws.offer({ ref: { ...[...aws.offers.values()][0]!.ref, awsId: `more-${n}-${Date.now()}` } })
    await world.scan()
    expect(world.executions()).toHaveLength(2)
    await world.advance(1 * seconds)
    expect(world.executions()).toHaveLength(4)
    await world.advance(1 * seconds)
    expect(world.executions()).toHaveLength(5)
  })
})
