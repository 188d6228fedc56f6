import { aRef } from '../support/events.ts'
import { closeScenes, minutes, openScenes, scene, seconds } from '../support/scene.ts'

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
    const { aws, world, offer, id } = scene({ policy: { A: 'reject' }, offer: { ref: aRef({ kind: 'iot-transfer' }) } })
    let died = 0
    aws.afterSettle = () => {
      offer.status = 'gone'
      if (died++ === 0) throw Object.assign(new Error('connection lost'), { name: 'ServiceUnavailable' })
    }
    await world.scan(world.target('iot-transfer'))
    await world.advance(2 * minutes)
    expect((await world.state(id)).closed?.outcome).toBe('REJECTED')
  })

  test('one that was gone before the first attempt called anything was withdrawn', async () => {
    const { aws, world, offer, id } = scene({ policy: { A: 'reject' }, offer: { ref: aRef({ kind: 'iot-transfer' }) } })
    let reads = 0
    aws.onInspect = () => {
      if (++reads === 2) offer.status = 'gone'
    }
    await world.scan(world.target('iot-transfer'))
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
