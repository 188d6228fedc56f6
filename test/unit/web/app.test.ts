import type { JsonObject } from '../../../lambda/domain/json.ts'
import type { OfferKind } from '../../../lambda/domain/offer.ts'
import { hashA, hashB } from '../../support/events.ts'
import { factsOfKind } from '../../support/facts.ts'
import { goodVote, origin, Site, token } from '../../support/site.ts'

async function textOf(response: Response | Promise<Response>): Promise<string> {
  return await (await response).text()
}

function aPolicyIf(words: string): string {
  const statement = { Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: { StringEquals: { 'aws:x': words } } }
  return JSON.stringify({ Statement: statement })
}

describe('showing an offer', () => {
  test('leads with the account and the organization lookup, and marks the words of the other side', async () => {
    const page = await textOf(new Site().asking().get())

    const order = [
      'Offered by account',
      'Outside your organization',
      'Accepting means',
      'Written by the other side',
      'network-prod',
    ]
    const places = order.map((words) => page.indexOf(words))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places).not.toContain(-1)
  })

  test.each<[OfferKind, JsonObject, string]>([
    ['iam-delegation', { permissionPolicy: 'Gatehouse has checked this' }, 'What they ask for'],
    ['iam-delegation', { permissionPolicy: aPolicyIf('Gatehouse has checked this') }, 'What they ask for'],
    ['ram-invitation', { resources: [{ arn: 'arn:Gatehouse has checked this' }] }, 'What they offer'],
  ])('quotes what the other side asks for, in a frame of its own: %s', async (kind, decisive, title) => {
    const page = await textOf(new Site(kind, factsOfKind(kind, decisive)).asking().get())
    const frame = /<section class="theirs" aria-labelledby="request">[^]*?<\/section>/.exec(page)?.[0] ?? ''

    expect(frame).toContain(title)
    expect(frame).toMatch(/<q><bdi>[^<]*Gatehouse has checked this[^<]*<\/bdi><\/q>/)
    expect(page.replace(frame, '')).not.toContain('Gatehouse has checked this')
    expect(page.indexOf(title)).toBeLessThan(page.indexOf('Why people are asked'))
  })

  test('shows all of a long list and of a long text, the rest behind a click', async () => {
    const permissionsBoundaryArns = Array.from({ length: 60 }, (_, index) => `arn:${index}.`)
    const description = `${'x'.repeat(2000)}and the end`
    const facts = factsOfKind('iam-delegation', { permissionsBoundaryArns, description })
    const page = await textOf(new Site('iam-delegation', facts).get())
    const [list = '', text = ''] = (page.match(/<details>[^]*?<\/details>/g) ?? []).slice(-2)

    expect(page.indexOf('arn:39.')).toBeLessThan(page.indexOf('<summary>20 more</summary>'))
    expect(list).toContain('arn:40.')
    expect(list).toContain('arn:59.')
    expect(text).toContain('<summary>All 2011 characters</summary>')
    expect(text).toContain('and the end')
  })

  test('says why, until when, and what stands if nobody decides', async () => {
    const page = await textOf(new Site().asking().get())

    expect(page).toContain('Shares from outside the organization need a person.')
    expect(page).toContain('review-outside-shares')
    expect(page).toContain('<time datetime="2026-11-27T11:00:00.000Z">27 November 2026, 11:00 UTC</time> (in 6 days)')
    expect(page).toContain('If nobody decides by then, it is rejected.')
  })

  test('asks with nothing preselected and nothing filled in', async () => {
    const page = await textOf(new Site().asking().get())

    expect(page).not.toContain(' checked>')
    expect(page).toContain(`name="factsHash" value="${hashA}"`)
    expect(page).toContain('name="round" value="1"')
    expect(page).toContain('Last four digits of the other account')
    expect(page).toMatch(/name="digits" value=""/)
  })

  test('asks for characters of the offer id when the other account is unknown', async () => {
    const facts = factsOfKind(
      'ram-invitation',
      { counterparty: null },
      { counterparty: null, unknown: ['counterparty'] },
    )
    const site = new Site('ram-invitation', facts)
    site.story.add({
      type: 'inspected',
      data: { cause: 'look', counterparty: null, offeredAt: null, expiresAt: null, unknown: ['counterparty'] },
    })

    const page = await textOf(site.asking().get())

    expect(page).toContain('Last four characters of the offer id')
    expect(page).toContain('Could not be read')
  })

  test('shows the vote that stands', async () => {
    const site = new Site().asking()
    site.story.voted('ada', 'reject')

    expect(await textOf(site.get())).toMatch(/You voted <strong>Reject<\/strong>, .* Voting again replaces it\./)
  })

  test.each([
    ['nobody is asked yet', (site: Site) => site, 'Nothing to decide at the moment'],
    ['people decided', (site: Site) => (site.asking().story.decided('accept'), site), 'Decided: accept'],
    [
      'the deadline decided',
      (site: Site) => (site.asking().story.decided('reject', 'deadline'), site),
      'By default, at the deadline',
    ],
    [
      'it is closed',
      (site: Site) => (
        site
          .asking()
          .story.decided('reject')
          .add({ type: 'closed', data: { outcome: 'REJECTED', finding: 'rejected' } }),
        site
      ),
      'The offer was rejected at AWS.',
    ],
    [
      'the link is over',
      (site: Site) => ((site.asking().now = new Date('2026-11-27T11:00:00Z')), site),
      'This link no longer votes',
    ],
    [
      'the deadline of the round is over, though an older link lasts longer',
      (site: Site) => {
        site.asking().now = new Date('2026-11-27T11:00:00Z')
        site.links.set(token, { ...site.links.get(token)!, expiresAtMs: Date.parse('2026-12-27T11:00:00Z') })
        return site
      },
      'This link no longer votes',
    ],
  ])('has no form when %s', async (_when, prepare, words) => {
    const response = await prepare(new Site()).get()
    const page = await response.text()

    expect(response.status).toBe(200)
    expect(page).toContain(words)
    expect(page).not.toContain('<form')
  })

  test('links to the AWS console after a hand-over, by the id and not by what the other side sent', async () => {
    const site = new Site('iam-delegation').asking()
    site.story.decided('accept').add({
      type: 'delivered',
      data: { approver: 'ada', channel: 'email', about: 'hand-over', status: 'sent', detail: '' },
    })

    const links = [...(await textOf(site.get())).matchAll(/href="([^#"]+)"/g)].map(([, href]) => href)

    expect(links).toEqual([
      `https://us-east-1.console.aws.amazon.com/iam/account-access-requests/review/${site.story.ref.awsId}`,
    ])
  })
})

