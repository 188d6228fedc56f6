import { ServiceUnavailable, UnexpectedAnswer } from '../../contract/errors.ts'
import type { Ending, Inspection } from '../../domain/facts.ts'
import type { OfferRef } from '../../domain/offer.ts'
import { refOfRequest, wasBegunFor, type TransferRequest } from '../../domain/transfer-request.ts'
import { ItemReader } from '../answer.ts'
import { endingOf } from '../ending.ts'
import { transferDateOf, type Description } from '../iot-calls.ts'
import type { Found, Kind, KindContext, Settled, SettleRequest } from '../kind.ts'
import { partyOf } from '../party.ts'
import type { Answer } from '../reactions.ts'
import { SendCalls } from './calls.ts'
import { factsOf, obstacleOf } from './facts.ts'

/** Transfers of our certificates that people of ours ask for: accept begins one, reject refuses the request. */
export function openIotSend(context: KindContext): Kind {
  return new IotSend(context)
}

/** For who asks: why AWS would not begin this transfer, before anybody is bothered with it; undefined where it would. */
export async function obstacleToSending(context: KindContext, certificateId: string): Promise<string | undefined> {
  const certificate = await new SendCalls(context).certificate(certificateId)
  return certificate === undefined ? 'the account has no such certificate in this region' : obstacleOf(certificate)
}

class IotSend implements Kind {
  readonly handsOver = false
  readonly watches = true
  readonly #context: KindContext
  readonly #calls: SendCalls

  constructor(context: KindContext) {
    this.#context = context
    this.#calls = new SendCalls(context)
  }

  async *discover(): AsyncIterable<Found> {
    const items = new ItemReader()
    for await (const request of this.#context.requests.open()) {
      const ref = refOfRequest(request)
      if (await items.ask(() => this.#goesOn(ref))) yield { ref, counterparty: request.to }
    }
    items.finish()
  }

  async locate(awsId: string): Promise<OfferRef | undefined> {
    const request = await this.#context.requests.find(awsId)
    if (request === undefined || request.ended) return undefined
    const ref = refOfRequest(request)
    return (await this.#goesOn(ref)) ? ref : undefined
  }

  async inspect(ref: OfferRef): Promise<Inspection> {
    const request = await this.#requestOf(ref)
    if (request === undefined) return { state: 'gone' }
    if (request.state === 'refused') return { state: 'rejected' }
    const certificate = await this.#calls.certificate(ref.awsId)
    if (certificate === undefined) return request.state === 'begun' ? left : { state: 'gone' }
    const { description } = certificate
    if (description.status === 'PENDING_TRANSFER') return isOurs(request, description) ? underWay : changed
    const ending = request.state === 'begun' ? endingSince(request, description) : undefined
    if (ending !== undefined) return { state: 'gone', ending }
    // Its case was closing when the run died: whatever that was, nothing is sent for it any more.
    if (request.ended) return { state: 'gone' }
    const party = await partyOf(this.#context, request.to)
    return { state: 'pending', facts: factsOf(request, certificate, party) }
  }

  async settle({ ref, action }: SettleRequest): Promise<Settled> {
    const request = await this.#requestOf(ref)
    if (request === undefined) return { result: 'gone', detail: 'the request is not there any more' }
    return action === 'accept' ? await this.#send(ref, request) : await this.#refuse(request)
  }

  async noteUnderWay(ref: OfferRef): Promise<void> {
    const request = await this.#requestOf(ref)
    if (request?.state === 'begun') await this.#recordDate(request)
  }

  /** The request alone does not say whether somebody has answered at AWS. */
  async #goesOn(ref: OfferRef): Promise<boolean> {
    const { state } = await this.inspect(ref)
    return state === 'pending' || state === 'under-way'
  }

  async #send(ref: OfferRef, request: TransferRequest): Promise<Settled> {
    if (request.state === 'refused') return { result: 'lost', detail: 'the request was refused' }
    const begun = await this.#context.requests.begin(request)
    const answer = await this.#calls.transfer(begun)
    const settled = answer.ok
      ? { result: 'settled' as const, detail: 'IoT took TransferCertificate' }
      : await this.#whyNot(ref, answer, request.state === 'begun')
    if (settled.result !== 'gone') await this.#recordDate(begun)
    return settled
  }

  /** Before this case is over another transfer of the certificate may begin: the date says which one was ours. */
  async #recordDate(request: TransferRequest): Promise<void> {
    const description = (await this.#calls.certificate(request.certificateId))?.description
    if (description?.status !== 'PENDING_TRANSFER' || !isOurs(request, description)) return
    await this.#context.requests.began(request, transferDateOf(description))
  }

  async #whyNot(ref: OfferRef, answer: Answer<unknown> & { ok: false }, tried: boolean): Promise<Settled> {
    if (!('look' in answer.reaction)) throw new UnexpectedAnswer(answer.detail)
    const { state } = await this.inspect(ref)
    // AWS refused the only call there was: whatever it shows now is somebody else's doing.
    if (!tried) return { result: 'gone', detail: `${answer.detail} (the request now reads ${state})` }
    if (state === 'under-way' || state === 'accepted') return { result: 'already-settled', detail: answer.detail }
    // A call of ours whose answer was lost may have begun it, and a reading may lag behind that.
    if (state === 'pending') throw new ServiceUnavailable(`expected a transfer under way after ${answer.detail}`)
    return { result: 'gone', detail: `${answer.detail} (the request now reads ${state})` }
  }

  async #refuse(request: TransferRequest): Promise<Settled> {
    const again = request.state === 'refused'
    await this.#context.requests.refuse(request)
    return { result: again ? 'already-settled' : 'settled', detail: 'the request is refused: nothing was sent' }
  }

  async #requestOf(ref: OfferRef): Promise<TransferRequest | undefined> {
    const request = await this.#context.requests.find(ref.awsId)
    return request?.requestedAt === ref.transferDate ? request : undefined
  }
}

const underWay: Inspection = { state: 'under-way' }
const left: Inspection = { state: 'accepted', ending: { how: 'accepted', reason: null, at: null } }
const changed: Inspection = { state: 'gone', ending: { how: 'changed', reason: null, at: null } }

function isOurs(request: TransferRequest, description: Description): boolean {
  const message = description.transferData?.transferMessage ?? null
  return wasBegunFor(request, { transferDate: transferDateOf(description), message })
}

/** It is with us and not on its way, although a transfer was begun: how that ended, or undefined where it never began. */
function endingSince(request: TransferRequest, description: Description): Ending | undefined {
  const begunAt = request.begunAt ?? request.requestedAt
  const rejected = endingOf(description, request.transferDate ?? secondOf(begunAt))
  if (rejected !== undefined) return rejected
  if (request.transferDate !== undefined) return { how: 'cancelled', reason: null, at: null }
  // A call of ours, whose answer was lost, or somebody else: either way it was sent, and is not sent again.
  if ((description.transferData?.transferDate ?? '') >= secondOf(begunAt))
    return { how: isOurs(request, description) ? 'cancelled' : 'changed', reason: null, at: null }
  // Whoever changed it since may have cancelled what a call of ours, whose answer was lost, had begun.
  const touched = description.lastModifiedDate !== null && description.lastModifiedDate > begunAt
  return touched ? { how: 'changed', reason: null, at: description.lastModifiedDate } : undefined
}

function secondOf(time: string): string {
  return `${time.slice(0, 19)}Z`
}
