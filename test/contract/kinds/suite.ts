import type { Choice, Settlement } from '../../../lambda/domain/event.ts'
import { changedFacts, factsHashOf, factsSchema, type Inspection } from '../../../lambda/domain/facts.ts'
import { offerIdOf, type OfferKind, type OfferRef } from '../../../lambda/domain/offer.ts'
import type { Kind, Settled } from '../../../lambda/kinds/kind.ts'
import { discovered, startKindWorld, type KindWorld } from '../../support/kind-world.ts'
import { partner, us } from '../../support/kinds.ts'

type State = Inspection['state']
type Ending = 'accept' | 'reject' | 'end'

/** What differs between the kinds: how offers are made and end, and what is then left to read. */
export interface KindUnderTest {
  kind: OfferKind
  /** The model and the calls that faults are put on. */
  calls: { model: string; list: string; read: string; reject: string; unavailable?: string }
  /** Where it is not one of the app's: its own service, and how it is opened. */
  start?: () => Promise<KindWorld>
  offer: (world: KindWorld) => Promise<string>
  /** How an offer ends without us: a person answers it, or it expires or is withdrawn. */
  endings: Record<Ending, (world: KindWorld, awsId: string) => Promise<unknown>>
  /** How it then reads. */
  states: Record<Ending, State>
  /** What our answer then comes to. */
  settles: Partial<Record<Choice, Record<Ending, Settlement>>>
  /** What a second same answer of ours comes to. */
  twice: Partial<Record<Choice, Settlement>>
  /** Decisive facts that AWS still shows after an accept. */
  seen: string[]
  unknownId: string
}

/** What every kind does, through the real SDK. */
export function describeKind(tested: KindUnderTest): void {
  const { calls } = tested
  const { unavailable = 'ServiceUnavailableException' } = calls
  let world: KindWorld
  let kind: Kind
  beforeAll(async () => {
    world = await (tested.start ?? startKindWorld)()
    kind = await world.open(tested.kind)
  })
  afterEach(() => {
    world.behaviour.reset()
  })
  afterAll(() => world.close())

  const offer = async (): Promise<OfferRef> => {
    const awsId = await tested.offer(world)
    const ref = await kind.locate(awsId)
    expect(ref).toMatchObject({ kind: tested.kind, account: us, region: 'us-east-1', awsId })
    return ref!
  }
  const settle = (ref: OfferRef, action: Choice): Promise<Settled> => kind.settle({ ref, action, reason: 'no need' })
  const stateOf = async (ref: OfferRef): Promise<State> => (await kind.inspect(ref)).state
  const fault = (operation: string, error: string, more: object = {}): void => {
    world.behaviour.set({ faults: [{ service: calls.model, operation, error, times: 3, ...more }] })
  }
  const answers = Object.keys(tested.settles) as Choice[]
  const endings = Object.keys(tested.endings) as Ending[]

  it('discovers exactly the pending offers', async () => {
    const [first, second, answered] = [await offer(), await offer(), await offer()]
    await tested.endings.reject(world, answered.awsId)
    const ids = (await discovered(kind)).map(offerIdOf)
    expect(ids).toEqual(expect.arrayContaining([offerIdOf(first), offerIdOf(second)]))
    expect(ids).not.toContain(offerIdOf(answered))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('tells who offers what it lists', async () => {
    const ref = await offer()
    for await (const found of kind.discover()) {
      if (offerIdOf(found.ref) !== offerIdOf(ref)) continue
      const inspection = await kind.inspect(ref)
      expect(found.counterparty).toMatch(/^\d{12}$/)
      expect(inspection).toMatchObject({ facts: { counterparty: found.counterparty } })
    }
    expect.assertions(3)
  })

  it('locates nothing under an id that is not there', async () => {
    expect(await kind.locate(tested.unknownId)).toBeUndefined()
  })

  it('reads the facts of a pending offer, the same each time', async () => {
    const ref = await offer()
    const [first, second] = [await kind.inspect(ref), await kind.inspect(ref)]
    if (first.state !== 'pending' || second.state !== 'pending') throw new Error('expected a pending offer')
    expect(factsSchema.parse(first.facts)).toMatchObject({
      counterparty: partner,
      decisive: { counterparty: partner, organization: 'not-configured' },
      unknown: [],
    })
    expect(factsHashOf(second.facts)).toBe(factsHashOf(first.facts))
  })

  it.each(endings)('reads an offer after: %s', async (ending) => {
    const ref = await offer()
    await tested.endings[ending](world, ref.awsId)
    expect(await stateOf(ref)).toBe(tested.states[ending])
    expect(await kind.locate(ref.awsId)).toBeUndefined()
  })

  it('still shows facts of an accepted offer, and the same', async () => {
    const ref = await offer()
    const before = await kind.inspect(ref)
    await tested.endings.accept(world, ref.awsId)
    const after = await kind.inspect(ref)
    if (before.state !== 'pending' || after.state !== 'accepted') throw new Error('expected an accepted offer')
    expect(Object.keys(after.seen ?? {})).toEqual(expect.arrayContaining(tested.seen))
    expect(changedFacts(before.facts, after.seen ?? {})).toEqual([])
  })

  it.each(answers)('carries out an %s, and once more', async (action) => {
    const ref = await offer()
    expect(await settle(ref, action)).toMatchObject({ result: 'settled' })
    expect(await stateOf(ref)).toBe(tested.states[action])
    expect(await settle(ref, action)).toMatchObject({ result: tested.twice[action] })
  })

  it.each(answers.flatMap((action) => endings.map((ending) => [action, ending] as const)))(
    'answers an %s after: %s',
    async (action, ending) => {
      const ref = await offer()
      await tested.endings[ending](world, ref.awsId)
      expect(await settle(ref, action)).toMatchObject({ result: tested.settles[action]![ending] })
      expect(await stateOf(ref)).toBe(tested.states[ending])
    },
  )

  it('does not repeat a reject whose answer was lost', async () => {
    const ref = await offer()
    fault(calls.reject, unavailable, { times: 1, after: true })
    await expect(settle(ref, 'reject')).rejects.toMatchObject({ name: 'ServiceUnavailable' })
    expect(await stateOf(ref)).toBe(tested.states.reject)
    expect(await settle(ref, 'reject')).toMatchObject({ result: tested.twice.reject })
  })

  it('says by name what somebody reacts to', async () => {
    const ref = await offer()
    fault(calls.reject, 'ThrottlingException')
    await expect(settle(ref, 'reject')).rejects.toMatchObject({ name: 'ServiceThrottled' })
    fault(calls.read, 'AccessDeniedException')
    await expect(kind.inspect(ref)).rejects.toMatchObject({ name: 'AccessRefused' })
    fault(calls.list, unavailable)
    await expect(discovered(kind)).rejects.toMatchObject({ name: 'ServiceUnavailable' })
  })
}
