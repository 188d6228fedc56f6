import * as z from 'zod'
import { ServiceThrottled, UnexpectedAnswer } from '../../contract/errors.ts'
import { delegatesIn } from '../../domain/delegation.ts'
import type { Inspection } from '../../domain/facts.ts'
import type { JsonObject } from '../../domain/json.ts'
import { accountIdSchema, type OfferRef } from '../../domain/offer.ts'
import { ItemReader, parseAnswer } from '../answer.ts'
import type { Delegator } from '../delegator.ts'
import type { Found, Kind, KindContext, Settled, SettleRequest } from '../kind.ts'
import { everything, type Part } from '../part.ts'
import { partyOf } from '../party.ts'
import type { Answer } from '../reactions.ts'
import { settledBy } from '../settlement.ts'
import { IamCalls, iamRegion } from './calls.ts'
import { factsOf, standings, stateSchema } from './facts.ts'
import type { DelegationRequest } from './facts.ts'
import { cleanNotes } from './notes.ts'

/** Requests for temporary delegation: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-temporary-delegation.html */
export function openIamDelegation(context: KindContext): Kind {
  return new IamDelegation(context)
}

/** More than IAM gives. */
const longestSummary = 10_000
/** 0.8 + 1.6 + 3.2 + 6.4 s: a step has a minute. */
const summaryPauses = [3, 4, 5, 6]

const listedSchema = z.object({
  DelegationRequestId: z.string().min(1),
  State: stateSchema,
  // Only for the order: an odd one must not hide the request.
  RequestorId: accountIdSchema.nullable().catch(null),
})

class IamDelegation implements Kind {
  /** The partner's access is tied to the identity that accepts: a person's, not ours. */
  readonly handsOver = true
  readonly listedInParts = 'without-a-wait'
  readonly #context: KindContext
  readonly #calls: IamCalls

  constructor(context: KindContext) {
    this.#context = context
    this.#calls = new IamCalls(context)
  }

