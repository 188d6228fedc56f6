import type { Page } from 'playwright-core'
import type { Conflict, EventBody } from '../../lambda/domain/event.ts'
import { kindNames } from '../../lambda/domain/kinds.ts'
import { hashB } from './events.ts'
import { factsOfKind } from './facts.ts'
import { aSettings } from './kinds.ts'
import { longPolicy, shareOf } from './large.ts'
import { Site } from './site.ts'

/** Every state in which somebody may find the page: a case, and what is done on the page first. */
export interface Scene {
  name: string
  make: () => Site
  act?: (page: Page, site: Site) => Promise<void>
}

const deadline = { at: '2026-11-27T11:00:00.000Z', from: 'expiry' as const }

/** Two groups, a quorum of two and an escalation group, with a reader in Berlin. */
export function withGroups(site: Site): Site {
  const people = ['ada', 'ben', 'cara', 'dora', 'erin']
  site.settings = aSettings({
    approvers: people.map((id) => ({ id, email: `${id}@example.com`, timeZone: 'Europe/Berlin' })),
    groups: {
      network: { approvers: ['ada', 'ben', 'cara'], quorum: 2 },
      security: { approvers: ['cara', 'dora'], quorum: 1 },
      duty: { approvers: ['erin'], quorum: 1 },
    },
    defaultGroup: 'network',
    escalationGroup: 'duty',
  })
  return site
}

/** Both groups asked. */
export function askedTwoGroups(site: Site, conflicts: Conflict[] = []): Site {
  const routing = [
    { group: 'network', quorum: 2 },
    { group: 'security', quorum: 1 },
  ]
  const policies = [{ id: 'review-outside-shares', reason: 'Shares from outside the organization need two groups.' }]
  withGroups(site).story.judged({ policies, routing })
  const approvers = ['ada', 'ben', 'cara', 'dora'].filter((id) => !conflicts.some(({ approver }) => approver === id))
  site.story.add({ type: 'asked', data: { approvers, deadline, purpose: 'approval', conflicts } })
  return site
}

function votedBy(approver: string, comment: string, choice: 'accept' | 'reject' = 'accept'): EventBody {
  return { type: 'voted', data: { approver, choice, comment, assurance: 'link holder' } }
}

export function forbidding(kind: 'ram-invitation' | 'iam-delegation' = 'ram-invitation'): Site {
  const site = new Site(kind)
  const policies = [{ id: 'no-private-ca', reason: 'Nobody outside the organization signs certificates for us.' }]
  site.story.judged({ approval: { allowed: false, policies, errors: [] } }).asked(['ada'])
  return site
}

export function activating(): Site {
  const site = new Site('iot-transfer')
  site.story.judged({ mayActivate: true }).asked(['ada'])
  return site
}

/** Asked, changed, and asked again: with the page opened only now. */
export function changedSinceAsked(): Site {
  const site = askedTwoGroups(new Site('ram-invitation', shareOf(10)))
  site.facts.set(hashB, shareOf(20))
  site.story.inspected(2, hashB, { cause: 'facts-changed' })
  return askedTwoGroups(site)
}

function busy(): Site {
  const site = askedTwoGroups(new Site(), [{ approver: 'dora', why: 'counterparty' }])
  site.story.add(votedBy('ben', 'We asked for these subnets.\nTicket NET-104.'))
  site.story.add({ type: 'escalated', data: { approvers: ['erin'], why: 'time' } })
  return site
}

function closed(): Site {
  const site = busy()
  site.story.add(votedBy('cara', '')).add(votedBy('erin', ''))
  site.story.decided('accept').add({ type: 'closed', data: { outcome: 'ACCEPTED', finding: 'accepted' } })
  return site
}

/** The delegator role has accepted; `stranded`: and may not release it any more. */
export function held(purpose: 'hold' | 'stranded'): Site {
  const site = new Site('iam-delegation').asking()
  const heldUntil = '2026-11-20T15:30:00.000Z'
  const told = { approvers: ['ada'], deadline: { at: heldUntil, from: 'window' as const } }
  site.story.decided('accept').add({ type: 'attempted', data: { action: 'accept', call: 'accept' } })
  site.story.add({ type: 'settled', data: { action: 'accept', result: 'settled', detail: '', changed: [], heldUntil } })
  for (const each of ['hold', purpose] as const) site.story.add({ type: 'asked', data: { ...told, purpose: each } })
  return site
}

function readBy(approver: string, site: Site): Site {
  for (const [token, link] of site.links) site.links.set(token, { ...link, approver })
  return site
}

function replying(reply: NonNullable<Site['reply']>): Site {
  const site = new Site().asking()
  site.reply = reply
  return site
}

function signingIn(): Site {
  const site = new Site().asking()
  site.settings = aSettings({ signIn: { issuer: 'https://id.example.com', clientId: 'gatehouse' } })
  return site
}

async function vote(page: Page, choice: 'accept' | 'reject' = 'accept'): Promise<void> {
  await page.locator(`#choice-${choice}`).check()
  await page.getByLabel('Last four').fill('6666')
  await page.getByRole('button', { name: 'Send my decision' }).click()
  await page.waitForLoadState()
}

const twice = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:GetObject",\n"Resource":"*","Effect":"Allow","Action":"*"}]}`

export const gallery: readonly Scene[] = [
  ...kindNames().map((kind) => ({ name: kind, make: () => new Site(kind).asking() })),
  { name: 'activate', make: activating },
  { name: 'share-5000', make: () => new Site('ram-invitation', shareOf(5000)).asking() },
  {
    name: 'policy-6kb',
    make: () => new Site('iam-delegation', factsOfKind('iam-delegation', { permissionPolicy: longPolicy() })).asking(),
  },
  {
    name: 'policy-twice',
    make: () => new Site('iam-delegation', factsOfKind('iam-delegation', { permissionPolicy: twice })).asking(),
  },
  { name: 'changed', make: changedSinceAsked },
  { name: 'quorum', make: busy },
  { name: 'escalated', make: () => readBy('erin', busy()) },
  { name: 'conflict', make: () => readBy('dora', busy()) },
  { name: 'voted-before', make: votedBefore },
  { name: 'forbidden', make: forbidding },
  { name: 'expired', make: () => Object.assign(busy(), { now: new Date('2026-11-27T11:00:00Z') }) },
  { name: 'closed', make: closed },
  { name: 'held', make: () => held('hold') },
  { name: 'stranded', make: () => held('stranded') },
  { name: 'in-progress', make: () => new Site() },
  { name: 'unknown-link', make: () => readBy('gone', new Site().asking()) },
  { name: 'errors', make: () => new Site().asking(), act: (page) => vote(page, 'reject') },
  { name: 'after-vote-decided', make: () => new Site().asking(), act: (page) => vote(page) },
  { name: 'after-vote-waiting', make: () => askedTwoGroups(new Site()), act: (page) => vote(page) },
  { name: 'stale', make: () => new Site('iot-transfer').asking(), act: changeAndVote },
  { name: 'too-many-tries', make: () => replying(() => ({ result: 'too-many-tries' })), act: (page) => vote(page) },
  { name: 'sign-in', make: signingIn },
]

function votedBefore(): Site {
  const site = busy()
  site.story.add(votedBy('ada', 'Fine.'))
  return site
}

/** Another round begins while the page is open. */
async function changeAndVote(page: Page, site: Site): Promise<void> {
  site.facts.set(hashB, factsOfKind('iot-transfer', { message: 'Other devices.' }))
  site.story.inspected(2, hashB, { cause: 'facts-changed' })
  site.asking()
  await vote(page)
}
