import { AccessRefused } from '../../lambda/contract/errors.ts'
import { closeScenes, days, hours, minutes, openScenes, scene, seconds } from '../support/scene.ts'

beforeAll(openScenes)
afterAll(closeScenes)

describe('one decision, one effect', () => {
  test('a lost answer of the accepting function is found as ours, and not called twice', async () => {
    const { aws, world, id } = scene({ policy: { A: 'accept' } })
    let lost = 0
    world.fault = (step) => (step === 'AcceptByPolicy' && lost++ === 0 ? { when: 'after' } : undefined)
    await world.scan()
    await world.advance(2 * minutes)
    expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
    expect(aws.effects).toHaveLength(1)
  })

  test('a worker that died right after its call: the next attempt reads, and the outcome is ours', async () => {
    const { aws, world, id } = scene({ policy: { A: 'accept' } })
    let calls = 0
    aws.afterSettle = () => {
      if (calls++ === 0) throw Object.assign(new Error('connection lost'), { name: 'ServiceUnavailable' })
    }
    await world.scan()
    await world.advance(2 * minutes)
    const state = await world.state(id)
    expect(state.closed?.outcome).toBe('ACCEPTED')
    expect(state.settled?.result).toBe('already-settled')
    expect(calls).toBe(1)
  })

  test('a settling task is not retried before an older attempt is surely dead', async () => {
    const { world } = scene({ policy: { A: 'accept' } })
    world.fault = (step) => (step === 'AcceptByPolicy' ? { when: 'before' } : undefined)
    await world.scan()
    const attempts = (): number => world.invoked.filter((name) => name === 'AcceptByPolicy').length
    expect(attempts()).toBe(1)
    await world.advance(59 * seconds)
    expect(attempts()).toBe(1)
    await world.advance(2 * seconds)
    expect(attempts()).toBe(2)
  })

  test('a certificate that is gone after our own attempt to reject it was rejected by us', async () => {
    const { aws, world, offer, id } = scene({ policy: { A: 'reject' } })
    let died = 0
    aws.afterSettle = () => {
      offer.status = 'gone'
      if (died++ === 0) throw Object.assign(new Error('connection lost'), { name: 'ServiceUnavailable' })
    }
    await world.scan()
    await world.advance(2 * minutes)
    expect((await world.state(id)).closed?.outcome).toBe('REJECTED')
  })

  test('one that was gone before the first attempt called anything was withdrawn', async () => {
    const { aws, world, offer, id } = scene({ policy: { A: 'reject' } })
    let reads = 0
    aws.onInspect = () => {
      if (++reads === 2) offer.status = 'gone'
    }
    await world.scan()
    expect((await world.state(id)).closed?.outcome).toBe('WITHDRAWN')
    expect(aws.effects).toEqual([])
  })

  test('attempted is on the ledger before the call', async () => {
    const { aws, world, id } = scene({ policy: { A: 'accept' } })
    const seen: string[][] = []
    aws.onSettle = async () => {
      seen.push(await world.types(id))
    }
    await world.scan()
    expect(seen[0]?.at(-1)).toBe('attempted')
  })
})

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

describe('rounds end', () => {
  test('after three changes policy accepts no more, people are asked three times more, then the default stands', async () => {
    const { aws, world, offer, id } = scene({ policy: {} })
    world.policy = {
      ...world.policy,
      judge: () => ({ verdict: 'accept', policies: [], errors: [], unknown: [], notes: [] }),
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
      judge: () => ({ verdict: 'accept', policies: [], errors: [], unknown: [], notes: [] }),
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

  test('LEFT is reopened when the facts change, and the window counts from there', async () => {
    const deadlineDefault = {
      'ram-invitation': 'leave',
      'iot-transfer': 'reject',
      'iam-delegation': 'reject',
      'iot-outgoing': 'leave',
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
