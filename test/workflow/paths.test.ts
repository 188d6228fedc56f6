import { aRef } from '../support/events.ts'
import { closeScenes, days, hours, openScenes, scene } from '../support/scene.ts'

beforeAll(openScenes)
afterAll(closeScenes)

describe('policy decides', () => {
  test('accept: accepted once, in seven transitions', async () => {
    const { aws, world, id } = scene({ policy: { A: 'accept' } })
    await world.scan()
    expect(await world.types(id)).toEqual(['detected', 'inspected', 'judged', 'attempted', 'settled', 'closed'])
    expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
    expect(aws.effects).toEqual([{ offerId: id, action: 'accept', facts: 'A' }])
    expect(world.path(`${id}-1`)).toHaveLength(7)
    expect(world.announced).toEqual(['Gatehouse Offer Opened', 'Gatehouse Offer Closed'])
  })

  test('reject: rejected once, and nobody is asked', async () => {
    const { aws, world, id } = scene({ policy: { A: 'reject' } })
    await world.scan()
    expect((await world.state(id)).closed?.outcome).toBe('REJECTED')
    expect(aws.effects).toHaveLength(1)
    expect(world.mails).toEqual([])
  })

  test('accept from outside the partner list goes to people', async () => {
    const { world, id } = scene({ policy: { A: 'accept' }, settings: { partners: {} } })
    await world.scan()
    expect((await world.state(id)).round?.judged).toMatchObject({
      verdict: 'review',
      notes: ['outside-auto-accept-bound'],
    })
    expect(world.mails).toHaveLength(2)
  })

  test('accept from a partner whose group has ended goes to people, whatever the role may do', async () => {
    const partnersUntil = { network: new Date(0).toISOString() }
    const { world, id } = scene({ policy: { A: 'accept' }, settings: { partnersUntil } })
    await world.scan()
    const { judged } = (await world.state(id)).round!
    expect(judged).toMatchObject({ verdict: 'review', notes: ['outside-auto-accept-bound'], partnerGroups: [] })
  })

  test('accept of our own outgoing certificate leaves it alone', async () => {
    const ref = aRef({ kind: 'iot-outgoing' })
    const { aws, world, id } = scene({ policy: { A: 'accept' }, offer: { ref } })
    await world.scan(world.target('iot-outgoing'))
    expect((await world.state(id)).closed?.outcome).toBe('LEFT')
    expect(aws.effects).toEqual([])
  })

  test('in observe mode the verdict is recorded and nothing is answered', async () => {
    const { aws, world, id } = scene({ policy: { A: 'reject' }, settings: { mode: 'observe' } })
    await world.scan()
    const state = await world.state(id)
    expect(state.closed?.outcome).toBe('OBSERVED')
    expect(state.round?.judged?.verdict).toBe('reject')
    expect(aws.effects).toEqual([])
  })
})

