import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { UnexpectedAnswer } from '../../lambda/contract/errors.ts'
import { offerIdOf } from '../../lambda/domain/offer.ts'
import { scan } from '../../lambda/handlers/scan.handler.ts'
import { createLately } from '../../lambda/handlers/scan/lately.ts'
import { runHint } from '../../lambda/handlers/scan/run-hint.ts'
import type { ScanDeps } from '../../lambda/handlers/scan/scan-deps.ts'
import { eventKey } from '../../lambda/ledger/keys.ts'
import { closeScenes, hours, minutes, openScenes, scene, tableOf, type Scene } from '../support/scene.ts'
import type { TestOffer } from '../support/test-aws.ts'

beforeAll(openScenes)
afterAll(closeScenes)

/** One more offer in the same account. */
function another({ aws, offer }: Scene, awsId: string): TestOffer {
  return aws.offer({ ref: { ...offer.ref, awsId: `${offer.ref.awsId}-${awsId}` } })
}

describe('one bad offer does not hide the others', () => {
  test('when its case cannot be read', async () => {
    const given = scene()
    await given.world.scan()
    const change = { UpdateExpression: 'SET actor = :actor', ExpressionAttributeValues: { ':actor': 'mallory' } }
    await tableOf(given).client.send(
      new UpdateCommand({ TableName: tableOf(given).tableName, Key: eventKey(given.id, 1), ...change }),
    )
    const later = another(given, 'later')
    await expect(given.world.scan()).rejects.toMatchObject({ name: 'LedgerCorrupt' })
    expect((await given.world.state(offerIdOf(later.ref))).status).toBe('open')
  })

  test('when its facts cannot be read', async () => {
    const given = scene({ settings: { mode: 'observe' } })
    await given.world.scan()
    given.aws.onInspect = ({ awsId }) => {
      if (awsId === given.offer.ref.awsId) throw Object.assign(new Error('odd'), { name: 'UnexpectedAnswer' })
    }
    const later = another(given, 'later')
    await expect(given.world.scan()).rejects.toThrow('odd')
    await given.world.idle()
    expect((await given.world.state(offerIdOf(later.ref))).closed?.outcome).toBe('OBSERVED')
  })

  test('when it is odd in the listing: a case that is not listed is looked after all the same', async () => {
    const given = scene({ policy: { A: 'review' } })
    await given.world.scan()
    await given.world.idle()
    given.offer.status = 'gone'
    given.aws.onListed = () => {
      throw new UnexpectedAnswer('an odd item')
    }
    await expect(given.world.scan()).rejects.toThrow('an odd item')
    await given.world.idle()
    expect((await given.world.state(given.id)).closed?.outcome).toBe('WITHDRAWN')
  })

  test('but throttling ends the scan: to go on would be throttled as well', async () => {
    const given = scene({ settings: { mode: 'observe' } })
    await given.world.scan()
    given.aws.onInspect = () => {
      throw Object.assign(new Error('slow down'), { name: 'ServiceThrottled' })
    }
    const later = another(given, 'later')
    await expect(given.world.scan()).rejects.toThrow('slow down')
    expect(await given.world.ledger.read(offerIdOf(later.ref))).toBeUndefined()
  })
})

describe('the scan tells', () => {
  test('people of runs that die without a word, after five', async () => {
    const { world, id } = scene()
    world.fault = (step) => (['Judge', 'RecordFailure'].includes(step) ? { when: 'before', error: 'Boom' } : undefined)
    for (let hour = 0; hour < 6; hour += 1) {
      await world.scan()
      await world.advance(hours)
    }
    expect((await world.state(id)).failures).toBeGreaterThanOrEqual(5)
    expect(world.mails.map(({ to }) => to).slice(0, 2)).toEqual(['alice@example.com', 'bob@example.com'])
  })

  test('other systems that a case was opened, even if it dies right then', async () => {
    const given = scene()
    given.world.failAnnouncing = true
    await expect(given.world.scan()).rejects.toThrow()
    given.world.failAnnouncing = false
    await given.world.scan()
    expect(given.world.announced).toContain('Gatehouse Offer Opened')
  })
})

