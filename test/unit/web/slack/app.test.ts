import type { VoteReply } from '../../../../lambda/contract/states.ts'
import { toHttpResponse, toSlackRequest } from '../../../../lambda/handlers/slack.handler.ts'
import { answerSlack, type SlackAnswer, type SlackAppDeps } from '../../../../lambda/web/slack/app.ts'
import { tooLateView, type SlackView } from '../../../../lambda/web/slack/views.ts'
import { httpApiEventSchema } from '../../../../lambda/web/http-api.ts'
import { viewSchema } from '../../../../local/slack/blocks.ts'
import { hashA, hashB, Story } from '../../../support/events.ts'
import { aRefOf } from '../../../support/facts.ts'
import { held } from '../../../support/gallery.ts'
import { pressOf, signed, signingSecret, slackTeam, submissionOf } from '../../../support/slack.ts'

const now = new Date('2026-11-20T15:00:00.000Z')

/** The function over a case in memory. */
class Desk {
  story = new Story().inspected(1, hashA).judged().asked(['alice'])
  readonly opened: { trigger: string; view: SlackView }[] = []
  readonly voted: unknown[] = []
  readonly problems: unknown[] = []
  reads = 0
  reply: () => VoteReply = () => ({ result: 'voted', choice: 'accept' })

  get deps(): SlackAppDeps {
    return {
      signingSecret: () => Promise.resolve(signingSecret),
      settings: {
        slack: { team: slackTeam },
        approvers: [{ id: 'alice', email: 'hidden@example.invalid', slackUserId: 'U0ALICE' }],
      },
      readOffer: (offerId) => {
        this.reads += 1
        return Promise.resolve(offerId === this.story.state.offerId ? this.story.state : undefined)
      },
      openView: async (trigger, view) => {
        this.opened.push({ trigger, view })
      },
      vote: async (request) => {
        this.voted.push(request)
        return this.reply()
      },
      now: () => now,
      report: (problem) => this.problems.push(problem),
    }
  }

  get value(): string {
    return `${this.story.state.offerId}|1|${hashA}`
  }

  async send(payload: unknown): Promise<SlackAnswer> {
    return await answerSlack(signed(payload, now), this.deps)
  }

  async press(more: Partial<Parameters<typeof pressOf>[0]> = {}): Promise<SlackView | undefined> {
    expect(await this.send(pressOf({ value: this.value, ...more }))).toEqual({ status: 200 })
    return this.opened[0]?.view
  }

  async submit(more: Partial<Parameters<typeof submissionOf>[0]> = {}): Promise<SlackAnswer> {
    return await this.send(submissionOf({ offerId: this.story.state.offerId, factsHash: hashA, ...more }))
  }
}

const wordsOf = (view: unknown): string => JSON.stringify(view)

describe('a press', () => {
  test('opens the form with its trigger, and writes and votes nothing', async () => {
    const desk = new Desk()
    const view = await desk.press()

    expect(desk.opened).toMatchObject([{ trigger: 'trigger-1' }])
    expect(viewSchema.safeParse(view).error).toBeUndefined()
    expect(view).toMatchObject({
      callback_id: 'gatehouse:vote:accept',
      private_metadata: JSON.stringify({ offerId: desk.story.state.offerId, round: '1', factsHash: hashA }),
      submit: { text: 'Accept' },
    })
    expect(wordsOf(view)).toContain('444455556666')
    expect(desk.voted).toEqual([])
  })

  test('to reject needs a comment, to accept does not', async () => {
    const optional = async (action: string): Promise<unknown> =>
      (await new Desk().press({ action }))?.blocks.find((block) => 'block_id' in block && block.block_id === 'comment')

    expect(await optional('gatehouse:reject')).toMatchObject({ optional: false })
    expect(await optional('gatehouse:accept')).toMatchObject({ optional: true })
  })

  test('offers to make a certificate active only where policy leaves that to people', async () => {
    const desk = new Desk()
    desk.story = new Story(aRefOf('iot-transfer')).inspected(1, hashA).judged({ mayActivate: true }).asked(['alice'])
    const view = await desk.press()

    expect(wordsOf(view)).toContain('Make it active at once')
    expect(viewSchema.safeParse(view).error).toBeUndefined()
    expect(wordsOf(await new Desk().press())).not.toContain('active at once')
  })

  test.each<[string, (desk: Desk) => void, string]>([
    ['other facts', (desk) => desk.story.inspected(2, hashB), 'The offer changed'],
    ['a decision', (desk) => desk.story.voted('alice', 'reject').decided('reject'), 'Too late'],
    [
      'a closed case',
      (desk) => desk.story.add({ type: 'closed', data: { outcome: 'LAPSED', finding: 'gone' } }),
      'Lapsed',
    ],
  ])('after %s says so and shows no form', async (_name, change, words) => {
    const desk = new Desk()
    const { value } = desk
    change(desk)
    const view = await desk.press({ value })

    expect(wordsOf(view)).toContain(words)
    expect(view).not.toHaveProperty('submit')
    expect(viewSchema.safeParse(view).error).toBeUndefined()
  })

  test('by somebody else shows that it is not theirs, and reads nothing', async () => {
    const desk = new Desk()

    expect(wordsOf(await desk.press({ user: 'U0MALLORY' }))).toContain('not yours to decide')
    expect(desk.reads).toBe(0)
  })

  test.each([
    ['in another workspace', { team: 'T0OTHER' }],
    ['of another button', { action: 'other' }],
    ['with another value', { value: 'x|1|y' }],
    ['with a value of more parts', { value: `ram-invitation-${'0'.repeat(32)}|1|${hashA}|x` }],
  ])('%s does nothing', async (_name, more) => {
    const desk = new Desk()
    await desk.press(more)

    expect(desk.opened).toEqual([])
    expect(desk.reads).toBe(0)
  })
})

