import { AccessRefused, ServiceThrottled } from '../../lambda/contract/errors.ts'
import { aRef } from '../support/events.ts'
import { closeScenes, days, hours, minutes, openScenes, scene, seconds } from '../support/scene.ts'
import { policyByName } from '../support/world.ts'

beforeAll(openScenes)
afterAll(closeScenes)

describe('functions that hold different settings while a deployment rolls out', () => {
  test('do not send an offer round and round: another policy', async () => {
    const { world, id } = scene({ policy: { A: 'accept' } })
    world.fault = (step) => {
      world.settings = { ...world.settings, policyDigest: step === 'AcceptByPolicy' ? 'new' : 'old' }
      return undefined
    }
    await world.scan()
    expect((await world.state(id)).round?.number).toBeLessThan(6)
    world.fault = () => undefined
    world.settings = { ...world.settings, policyDigest: 'new' }
    await world.advance(10 * minutes)
    expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
  })

  test('nor another mode', async () => {
    const { world, id } = scene({ policy: { A: 'reject' } })
    world.fault = (step) => {
      world.settings = { ...world.settings, mode: step === 'Reject' ? 'observe' : 'enforce' }
      return undefined
    }
    await world.scan()
    expect((await world.state(id)).round?.number).toBeLessThan(6)
  })
})

describe('what people rejected', () => {
  test('is not accepted after the mode went to observe and back within the run', async () => {
    const { aws, world } = scene()
    await world.scan()
    world.fault = (step) => {
      if (step === 'Reject' && world.settings.policyDigest === 'digest-1')
        world.settings = { ...world.settings, mode: 'observe' }
      if (step === 'Judge') {
        world.settings = { ...world.settings, mode: 'enforce', policyDigest: 'digest-2' }
        world.policy = policyByName({ A: 'accept' })
      }
      return undefined
    }
    await world.vote('alice', 'reject')
    expect(aws.effects.map(({ action }) => action)).toEqual(['reject'])
  })

  test('nor after the case was closed as observed in between', async () => {
    const { aws, world } = scene()
    await world.scan()
    world.fault = (step) => {
      if (step === 'Reject') world.settings = { ...world.settings, mode: 'observe' }
      return undefined
    }
    await world.vote('alice', 'reject')
    world.fault = () => undefined
    world.settings = { ...world.settings, mode: 'enforce', policyDigest: 'digest-2' }
    world.policy = policyByName({ A: 'accept' })
    await world.scan()
    expect(aws.effects.map(({ action }) => action)).toEqual(['reject'])
  })

  test('counts though the run died before it was tallied', async () => {
    const { aws, world } = scene()
    await world.scan()
    const wake = world.loseWakes()
    await world.vote('bob', 'reject')
    wake()
    for (const { name } of world.executions()) world.killRun(name)
    world.policy = policyByName({ A: 'accept' })
    await world.scan()
    await world.advance(61 * seconds)
    expect(aws.effects.map(({ action }) => action)).toEqual(['reject'])
  })

  test('does not count when they are no approver any more', async () => {
    const { aws, world, id } = scene()
    await world.scan()
    world.loseWakes()
    await world.vote('bob', 'reject')
    world.killRun(`${id}-1`)
    world.settings = { ...world.settings, approvers: world.settings.approvers.slice(0, 1) }
    await world.scan()
    await world.advance(61 * seconds)
    expect((await world.state(id)).status).toBe('open')
    expect(aws.effects).toEqual([])
  })
})

test('a run that follows on a refused role asks people at once, with the votes they gave', async () => {
  const { aws, world, id } = scene({ policy: { A: 'accept' } })
  let refusals = 0
  aws.onSettle = () => {
    if (refusals === 0) {
      refusals += 1
      throw new AccessRefused('not allowed')
    }
  }
  await world.scan()
  world.killRun(`${id}-1`)
  await world.vote('alice', 'accept')
  await world.scan()
  await world.advance(61 * seconds)
  expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
  expect(world.invoked.filter((name) => name === 'AcceptByPolicy')).toHaveLength(1)
})

