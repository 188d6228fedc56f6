import { createActivity } from '../../local/activity.ts'
import { readAssembly } from '../../local/assembly.ts'
import type { Functions } from '../../local/functions.ts'
import { createFunctions } from '../../local/functions.ts'
import type { PoolSize } from '../../local/functions/pool.ts'
import { place, writeAssembly } from '../support/assembly.ts'

const functions = {
  Env: { code: 'export const handler = async () => ({ ...process.env })', env: { COLOR: 'green' } },
  Echo: {
    code: `let count = 0
export const handler = async (event, context) => {
  console.log('seen ' + event.word)
  return { event, count: ++count, name: context.functionName, left: context.getRemainingTimeInMillis() > 0 }
}`,
  },
  Fails: {
    code: `class OfferBusy extends Error { name = 'OfferBusy' }
export const handler = async () => { throw new OfferBusy('not now') }`,
  },
  Hangs: { code: 'export const handler = () => new Promise(() => undefined)', timeout: 1 },
  Picky: { code: 'export const handler = (event) => event.fine ?? new Promise(() => undefined)' },
  Crashes: { code: 'export const handler = async (event) => event.fine ?? process.exit(3)' },
  Broken: { code: 'export const other = 1' },
  Silent: { code: 'export const handler = async () => undefined' },
}

describe('a function of the app', () => {
  let listen: (line: string) => void = () => undefined
  const activity = createActivity()
  let clockOffsetMs = 0
  let running: Functions

  beforeAll(() => {
    running = createFunctions({
      specs: readAssembly(writeAssembly({ functions }), place).functions,
      place,
      credentialsOf: ({ id }) => ({ accessKeyId: `ASIA${id}`, secretAccessKey: 'secret', sessionToken: 'token' }),
      clockOffsetMs: () => clockOffsetMs,
      log: (id, text) => {
        if (text.includes('logged')) listen(`${id}: ${text}`)
      },
      activity,
      poolSize: { usual: 1, most: 1, patienceMs: 60_000 },
    })
  })
  afterAll(() => running.close())

  async function invoke(name: string, event: unknown = {}): Promise<Record<string, unknown>> {
    const outcome = await running.invoke(name, JSON.stringify(event))
    return outcome.ok ? JSON.parse(outcome.payload) : { failed: outcome.error.errorType, ...outcome.error }
  }

  test('sees its own environment, and nothing of this process', async () => {
    process.env.GATEHOUSE_SECRET_OF_THIS_PROCESS = 'yes'
    const env = await invoke('Env')
    expect(env).toMatchObject({
      COLOR: 'green',
      AWS_ACCESS_KEY_ID: 'ASIAEnv',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'Env',
    })
    expect(env).not.toHaveProperty('GATEHOUSE_SECRET_OF_THIS_PROCESS')
    expect(env).not.toHaveProperty('PATH')
  })

  test('learns with each invocation how far the clock was moved', async () => {
    clockOffsetMs = 3_600_000
    expect(await invoke('Env')).toMatchObject({ GATEHOUSE_CLOCK_OFFSET_MS: '3600000' })
    clockOffsetMs = 0
    expect(await invoke('Env')).toMatchObject({ GATEHOUSE_CLOCK_OFFSET_MS: '0' })
  })

  test('runs one invocation at a time in a warm environment', async () => {
    const answers = await Promise.all([invoke('Echo', { word: 'a' }), invoke('Echo', { word: 'b' })])
    expect(answers.map(({ count }) => count)).toEqual([1, 2])
    expect(answers[0]).toMatchObject({ event: { word: 'a' }, name: 'Echo', left: true })
  })

  test('is found by logical id, name and ARN', async () => {
    const arn = 'arn:aws:lambda:us-east-1:111111111111:function:Echo'
    expect(running.find(arn)?.id).toBe('Echo')
    expect(running.find(`${arn}:$LATEST`)?.id).toBe('Echo')
    await expect(running.invoke('Nobody', '{}')).rejects.toThrow('no function `Nobody`')
  })

  test('prints to the log', async () => {
    const printed = new Promise<string>((resolve) => {
      listen = resolve
    })
    await invoke('Echo', { word: 'logged' })
    expect(await printed).toBe('Echo: seen logged\n')
  })

  test('fails with the name of its error', async () => {
    expect(await invoke('Fails')).toMatchObject({ failed: 'OfferBusy', errorMessage: 'not now' })
  })

  test('is ended at its timeout, and the next invocation starts anew', async () => {
    const twice = await Promise.all([invoke('Hangs'), invoke('Hangs')])
    expect(twice.map(({ failed }) => failed)).toEqual(['Sandbox.Timedout', 'Sandbox.Timedout'])
    expect(twice[0].errorMessage).toContain('timed out after 1.00 seconds')
  })

  test('that ends its process has failed in an unknown way, and starts anew', async () => {
    expect(await invoke('Crashes')).toMatchObject({ failed: 'Lambda.Unknown' })
    expect(await invoke('Crashes', { fine: { ok: true } })).toEqual({ ok: true })
  })

  test('without its handler says what is missing', async () => {
    expect(await invoke('Broken')).toMatchObject({ errorMessage: 'handler is not a function of the bundle' })
    expect(await invoke('Broken')).toMatchObject({ failed: 'TypeError' })
  })

  test('that returns nothing answers null', async () => {
    expect(await invoke('Silent')).toBeNull()
  })

  test('counts as activity while it runs', async () => {
    const answer = invoke('Echo', { word: 'busy' })
    expect(activity.busy).toBe(true)
    await activity.quiet()
    expect(activity.busy).toBe(false)
    await answer
  })

  test('that still runs or waits when everything closes has failed', async () => {
    const own = createOwn({ usual: 1, most: 1, patienceMs: 60_000 })
    const twice = [own.invoke('Hangs', '{}'), own.invoke('Hangs', '{}')]
    await own.close()
    const late = await Promise.all([...twice, own.invoke('Hangs', '{}')])
    expect(late).toMatchObject(Array(3).fill({ ok: false, error: { errorType: 'Lambda.Unknown' } }))
  })

  test('gets another environment while all it has hang', async () => {
    const own = createOwn({ usual: 1, most: 2, patienceMs: 10 })
    const hanging = own.invoke('Picky', '{}')
    expect(await own.invoke('Picky', '{"fine":1}')).toEqual({ ok: true, payload: '1' })
    await own.close()
    expect(await hanging).toMatchObject({ ok: false })
  })

  function createOwn(poolSize: PoolSize): Functions {
    return createFunctions({
      specs: readAssembly(writeAssembly({ functions }), place).functions,
      place,
      credentialsOf: () => ({ accessKeyId: 'ASIA', secretAccessKey: 'secret', sessionToken: 'token' }),
      clockOffsetMs: () => 0,
      log: () => undefined,
      activity,
      poolSize,
    })
  }
})
