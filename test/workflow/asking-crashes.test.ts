import { closeScenes, days, minutes, openScenes, scene, type Scene } from '../support/scene.ts'

beforeAll(openScenes)
afterAll(closeScenes)

const settings = {
  approvers: ['alice', 'bob', 'lea'].map((id) => ({ id, email: `${id}@example.com` })),
  groups: { people: { approvers: ['alice', 'bob'], quorum: 1 }, leads: { approvers: ['lea'], quorum: 1 } },
  escalationGroup: 'leads',
}

/** Every write of an Ask after this many fails, as if the function died there; until it is called again. */
function dieAfter({ world }: Scene, writes: number): () => void {
  let left = writes
  const send = world.table.client.send.bind(world.table.client)
  const dying = jest.spyOn(world.table.client, 'send').mockImplementation(((command: {
    input?: { Item?: unknown }
  }) => {
    const isPut = command.input?.Item !== undefined
    if (isPut && left-- <= 0) return Promise.reject(Object.assign(new Error('died'), { name: 'Lambda.Unknown' }))
    return send(command as never)
  }) as never)
  return () => {
    dying.mockRestore()
  }
}

describe('an Ask that dies', () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
    'after %i writes at the second reminder and the escalation: everybody is told in the end, once recorded',
    async (writes) => {
      const given = scene({ settings })
      const { world, id } = given
      await world.scan()
      await world.advance(5 * days)
      let live: () => void = () => undefined
      let asks = 0
      world.fault = (step) => {
        if (step === 'Ask' && asks++ === 0) live = dieAfter(given, writes)
        else live()
        return undefined
      }
      await world.advance(0.25 * days)
      await world.advance(5 * minutes)
      live()
      await world.scan()
      await world.advance(5 * minutes)
      const events = await world.events(id)
      const about = (type: string): number => events.filter((event) => event.type === type).length
      expect(about('reminded')).toBe(2)
      expect(about('escalated')).toBe(1)
      const sent = events.flatMap((event) =>
        event.type === 'delivered' ? [`${event.data.about}:${event.data.approver}`] : [],
      )
      expect(sent.filter((one) => !one.startsWith('approval') && !one.startsWith('reminder-1')).sort()).toEqual([
        'escalation:lea',
        'reminder-2:alice',
        'reminder-2:bob',
      ])
      // Never not at all; twice only if it died between sending and recording.
      expect(world.mailed('reminder-2').length).toBeLessThanOrEqual(3)
    },
  )
})

describe('two attempts to ask at once', () => {
  /** A second Ask reads the ledger when the first has just read it, before it writes anything. */
  async function twice({ world }: Scene, until: () => Promise<void>): Promise<void> {
    let payload: unknown
    const others: Promise<void>[] = []
    world.fault = (step, input) => {
      if (step === 'Ask') payload = input
      return undefined
    }
    world.onAskRead = async () => {
      if (others.length > 0) return
      others.push(world.ask(payload))
      await Promise.resolve()
    }
    await until()
    await Promise.all(others)
    await world.advance(5 * minutes)
  }

  test('send one reminder', async () => {
    const given = scene({ settings })
    const { world, id } = given
    await world.scan()
    await twice(given, () => world.advance(3.5 * days))
    expect(world.mailed('reminder-1')).toEqual(['alice', 'bob'])
    expect((await world.types(id)).filter((type) => type === 'reminded')).toHaveLength(1)
  })

  test('ask once, and escalate once', async () => {
    const given = scene({ settings })
    const { world, id } = given
    await twice(given, () => world.scan())
    expect(world.mailed('approval')).toEqual(['alice', 'bob'])
    world.onAskRead = () => Promise.resolve()
    await twice(given, () => world.advance(5.25 * days))
    expect(world.mailed('escalation')).toEqual(['lea'])
    expect((await world.types(id)).filter((type) => ['asked', 'escalated'].includes(type))).toHaveLength(2)
  })
})

test('a vote that comes while a reminder is on its way decides, and the voter is not reminded', async () => {
  const quorum = { ...settings.groups, people: { approvers: ['alice', 'bob'], quorum: 2 } }
  const { world, id } = scene({ settings: { ...settings, groups: quorum } })
  await world.scan()
  let voted = false
  world.onAskRead = async () => {
    if (voted) return
    voted = true
    await world.castVote('alice', 'accept')
  }
  await world.advance(3.5 * days)
  expect(world.mailed('reminder-1')).toEqual(['bob'])
  await world.vote('bob', 'accept')
  expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
})

test('a new run goes on with the round: nobody is asked or reminded twice, and the schedule stays', async () => {
  const { world, id } = scene({ settings })
  await world.scan()
  await world.advance(4 * days)
  const asked = (await world.state(id)).round?.asked
  world.killRun(`${id}-1`)
  await world.scan()
  await world.advance(2 * minutes)
  expect((await world.state(id)).run).toBe(2)
  expect((await world.state(id)).round?.asked).toEqual(asked)
  await world.advance(1.3 * days)
  expect(world.mailed('approval')).toEqual(['alice', 'bob'])
  expect(world.mailed('reminder-1')).toEqual(['alice', 'bob'])
  expect(world.mailed('reminder-2')).toEqual(['alice', 'bob'])
})

test('after more than a thousand throttles the next asking has a token that wakes', async () => {
  const { world, id } = scene({ settings: { ...settings, iotWindowMs: 28 * days } })
  let throttles = 1100
  world.fault = (step) =>
    step === 'Ask' && throttles-- > 0 ? { when: 'before', error: 'Lambda.TooManyRequestsException' } : undefined
  await world.scan()
  await world.advance(7 * days)
  expect(throttles).toBeLessThan(0)
  // Out and in again: the next entry of the state.
  await world.advance(11 * days)
  await world.vote('alice', 'accept')
  expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
})