  async *discover(part: Part = everything): AsyncIterable<Found> {
    const items = new ItemReader()
    let { marker } = part.from
    for (let offers = 0; marker !== null && (await part.page(offers));) {
      const page = await this.#calls.requestPage(marker)
      marker = items.read(page.readNext) ?? null
      part.reached({ marker, waiting: [] })
      for (const item of page.items) {
        const listed = items.read(() => parseAnswer(listedSchema, item, 'DelegationRequests'))
        if (listed === undefined || standings[listed.State] !== 'pending') continue
        offers += 1
        yield { ref: this.#refOf(listed), counterparty: listed.RequestorId }
      }
    }
    items.finish()
  }

  async locate(awsId: string): Promise<OfferRef | undefined> {
    const request = await this.#get(awsId, { isOurs: false })
    return request !== undefined && standings[request.State] === 'pending' ? this.#refOf(request) : undefined
  }

  async inspect(ref: OfferRef): Promise<Inspection> {
    const request = await this.#get(ref.awsId)
    if (request === undefined) return { state: 'gone' }
    const state = standings[request.State]
    if (state !== 'pending' && request.State !== 'ACCEPTED') return { state }
    const party = await partyOf(this.#context, request.RequestorId)
    const facts = factsOf(request, { party, account: this.#context.target.account })
    return state === 'pending' ? { state, facts } : { state: 'accepted', unreleased: facts }
  }

  /** Loaded by the worker that needs it: a scan does not. */
  async delegator(ref: OfferRef): Promise<Delegator> {
    const { openDelegator } = await import('./delegator.ts')
    return openDelegator(this.#context, ref)
  }

  async describe(ref: OfferRef): Promise<JsonObject> {
    return { ...(await this.#delegator(ref)), ...(await this.#summary(ref)) }
  }

  /** What a partner can get at most, where a role of ours accepts. */
  async #delegator({ account, awsId }: OfferRef): Promise<JsonObject> {
    const { delegationRole: role } = this.#context.settings
    if (role === null || !delegatesIn(role, account)) return {}
    const { delegatorFacts } = await import('./delegator-facts.ts')
    return await delegatorFacts(this.#context, role, await this.#policyAsked(awsId))
  }

  async #policyAsked(awsId: string): Promise<string | null> {
    try {
      return (await this.#get(awsId))?.PermissionPolicy ?? null
    } catch (error) {
      if (error instanceof ServiceThrottled) throw error
      return null
    }
  }

  /** Written by a language model, which believes what the partner wrote. */
  async #summary({ account, awsId }: OfferRef): Promise<JsonObject> {
    try {
      const summary = await this.#summaryInTime(`arn:aws:iam::${account}:delegation-request/${awsId}`)
      return summary === undefined ? {} : { summary: summary.slice(0, longestSummary) }
    } catch (error) {
      if (error instanceof ServiceThrottled) throw error
      return {}
    }
  }

  /** Asking for it may be what has it written. */
  async #summaryInTime(arn: string): Promise<string | undefined> {
    for (const pause of summaryPauses) {
      const { text, pending } = await this.#calls.summary(arn)
      if (!pending) return text
      await this.#context.pause(pause)
    }
    return (await this.#calls.summary(arn)).text
  }

  async settle({ ref, action, reason }: SettleRequest): Promise<Settled> {
    if (action === 'accept') return { result: 'handed-over', detail: 'a person accepts in the AWS console' }
    return await this.#reject(ref.awsId, cleanNotes(reason))
  }

  /** IAM models no wrong-state error, so the state decides: before, and after. */
  async #reject(id: string, notes: string): Promise<Settled> {
    const before = await this.#get(id)
    const standing = before === undefined ? 'gone' : standings[before.State]
    if (standing !== 'pending') return settledBy(standing, 'reject', `GetDelegationRequest: ${before?.State ?? 'none'}`)
    const refusal = before?.OwnerId === null ? await this.#takeOwnership(id) : undefined
    const ended = refusal ?? refusalOf(await this.#calls.reject(id, notes))
    return ended === undefined ? await this.#confirm(id) : await this.#afterRefusal(id, ended)
  }

  /** Somebody of ours may be faster: an owned request can be rejected, whoever owns it. */
  async #takeOwnership(id: string): Promise<Refusal | undefined> {
    const refusal = refusalOf(await this.#calls.associate(id))
    if (refusal === undefined || 'settle' in refusal.reaction) return refusal
    const now = await this.#get(id)
    const isOwned = now !== undefined && now.OwnerId !== null && standings[now.State] === 'pending'
    return isOwned ? undefined : refusal
  }

  async #confirm(id: string): Promise<Settled> {
    const after = await this.#get(id)
    if (after?.State === 'REJECTED') return { result: 'settled', detail: 'the request reads REJECTED' }
    const detail = `RejectDelegationRequest: the request then read ${after?.State ?? 'as gone'}`
    return settledBy(after === undefined ? 'gone' : standings[after.State], 'reject', detail)
  }

  async #afterRefusal(id: string, refusal: Refusal): Promise<Settled> {
    if ('settle' in refusal.reaction) return { result: refusal.reaction.settle, detail: refusal.detail }
    const now = await this.#get(id)
    const standing = now === undefined ? 'gone' : standings[now.State]
    if (standing === 'pending') throw new UnexpectedAnswer(refusal.detail)
    return settledBy(standing, 'reject', refusal.detail)
  }

  /** A request without an owner account can be read by any account: one that another account took is not ours. */
  async #get(id: string, how?: { isOurs: boolean }): Promise<DelegationRequest | undefined> {
    const request = await this.#calls.get(id, how)
    const owner = request?.OwnerAccountId ?? this.#context.target.account
    return owner === this.#context.target.account ? request : undefined
  }

  #refOf({ DelegationRequestId }: { DelegationRequestId: string }): OfferRef {
    return { ...this.#context.target, region: iamRegion, awsId: DelegationRequestId }
  }
}

type Refusal = Extract<Answer<unknown>, { ok: false }>
function refusalOf(answer: Answer<unknown>): Refusal | undefined {
  return answer.ok ? undefined : answer
}
