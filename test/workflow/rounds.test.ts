import { closeScenes, minutes, openScenes, scene } from '../support/scene.ts'

beforeAll(openScenes)
afterAll(closeScenes)

describe('rounds end', () => {
  test('after three changes policy accepts no more, people are asked three times more, then the default stands', async () => {
    const { aws, world, offer, id } = scene({ policy: {} })
    world.policy = {
      ...world.policy,
      judge: () => ({ verdict: 'accept', policies: [], errors: [], unknown: [], notes: [], routing: [] }),
    }
    let version = 0
    world.fault = (step) => {
      if (step === 'AcceptByPolicy') offer.facts = `version-${++version}`
      return undefined
    }
    await world.scan()
    let state = await world.state(id)
    expect(state).toMatchObject({ changes: 3, status: 'open' })
    expect(state.round?.judged).toMatchObject({ verdict: 'review', notes: ['changed-too-often'] })
    for (const expected of [4, 5]) {
      offer.facts = `version-${++version}`
      await world.vote('alice', 'accept')
      state = await world.state(id)
      expect(state).toMatchObject({ changes: expected, status: 'open' })
    }
    offer.facts = `version-${++version}`
    await world.vote('alice', 'accept')
    state = await world.state(id)
    expect(state.closed?.outcome).toBe('REJECTED')
    expect(state.round?.decision).toMatchObject({ by: 'deadline', reason: 'asked-too-often' })
    expect(aws.effects.map(({ action }) => action)).toEqual(['reject'])
  })

  test('facts that change there and back are new rounds each time, and old votes count for nothing', async () => {
    const { aws, world, offer, id } = scene()
    await world.scan()
    offer.facts = 'B'
    await world.vote('alice', 'accept')
    offer.facts = 'A'
    await world.vote('bob', 'accept')
    const state = await world.state(id)
    expect(state.round).toMatchObject({ number: 3, cause: 'facts-changed' })
    expect(state.round?.votes.size).toBe(0)
    expect(aws.effects).toEqual([])
  })
})

describe('stored steps', () => {
  test('a judging whose answer was lost is not done again under another policy', async () => {
    const { world, id } = scene({ policy: { A: 'reject' } })
    let lost = 0
    world.fault = (step) => {
      if (step !== 'Judge' || lost++ > 0) return undefined
      return { when: 'after' }
    }
    const policy = world.policy
    world.policy = {
      ...policy,
      judge: (request) => (lost > 1 ? { ...policy.judge(request), verdict: 'accept' } : policy.judge(request)),
    }
    await world.scan()
    await world.advance(minutes)
    expect((await world.state(id)).closed?.outcome).toBe('REJECTED')
    expect((await world.types(id)).filter((type) => type === 'judged')).toHaveLength(1)
  })

  test.each(['Inspect', 'Judge', 'Tally', 'Close'] as const)(
    'a lost answer of %s leaves no second event',
    async (lossy) => {
      const { world, id } = scene()
      const lost = new Set<string>()
      world.fault = (step) => {
        if (step !== lossy || lost.has(step)) return undefined
        lost.add(step)
        return { when: 'after' }
      }
      await world.scan()
      await world.advance(minutes)
      await world.vote('alice', 'reject')
      await world.advance(minutes)
      const types = await world.types(id)
      expect(types.filter((type) => ['inspected', 'judged', 'decided', 'closed'].includes(type))).toEqual([
        'inspected',
        'judged',
        'decided',
        'closed',
      ])
      expect((await world.state(id)).closed?.outcome).toBe('REJECTED')
    },
  )
})
