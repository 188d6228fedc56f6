import { ServiceUnavailable, UnexpectedAnswer } from '../../contract/errors.ts'
import type { Ending, Inspection } from '../../domain/facts.ts'
import { offerIdOf, type OfferRef } from '../../domain/offer.ts'
import {
  isUntouched,
  refOfRequest,
  refOfTransfer,
  wasBegunFor,
  type Marks,
  type SeenTransfer,
  type TransferRequest,
} from '../../domain/transfer-request.ts'
import { endingOf } from '../ending.ts'
import type { Description } from '../iot-calls.ts'
import type { Found, Kind, KindContext, Settled, SettleRequest } from '../kind.ts'
import { everything, type Part } from '../part.ts'
import { partyOf } from '../party.ts'
import type { Answer } from '../reactions.ts'
import { SendCalls } from './calls.ts'
import { factsOf, obstacleOf } from './facts.ts'

/** Transfers of our certificates that people of ours ask for: accept begins one, reject refuses the request. */
export function openIotSend(context: KindContext): Kind {
  return new IotSend(context)
}

class IotSend implements Kind {
  readonly handsOver = false
  readonly watches = true
  readonly listedInParts = 'at-a-pace'
  readonly #context: KindContext
  readonly #calls: SendCalls

  constructor(context: KindContext) {
    this.#context = context
    this.#calls = new SendCalls(context)
  }

  /** Our own list: how each stands at AWS is read when it is acted on, so each takes its turn at IoT's pace. */
  async *discover(part: Part = everything): AsyncIterable<Found> {
    const { marker } = part.from
    if (marker === null) return
    for await (const request of this.#context.requests.open(marker)) {
      if (!(await part.offer())) return
      part.reached({ marker: request.certificateId, waiting: [] })
      yield { ref: refOfRequest(request), counterparty: request.to }
    }
    part.reached({ marker: null, waiting: [] })
  }

  async locate(awsId: string): Promise<OfferRef | undefined> {
    const request = await this.#context.requests.find(awsId)
    return request === undefined || request.ended ? undefined : refOfRequest(request)
  }

  async obstacle(awsId: string): Promise<string | undefined> {
    const certificate = await this.#calls.certificate(awsId)
    return certificate === undefined ? 'the account has no such certificate in this region' : obstacleOf(certificate)
  }