describe('closing tells', () => {
  test('everybody that can be told, and other systems, though one address fails for good', async () => {
    const { world } = scene()
    await world.scan()
    world.failMailTo = 'alice@example.com'
    await world.vote('bob', 'reject')
    await world.advance(hours)
    expect(world.announced).toContain('Gatehouse Offer Closed')
    expect(world.mails.filter(({ to }) => to === 'bob@example.com')).toHaveLength(2)
  })
})

describe('an index that lies is mended', () => {
  test('when it calls a closed case open that is still pending at AWS', async () => {
    const given = scene({ settings: { mode: 'observe' } })
    await given.world.scan()
    const state = await given.world.state(given.id)
    const { client, tableName } = tableOf(given)
    const { Item } = await given.world.summaryItem(given.id)
    const openKey = `open#${given.world.account}#us-east-1#ram-invitation`
    await client.send(
      new PutCommand({ TableName: tableName, Item: { ...Item, status: 'open', openKey, seq: state.seq - 1 } }),
    )
    await given.world.scan()
    const open: string[] = []
    for await (const { offerId } of given.world.ledger.openOffers(given.offer.ref)) open.push(offerId)
    expect(open).toEqual([])
  })
})

describe('hints in one batch', () => {
  test('are paced together', async () => {
    const given = scene({ settings: { runsPerSecond: 2 } })
    for (const name of ['b', 'c', 'd']) another(given, name)
    const target = given.world.target('ram-invitation')
    const Records = [...given.aws.offers.values()].map(({ ref }, index) => {
      return { messageId: String(index), body: JSON.stringify({ ...target, awsId: ref.awsId }) }
    })
    await scan({ Records }, given.world.scanDeps())
    await given.world.idle()
    expect(given.world.executions()).toHaveLength(2)
    await given.world.advance(minutes)
    expect(given.world.executions()).toHaveLength(4)
  })

  test('that say the same are followed once; one that fails comes again, the others are done', async () => {
    const given = scene()
    const target = given.world.target('ram-invitation')
    const body = (hint: object): string => JSON.stringify(hint)
    given.aws.onInspect = () => {
      throw new Error('odd')
    }
    await given.world.scan({ ...target, awsId: given.offer.ref.awsId })
    const Records = [
      { messageId: 'good', body: body({ ...target, awsId: 'nothing' }) },
      { messageId: 'same', body: body({ ...target, awsId: 'nothing' }) },
      { messageId: 'bad', body: body({ offerId: given.id }) },
      { messageId: 'noise', body: 'not json' },
    ]
    const before = given.aws.reads
    const { batchItemFailures } = await scan({ Records }, given.world.scanDeps())
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'bad' }])
    expect(given.aws.reads - before).toBe(2)
  })
})