describe('people decide', () => {
  test('accept: asked, judged again, accepted, told; at most fourteen transitions', async () => {
    const { aws, world, id } = scene()
    await world.scan()
    expect((await world.state(id)).round?.asked?.approvers).toEqual(['alice', 'bob'])
    expect(await world.vote('alice', 'accept')).toEqual({ result: 'voted', choice: 'accept' })
    const state = await world.state(id)
    expect(state.closed?.outcome).toBe('ACCEPTED')
    expect(state.round?.decision).toMatchObject({ by: 'people', people: ['alice'] })
    expect(aws.effects).toHaveLength(1)
    expect(world.path(`${id}-1`).length).toBeLessThanOrEqual(14)
    expect(world.mails.map(({ to }) => to)).toEqual([
      'alice@example.com',
      'bob@example.com',
      'alice@example.com',
      'bob@example.com',
    ])
  })

  test('reject: one is enough', async () => {
    const { aws, world, id } = scene()
    await world.scan()
    await world.vote('bob', 'reject')
    expect((await world.state(id)).closed?.outcome).toBe('REJECTED')
    expect(aws.effects).toEqual([{ offerId: id, action: 'reject', facts: 'A' }])
  })

  test('what policy forbids people to accept is refused at the vote, with the reason', async () => {
    const { aws, world, id } = scene({ offer: { facts: 'no-approve' } })
    await world.scan()
    expect(await world.vote('alice', 'accept')).toMatchObject({ result: 'refused', field: 'choice' })
    expect((await world.state(id)).round?.votes.size).toBe(0)
    await world.vote('alice', 'reject')
    expect(aws.effects.map(({ action }) => action)).toEqual(['reject'])
  })

  test('what policy forbids only after they were asked begins a new round and is asked again', async () => {
    const { aws, world, id } = scene()
    await world.scan()
    const { policy } = world
    world.policy = { ...policy, approve: (request) => ({ ...policy.approve(request), allowed: false }) }
    await world.vote('alice', 'accept')
    const state = await world.state(id)
    expect(state).toMatchObject({ status: 'open', changes: 1 })
    expect(state.round).toMatchObject({ number: 2, cause: 'refused' })
    expect(state.round?.votes.size).toBe(0)
    expect(aws.effects).toEqual([])
    expect(world.mails).toHaveLength(4)
  })

  test('facts that changed while they were asked: their accept counts for nothing, they are asked on the new facts', async () => {
    const { aws, world, offer, id } = scene()
    await world.scan()
    offer.facts = 'B'
    await world.vote('alice', 'accept')
    const state = await world.state(id)
    expect(state.round).toMatchObject({ number: 2, cause: 'facts-changed' })
    expect(aws.effects).toEqual([])
    await world.vote('bob', 'accept')
    expect(aws.effects).toEqual([{ offerId: id, action: 'accept', facts: 'B' }])
  })

  test('facts that changed do not save an offer from a reject', async () => {
    const { aws, world, offer, id } = scene()
    await world.scan()
    offer.facts = 'B'
    await world.vote('alice', 'reject')
    expect((await world.state(id)).closed?.outcome).toBe('REJECTED')
    expect(aws.effects).toHaveLength(1)
  })
})

describe('time decides', () => {
  test('at the deadline, an hour before AWS ends the offer, the default rejects', async () => {
    const { aws, world, id } = scene({ offer: { expiresAt: new Date(Date.now() + 12 * hours).toISOString() } })
    await world.scan()
    await world.advance(10.9 * hours)
    expect((await world.state(id)).status).toBe('open')
    await world.advance(0.2 * hours)
    const state = await world.state(id)
    expect(state.closed?.outcome).toBe('REJECTED')
    expect(state.round?.decision).toMatchObject({ by: 'deadline', reason: 'deadline' })
    expect(aws.effects).toHaveLength(1)
  })

  test('where AWS sets no end, the configured window counts from the detection', async () => {
    const { world, id } = scene()
    await world.scan()
    await world.advance(7 * days - hours)
    expect((await world.state(id)).status).toBe('open')
    await world.advance(hours)
    expect((await world.state(id)).closed?.outcome).toBe('REJECTED')
  })

  test('found inside its margin, nobody is asked: the default stands at once, and people are told why', async () => {
    const { world, id } = scene({ offer: { expiresAt: new Date(Date.now() + 0.5 * hours).toISOString() } })
    await world.scan()
    const state = await world.state(id)
    expect(state.closed?.outcome).toBe('REJECTED')
    expect(state.round?.decision).toMatchObject({ by: 'deadline', reason: 'found-too-late' })
    expect(await world.types(id)).not.toContain('asked')
    expect(world.mails.map(({ to }) => to)).toEqual(['alice@example.com', 'bob@example.com'])
    for (const { mail } of world.mails) {
      expect(mail.text).toContain('would have been asked')
      expect(mail.text).toContain('found too late to ask anybody')
      expect(mail.text).not.toContain('/a/')
    }
  })

  test('a window that passed before anybody was asked does not reject unasked', async () => {
    const { world, id } = scene()
    world.fault = (step) => (step === 'Judge' ? { when: 'before', error: 'Boom' } : undefined)
    await world.scan()
    world.fault = () => undefined
    await world.advance(8 * days)
    await world.scan()
    const state = await world.state(id)
    expect(state.status).toBe('open')
    expect(state.round?.asked).toBeDefined()
  })

  test('the default may leave it', async () => {
    const deadlineDefault = {
      'ram-invitation': 'leave',
      'iot-transfer': 'reject',
      'iam-delegation': 'reject',
      'iot-outgoing': 'leave',
      'iot-send': 'reject',
    } as const
    const { aws, world, id } = scene({ settings: { deadlineDefault } })
    await world.scan()
    await world.advance(7 * days)
    expect((await world.state(id)).closed?.outcome).toBe('LEFT')
    expect(aws.effects).toEqual([])
  })
})

