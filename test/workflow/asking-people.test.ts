import type { Settings } from '../../lambda/contract/settings.ts'
import type { Route } from '../../lambda/domain/event.ts'
import { aRef } from '../support/events.ts'
import { closeScenes, days, minutes, openScenes, scene, type Scene } from '../support/scene.ts'

beforeAll(openScenes)
afterAll(closeScenes)

const person = (id: string): Settings['approvers'][number] => ({ id, email: `${id}@example.com` })
const settings = {
  approvers: ['ann', 'art', 'sue', 'sam', 'lea'].map(person),
  groups: {
    network: { approvers: ['ann', 'art'], quorum: 1 },
    security: { approvers: ['sue', 'sam'], quorum: 1 },
    leads: { approvers: ['lea'], quorum: 1 },
  },
  defaultGroup: 'network',
  escalationGroup: 'leads',
} satisfies Partial<Settings>

/** Policy routes to these groups. */
async function started(routing: Route[], given: Parameters<typeof scene>[0] = {}): Promise<Scene> {
  const made = scene({ ...given, settings: { ...settings, ...given.settings } })
  const { policy } = made.world
  made.world.policy = { ...policy, judge: (request) => ({ ...policy.judge(request), routing }) }
  await made.world.scan(made.world.target(made.offer.ref.kind))
  return made
}

const both: Route[] = [
  { group: 'network', quorum: 2 },
  { group: 'security', quorum: 1 },
]

describe('two groups, one with a quorum of two', () => {
  test('are both asked, and each has to reach its own', async () => {
    const { world, id, aws } = await started(both)
    const { asked } = (await world.state(id)).round ?? {}
    expect(asked?.approvers).toEqual(['ann', 'art', 'sue', 'sam'])
    expect(asked?.groups.map(({ group, quorum }) => [group, quorum])).toEqual([
      ['network', 2],
      ['security', 1],
    ])
    await world.vote('ann', 'accept')
    expect(await world.vote('ann', 'accept')).toEqual({ result: 'standing', choice: 'accept' })
    await world.vote('sue', 'accept')
    expect((await world.state(id)).status).toBe('open')
    await world.vote('art', 'accept')
    expect(aws.effects.map(({ action }) => action)).toEqual(['accept'])
    expect((await world.state(id)).round?.decision?.people.sort()).toEqual(['ann', 'art', 'sue'])
  })

  test('one reject of either decides', async () => {
    const { world, aws } = await started(both)
    await world.vote('ann', 'accept')
    await world.vote('sam', 'reject')
    expect(aws.effects.map(({ action }) => action)).toEqual(['reject'])
  })

  test('the escalation group stands in for whoever is missing, not before it is asked', async () => {
    const { world, id, aws } = await started(both)
    await world.vote('ann', 'accept')
    await world.vote('sue', 'accept')
    await world.advance(5.3 * days)
    expect(world.mailed('escalation')).toEqual(['lea'])
    expect((await world.state(id)).round?.escalated).toMatchObject({ why: 'time', approvers: ['lea'] })
    await world.vote('lea', 'accept')
    expect(aws.effects.map(({ action }) => action)).toEqual(['accept'])
  })

  test('a reject that was not counted yet goes over to the next run, though policy now accepts', async () => {
    const { world, id, aws } = await started([{ group: 'security', quorum: 1 }])
    const wake = world.loseWakes()
    await world.vote('sue', 'reject')
    wake()
    world.killRun(`${id}-1`)
    const { policy } = world
    world.policy = { ...policy, judge: (request) => ({ ...policy.judge(request), verdict: 'accept', routing: [] }) }
    await world.scan()
    await world.advance(2 * minutes)
    expect(aws.effects.map(({ action }) => action)).toEqual(['reject'])
  })
})

describe('a conflict', () => {
  const partnerOf = (id: string): Settings['approvers'] =>
    settings.approvers.map((one) => (one.id === id ? { ...one, accounts: ['444455556666'] } : one))

  test('with the counterparty: neither asked nor counted nor reminded', async () => {
    const { world, id } = await started([], { settings: { approvers: partnerOf('ann') } })
    const { asked } = (await world.state(id)).round ?? {}
    expect(asked).toMatchObject({ approvers: ['art'], conflicts: [{ approver: 'ann', why: 'counterparty' }] })
    await world.advance(4 * days)
    expect(world.mails.map(({ to }) => to)).toEqual(['art@example.com', 'art@example.com'])
  })

  test('that comes up while people are asked: the vote counts no more, and a group too small escalates', async () => {
    const initiator = 'arn:aws:sts::111111111111:assumed-role/Admin/ann'
    const approvers = settings.approvers.map((one) => (one.id === 'ann' ? { ...one, principals: [initiator] } : one))
    const given = { settings: { approvers }, offer: { ref: aRef({ kind: 'iot-outgoing' }) } }
    const { world, id } = await started([{ group: 'network', quorum: 2 }], given)
    await world.vote('ann', 'accept')
    await world.ledger.record(id, () => {
      return { type: 'noticed', actor: 'scan', run: 1, round: 0, factsHash: null, step: 'noticed', data: { initiator } }
    })
    await world.advance(3 * minutes)
    await world.scan(world.target('iot-outgoing'))
    expect((await world.state(id)).round?.escalated).toMatchObject({ why: 'too-few' })
    await world.vote('art', 'accept')
    expect((await world.state(id)).status).toBe('open')
    await world.vote('lea', 'accept')
    expect((await world.state(id)).round?.decision?.people.sort()).toEqual(['art', 'lea'])
  })
})

test('a group that can never reach its quorum escalates at once', async () => {
  const { world, id, aws } = await started([{ group: 'security', quorum: 3 }])
  expect(world.mailed('approval')).toEqual(['sue', 'sam'])
  expect(world.mailed('escalation')).toEqual(['lea'])
  expect((await world.state(id)).round?.escalated?.why).toBe('too-few')
  for (const who of ['sue', 'sam', 'lea']) await world.vote(who, 'accept')
  expect(aws.effects.map(({ action }) => action)).toEqual(['accept'])
})

test('who came into a group by a deployment is asked, too, and the schedule stays', async () => {
  const { world, id } = await started([])
  const before = (await world.state(id)).round?.asked?.at
  world.settings = {
    ...world.settings,
    groups: { ...world.settings.groups, network: { approvers: ['ann', 'sam'], quorum: 1 } },
  }
  await world.advance(3 * minutes)
  await world.scan()
  expect(world.mailed('approval')).toEqual(['ann', 'art', 'sam'])
  expect((await world.state(id)).round?.asked).toMatchObject({ at: before, approvers: ['ann', 'art', 'sam'] })
  expect(await world.vote('art', 'accept')).toMatchObject({ result: 'refused', field: 'choice' })
  await world.vote('sam', 'accept')
  expect(world.mailed('outcome').sort()).toEqual(['ann', 'art', 'sam'])
})

test('one of too many asks is told of in the digest only: no message of its own, and it can be voted on', async () => {
  const made = scene({ settings })
  made.world.takesPersonalAsk = false
  await made.world.scan()
  expect(made.world.mails).toEqual([])
  expect((await made.world.state(made.id)).round?.asked).toMatchObject({ digest: true, approvers: ['ann', 'art'] })
  await made.world.advance(6 * days)
  expect(made.world.mails).toEqual([])
  expect((await made.world.state(made.id)).round?.escalated?.why).toBe('time')
})