describe('events that name no offer', () => {
  const listing = async (
    { world }: Scene,
    sentAtMs = world.clock.now(),
    { time = 1, deps = {} }: { time?: number; deps?: Partial<ScanDeps> } = {},
  ): Promise<void> => {
    const { account, region } = world.target('ram-invitation')
    const event = { source: 'aws.ram', 'detail-type': 'Resource Sharing State Change', account, region, detail: {} }
    const attributes = { SentTimestamp: sentAtMs, ApproximateReceiveCount: time }
    const record = { messageId: 'event', body: JSON.stringify(event), attributes }
    await scan({ Records: [record] }, { ...world.scanDeps(), ...deps })
    await world.idle()
  }

  /** A scene whose run dies without a word: only a scan that looks at the case notices. */
  const dying = async (): Promise<Scene> => {
    const given = scene()
    given.world.fault = (step) =>
      ['Judge', 'RecordFailure'].includes(step) ? { when: 'before', error: 'Boom' } : undefined
    await listing(given)
    return given
  }
  const failures = async ({ world, id }: Scene): Promise<number> => (await world.state(id)).failures

  test('find what is new, and look after a case once in a while', async () => {
    const given = await dying()
    const later = another(given, 'later')
    await listing(given)
    expect((await given.world.state(offerIdOf(later.ref))).status).toBe('open')
    expect(await failures(given)).toBe(0)
    await given.world.advance(46_000)
    await listing(given)
    expect(await failures(given)).toBe(1)
  })

  test('leave a case to the instance that has just opened it', async () => {
    const given = await dying()
    const { account, region } = given.world.target('ram-invitation')
    const starts: string[] = []
    const deps = given.world.scanDeps()
    const workflow = {
      ...deps.workflow,
      start: (input: { offerId: string; run: number }) => {
        starts.push(input.offerId)
        return deps.workflow.start(input)
      },
    }
    const other = { ...deps, workflow, lately: createLately(() => given.world.clock.now()) }
    await runHint({ kind: 'ram-invitation', account, region }, other, true)
    expect(starts).toEqual([])
    await runHint({ kind: 'ram-invitation', account, region }, other, false)
    expect(starts).toEqual([given.id])
  })

  test('are told by one listing, as many as were sent before it', async () => {
    const given = scene()
    await given.world.advance(1000)
    const sentAtMs = given.world.clock.now()
    await given.world.advance(1000)
    await listing(given)
    const later = another(given, 'later')
    await listing(given, sentAtMs)
    await listing(given, sentAtMs - 60_000)
    expect(await given.world.ledger.read(offerIdOf(later.ref))).toBeUndefined()
    await listing(given)
    expect((await given.world.state(offerIdOf(later.ref))).seq).toBeGreaterThan(0)
  })

  test('are not told by a listing that went wrong', async () => {
    const given = scene()
    const sentAtMs = given.world.clock.now()
    await given.world.advance(5000)
    given.aws.onListed = () => {
      throw new UnexpectedAnswer('an odd item')
    }
    await listing(given)
    given.aws.onListed = () => undefined
    const later = another(given, 'later')
    await listing(given, sentAtMs)
    expect((await given.world.state(offerIdOf(later.ref))).seq).toBeGreaterThan(0)
  })

  test('that come again, as a run could not be started, are told by no listing that left the case alone', async () => {
    const given = scene()
    const sentAtMs = given.world.clock.now()
    const workflow = { ...given.world.scanDeps().workflow, start: () => Promise.reject(new Error('no')) }
    await listing(given, sentAtMs, { deps: { workflow } })
    await given.world.advance(2000)
    await listing(given)
    expect(given.world.executions()).toEqual([])
    await given.world.advance(18 * minutes)
    await listing(given, sentAtMs, { time: 2 })
    expect(given.world.executions()).toHaveLength(1)
  })

  test('do not keep the sweep from looking at every case', async () => {
    const given = await dying()
    await given.world.scan()
    expect(await failures(given)).toBe(1)
  })

  test('leave a case to the worker that is answering it', async () => {
    const given = scene({ policy: { A: 'accept' } })
    const { account, region } = given.world.target('ram-invitation')
    let readings = 0
    given.aws.onInspect = () => {
      readings += 1
    }
    // The event of our own accept, before the worker has read it back.
    given.aws.afterSettle = async () => {
      await runHint({ kind: 'ram-invitation', account, region }, given.world.scanDeps(), true)
    }
    await listing(given)
    expect((await given.world.state(given.id)).closed?.outcome).toBe('ACCEPTED')
    expect(readings).toBe(3)
  })

  test('still lead to a case whose offer was answered by hand', async () => {
    const given = scene()
    await listing(given)
    given.offer.status = 'accepted'
    await listing(given)
    expect((await given.world.state(given.id)).closed?.outcome).toBe('SUPERSEDED')
  })
})