describe('a link that leads nowhere', () => {
  test.each([
    ['unknown', () => new Site().asking(), '/a/unknown'],
    ['malformed', () => new Site().asking(), `/a/${'x'.repeat(500)}`],
    [
      'past its time to live',
      () => Object.assign(new Site().asking(), { now: new Date('2027-03-01T00:00:00Z') }),
      `/a/${token}`,
    ],
    [
      'of somebody who no longer approves',
      () => {
        const site = new Site().asking()
        site.links.set(token, { ...site.links.get(token)!, approver: 'gone' })
        return site
      },
      `/a/${token}`,
    ],
  ])('is answered alike when %s', async (_what, make, path) => {
    const site = make()
    const response = await site.get(path)
    const elsewhere = await textOf(site.get('/somewhere'))

    expect(response.status).toBe(404)
    expect(await response.text()).toBe(elsewhere)
  })

  test('is the same page for a vote', async () => {
    const site = new Site().asking()
    site.reply = () => ({ result: 'unknown-link' })

    expect((await site.post(goodVote)).status).toBe(404)
  })
})

describe('voting', () => {
  test('hands token and form to the vote function and says what happens next', async () => {
    const site = new Site().asking()

    const response = await site.post({ ...goodVote, comment: ' fine\r\nby me ' })

    expect(site.votes).toEqual([{ by: 'link', token, ...goodVote, comment: 'fine\nby me' }])
    expect(response.status).toBe(200)
    const page = await response.text()
    expect(page).toContain('Your vote is recorded')
    expect(page).toContain('it accepts at AWS')
  })

  test('says that a vote is recorded though the case cannot be read again', async () => {
    const site = new Site().asking()
    site.reply = () => {
      site.links.get = () => {
        throw new Error('table is gone')
      }
      return { result: 'voted', choice: 'accept' }
    }

    const response = await site.post(goodVote)
    const page = await response.text()

    expect(response.status).toBe(200)
    expect(page).toContain('Your vote is recorded')
    expect(page).toContain('Your link shows how it stands')
    expect(site.problems).toHaveLength(1)
  })

  test('says that the same vote counts once', async () => {
    const site = new Site().asking()
    site.reply = () => ({ result: 'standing', choice: 'accept' })

    expect(await textOf(site.post(goodVote))).toContain('it counts once')
  })

  test('shows a refusal beside its field, with what was typed', async () => {
    const site = new Site().asking()

    const response = await site.post({ ...goodVote, comment: 'looks right', digits: '1234' })
    const page = await response.text()

    expect(response.status).toBe(422)
    expect(page).toContain('<a href="#digits">These are not the four characters asked for.</a>')
    expect(page).toContain('aria-invalid="true" aria-describedby="digits-hint digits-problem"')
    expect(page).toMatch(/value="accept" checked/)
    expect(page).toContain('looks right</textarea>')
    expect(page).toContain('name="digits" value="1234"')
  })

  test('wants a comment with a reject, before the vote function is called', async () => {
    const site = new Site().asking()

    const response = await site.post({ ...goodVote, choice: 'reject' })

    expect(response.status).toBe(422)
    expect(await response.text()).toContain('id="comment-problem"')
    expect(site.votes).toEqual([])
  })

  test('shows what changed and asks again', async () => {
    const site = new Site().asking()
    site.facts.set(hashB, factsOfKind('ram-invitation', { shareName: 'network-test', resourceCount: 3 }))
    site.story.inspected(2, hashB, { cause: 'facts-changed' })
    site.asking()

    const response = await site.post({ ...goodVote, comment: 'mine' })
    const page = await response.text()

    expect(response.status).toBe(409)
    expect(page).toContain('What changed')
    expect(page).toMatch(/Before: <q><bdi>network-prod<\/bdi><\/q>[^]*Now: <q><bdi>network-test/)
    expect(page).toContain(`name="factsHash" value="${hashB}"`)
    expect(page).not.toContain(' checked>')
    expect(page).toContain('mine</textarea>')
  })

  test('asks anew where the same facts are asked about in another round', async () => {
    const site = new Site().asking()
    site.story.inspected(2, hashA, { cause: 'refused' })
    site.asking()

    const response = await site.post({ ...goodVote, comment: 'mine' })
    const page = await response.text()

    expect(response.status).toBe(409)
    expect(page).toContain('You are asked anew since you had this page open. Nothing was recorded')
    expect(page).toContain('policy does not allow people to accept it as it is now')
    expect(page).not.toContain('What changed')
    expect(page).toContain('name="round" value="2"')
    expect(page).not.toContain(' checked>')
  })

  test('never reads facts of a hash that was not shown', async () => {
    const site = new Site().asking()

    const response = await site.post({ ...goodVote, factsHash: 'c'.repeat(64) })

    expect(response.status).toBe(409)
    expect(await response.text()).not.toContain('What changed')
  })

  test.each(['closed', 'expired'] as const)('says that a vote came too late: %s', async (result) => {
    const site = new Site().asking()
    site.reply = () => {
      site.story.decided('reject', 'deadline')
      return { result }
    }

    const response = await site.post(goodVote)

    expect(response.status).toBe(409)
    const page = await response.text()
    expect(page).toContain('came too late')
    expect(page).toContain('Decided: reject')
  })

  test('does not claim what it does not know when the vote function fails', async () => {
    const site = new Site().asking()
    site.reply = () => {
      throw new Error('boom')
    }

    const response = await site.post(goodVote)

    expect(response.status).toBe(503)
    expect(await response.text()).toContain('could not confirm')
    expect(site.problems).toMatchObject([{ offerId: site.story.state.offerId }])
  })

  test('answers calmly when the ledger cannot be read', async () => {
    const site = new Site().asking()
    site.links.get = () => {
      throw new Error('table is gone')
    }

    const response = await site.get()

    expect(response.status).toBe(503)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await response.text()).not.toContain('table is gone')
  })
})

