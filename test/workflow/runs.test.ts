import { closeScenes, hours, openScenes, scene, seconds } from '../support/scene.ts'

beforeAll(openScenes)
afterAll(closeScenes)

describe('failed runs', () => {
  test('a failure ends the run, not the case; the next run starts by itself after the backoff, not before', async () => {
    const { aws, world, id } = scene({ policy: { A: 'accept' } })
    let failing = true
    world.fault = (step) => (step === 'Judge' && failing ? { when: 'before', error: 'Boom' } : undefined)
    await world.scan()
    expect(await world.state(id)).toMatchObject({ status: 'open', run: 2, failures: 1 })
    failing = false
    await world.scan()
    expect(world.executions()).toHaveLength(1)
    await world.advance(61 * seconds)
    expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
    expect(aws.effects).toHaveLength(1)
  })

  test('a run that was killed without a word is noticed by the next scan, and continued', async () => {
    const { world, id } = scene()
    await world.scan()
    await world.vote('alice', 'hmm')
    world.killRun(`${id}-1`)
    await world.scan()
    expect((await world.types(id)).at(-1)).toBe('failed')
    expect(world.executions()).toHaveLength(1)
    await world.advance(61 * seconds)
    expect(world.executions()).toHaveLength(2)
    // Nobody is asked twice for the same round.
    expect(world.mails).toHaveLength(2)
  })

  test('votes of the round go on into the next run on the same facts', async () => {
    const { world, id } = scene()
    await world.scan()
    world.killRun(`${id}-1`)
    await world.vote('alice', 'accept')
    await world.scan()
    await world.advance(61 * seconds)
    expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
  })

  test("people's reject goes over into the next run on the same facts, whatever policy says by then", async () => {
    const { aws, world, id } = scene()
    world.fault = (step) => (step === 'Reject' ? { when: 'before', error: 'Boom' } : undefined)
    await world.scan()
    await world.vote('alice', 'reject')
    expect(await world.state(id)).toMatchObject({ status: 'open', run: 2 })
    world.fault = () => undefined
    world.policy = {
      ...world.policy,
      judge: () => ({ verdict: 'accept', policies: [], errors: [], unknown: [], notes: [], routing: [] }),
    }
    await world.advance(2 * hours)
    await world.scan()
    expect((await world.state(id)).closed?.outcome).toBe('REJECTED')
    expect(aws.effects.map(({ action }) => action)).toEqual(['reject'])
  })

  test('but observe mode goes before a carried reject', async () => {
    const { aws, world, id } = scene()
    world.fault = (step) => (step === 'Reject' ? { when: 'before', error: 'Boom' } : undefined)
    await world.scan()
    await world.vote('alice', 'reject')
    world.fault = () => undefined
    world.settings = { ...world.settings, mode: 'observe' }
    await world.advance(2 * hours)
    await world.scan()
    expect((await world.state(id)).closed?.outcome).toBe('OBSERVED')
    expect(aws.effects).toEqual([])
  })

  test('after five failures in a row a person is told, and the case stays open', async () => {
    const { world, id } = scene()
    world.fault = (step) => (step === 'Judge' ? { when: 'before', error: 'Boom' } : undefined)
    await world.scan()
    for (let run = 2; run <= 5; run += 1) {
      await world.advance(hours)
      await world.scan()
    }
    expect(await world.state(id)).toMatchObject({ status: 'open', failures: 5 })
    expect(world.mails.map(({ to }) => to)).toEqual(['alice@example.com', 'bob@example.com'])
  })
})