  async inspect(ref: OfferRef): Promise<Inspection> {
    const request = await this.#requestOf(ref)
    if (request === undefined) return { state: 'gone' }
    if (request.state === 'refused') return { state: 'rejected' }
    const certificate = await this.#calls.certificate(ref.awsId)
    if (certificate === undefined) return goneOf(request)
    const { description } = certificate
    if (description.status === 'PENDING_TRANSFER')
      return (await this.#isOurs(request, description)) ? underWay : changed
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

  async noteUnderWay(ref: OfferRef): Promise<string | undefined> {
    const request = await this.#requestOf(ref)
    return request?.state === 'begun' ? await this.#recordBegun(request) : undefined
  }

  async #send(ref: OfferRef, request: TransferRequest): Promise<Settled> {
    if (request.state === 'refused') return { result: 'lost', detail: 'the request was refused' }
    const begun = await this.#context.requests.begin(request, await this.#marksOf(request))
    const answer = await this.#calls.transfer(begun)
    if (!answer.ok) return await this.#whyNot(ref, answer, request.state === 'begun')
    // At once: what comes of it may be over before it can be read.
    const taken = await this.#context.requests.began(begun, undefined)
    return { result: 'settled', detail: 'IoT took TransferCertificate', begun: await this.#recordBegun(taken) }
  }

  /** A call of ours whose answer was lost may have begun it: then the request is read again, and nothing is done. */
  async #marksOf({ certificateId, state, before }: TransferRequest): Promise<Marks> {
    const description = await this.#calls.description(certificateId)
    const marks = description === undefined ? undefined : marksOf(description)
    if (marks !== undefined && (state !== 'begun' || isUntouched(before, marks))) return marks
    throw new ServiceUnavailable('the certificate changed since it was read: it is read again')
  }

  /** Before this case is over another transfer of the certificate may begin: AWS's date says which one is ours. */
  async #recordBegun(request: TransferRequest): Promise<string | undefined> {
    const description = await this.#calls.description(request.certificateId)
    const isThere = description?.status === 'PENDING_TRANSFER'
    const seen = isThere ? (datedOf(description) ?? (await this.#calls.transferOf(request.certificateId))) : undefined
    await this.#context.requests.began(request, seen?.transferDate)
    return seen === undefined ? undefined : offerIdOf(refOfTransfer(request, seen))
  }

  /** As long as its date is not on record, whom it goes to has to be asked for: only the listing says that. */
  async #isOurs(request: TransferRequest, description: Description): Promise<boolean> {
    const dated = request.transferDate === undefined ? undefined : datedOf(description)
    return wasBegunFor(request, dated ?? (await this.#calls.transferOf(request.certificateId)))
  }

  async #whyNot(ref: OfferRef, answer: Answer<unknown> & { ok: false }, tried: boolean): Promise<Settled> {
    if (!('look' in answer.reaction)) throw new UnexpectedAnswer(answer.detail)
    const { state } = await this.inspect(ref)
    // AWS refused the only call there was: whatever it shows now is somebody else's doing.
    if (!tried) return { result: 'gone', detail: `${answer.detail} (the request now reads ${state})` }
    if (state === 'under-way') {
      return { result: 'already-settled', detail: answer.detail, begun: await this.noteUnderWay(ref) }
    }
    // A call of ours whose answer was lost may have begun it, and a reading may lag behind that.
    if (state === 'pending') throw new ServiceUnavailable(`expected a transfer under way after ${answer.detail}`)
    return { result: 'gone', detail: `${answer.detail} (the request now reads ${state})` }
  }

  async #refuse(request: TransferRequest): Promise<Settled> {
    const again = request.state === 'refused'
    if (request.state === 'begun') await this.#marksOf(request)
    await this.#context.requests.refuse(request)
    return { result: again ? 'already-settled' : 'settled', detail: 'the request is refused: nothing was sent' }
  }

  async #requestOf(ref: OfferRef): Promise<TransferRequest | undefined> {
    const request = await this.#context.requests.find(ref.awsId)
    return request?.requestedAt === ref.transferDate ? request : undefined
  }
}

/** Not ours any more: the receiver's, where AWS is known to have taken our call. */
function goneOf({ state, taken = false }: TransferRequest): Inspection {
  if (state !== 'begun') return { state: 'gone' }
  return taken ? left : changed
}

const underWay: Inspection = { state: 'under-way' }
const left: Inspection = { state: 'accepted', ending: { how: 'accepted', reason: null, at: null } }
const changed = { state: 'gone', ending: { how: 'changed', reason: null, at: null } } as const
const cancelled: Ending = { how: 'cancelled', reason: null, at: null }

/** Undefined where the certificate alone does not say when it began. */
function datedOf({ transferData }: Description): SeenTransfer | undefined {
  const transferDate = transferData?.transferDate ?? null
  return transferDate === null ? undefined : { transferDate, message: transferData?.transferMessage ?? null }
}

function marksOf({ lastModifiedDate, customerVersion, generationId, transferData }: Description): Marks {
  const { transferDate = null, rejectDate = null } = transferData ?? {}
  return { lastModifiedDate, customerVersion, generationId, transferDate, rejectDate }
}

/** It is with us and not on its way, although a transfer was begun: how that ended, or undefined where it never began. */
function endingSince(request: TransferRequest, description: Description): Ending | undefined {
  const { transferDate, before, taken = false } = request
  const marks = marksOf(description)
  if (isUntouched(before, marks)) {
    if (!taken) return undefined
    throw new ServiceUnavailable('expected a certificate that our call has changed, got it as it was before')
  }
  // It was sent, or may have been: it is not sent again.
  const began = transferDate ?? (marks.transferDate === before?.transferDate ? null : marks.transferDate)
  const isLast = began !== null && (marks.transferDate ?? began) === began
  const isOurs = isLast && (transferDate !== undefined || datedOf(description)?.message === request.message)
  if (isOurs) return endingOf(description, began) ?? cancelled
  return taken && marks.transferDate === null ? cancelled : { ...changed.ending, at: description.lastModifiedDate }
}