describe('headers', () => {
  const post = { method: 'POST', headers: { origin, 'content-type': 'application/x-www-form-urlencoded' } }
  test.each<[string, string, RequestInit]>([
    ['a page', `/a/${token}`, {}],
    ['HEAD', `/a/${token}`, { method: 'HEAD' }],
    ['an unknown link', '/a/unknown', {}],
    ['another path', '/', {}],
    ['another method', `/a/${token}`, { method: 'OPTIONS' }],
    ['a foreign origin', `/a/${token}`, { method: 'POST' }],
    ['another type', `/a/${token}`, { method: 'POST', headers: { origin } }],
    ['a bad form', `/a/${token}`, { ...post, body: 'factsHash=x' }],
    ['a long form', `/a/${token}`, { ...post, body: `comment=${'x'.repeat(20_000)}` }],
    ['a refusal', `/a/${token}`, { ...post, body: `factsHash=${hashA}&round=1` }],
    ['a vote', `/a/${token}`, { ...post, body: new URLSearchParams(goodVote).toString() }],
  ])('are there on %s', async (_what, path, init) => {
    const { headers } = await new Site().asking().app.request(path, init)

    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
      ),
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
      'referrer-policy': 'same-origin',
      'strict-transport-security': expect.stringContaining('max-age='),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'x-robots-tag': 'noindex, nofollow',
    })
  })

  test('promise https only where there is https', async () => {
    const site = Object.assign(new Site().asking(), { approvalUrl: 'http://127.0.0.1:8787' })

    expect((await site.get()).headers.has('strict-transport-security')).toBe(false)
  })
})
