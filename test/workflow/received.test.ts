import { AccessRefused, ServiceThrottled } from '../../lambda/contract/errors.ts'
import type { Received } from '../../lambda/domain/event.ts'
import type { Receipt } from '../../lambda/domain/facts.ts'
import { closeScenes, openScenes, scene, type Scene } from '../support/scene.ts'

beforeAll(openScenes)
afterAll(closeScenes)

const seconds = 1000
const seen = { shown: 'A', status: 'ACTIVE' }

/** An accept whose gift AWS shows as told, look after look; the last answer stays. */
function accepted(
  looks: (Receipt | Error)[],
  settings: { tellsAccepted?: boolean } = {},
): Scene & { looks: () => number } {
  const given = scene({ policy: { A: 'accept' }, settings })
  let taken = 0
  given.aws.onReceived = () => {
    const look = looks[Math.min(taken, looks.length - 1)]!
    taken += 1
    if (look instanceof Error) throw look
    return look
  }
  return { ...given, looks: () => taken }
}

async function receivedIn({ world, id }: Scene): Promise<Received | undefined> {
  return (await world.state(id)).received
}

describe('what an accept gave us', () => {
  test('is recorded before the case closes, in no transition more', async () => {
    const given = accepted([{ visible: true, seen }])
    const { world, id } = given
    await world.scan()
    expect((await world.types(id)).slice(-3)).toEqual(['settled', 'received', 'closed'])
    expect(await receivedIn(given)).toMatchObject({ visible: true, seen, changed: [] })
    expect(world.path(`${id}-1`)).toHaveLength(7)
  })

  test('is not looked at again where reading the offer back has shown it', async () => {
    const given = accepted([{ visible: true, seen }], { tellsAccepted: true })
    const { world, id } = given
    given.aws.receipt = { visible: true, seen: { shown: 'B', status: 'INACTIVE' } }
    await world.scan()
    expect((await world.types(id)).slice(-3)).toEqual(['attempted', 'settled', 'closed'])
    expect(await receivedIn(given)).toMatchObject({ visible: true, seen: given.aws.receipt.seen, changed: ['shown'] })
    expect(world.told).toMatchObject([{ received: { seen: given.aws.receipt.seen } }])
    expect(given.looks()).toBe(0)
  })

  test('is waited for until AWS shows it, and people hear of the end once', async () => {
    const given = accepted([{ visible: false, seen: {} }, new ServiceThrottled('slow down'), { visible: true, seen }])
    await given.world.scan()
    expect(await receivedIn(given)).toBeUndefined()
    await given.world.advance(20 * seconds)
    expect(await receivedIn(given)).toMatchObject({ visible: true })
    expect(given.looks()).toBe(3)
    expect((await given.world.types(given.id)).filter((type) => type === 'closed')).toHaveLength(1)
  })

  test('is waited for until AWS shows all of it, and what stays away is said at last', async () => {
    const some: Receipt = { visible: true, partial: true, seen: { shown: 'B' } }
    const given = accepted([some, { visible: true, seen }])
    await given.world.scan()
    await given.world.advance(20 * seconds)
    expect(await receivedIn(given)).toMatchObject({ visible: true, changed: [] })
    const never = accepted([some])
    await never.world.scan()
    await never.world.advance(136 * seconds)
    expect(await receivedIn(never)).toMatchObject({ visible: true, changed: ['shown'] })
  })

  test.each<[string, Receipt | Error, Partial<Received>]>([
    ['AWS never shows it', { visible: false, seen: { shareStatus: 'PENDING' } }, { seen: { shareStatus: 'PENDING' } }],
    ['AWS slows us down for good', new ServiceThrottled('slow down'), { problem: 'slow down' }],
  ])('does not keep the case open: %s', async (_what, look, recorded) => {
    const given = accepted([look])
    await given.world.scan()
    await given.world.advance(134 * seconds)
    expect((await given.world.state(given.id)).status).toBe('open')
    await given.world.advance(2 * seconds)
    const state = await given.world.state(given.id)
    expect(state).toMatchObject({
      closed: { outcome: 'ACCEPTED' },
      failures: 0,
      received: { visible: false, ...recorded },
    })
    expect(given.looks()).toBe(6)
  })

  test.each([new AccessRefused('the role may not'), new TypeError('a bug')])(
    'is given up at once after: %s',
    async (error) => {
      const given = accepted([error])
      await given.world.scan()
      const state = await given.world.state(given.id)
      expect(state).toMatchObject({
        closed: { outcome: 'ACCEPTED' },
        received: { visible: false, problem: error.message },
      })
      expect(given.looks()).toBe(1)
    },
  )

  test('says what is not as it was decided on', async () => {
    const given = accepted([{ visible: true, seen: { shown: 'B', status: 'ACTIVE' } }])
    await given.world.scan()
    expect(await receivedIn(given)).toMatchObject({ changed: ['shown'] })
  })

  test('is not looked at after a reject', async () => {
    const given = scene({ policy: { A: 'reject' } })
    given.aws.onReceived = () => ({ visible: true, seen })
    await given.world.scan()
    expect(await given.world.types(given.id)).not.toContain('received')
  })

  test('is told to other systems where they want to hear of it, and only of accepts', async () => {
    const told = accepted([{ visible: true, seen }], { tellsAccepted: true })
    await told.world.scan()
    expect(told.world.told).toMatchObject([{ offerId: told.id, closed: { outcome: 'ACCEPTED' }, received: { seen } }])
    const untold = accepted([{ visible: true, seen }])
    await untold.world.scan()
    const rejected = scene({ policy: { A: 'reject' }, settings: { tellsAccepted: true } })
    await rejected.world.scan()
    expect([...untold.world.told, ...rejected.world.told]).toEqual([])
  })
})
