import { GetResourceShareInvitationsCommand, RAMClient } from '@aws-sdk/client-ram'
import type { Hono } from 'hono'
import { createBehaviour } from '../../../local/aws/behaviour.ts'
import { createRam } from '../../../local/aws/services/ram.ts'
import { createConsoleApp, type ConsoleDeps } from '../../../local/console/app.ts'
import type { ShownMail } from '../../../local/control-client.ts'
import { summaryOf } from '../../../lambda/ledger/summary.ts'
import type { OpenView, SlackMessage } from '../../../local/slack/workspace.ts'
import { startEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { hashA, Story } from '../../support/events.ts'
import { factsOfKind } from '../../support/facts.ts'

const origin = 'http://127.0.0.1:8787'
const hostile = '"><script>alert(1)</script>'

const receivers = [
  { account: '111111111111', name: null, regions: ['us-east-1'] },
  { account: '222222222222', name: 'Plant <1>', regions: ['us-east-1', 'eu-west-1'] },
]

const mail: ShownMail = {
  id: 'mail-1',
  at: '2026-11-20T10:00:00.000Z',
  from: 'gatehouse@example.com',
  to: ['alice@example.com'],
  subject: `Answer by noon ${hostile}`,
  text: `Read and decide ${hostile}`,
  html: '<!doctype html><html><head></head><body><a href="http://127.0.0.1:8787/a/x">Decide</a></body></html>',
  links: [`${origin}/a/x`, 'javascript:alert(1)'],
}

const plain = (text: string): { type: 'plain_text'; text: string } => ({ type: 'plain_text', text })

const slackMessage: SlackMessage = {
  id: 'message-1',
  at: '2026-11-20T10:00:00.000Z',
  channel: 'D0BOB',
  user: 'U0BOB',
  ts: '1.1',
  text: 'An offer',
  edited: null,
  blocks: [
    { type: 'header', text: plain('An offer') },
    { type: 'section', fields: [{ type: 'mrkdwn', text: '*Account*' }, plain(`<!channel> ${hostile}`)] },
    { type: 'section', text: { type: 'mrkdwn', text: `<${origin}/a/x|Read and decide> &lt;b&gt; <javascript:x|no>` } },
    {
      type: 'actions',
      elements: [{ type: 'button', action_id: 'gatehouse:accept', text: plain('Accept…'), value: 'v' }],
    },
  ],
}

const slackView: OpenView = {
  id: 'V1',
  user: 'U0BOB',
  view: {
    type: 'modal',
    private_metadata: '',
    title: plain('Your decision'),
    submit: plain('Accept'),
    blocks: [
      {
        type: 'input',
        block_id: 'digits',
        label: plain('Last four digits'),
        element: { type: 'plain_text_input', action_id: 'digits' },
      },
    ],
  },
}

let endpoint: TestEndpoint
let asked: string[]
let story: Story
let app: Hono

beforeAll(async () => {
  endpoint = await startEndpoint([createRam({ raise: () => undefined, behaviour: createBehaviour() })])
})
afterAll(() => endpoint.close())

beforeEach(() => {
  asked = []
  story = new Story().inspected(1, hashA).judged().asked()
  const { state, events } = story
  const facts = factsOfKind('ram-invitation', { shareName: hostile })
  const deps: ConsoleDeps = {
    origin,
    account: '111111111111',
    aws: { endpoint: endpoint.url, region: 'us-east-1' },
    offers: {
      list: async () => [summaryOf(state)],
      read: async (id) => (id === state.offerId ? { state, events, facts } : undefined),
      places: async () => [
        {
          account: '222222222222',
          region: 'eu-west-1',
          kind: 'iot-transfer',
          since: '2026-11-20T08:00:00.000Z',
          lastFailure: { at: '2026-11-20T09:00:00.000Z', error: `AccessRefused: ${hostile}` },
        },
      ],
    },
    control: {
      health: async () =>
        ({ now: '2026-11-20T10:00:00.000Z', receivers }) as Awaited<ReturnType<ConsoleDeps['control']['health']>>,
      mails: async () => [mail],
      slackMessages: async () => [slackMessage],
      slackViews: async () => [slackView],
      pressInSlack: async (press) => {
        asked.push(JSON.stringify(press))
        return { status: 200, view: slackView, errors: {} }
      },
      submitInSlack: async ({ view, values }) => {
        asked.push(JSON.stringify({ view, values }))
        const errors: Record<string, string> = values['digits'] === '6666' ? {} : { digits: 'Not these.' }
        return { status: 200, view: slackView, errors }
      },
      dismissInSlack: async (view) => {
        asked.push(`dismiss ${view}`)
      },
      advance: async (by) => {
        asked.push(by)
        return new Date()
      },
      sweep: async () => {
        asked.push('sweep')
        return { targets: 4, hints: 4 }
      },
    },
  }
  app = createConsoleApp(deps)
})

async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return await app.request(origin + path, { headers: { host: '127.0.0.1:8787', ...headers } })
}