describe('somebody else decides', () => {
  test.each([
    ['accepted', 'SUPERSEDED'],
    ['rejected', 'SUPERSEDED'],
    ['gone', 'WITHDRAWN'],
    ['expired', 'LAPSED'],
  ] as const)('%s while people are asked: the next scan looks again and the case is %s', async (status, outcome) => {
    const { aws, world, offer, id } = scene()
    await world.scan()
    offer.status = status
    await world.scan()
    expect((await world.state(id)).closed?.outcome).toBe(outcome)
    expect(aws.effects).toEqual([])
    expect(world.mails).toHaveLength(4)
  })

  test('gone before the first look', async () => {
    const { world, offer, id, aws } = scene()
    aws.onInspect = () => {
      offer.status = 'gone'
    }
    await world.scan()
    expect((await world.state(id)).closed?.outcome).toBe('WITHDRAWN')
  })

  test('answered the other way between our reading and our call: lost', async () => {
    const { aws, world, offer, id } = scene({ policy: { A: 'accept' } })
    aws.onSettle = () => {
      offer.status = 'rejected'
    }
    await world.scan()
    expect((await world.state(id)).closed?.outcome).toBe('SUPERSEDED')
    expect((await world.state(id)).settled?.result).toBe('lost')
  })
})

describe('a hand-over', () => {
  test('sends the link to those who accepted and stays open until AWS says how it ended', async () => {
    const { aws, world, offer, id } = scene()
    aws.handsOver = true
    await world.scan()
    await world.vote('alice', 'accept')
    const state = await world.state(id)
    expect(state).toMatchObject({ status: 'open', attempts: [] })
    expect(world.mails.at(-1)).toMatchObject({ to: 'alice@example.com' })
    await world.scan()
    expect((await world.state(id)).status).toBe('open')
    offer.status = 'accepted'
    await world.scan()
    expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
  })

  test('that nobody takes up is brought to mind again, each time once', async () => {
    const { aws, world } = scene({ offer: { expiresAt: new Date(Date.now() + 8 * days).toISOString() } })
    aws.handsOver = true
    await world.scan()
    await world.vote('alice', 'accept')
    await world.advance(3 * days)
    expect(world.mailed('hand-over')).toEqual(['alice'])
    expect(world.mailed('hand-over-1')).toEqual([])
    await world.advance(2 * days)
    await world.scan()
    expect(world.mailed('hand-over-1')).toEqual(['alice'])
    await world.advance(2 * days)
    expect([world.mailed('hand-over-1'), world.mailed('hand-over-2')]).toEqual([['alice'], ['alice']])
    expect(world.mails.at(-1)?.mail.subject).toMatch(/^Reminder: /)
  })

  test('is brought to mind at the times that are configured, and is not looked at in between but once a day', async () => {
    const expiresAt = new Date(Date.now() + 10 * days).toISOString()
    const { aws, world } = scene({ offer: { expiresAt }, settings: { remindAt: [0.05, 0.3, 0.95] } })
    aws.handsOver = true
    await world.scan()
    await world.vote('alice', 'accept')
    const start = world.clock.now()
    await world.advance(9.8 * days)

    const at = ['hand-over-1', 'hand-over-2', 'hand-over-3'].map((about) => {
      const mail = world.mails.find(({ tags }) => tags.about === about)
      return Math.round(((mail?.at ?? 0) - start) / (days / 10)) / 10
    })
    expect(at).toEqual([0.5, 3, 9.5])
    expect(world.mailed('hand-over-2')).toEqual(['alice'])
    expect(world.invoked.filter((step) => step === 'AcceptForPeople').length).toBeLessThan(16)
  })

  test('that nobody takes up lapses as AWS says, and the message is not sent twice', async () => {
    const { aws, world, offer, id } = scene({ offer: { expiresAt: new Date(Date.now() + 7 * days).toISOString() } })
    aws.handsOver = true
    await world.scan()
    await world.vote('alice', 'accept')
    const sent = world.mails.length
    await world.advance(3 * days)
    expect(world.mails).toHaveLength(sent)
    offer.status = 'expired'
    await world.advance(5 * days)
    expect((await world.state(id)).closed?.outcome).toBe('LAPSED')
  })
})
