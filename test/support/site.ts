import type { Hono } from 'hono'
import type { LinkVote, VoteReply } from '../../lambda/contract/states.ts'
import type { Choice } from '../../lambda/domain/event.ts'
import type { Facts } from '../../lambda/domain/facts.ts'
import type { OfferKind } from '../../lambda/domain/offer.ts'
import { expectedDigits } from '../../lambda/domain/typed-digits.ts'
import { createWebApp, type WebDeps } from '../../lambda/web/app.ts'
import type { ApprovalLink } from '../../lambda/web/standing.ts'
import { hashA, Story } from './events.ts'
import { aRefOf, factsOfKind } from './facts.ts'
import { aSettings } from './kinds.ts'

export const token = 'T0kEn-T0kEn_T0kEn-T0kEn_T0kEn-T0kEn_T0kEn-1'
export const origin = 'https://gatehouse.example'

/** The page over a case in memory. The `vote` port checks as the vote function does and keeps what it was given. */
export class Site {
  story: Story
  readonly facts = new Map<string, Facts>()
  readonly links = new Map<string, ApprovalLink>()
  readonly votes: LinkVote[] = []
  readonly problems: Parameters<WebDeps['report']>[0][] = []
  reads = 0
  now = new Date('2026-11-20T15:00:00.000Z')
  approvalUrl = origin
  settings = aSettings()
  /** Answers instead of the checks, when set. */
  reply: (() => VoteReply) | undefined

  constructor(kind: OfferKind = 'ram-invitation', facts: Facts = factsOfKind(kind)) {
    this.story = new Story(aRefOf(kind)).inspected(1, hashA)
    this.facts.set(hashA, facts)
    this.links.set(token, {
      offerId: this.story.state.offerId,
      approver: 'ada',
      expiresAtMs: Date.parse('2026-11-27T11:00:00.000Z'),
      ttl: Date.parse('2027-02-25T11:00:00.000Z') / 1000,
    })
  }

  /** Judged for review, and ada asked. */
  asking(): this {
    const policies = [{ id: 'review-outside-shares', reason: 'Shares from outside the organization need a person.' }]
    this.story.judged({ policies, notes: ['outside-auto-accept-bound'] }).asked(['ada'])
    return this
  }

  get app(): Hono {
    return createWebApp(this.deps)
  }

  get deps(): WebDeps {
    return {
      readLink: async (wanted) => {
        this.reads += 1
        return this.links.get(wanted)
      },
      readOffer: async () => ({ state: this.story.state, events: this.story.events }),
      readFacts: async (_offerId, factsHash) => this.facts.get(factsHash)!,
      vote: async (request) => this.vote(request),
      readIntakeLink: () => Promise.resolve(undefined),
      takeIn: () => Promise.resolve({ result: 'unknown-link' }),
      now: () => this.now,
      approvalUrl: this.approvalUrl,
      settings: this.settings,
      report: (problem) => this.problems.push(problem),
    }
  }

  vote(request: LinkVote): VoteReply {
    this.votes.push(request)
    if (this.reply !== undefined) return this.reply()
    const { state } = this.story
    const { factsHash, number } = state.round ?? {}
    if (request.factsHash !== factsHash || request.round !== String(number)) return { result: 'facts-changed' }
    if (request.digits !== expectedDigits(state)) {
      return { result: 'refused', field: 'digits', problem: 'These are not the four characters asked for.' }
    }
    const choice = request.choice as Choice
    const active = request.active === 'yes' ? { active: true } : {}
    const { comment } = request
    this.story.add({ type: 'voted', data: { approver: 'ada', choice, comment, assurance: 'link holder', ...active } })
    return { result: 'voted', choice }
  }

  async get(path = `/a/${token}`, headers: Record<string, string> = {}): Promise<Response> {
    return await this.app.request(path, { headers })
  }

  /** A form as a browser posts it from our own page; headers given as undefined are left out. */
  async post(fields: Record<string, string>, headers: Record<string, string | undefined> = {}): Promise<Response> {
    const sent: Record<string, string | undefined> = {
      origin: this.approvalUrl,
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    }
    return await this.app.request(`/a/${token}`, {
      method: 'POST',
      headers: Object.entries(sent).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as [string, string]],
      ),
      body: new URLSearchParams(fields).toString(),
    })
  }
}

export const goodVote = { choice: 'accept', comment: '', factsHash: hashA, round: '1', digits: '6666' }