async function post(
  path: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return await app.request(origin + path, {
    method: 'POST',
    headers: { host: '127.0.0.1:8787', origin, 'sec-fetch-site': 'same-origin', ...headers },
    body: new URLSearchParams(form),
  })
}

test('scans show what cannot be listed, since when and why', async () => {
  const html = await (await get('/scans')).text()
  expect(html).toContain('1 places; 1 cannot be listed.')
  expect(html).toContain('<td class="id">222222222222</td><td>eu-west-1</td><td>iot-transfer</td>')
  expect(html).toContain('never, for 2 hours')
  expect(html).toContain('Under way')
  expect(html).toContain('AccessRefused: &quot;&gt;&lt;script&gt;')
  expect(html).not.toContain(hostile)
})

async function invitations(): Promise<number> {
  const ram = new RAMClient(endpoint.as('111111111111'))
  const found = await ram.send(new GetResourceShareInvitationsCommand({}))
  return found.resourceShareInvitations?.length ?? 0
}

describe('pages', () => {
  test('the list names the other side, the status and the deadline, and links to the offer', async () => {
    const page = await (await get('/')).text()

    expect(page).toContain(`href="/offers/${story.state.offerId}"`)
    expect(page).toContain('444455556666')
    expect(page).toContain('Waits for people')
    expect(page).toContain('27 November 2026, 11:00 UTC')
    expect(page).toContain('Transfer a device certificate')
  })

  test('an offer shows its timeline, and the words of the other side without their markup', async () => {
    const page = await (await get(`/offers/${story.state.offerId}`)).text()

    expect(page).toContain('People were asked')
    expect(page).toContain('&lt;script&gt;')
    expect(page).not.toContain('<script>alert')
  })

  test.each([
    '/offers/iot-transfer-00000000000000000000000000000000',
    '/offers/x',
    '/mail/nope',
    '/mail/nope/html',
    '/x',
  ])('%s is not there', async (path) => {
    expect((await get(path)).status).toBe(404)
  })

  test('a mail is shown in a sandbox, and only web addresses are links', async () => {
    const page = await (await get('/mail/mail-1')).text()
    const shown = await get('/mail/mail-1/html')

    expect(page).toContain(`<a href="${origin}/a/x"`)
    expect(page).not.toContain('href="javascript:')
    expect(page).not.toContain('<script>alert')
    expect(page).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"')
    expect(shown.headers.get('content-security-policy')).toContain('sandbox allow-popups')
    expect(await shown.text()).toContain('<base target="_blank">')
  })

  test('what has not changed is not sent again', async () => {
    const etag = (await get('/mail')).headers.get('etag') ?? ''

    expect((await get('/mail', { 'if-none-match': etag })).status).toBe(304)
  })

  test('every page forbids what it does not need', async () => {
    const policy = (await get('/')).headers.get('content-security-policy')

    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
  })
})

