import { closeScenes, days, hours, minutes, openScenes, scene, type Scene } from '../support/scene.ts'

beforeAll(openScenes)
afterAll(closeScenes)

const leads = {
  approvers: [
    { id: 'alice', email: 'alice@example.com' },
    { id: 'bob', email: 'bob@example.com' },
    { id: 'lea', email: 'lea@example.com' },
  ],
  groups: { people: { approvers: ['alice', 'bob'], quorum: 1 }, leads: { approvers: ['lea'], quorum: 1 } },
  escalationGroup: 'leads',
}

async function started(given: Parameters<typeof scene>[0] = {}): Promise<Scene> {
  const made = scene({ ...given, settings: { ...leads, ...given.settings } })
  await made.world.scan()
  return made
}

/** When each mail about this went out, in hours since the first. */
function hoursOf({ world }: Scene, about: string): number[] {
  const start = world.mails[0]?.at ?? 0
  const sent = world.mails.filter(({ tags }) => tags.about === about)
  return sent.map(({ at }) => Math.round(((at - start) / hours) * 100) / 100)
}

function inHours(count: number): string {
  return new Date(Date.now() + count * hours).toISOString()
}

describe('a window of seven days', () => {
  test('reminders at 1/2 and 3/4, the escalation group at 3/4, and the default rejects at its end', async () => {
    const given = await started()
    const { world, id } = given
    await world.advance(7 * days)
    expect(hoursOf(given, 'approval')).toEqual([0, 0])
    expect(hoursOf(given, 'reminder-1')).toEqual([84, 84])
    expect(hoursOf(given, 'reminder-2')).toEqual([126, 126])
    expect(hoursOf(given, 'escalation')).toEqual([126])
    expect(world.mailed('escalation')).toEqual(['lea'])
    expect((await world.state(id)).closed?.outcome).toBe('REJECTED')
    expect(hoursOf(given, 'outcome')).toEqual([168, 168, 168])
    expect(world.mailed('outcome').sort()).toEqual(['alice', 'bob', 'lea'])
  })

  test('or leaves it, where that is the default of the kind', async () => {
    const deadlineDefault = {
      'ram-invitation': 'leave',
      'iot-transfer': 'reject',
      'iam-delegation': 'reject',
      'iot-outgoing': 'leave',
      'iot-send': 'reject',
    } as const
    const { world, aws, id } = await started({ settings: { deadlineDefault } })
    await world.advance(7 * days)
    expect((await world.state(id)).closed?.outcome).toBe('LEFT')
    expect(aws.effects).toEqual([])
  })
})

describe('an invitation of twelve hours', () => {
  test('found with three left has two until its margin, and a schedule that fits them', async () => {
    const given = await started({ offer: { expiresAt: inHours(3) } })
    const { world, id } = given
    await world.advance(3 * hours)
    expect(hoursOf(given, 'reminder-1')).toEqual([1, 1])
    expect(hoursOf(given, 'reminder-2')).toEqual([1.5, 1.5])
    expect(hoursOf(given, 'escalation')).toEqual([1.5])
    expect(hoursOf(given, 'outcome')).toEqual([2, 2, 2])
    expect((await world.state(id)).round?.decision).toMatchObject({ by: 'deadline', reason: 'deadline' })
  })

  test('found inside its margin gets the default at once, and those who would have been asked hear why', async () => {
    const { world, id } = await started({ offer: { expiresAt: inHours(0.9) } })
    const state = await world.state(id)
    expect(state.closed?.outcome).toBe('REJECTED')
    expect(state.round?.decision?.reason).toBe('found-too-late')
    expect(world.mailed('outcome')).toEqual(['alice', 'bob'])
    expect(world.mails[0]?.mail.text).toContain('found too late to ask anybody')
  })
})

describe('a reminder', () => {
  test('goes only to those who have not voted', async () => {
    const { world } = await started({
      settings: { groups: { ...leads.groups, people: { approvers: ['alice', 'bob'], quorum: 2 } } },
    })
    await world.vote('alice', 'accept')
    await world.advance(3.5 * days)
    expect(world.mailed('reminder-1')).toEqual(['bob'])
  })

  test('carries a fresh link, and the older ones stay valid', async () => {
    const { world, id } = await started({ settings: { escalationGroup: null } })
    await world.advance(6 * days)
    const tokens = world.tokensOf('alice')
    expect(new Set(tokens).size).toBe(3)
    expect(await world.vote('alice', 'accept', { token: tokens[0] ?? '' })).toMatchObject({ result: 'voted' })
    expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
    expect((await world.types(id)).filter((type) => type === 'escalated')).toEqual([])
  })

  test('of several stages that were missed is one, of the latest', async () => {
    const { world, id } = await started()
    world.killRun(`${id}-1`)
    await world.advance(6 * days)
    await world.scan()
    await world.advance(2 * minutes)
    expect(world.mailed('reminder-1')).toEqual([])
    expect(world.mailed('reminder-2')).toEqual(['alice', 'bob'])
    expect(world.mailed('escalation')).toEqual(['lea'])
    expect(world.mailed('approval')).toEqual(['alice', 'bob'])
  })
})

test('facts that changed: everybody is asked anew, by a schedule of the new round within the same window', async () => {
  const given = await started()
  const { world, offer } = given
  await world.advance(2 * days)
  offer.facts = 'B'
  await world.vote('alice', 'accept')
  expect(hoursOf(given, 'approval')).toEqual([0, 0, 48, 48])
  await world.advance(5 * days)
  expect(hoursOf(given, 'reminder-1')).toEqual([108, 108])
  expect(hoursOf(given, 'escalation')).toEqual([138])
  expect(hoursOf(given, 'outcome')).toEqual([168, 168, 168])
})
