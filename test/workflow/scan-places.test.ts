import { scan } from '../../lambda/handlers/scan.handler.ts'
import { followHint } from '../../lambda/handlers/scan/follow-hint.ts'
import type { ScanDeps } from '../../lambda/handlers/scan/scan-deps.ts'
import { AccessRefused, ServiceThrottled } from '../../lambda/contract/errors.ts'
import type { Target } from '../../lambda/domain/offer.ts'
import { PlaceStore } from '../../lambda/ledger/place-store.ts'
import type { Place } from '../../lambda/domain/place.ts'
import { closeScenes, openScenes, scene, type Scene } from '../support/scene.ts'

beforeAll(openScenes)
afterAll(closeScenes)

const bad = '200000000001'
const placeOf = (account: string): Target => ({ kind: 'ram-invitation', account, region: 'us-east-1' })
const record = (hint: object, messageId = 'message'): { messageId: string; body: string } => {
  return { messageId, body: JSON.stringify(hint) }
}

/** Every account is governed; opening the bad one does what a test says. */
function depsOf({ world, aws }: Scene, onBad: () => Promise<never>): ScanDeps {
  const open = async (target: Target) => (target.account === bad ? await onBad() : aws.open(target))
  return { ...world.scanDeps(), governs: () => Promise.resolve(true), open }
}

async function placesOf(given: Scene): Promise<Place[]> {
  const places = new PlaceStore(given.world.table)
  await places.add([placeOf(bad), placeOf(given.world.account)], new Date(given.world.clock.now()))
  return await places.list()
}

const refused = (): Promise<never> => Promise.reject(new AccessRefused('AssumeRole: AccessDenied: no such role'))

describe('an account that fails', () => {
  test('keeps no other in its batch waiting', async () => {
    const given = scene()
    let release: (error: Error) => void = () => undefined
    const deps = depsOf(given, () => new Promise((_resolve, reject) => (release = reject)))
    const scanned = scan({ Records: [record(placeOf(bad), 'slow'), record(placeOf(given.world.account))] }, deps)
    const isOpen = async (): Promise<boolean> => (await given.world.ledger.read(given.id)) !== undefined
    while (!(await isOpen())) await new Promise((resolve) => setImmediate(resolve))
    release(new ServiceThrottled('slow down'))
    expect(await scanned).toEqual({ batchItemFailures: [{ itemIdentifier: 'slow' }] })
    await given.world.idle()
    expect((await given.world.state(given.id)).status).toBe('open')
  })

  test('is known with the reason, and not asked again before the next sweep where its role is missing', async () => {
    const given = scene()
    const Records = [record(placeOf(bad)), record(given.world.target('ram-invitation'))]
    expect(await scan({ Records }, depsOf(given, refused))).toEqual({ batchItemFailures: [] })
    await given.world.idle()
    const places = await placesOf(given)
    const at = new Date(given.world.clock.now()).toISOString().slice(0, 10)
    expect(places.find(({ account }) => account === bad)).toMatchObject({
      lastFailure: {
        at: expect.stringContaining(at),
        error: 'AccessRefused: AssumeRole: AccessDenied: no such role',
      },
    })
    expect(places.find(({ account }) => account === given.world.account)).toMatchObject({ pending: 1 })
  })

  test('comes again where an offer was named: nobody else asks for it', async () => {
    const given = scene()
    const Records = [record({ ...placeOf(bad), awsId: 'arn:offer' })]
    expect((await scan({ Records }, depsOf(given, refused))).batchItemFailures).toHaveLength(1)
  })
})

describe('a place that several sweeps asked for while the queue was behind', () => {
  const minutes = 60_000

  async function followSent(given: Scene, sentAtMs: readonly number[]): Promise<number> {
    const before = given.aws.lists
    for (const [index, at] of sentAtMs.entries()) {
      const attributes = { SentTimestamp: at }
      await scan(
        { Records: [{ ...record(placeOf(given.world.account), String(index)), attributes }] },
        given.world.scanDeps(),
      )
    }
    await given.world.idle()
    return given.aws.lists - before
  }

  test('is listed once for all of them, and again for the next', async () => {
    const given = scene()
    const { world } = given
    const asked = [0, 15, 30].map((minute) => world.clock.now() + minute * minutes)
    await world.advance(40 * minutes)
    expect(await followSent(given, asked)).toBe(1)
    const next = world.clock.now() + minutes
    await world.advance(10 * minutes)
    expect(await followSent(given, [next])).toBe(1)
  })

  test('is listed for each where an event had asked in between: that looks at what is new only', async () => {
    const given = scene()
    const { world } = given
    const asked = world.clock.now()
    await world.advance(40 * minutes)
    await followHint(placeOf(world.account), world.scanDeps(), true)
    expect(await followSent(given, [asked])).toBe(1)
  })

  test('is listed again after a listing that failed', async () => {
    const given = scene()
    const { world } = given
    const asked = world.clock.now()
    await world.advance(40 * minutes)
    given.aws.onListed = () => {
      throw new ServiceThrottled('slow down')
    }
    expect(await followSent(given, [asked])).toBe(1)
    given.aws.onListed = () => undefined
    expect(await followSent(given, [asked, asked])).toBe(1)
  })
})