describe('Slack', () => {
  test('is shown as it looks: links and buttons, and the words of the other side as plain text', async () => {
    const page = await (await get('/slack')).text()

    expect(page).toContain('Direct messages to bob')
    expect(page).toContain(`<a href="${origin}/a/x" rel="noreferrer">Read and decide</a>`)
    expect(page).toContain('name="action" value="gatehouse:accept"')
    expect(page).toContain('&lt;!channel&gt;')
    expect(page).not.toMatch(/<script>alert|href="javascript/)
  })

  test('a press leads to the form that opened', async () => {
    const response = await post('/slack/press', { message: 'message-1', action: 'gatehouse:accept', user: 'U0BOB' })

    expect(response.headers.get('location')).toBe('/slack/views/V1')
    expect(asked).toEqual(['{"message":"message-1","action":"gatehouse:accept","user":"U0BOB"}'])
    expect(await (await get('/slack/views/V1')).text()).toContain('<label class="field" for="digits">')
  })

  test('a form that is refused keeps what was typed, and says what to mend beside the field', async () => {
    const response = await post('/slack/views/V1', { digits: '0000' })
    const page = await response.text()

    expect(response.status).toBe(422)
    expect(page).toContain('id="digits-problem" role="alert">Not these.')
    expect(page).toMatch(/value="0000"[^>]*aria-describedby="digits-problem" aria-invalid="true"/)
    expect((await post('/slack/views/V1', { digits: '6666' })).headers.get('location')).toBe('/slack/views/V1')
  })

  test('a form can be closed, and is no page of another site', async () => {
    expect((await post('/slack/views/V1/close', {})).headers.get('location')).toBe('/slack')
    expect(asked).toEqual(['dismiss V1'])
    expect((await post('/slack/press', {}, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await get('/slack/views/V2')).status).toBe(404)
  })
})

describe('posts', () => {
  test('a button makes a real offer as the other account', async () => {
    const before = await invitations()

    const response = await post('/offers', { offer: 'stranger-shares-subnet' })

    expect(response.status).toBe(303)
    expect(await invitations()).toBe(before + 1)
  })

  test('an offer goes to the account and region that were chosen, which stay chosen', async () => {
    const response = await post('/offers', { offer: 'stranger-shares-subnet', to: '222222222222/eu-west-1' })

    expect(response.headers.get('location')).toBe('/?made=stranger-shares-subnet&to=222222222222/eu-west-1')
    const ram = new RAMClient({ ...endpoint.as('222222222222'), region: 'eu-west-1' })
    const found = await ram.send(new GetResourceShareInvitationsCommand({}))
    expect(found.resourceShareInvitations).toHaveLength(1)
    const page = await (await get('/?to=222222222222/eu-west-1')).text()
    expect(page).toContain(
      '<option value="222222222222/eu-west-1" selected>222222222222 Plant &lt;1&gt; in eu-west-1</option>',
    )
    expect((await post('/offers', { offer: 'stranger-shares-subnet', to: '999999999999/us-east-1' })).status).toBe(400)
  })

  test('an unknown offer is refused', async () => {
    expect((await post('/offers', { offer: 'free-money' })).status).toBe(400)
  })

  test('the clock takes the steps on its buttons, and comes back to the page it was pressed on', async () => {
    const moved = await post('/clock', { advance: '6h', back: '/mail' })
    const refused = await post('/clock', { advance: '900d', back: '/mail' })

    expect(moved.headers.get('location')).toBe('/mail')
    expect(refused.status).toBe(400)
    expect(asked).toEqual(['6h'])
  })

  test.each(['//evil.example', 'https://evil.example', '/\\evil.example', '/a/token'])(
    'never leads to %s',
    async (back) => {
      expect((await post('/clock', { advance: '1h', back })).headers.get('location')).toBe('/')
    },
  )

  test('a sweep is asked for', async () => {
    expect((await post('/sweep', { back: '/' })).headers.get('location')).toBe('/?swept=1')
    expect(asked).toEqual(['sweep'])
  })

  test('only a delegation can be accepted in the AWS console', async () => {
    expect((await post(`/offers/${story.state.offerId}/accept`, {})).status).toBe(404)
  })
})

describe('strangers in the browser', () => {
  test('another name for this machine is refused, and localhost is sent to the one name that approval links know', async () => {
    const rebound = await get('/', { host: 'evil.example:8787' })
    const local = await get('/mail', { host: 'localhost:8787' })

    expect(rebound.status).toBe(421)
    expect(await rebound.text()).not.toContain('444455556666')
    expect(local.headers.get('location')).toBe(`${origin}/mail`)
  })

  test.each(['//evil.example/login', '/%5cevil.example/login', '/%5C/%5Cevil.example/login'])(
    'localhost%s leads to no other site',
    async (path) => {
      const response = await get(path, { host: 'localhost:8787' })
      expect(new URL(response.headers.get('location') ?? '', 'http://localhost:8787/').origin).toBe(origin)
    },
  )

  test.each<Record<string, string>>([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:8787' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { host: 'evil.example' },
  ])('a post with %p does nothing', async (headers) => {
    const before = await invitations()

    const response = await post('/offers', { offer: 'stranger-shares-subnet' }, headers)

    expect([403, 421]).toContain(response.status)
    expect(await invitations()).toBe(before)
  })

  test('a post without an origin does nothing', async () => {
    const response = await app.request(`${origin}/sweep`, { method: 'POST', headers: { host: '127.0.0.1:8787' } })

    expect(response.status).toBe(403)
    expect(asked).toEqual([])
  })
})