describe('a submission', () => {
  test('goes to vote byte for byte, and is confirmed', async () => {
    const desk = new Desk()
    const { status, body } = await desk.submit()

    const payload = submissionOf({ offerId: desk.story.state.offerId, factsHash: hashA })
    expect(desk.voted).toEqual([{ by: 'slack', ...signed(payload, now) }])
    expect(status).toBe(200)
    expect(body).toMatchObject({ response_action: 'update' })
    expect(wordsOf(body)).toContain('Your vote is recorded')
    expect(desk.reads).toBe(0)
  })

  test.each(['comment', 'digits'] as const)('is refused at the field %s, and stays open', async (field) => {
    const desk = new Desk()
    desk.reply = () => ({ result: 'refused', field, problem: 'Mend it.' })

    expect((await desk.submit()).body).toEqual({ response_action: 'errors', errors: { [field]: 'Mend it.' } })
  })

  test.each<[VoteReply, string]>([
    [{ result: 'standing', choice: 'accept' }, 'Your vote stands'],
    [{ result: 'refused', field: 'choice', problem: 'Policy says no.' }, 'Policy says no.'],
    [{ result: 'facts-changed' }, 'The offer changed'],
    [{ result: 'closed' }, 'Too late'],
    [{ result: 'expired' }, 'Too late'],
    [{ result: 'unknown-link' }, 'not yours to decide'],
  ])('answered %j shows it', async (reply, words) => {
    const desk = new Desk()
    desk.reply = () => reply
    const { body } = await desk.submit()

    expect(wordsOf(body)).toContain(words)
    expect(viewSchema.safeParse((body as { view: unknown }).view).error).toBeUndefined()
  })

  test('that could not be confirmed keeps what was typed, and reports no word of it', async () => {
    const desk = new Desk()
    desk.reply = () => {
      throw new Error('down')
    }

    expect((await desk.submit({ comment: 'PRIVATE' })).body).toMatchObject({ response_action: 'errors' })
    expect(JSON.stringify(desk.problems)).not.toMatch(/PRIVATE|6666/)
  })

  test('by somebody else never reaches vote', async () => {
    const desk = new Desk()

    expect(wordsOf((await desk.submit({ user: 'U0MALLORY' })).body)).toContain('not yours to decide')
    expect(wordsOf((await desk.submit({ team: 'T0OTHER' })).body)).toContain('not yours to decide')
    expect(desk.voted).toEqual([])
  })
})

describe('what Slack did not sign', () => {
  test.each([
    ['no signature', { signature: '' }],
    ['an old time', { timestamp: '1' }],
    ['another body', { body: 'payload=%7B%7D' }],
    ['a body that is too long', { body: 'x'.repeat(40_000) }],
  ])('%s is refused without a word', async (_name, change) => {
    const desk = new Desk()
    const request = { ...signed(pressOf({ value: desk.value }), now), ...change }

    expect(await answerSlack(request, desk.deps)).toEqual({ status: 401 })
    expect(desk.opened).toEqual([])
  })
})

describe('over HTTP', () => {
  const { body, timestamp, signature } = signed(pressOf({ value: 'x' }), now)
  const event = (more: object): Parameters<typeof toSlackRequest>[0] =>
    httpApiEventSchema.parse({
      version: '2.0',
      rawPath: '/slack/interactions',
      headers: { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature },
      requestContext: { http: { method: 'POST' } },
      ...more,
    })

  test('the body is read raw, be it in Base64 or not', () => {
    const encoded = { body: Buffer.from(body).toString('base64'), isBase64Encoded: true }

    expect(toSlackRequest(event({ body }))).toEqual({ body, timestamp, signature })
    expect(toSlackRequest(event(encoded))).toEqual({ body, timestamp, signature })
  })

  test('an answer without a body is empty, not JSON', () => {
    expect(toHttpResponse({ status: 200 })).toMatchObject({ statusCode: 200, body: '' })
    expect(toHttpResponse({ status: 200, body: { a: 1 } })).toMatchObject({
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    })
  })
})

describe('an accept that is held', () => {
  function holding(purpose: 'hold' | 'stranded' = 'hold'): Desk {
    const desk = new Desk()
    const { story } = held(purpose)
    return Object.assign(desk, { story })
  }

  test('can be taken back: a press opens the form for that', async () => {
    const view = await holding().press({ action: 'gatehouse:reject' })

    expect(viewSchema.safeParse(view).error).toBeUndefined()
    expect(view).toMatchObject({ callback_id: 'gatehouse:vote:reject', submit: { text: 'Take it back' } })
    expect(wordsOf(view)).toContain('no access before 20 November 2026, 15:30 UTC')
  })

  test('from a message of an earlier round, too: the form is of this one', async () => {
    const desk = holding()
    const value = `${desk.story.state.offerId}|7|${hashA}`
    const view = await desk.press({ action: 'gatehouse:reject', value })
    expect(JSON.parse(view?.private_metadata ?? '')).toMatchObject({ round: '1' })
  })

  test('says so where no role of ours may release it any more', async () => {
    expect(wordsOf(await holding('stranded').press({ action: 'gatehouse:reject' }))).toContain('no role of ours may')
  })

  test('takes no other vote', async () => {
    expect(await holding().press()).toEqual(tooLateView)
  })

  test('once taken back, or closed, has nothing to take back', async () => {
    const desk = holding()
    desk.story.add({ type: 'revoked', data: { approver: 'ada', comment: 'no', assurance: 'slack' } })
    expect(await desk.press({ action: 'gatehouse:reject' })).toEqual(tooLateView)
  })
})
