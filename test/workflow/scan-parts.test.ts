import { GetCommand } from '@aws-sdk/lib-dynamodb'
import type { OfferKind } from '../../lambda/domain/offer.ts'
import { runHint } from '../../lambda/handlers/scan/run-hint.ts'
import { openKind } from '../../lambda/kinds/open.ts'
import { everything } from '../../lambda/kinds/part.ts'
import { startFakeAws, type FakeAnswer, type FakeAws, type FakeRequest } from '../support/fake-aws.ts'
import { aContext, partner, us } from '../support/kinds.ts'
import { queueScans, type QueuedScans } from '../support/queued-scans.ts'
import { createNearTable, type TestTable } from '../support/table.ts'
import { World } from '../support/world.ts'

/** As many as a step takes, and two pages of them. */
const perPage = 50
const pages = 2
/** Offered since: shown on the first page. */
const news: number[] = []
const numbers = (page: number): number[] => [
  ...(page === 0 ? news : []),
  ...Array.from({ length: perPage }, (_, index) => page * perPage + index),
]
const idOf = (number: number): string => number.toString(16).padStart(64, '0')

interface Lists {
  kind: OfferKind
  /** Answers as AWS does; the listing begins where it is said. */
  answer: (request: FakeRequest) => FakeAnswer
  /** Of one request: where it begins; undefined where it is no listing. */
  pageOf: (request: FakeRequest) => number | undefined
  /** What AWS says of a marker that it does not know. */
  refusal: FakeAnswer
}

const ram: Lists = {
  kind: 'ram-invitation',
  pageOf: ({ body }) => Number(/"nextToken":"(\d)"/.exec(body)?.[1] ?? 0),
  answer: (request) => ({
    body: {
      resourceShareInvitations: numbers(ram.pageOf(request) ?? 0).map((number) => ({
        resourceShareInvitationArn: `arn:aws:ram:us-east-1:${partner}:resource-share-invitation/${idOf(number)}`,
        senderAccountId: partner,
        receiverAccountId: us,
        invitationTimestamp: Date.parse('2026-11-20T10:00:00Z') / 1000,
        status: 'PENDING',
      })),
      ...nextOf(ram.pageOf(request), 'nextToken'),
    },
  }),
  refusal: { status: 400, error: 'InvalidNextTokenException' },
}

const iam: Lists = {
  kind: 'iam-delegation',
  pageOf: ({ body }) => Number(/Marker=(\d)/.exec(body)?.[1] ?? 0),
  answer: (request) => {
    const { Marker } = nextOf(iam.pageOf(request), 'Marker')
    const members = numbers(iam.pageOf(request) ?? 0).map(
      (number) => `<member><DelegationRequestId>${idOf(number)}</DelegationRequestId><State>ASSIGNED</State></member>`,
    )
    const more = Marker === undefined ? '' : `<isTruncated>true</isTruncated><Marker>${Marker}</Marker>`
    const result = `<DelegationRequests>${members.join('')}</DelegationRequests>${more}`
    const name = 'ListDelegationRequests'
    return { body: `<${name}Response><${name}Result>${result}</${name}Result></${name}Response>` }
  },
  refusal: { status: 400, body: '<ErrorResponse><Error><Code>InvalidInput</Code></Error></ErrorResponse>' },
}

function nextOf(page = 0, name: string): Record<string, string> {
  return page + 1 < pages ? { [name]: String(page + 1) } : {}
}

let table: TestTable
let aws: FakeAws
let world: World
let scans: QueuedScans

async function start(kind: OfferKind, answer: (request: FakeRequest) => FakeAnswer): Promise<void> {
  table = await createNearTable()
  aws = await startFakeAws(answer)
  world = new World({
    table,
    account: us,
    open: (target) => openKind(aContext(kind, { target, requests: world.requests.at(target) })),
  })
  scans = queueScans(world, { kind, account: us, region: 'us-east-1' })
}
afterEach(async () => {
  news.length = 0
  world.close()
  delete process.env.AWS_ENDPOINT_URL
  await aws.close()
  await table.close()
})

