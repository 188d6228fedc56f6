import { AccessRefused } from '../../lambda/contract/errors.ts'
import { closeScenes, minutes, openScenes, scene } from '../support/scene.ts'

beforeAll(openScenes)
afterAll(closeScenes)

describe('the worker confirms', () => {
  test('changed facts between judging and accepting: nothing is accepted, a new round begins', async () => {
    const { aws, world, offer, id } = scene({ policy: { A: 'accept', B: 'review' } })
    world.fault = (step) => {
      if (step === 'AcceptByPolicy') offer.facts = 'B'
      return undefined
    }
    await world.scan()
    const state = await world.state(id)
    expect(state.round).toMatchObject({ number: 2, cause: 'facts-changed', judged: { verdict: 'review' } })
    expect(aws.effects).toEqual([])
  })

  test('facts that rest on a kept lookup: the accept reads afresh, and so does the round after it', async () => {
    const { aws, world, id } = scene({ policy: { old: 'accept', A: 'review' } })
    aws.keptFacts = (facts) => ({ ...facts, decisive: { ...facts.decisive, shown: 'old' } })
    await world.scan()
    const state = await world.state(id)
    expect(state.round).toMatchObject({ number: 2, cause: 'facts-changed', judged: { verdict: 'review' } })
    expect(state.changes).toBe(1)
    expect(aws.effects).toEqual([])
  })

  test('the mode switched to observe after judging: nothing is written to AWS', async () => {
    const { aws, world, id } = scene({ policy: { A: 'reject' } })
    world.fault = (step) => {
      if (step === 'Reject') world.settings = { ...world.settings, mode: 'observe' }
      return undefined
    }
    await world.scan()
    expect((await world.state(id)).closed?.outcome).toBe('OBSERVED')
    expect(aws.effects).toEqual([])
  })

  test('the policy changed after judging: it is judged anew before anything is accepted', async () => {
    const { aws, world, id } = scene({ policy: { A: 'accept' } })
    let changed = false
    world.fault = (step) => {
      if (step === 'AcceptByPolicy' && !changed) {
        changed = true
        world.settings = { ...world.settings, policyDigest: 'digest-2' }
      }
      return undefined
    }
    await world.scan()
    const state = await world.state(id)
    expect(state.round).toMatchObject({ number: 2, cause: 'policy-changed', judged: { policyDigest: 'digest-2' } })
    expect(state.changes).toBe(0)
    expect(aws.effects).toHaveLength(1)
  })

  test('a partner group ended after judging: its offer is judged anew, and nothing is accepted by policy', async () => {
    const { aws, world, id } = scene({ policy: { A: 'accept' } })
    world.fault = (step) => {
      const ended = new Date(world.clock.now() - 1).toISOString()
      if (step === 'AcceptByPolicy') world.settings = { ...world.settings, partnersUntil: { network: ended } }
      return undefined
    }
    await world.scan()
    expect((await world.state(id)).round).toMatchObject({ cause: 'policy-changed', judged: { verdict: 'review' } })
    expect(aws.effects).toEqual([])
  })

  test('an access denied to the role that is bounded to partners asks people, and never fails', async () => {
    const { aws, world, id } = scene({ policy: { A: 'accept' } })
    aws.onSettle = () => {
      if (aws.effects.length === 0 && !asked) throw Object.assign(new AccessRefused('not allowed'))
    }
    let asked = false
    await world.scan()
    const state = await world.state(id)
    expect(state.round).toMatchObject({
      cause: 'out-of-bound',
      judged: { verdict: 'review', notes: ['outside-auto-accept-bound'] },
    })
    asked = true
    await world.vote('alice', 'accept')
    expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
  })

  test('the decision is gone from the ledger: a run that was taken over does nothing more', async () => {
    const { aws, world, id } = scene({ policy: { A: 'accept' } })
    world.fault = (step) => {
      if (step === 'AcceptByPolicy') died = true
      return undefined
    }
    let died = false
    aws.onInspect = async () => {
      if (!died || taken) return
      taken = true
      await world.ledger.record(id, (state) => ({
        type: 'failed',
        actor: 'scan',
        run: 1,
        round: 0,
        factsHash: state?.round?.factsHash ?? null,
        step: 'failed',
        data: { error: 'RunDied', detail: '' },
      }))
    }
    let taken = false
    await world.scan()
    // The call of the run that was taken over had begun: AWS has its answer, and the next run says whose it was.
    await world.advance(2 * minutes)
    await world.scan()
    expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
    expect(aws.effects).toHaveLength(1)
  })

  test('what AWS shows after the call and differs from what was decided on is recorded', async () => {
    const { aws, world, id } = scene({ policy: { A: 'accept' } })
    const open = aws.open.bind(aws)
    aws.open = (target) => {
      const kind = open(target)
      const inspect: typeof kind.inspect = async (ref) => {
        const seen = await kind.inspect(ref)
        return seen.state === 'accepted' ? { state: 'accepted', seen: { shown: 'other' } } : seen
      }
      return { ...kind, inspect }
    }
    await world.scan()
    expect((await world.state(id)).settled?.changed).toEqual(['shown'])
  })
})