describe('a hand-over', () => {
  test('past the end that AWS has not carried out yet is looked at every few minutes, not every second', async () => {
    const { aws, world } = scene({ offer: { expiresAt: new Date(Date.now() + 3 * hours).toISOString() } })
    aws.handsOver = true
    await world.scan()
    await world.vote('alice', 'accept')
    await world.advance(3 * hours)
    const before = world.invoked.length
    await world.advance(10 * minutes)
    expect(world.invoked.length - before).toBeLessThan(20)
  })

  test('of what policy accepted is not woken by scans after the window', async () => {
    const { aws, world } = scene({ policy: { A: 'accept' } })
    aws.handsOver = true
    await world.scan()
    await world.advance(8 * days)
    const before = world.invoked.length
    await world.scan()
    expect(world.invoked.slice(before)).toEqual([])
  })

  test('of facts that changed is not handed over: they are judged first', async () => {
    const { aws, world, offer, id } = scene()
    aws.handsOver = true
    await world.scan()
    world.fault = (step) => {
      if (step === 'AcceptForPeople') offer.facts = 'B'
      return undefined
    }
    await world.vote('alice', 'accept')
    expect((await world.state(id)).round).toMatchObject({ number: 2, cause: 'facts-changed' })
    expect(world.mails.every(({ mail }) => !mail.subject.includes('AWS console'))).toBe(true)
  })
})

describe('what AWS shows after the fact', () => {
  test('an accept that took another offer is recorded, and not called ACCEPTED', async () => {
    const { aws, world, offer, id } = scene({ policy: { A: 'accept' } })
    aws.afterSettle = () => {
      offer.status = 'gone'
    }
    await world.scan()
    const state = await world.state(id)
    expect(state.settled?.changed).toEqual(['identity'])
    expect(state.closed?.outcome).toBe('WITHDRAWN')
  })

  test('a share withdrawn while our reject was throttled was not rejected: RAM would show it', async () => {
    const { aws, world, offer, id } = scene({ policy: { A: 'reject' } })
    let calls = 0
    aws.onSettle = () => {
      if (calls++ === 0) throw new ServiceThrottled('slow down')
    }
    world.fault = (step) => {
      if (step === 'Reject' && calls === 1) offer.status = 'gone'
      return undefined
    }
    await world.scan()
    await world.advance(10 * minutes)
    expect((await world.state(id)).closed?.outcome).toBe('WITHDRAWN')
  })
})

describe('a run that was taken over', () => {
  const takeOver = {
    type: 'failed',
    actor: 'scan',
    run: 1,
    round: 0,
    step: 'failed',
    data: { error: 'RunDied', detail: '' },
  } as const

  test('between its check and its attempt: attempts nothing, calls nothing', async () => {
    const { aws, world, id } = scene({ policy: { A: 'accept' } })
    world.beforeSettling = async () => {
      await world.ledger.record(id, (state) => ({ ...takeOver, factsHash: state?.round?.factsHash ?? null }))
    }
    await world.scan()
    expect((await world.types(id)).at(-1)).toBe('failed')
    expect(aws.effects).toEqual([])
    expect(world.executions()[0]?.status).toBe('SUCCEEDED')
  })

  test('before Close: closes nothing', async () => {
    const { world, id } = scene({ policy: { A: 'reject' }, settings: { mode: 'observe' } })
    let taken = false
    world.fault = (step) => {
      if (step === 'Close' && !taken) {
        taken = true
        return { when: 'before', error: 'ServiceUnavailable' }
      }
      return undefined
    }
    await world.scan()
    await world.ledger.record(id, (state) => ({ ...takeOver, factsHash: state?.round?.factsHash ?? null }))
    await world.advance(minutes / 2)
    expect((await world.types(id)).includes('closed')).toBe(false)
  })
})

test('Ask writes its token before it reads: a vote that comes in between wakes it', async () => {
  const { world, id } = scene()
  await world.scan()
  let voted = false
  world.onAskRead = async () => {
    if (voted) return
    voted = true
    await world.castVote('alice', 'accept')
  }
  world.killRun(`${id}-1`)
  await world.scan()
  await world.advance(61 * seconds)
  expect(voted).toBe(true)
  expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
})

test('a certificate from outside the partner list goes to people whatever policy says', async () => {
  const { world, id } = scene({
    policy: { A: 'accept' },
    settings: { partners: {} },
    offer: { ref: aRef({ kind: 'iot-transfer' }) },
  })
  await world.scan(world.target('iot-transfer'))
  expect((await world.state(id)).round?.judged?.notes).toEqual(['outside-auto-accept-bound'])
})
