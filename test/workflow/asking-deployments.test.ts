import type { Verdict } from '../../lambda/domain/event.ts'
import type { Settings } from '../../lambda/contract/settings.ts'
import { closeScenes, days, hours, minutes, openScenes, scene } from '../support/scene.ts'
import type { World } from '../support/world.ts'

beforeAll(openScenes)
afterAll(closeScenes)

function deploy(world: World, settings: Partial<Settings>): void {
  world.settings = { ...world.settings, ...settings }
}

function deployPolicy(world: World, says: { verdict?: Verdict; quorum?: number }): void {
  const { verdict = 'review', quorum = 1 } = says
  const { judge, ...policy } = world.policy
  const routing = [{ group: 'people', quorum }]
  world.policy = { ...policy, judge: (request) => ({ ...judge(request), verdict, routing }) }
  deploy(world, { policyDigest: 'digest-2' })
}

describe('policy that changes while people are asked', () => {
  test('wants two by now: the accept of one does not stand, and people are asked anew', async () => {
    const { aws, world, id } = scene()
    await world.scan()
    deployPolicy(world, { quorum: 2 })
    await world.vote('alice', 'accept')
    expect(aws.effects).toEqual([])
    expect((await world.state(id)).round).toMatchObject({ number: 2, cause: 'policy-changed' })
    await world.vote('alice', 'accept')
    expect((await world.state(id)).status).toBe('open')
    await world.vote('bob', 'accept')
    expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
  })

  test('rejects by now: an accept does not stand', async () => {
    const { aws, world } = scene()
    await world.scan()
    deployPolicy(world, { verdict: 'reject' })
    await world.vote('alice', 'accept')
    expect(aws.effects.map(({ action }) => action)).toEqual(['reject'])
  })

  test.each(['accept', 'review'] as const)('says %s by now: enough votes stand', async (verdict) => {
    const { world, id } = scene()
    await world.scan()
    deployPolicy(world, { verdict })
    await world.vote('alice', 'accept')
    expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
    expect((await world.state(id)).round?.number).toBe(1)
  })

  test('after a hand-over: nobody was asked to decide, so they have their whole window', async () => {
    const { aws, world, id } = scene({ policy: { A: 'accept' } })
    aws.handsOver = true
    await world.scan()
    await world.advance(8 * days)
    deployPolicy(world, { verdict: 'review' })
    await world.advance(days + hours)
    expect((await world.state(id)).status).toBe('open')
    expect(world.mailed('approval')).toEqual(['alice', 'bob'])
  })
})

test('a margin that is lowered between two runs: people may vote until the deadline that they are told', async () => {
  const expiresAt = new Date(Date.now() + 7 * days).toISOString()
  const { world, id } = scene({ offer: { expiresAt }, settings: { marginMs: 2 * days } })
  await world.scan()
  world.killRun(`${id}-1`)
  deploy(world, { marginMs: hours })
  await world.scan()
  await world.advance(6 * days)
  expect(await world.vote('alice', 'accept')).toMatchObject({ result: 'voted' })
})

test('who comes to the escalation group after it was asked is asked, too, and told the outcome', async () => {
  const approvers = ['alice', 'lea', 'max'].map((id) => ({ id, email: `${id}@example.com` }))
  const groups = { people: { approvers: ['alice'], quorum: 1 }, leads: { approvers: ['lea'], quorum: 1 } }
  const { world, id } = scene({ settings: { approvers, groups, escalationGroup: 'leads' } })
  await world.scan()
  await world.advance(5.5 * days)
  expect(world.mailed('escalation')).toEqual(['lea'])
  deploy(world, { groups: { ...groups, leads: { approvers: ['max'], quorum: 1 } } })
  await world.scan()
  await world.scan()
  await world.advance(minutes)
  expect(world.mailed('escalation')).toEqual(['lea', 'max'])
  await world.vote('max', 'accept')
  expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
  expect(world.mailed('outcome')).toContain('max')
})
