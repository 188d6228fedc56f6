import { AcceptCertificateTransferCommand, RejectCertificateTransferCommand } from '@aws-sdk/client-iot'
import type { Certificate } from '@aws-sdk/client-iot'
import * as z from 'zod'
import type { Facts, Inspection } from '../../domain/facts.ts'
import { toTransferDate, type OfferRef } from '../../domain/offer.ts'
import type { Receipt } from '../../domain/facts.ts'
import type { Place } from '../../domain/scan-chain.ts'
import { ItemReader, parseAnswer, shownOf } from '../answer.ts'
import { IotCalls, certificateStatusSchema, transferDateOf } from '../iot-calls.ts'
import type { Description } from '../iot-calls.ts'
import type { Found, Kind, KindContext, Settled, SettleRequest } from '../kind.ts'
import type { ListedPage } from '../listed-page.ts'
import { everything, type Part } from '../part.ts'
import { partyOf } from '../party.ts'
import { callAws } from '../reactions.ts'
import type { Answer } from '../reactions.ts'
import { settle } from '../settlement.ts'
import { cutText } from '../text.ts'
import { iotTransferErrors } from './errors.ts'
import { factsOf, seenOf, senderOf } from './facts.ts'

/** Certificates on their way to us: https://docs.aws.amazon.com/iot/latest/developerguide/transfer-cert.html */
export function openIotTransfer(context: KindContext): Kind {
  return new IotTransfer(context)
}

const rejectReasonLength = 128
const listedSchema = z.object({ certificateId: z.string().min(1), status: certificateStatusSchema })

class IotTransfer implements Kind {
  readonly handsOver = false
  readonly listedInParts = 'at-a-pace'
  readonly #context: KindContext
  readonly #calls: IotCalls

  constructor(context: KindContext) {
    this.#context = context
    this.#calls = new IotCalls(context, iotTransferErrors)
  }

