import { QueryCommand } from '@aws-sdk/lib-dynamodb'
import type { Settings } from '../../../lambda/contract/settings.ts'
import { tokenHashOf } from '../../../lambda/domain/link-token.ts'
import { mintSession } from '../../../lambda/web/sign-in/session.ts'
import { asking, closeDesks, openDesks, sessionKey, start, type Desk } from '../../support/desk.ts'
import { createTestLedger } from '../../support/table.ts'
import { testSettings } from '../../support/world.ts'

beforeAll(openDesks)
afterAll(closeDesks)

/** What lies in the partition of a link. */
async function itemsOf({ table }: Desk, token: string): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': `LINK#${tokenHashOf(token)}` },
    }),
  )
  return Items
}

/** Calls that DynamoDB gets while something runs. */
async function callsDuring(desk: Desk, work: () => Promise<unknown>): Promise<number> {
  const sent = jest.spyOn(desk.table.client, 'send')
  await work()
  const { length } = sent.mock.calls
  sent.mockRestore()
  return length
}

describe('wrong characters', () => {
  test('are counted on the link, and after ten it votes no more', async () => {
    const desk = await asking()

    for (let tries = 1; tries < 10; tries += 1)
      expect(await desk.vote({ digits: '0000' })).toMatchObject({ result: 'refused', field: 'digits' })
    expect(await desk.vote({ digits: '0000' })).toEqual({ result: 'too-many-tries' })
    expect(await desk.vote()).toEqual({ result: 'too-many-tries' })
    expect(await desk.votes()).toEqual([])
  })

  test('of one link leave the others as they are, and a fresh one votes', async () => {
    const desk = await asking()
    for (let tries = 0; tries < 10; tries += 1) await desk.vote({ digits: '0000' })

    expect(await desk.vote({ token: desk.token('bob') })).toMatchObject({ result: 'voted' })
    const link = await desk.approvals.getLink(desk.token('alice'))
    await desk.approvals.putLink('alice-again', link!)
    expect(await desk.vote({ token: 'alice-again' })).toMatchObject({ result: 'voted' })
  })

  test('sent at once are all counted', async () => {
    const desk = await asking()

    await Promise.all(Array.from({ length: 10 }, () => desk.vote({ digits: '0000' })))

    expect(await itemsOf(desk, desk.token('alice'))).toContainEqual(expect.objectContaining({ count: 10 }))
    expect(await desk.vote()).toEqual({ result: 'too-many-tries' })
  })

  test('go when the link goes', async () => {
    const desk = await asking()
    await desk.vote({ digits: '0000' })

    const [one, other] = await itemsOf(desk, desk.token('alice'))
    expect(one!.ttl).toBe(other!.ttl)
  })

  test('are not counted for a token that nobody was sent', async () => {
    const desk = await asking()

    await desk.vote({ token: 'unknown', digits: '0000' })

    expect(await itemsOf(desk, 'unknown')).toEqual([])
  })

  test.each([{ choice: 'reject', digits: '0000' }, { round: '2', digits: '0000' }, { choice: '' }])(
    'is not what is wrong with %j',
    async (fields) => {
      const desk = await asking()
      await desk.vote(fields)

      expect(await itemsOf(desk, desk.token('alice'))).toHaveLength(1)
    },
  )
})

test('a vote takes four calls to the table, with the wake-up five', async () => {
  const desk = await asking()
  // As in a new instance, which has seen nothing.
  Object.assign(desk, { ledger: createTestLedger(desk.table, desk.clock) })

  // Link with its tries, events, the vote, the waiting task.
  expect(await callsDuring(desk, () => desk.vote())).toBe(4)
})

describe('with sign-in configured', () => {
  const signIn: Settings['signIn'] = { issuer: 'https://login.example.com', clientId: 'gatehouse' }

  async function guarded(): Promise<Desk> {
    const desk = await asking()
    desk.settings = testSettings({ signIn })
    return desk
  }

  async function sessionFor(desk: Desk, over: { approver?: string; link?: string } = {}): Promise<string> {
    const { approver = 'alice', link = desk.token('alice') } = over
    return await mintSession({ approver, linkHash: tokenHashOf(link) }, { key: sessionKey, now: new Date(start) })
  }

  test('a session of this person and this link votes, and the ledger says so', async () => {
    const desk = await guarded()

    expect(await desk.vote({ session: await sessionFor(desk) })).toMatchObject({ result: 'voted' })
    expect(await desk.votes()).toMatchObject([{ data: { assurance: 'authenticated' } }])
  })

  test.each<[string, (desk: Desk) => Promise<string | undefined>]>([
    ['none', async () => undefined],
    ['nonsense', async () => 'a.b.c'],
    ['one of another link', (desk) => sessionFor(desk, { link: desk.token('bob') })],
    ['one of another person', (desk) => sessionFor(desk, { approver: 'bob' })],
    [
      'one that is over',
      async (desk) => {
        const session = await sessionFor(desk)
        desk.clock.now = new Date(start + 15 * 60_000)
        return session
      },
    ],
    [
      'one signed with another key',
      (desk) =>
        mintSession(
          { approver: 'alice', linkHash: tokenHashOf(desk.token('alice')) },
          { key: new Uint8Array(32), now: new Date(start) },
        ),
    ],
  ])('%s is asked to sign in, and nothing is written', async (_what, sessionOf) => {
    const desk = await guarded()

    expect(await desk.vote({ session: await sessionOf(desk), digits: '0000' })).toEqual({ result: 'sign-in' })
    expect(await desk.votes()).toEqual([])
    expect(await itemsOf(desk, desk.token('alice'))).toHaveLength(1)
    expect(desk.woken).toEqual([])
  })
})
