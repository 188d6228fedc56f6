import {
  AcceptCertificateTransferCommand,
  ListCertificatesCommand,
  RejectCertificateTransferCommand,
} from '@aws-sdk/client-iot'
import type { Certificate } from '@aws-sdk/client-iot'
import * as z from 'zod'
import type { Inspection } from '../../domain/facts.ts'
import type { OfferRef } from '../../domain/offer.ts'
import { ItemReader, parseAnswer } from '../answer.ts'
import { IotCalls, certificateStatusSchema, transferDateOf } from '../iot-calls.ts'
import type { Description } from '../iot-calls.ts'
import type { Found, Kind, KindContext, Settled, SettleRequest } from '../kind.ts'
import { partyOf } from '../party.ts'
import { answerOf, callAws } from '../reactions.ts'
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
  readonly #context: KindContext
  readonly #calls: IotCalls

  constructor(context: KindContext) {
    this.#context = context
    this.#calls = new IotCalls(context, iotTransferErrors)
  }

  /** The outgoing ones are read last: a transfer that begins meanwhile is never taken for one that comes in. */
  async *discover(): AsyncIterable<Found> {
    const items = new ItemReader()
    const pending: string[] = []
    for await (const item of this.#certificates()) {
      const listed = items.read(() => parseAnswer(listedSchema, item, 'certificates'))
      if (listed?.status === 'PENDING_TRANSFER') pending.push(listed.certificateId)
    }
    const outgoing = pending.length === 0 ? new Set() : await this.#outgoingIds()
    for (const id of pending.filter((one) => !outgoing.has(one))) {
      const description = await this.#calls.describe(id)
      if (description?.status === 'PENDING_TRANSFER')
        yield { ref: this.#refOf(description), counterparty: senderOf(description, this.#context.target.account) }
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
    if (!(await this.#isIncoming(description))) return { state: 'gone' }
    const party = await partyOf(this.#context, senderOf(description, this.#context.target.account))
    return { state: 'pending', facts: factsOf(description, party) }
  }

  async settle({ ref, action, reason, setAsActive = false }: SettleRequest): Promise<Settled> {
    const answer =
      action === 'accept' ? await this.#accept(ref.awsId, setAsActive) : await this.#reject(ref.awsId, reason)
    const operation = action === 'accept' ? 'AcceptCertificateTransfer' : 'RejectCertificateTransfer'
    const confirm = (): string => `IoT took ${operation}${setAsActive ? ' as active' : ''}`
    return await settle({ action, answer, confirm, look: () => this.inspect(ref) })
  }

  async *#certificates(): AsyncIterable<Certificate> {
    let marker: string | undefined
    do {
      const command = new ListCertificatesCommand({ pageSize: 250, ...(marker === undefined ? {} : { marker }) })
      const call = { table: iotTransferErrors, operation: 'ListCertificates' }
      const page = answerOf(await callAws(call, () => this.#calls.reader.send(command)))
      yield* page.certificates ?? []
      marker = page.nextMarker
    } while (marker)
  }

  async #outgoingIds(): Promise<Set<string | undefined>> {
    const ids = new Set<string | undefined>()
    for await (const { certificateId } of this.#calls.outgoing()) ids.add(certificateId)
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
    return isAccepted ? { state: 'accepted', seen: seenOf(description) } : { state: 'gone' }
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

  #refOf(description: Description): OfferRef {
    const transferDate = transferDateOf(description)
    return { ...this.#context.target, awsId: description.certificateId, transferDate }
  }
}