  /** The outgoing ones are read last: a transfer that begins meanwhile is never taken for one that comes in. */
  async *discover(part: Part = everything): AsyncIterable<Found> {
    const items = new ItemReader()
    const { marker, waiting } = await this.#listPending(part, items)
    const outgoing = waiting.length === 0 ? new Set() : await this.#outgoingIds(() => part.call())
    const incoming = waiting.filter((id) => !outgoing.has(id))
    part.reached({ marker, waiting: incoming })
    for (const [index, id] of incoming.entries()) {
      if (!(await part.offer())) break
      const description = await items.ask(() => this.#calls.describe(id))
      part.reached({ marker, waiting: incoming.slice(index + 1) })
      if (description?.status === 'PENDING_TRANSFER') yield this.#foundOf(description)
    }
    items.finish()
  }

  async locate(awsId: string): Promise<OfferRef | undefined> {
    const description = await this.#calls.describe(awsId)
    if (description === undefined || !(await this.#isIncoming(description))) return undefined
    return this.#refOf(description)
  }

  async inspect(ref: OfferRef): Promise<Inspection> {
    const description = await this.#calls.describe(ref.awsId)
    if (description === undefined) return { state: 'gone' }
    if (description.status !== 'PENDING_TRANSFER') return this.#answered(description, ref)
    if (transferDateOf(description) !== ref.transferDate) return { state: 'gone' }
    if (!isNamedByDate(ref) && !(await this.#isIncoming(description))) return { state: 'gone' }
    return { state: 'pending', facts: await this.#factsOf(description) }
  }

  async settle({ ref, action, reason, setAsActive = false }: SettleRequest): Promise<Settled> {
    const answer =
      action === 'accept' ? await this.#accept(ref.awsId, setAsActive) : await this.#reject(ref.awsId, reason)
    const operation = action === 'accept' ? 'AcceptCertificateTransfer' : 'RejectCertificateTransfer'
    const confirm = (): string => `IoT took ${operation}${setAsActive ? ' as active' : ''}`
    return await settle({ action, answer, confirm, look: () => this.inspect(ref) })
  }

  async received(ref: OfferRef): Promise<Receipt> {
    const description = await this.#calls.describe(ref.awsId)
    if (description === undefined || description.status === 'PENDING_TRANSFER') return { visible: false, seen: {} }
    return receiptOf(description)
  }

  async #listPending(part: Part, items: ItemReader): Promise<Place> {
    const waiting = [...part.from.waiting]
    let { marker } = part.from
    while (marker !== null && (await part.page(waiting.length))) {
      const page: ListedPage<Certificate> = await this.#calls.certificatePage(marker)
      waiting.push(...pendingIn(page, items))
      marker = page.next
      part.reached({ marker, waiting: [...waiting] })
    }
    return { marker, waiting }
  }

  async #outgoingIds(turn?: () => Promise<void>): Promise<Set<string | undefined>> {
    const ids = new Set<string | undefined>()
    for await (const { certificateId } of this.#calls.outgoing(turn)) ids.add(certificateId)
    return ids
  }

  /** Our own certificate on its way out reads as pending, too; where AWS names another owner it cannot be ours. */
  async #isIncoming({ certificateId, status, ownedBy }: Description): Promise<boolean> {
    if (status !== 'PENDING_TRANSFER') return false
    if (ownedBy !== null && ownedBy !== this.#context.target.account) return true
    return !(await this.#outgoingIds()).has(certificateId)
  }

  /** Ours by this transfer, or by none or another one. */
  #answered(description: Description, ref: OfferRef): Inspection {
    const isOurs = description.ownedBy === null || description.ownedBy === this.#context.target.account
    const acceptDate = description.transferData?.acceptDate ?? null
    if (!isOurs || acceptDate === null) return { state: 'gone' }
    const transferDate = description.transferData?.transferDate ?? null
    const isThisTransfer = transferDate === null || transferDate === ref.transferDate
    // ISO times of whole seconds compare as text; `-` for a date that AWS never gave is less than any.
    const isAccepted = isThisTransfer && acceptDate >= (ref.transferDate ?? '-')
    if (!isAccepted) return { state: 'gone' }
    return { state: 'accepted', seen: seenOf(description), receipt: receiptOf(description) }
  }

  async #accept(certificateId: string, setAsActive: boolean): Promise<Answer<unknown>> {
    const command = new AcceptCertificateTransferCommand({ certificateId, setAsActive })
    const call = { table: iotTransferErrors, operation: 'AcceptCertificateTransfer' }
    return await callAws(call, () => this.#calls.settler.send(command))
  }

  async #reject(certificateId: string, reason: string): Promise<Answer<unknown>> {
    const rejectReason = cutText(reason, rejectReasonLength)
    const command = new RejectCertificateTransferCommand({ certificateId, rejectReason })
    const call = { table: iotTransferErrors, operation: 'RejectCertificateTransfer' }
    return await callAws(call, () => this.#calls.settler.send(command))
  }

  #foundOf(description: Description): Found {
    const counterparty = senderOf(description, this.#context.target.account)
    return { ref: this.#refOf(description), counterparty, facts: () => this.#factsOf(description) }
  }

  async #factsOf(description: Description): Promise<Facts> {
    const sender = senderOf(description, this.#context.target.account)
    return factsOf(description, await partyOf(this.#context, sender))
  }

  #refOf(description: Description): OfferRef {
    const transferDate = transferDateOf(description)
    return { ...this.#context.target, awsId: description.certificateId, transferDate }
  }
}

function receiptOf({ status, ownedBy, validity }: Description): Receipt {
  return { visible: true, seen: shownOf({ status, ownedBy, notAfter: validity?.notAfter ?? null }) }
}

/** The case was opened on a transfer to us of that second: the same certificate on its way out has another date. */
function isNamedByDate({ transferDate }: OfferRef): boolean {
  return transferDate !== toTransferDate(undefined)
}

function pendingIn({ items: listed }: ListedPage<Certificate>, items: ItemReader): string[] {
  return listed.flatMap((item) => {
    const { status, certificateId } = items.read(() => parseAnswer(listedSchema, item, 'certificates')) ?? {}
    return status === 'PENDING_TRANSFER' && certificateId !== undefined ? [certificateId] : []
  })
}