async function complete(): Promise<unknown> {
  const Key = { pk: `SCAN#${us}#us-east-1#${scans.target.kind}`, sk: 'SCAN' }
  return (await table.client.send(new GetCommand({ TableName: table.tableName, Key }))).Item?.pending
}

describe.each([ram, iam])('thousands of $kind', ({ kind, answer, pageOf, refusal }) => {
  const listed = (): (number | undefined)[] => aws.requests.map(pageOf)

  test('are listed part by part, each page once, though a message is lost; each part is acted on at once', async () => {
    await start(kind, answer)
    await scans.sweep()
    expect(await scans.openIds()).toHaveLength(perPage)
    expect(scans.queue).toHaveLength(1)
    scans.queue.length = 0
    await scans.sweep()
    expect(listed()).toEqual([0])
    expect(await complete()).toBeUndefined()
    await world.clock.advance(301_000, () => Promise.resolve())
    await scans.sweep()
    await scans.drain()
    expect(await scans.openIds()).toHaveLength(pages * perPage)
    expect(listed()).toEqual([0, 1])
    expect(await complete()).toBe(pages * perPage)
  })

  test('are listed once more after an event that came when its page was listed already', async () => {
    await start(kind, answer)
    const byEvent = (): Promise<void> => runHint(scans.target, scans.deps, true)
    await byEvent()
    await byEvent()
    news.push(1000)
    await byEvent()
    await scans.drain()
    expect(await scans.openIds()).toHaveLength(pages * perPage + 1)
    // Only once, however many events: what they tell of was there when it began.
    expect(listed()).toEqual([0, 1, 0, 1])
  })

  test('are listed once more where two events began at once: one gives way', async () => {
    await start(kind, answer)
    const byEvent = (): Promise<void> => runHint(scans.target, scans.deps, true)
    await Promise.all([byEvent(), byEvent()])
    news.push(1000)
    await scans.drain()
    expect(await scans.openIds()).toHaveLength(pages * perPage + 1)
    expect(listed()).toEqual([0, 0, 1, 0, 1])
  })

  test('begin anew where AWS does not know the marker any more', async () => {
    await start(kind, () => refusal)
    const opened = await openKind(aContext(kind))
    const listAt = async (marker: string): Promise<unknown> => {
      for await (const found of opened.discover({ ...everything, from: { marker, waiting: [] } })) return found
      return undefined
    }
    await expect(listAt('1')).rejects.toMatchObject({ name: 'MarkerRefused' })
    await expect(listAt('')).rejects.toMatchObject({ name: 'UnexpectedAnswer' })
  })
})

test('thousands of our own requests are looked at as fast as IoT may be asked, and no more in a step than fit', async () => {
  const asked = 35
  const describe = ({ path }: FakeRequest): FakeAnswer => ({
    body: { certificateDescription: { certificateId: path.split('/')[2], status: 'INACTIVE', ownedBy: us } },
  })
  await start('iot-send', describe)
  scans.deps.settings.iotCalls = { perSecond: 10, share: 0.05 }
  for (let number = 0; number < asked; number += 1) {
    const { account, region } = scans.target
    const request = { account, region, certificateId: idOf(number), to: partner, message: 'for you' }
    const by = { requestedBy: `arn:aws:iam::${us}:role/admin`, requestedAt: '2026-11-20T10:00:00Z' }
    await world.requests.ask({ ...request, ...by }, undefined)
  }
  await scans.sweep()
  const first = (await scans.openIds()).length
  expect(first).toBeGreaterThan(20)
  expect(first).toBeLessThan(asked)
  await scans.drain()
  expect(await scans.openIds()).toHaveLength(asked)
  expect(aws.requests).toHaveLength(asked)
  expect(await complete()).toBe(asked)
})
