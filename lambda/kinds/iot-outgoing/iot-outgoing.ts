import { CancelCertificateTransferCommand } from '@aws-sdk/client-iot'
import type { OutgoingCertificate } from '@aws-sdk/client-iot'
import { ServiceUnavailable, UnexpectedAnswer } from '../../contract/errors.ts'
import type { Ending, Facts, Inspection } from '../../domain/facts.ts'
import type { JsonObject } from '../../domain/json.ts'
import type { OfferRef } from '../../domain/offer.ts'
import { wasBegunFor } from '../../domain/transfer-request.ts'
import { ItemReader, parseAnswer } from '../answer.ts'
import { certificateOf } from '../certificate.ts'
import { endingOf } from '../ending.ts'
import { IotCalls, transferDateOf } from '../iot-calls.ts'
import type { Description } from '../iot-calls.ts'
import type { Found, Kind, KindContext, Settled, SettleRequest } from '../kind.ts'
import type { ListedPage } from '../listed-page.ts'
import { everything, type Part } from '../part.ts'
import { partyOf } from '../party.ts'
import { callAws } from '../reactions.ts'
import { settle } from '../settlement.ts'
import { iotOutgoingErrors } from './errors.ts'
import { factsOf, outgoingSchema } from './facts.ts'
import type { Outgoing } from './facts.ts'

/** Our certificates on their way out: reject cancels the transfer, accept leaves it alone. */
export function openIotOutgoing(context: KindContext): Kind {
  return new IotOutgoing(context)
}

class IotOutgoing implements Kind {
  readonly handsOver = false
  readonly listedInParts = 'at-a-pace'
  readonly #context: KindContext
  readonly #calls: IotCalls

  constructor(context: KindContext) {
    this.#context = context
    this.#calls = new IotCalls(context, iotOutgoingErrors)
  }

  async *discover(part: Part = everything): AsyncIterable<Found> {
    const items = new ItemReader()
    let { marker } = part.from
    for (let offers = 0; marker !== null && (await part.page(offers));) {
      const page: ListedPage<OutgoingCertificate> = await this.#calls.outgoingPage(marker)
      offers += page.items.length
      marker = page.next
      part.reached({ marker, waiting: [] })
      for (const item of page.items) {
        const outgoing = items.read(() => parseOutgoing(item))
        if (outgoing !== undefined) yield this.#foundOf(outgoing)
      }
    }
    items.finish()
  }

  async locate(awsId: string): Promise<OfferRef | undefined> {
    const outgoing = await this.#find(awsId)
    return outgoing === undefined ? undefined : this.#refOf(outgoing)
  }

  /** One certificate is one call; all that are out are listed only where it alone does not say how its transfer ended. */
  async inspect(ref: OfferRef): Promise<Inspection> {
    const description = await this.#describeOurs(ref)
    if (description === undefined) return { state: 'accepted', ending: left }
    const ending = endingOf(description, sinceOf(ref))
    if (ending !== undefined) return { state: 'gone', ending }
    const outgoing = await this.#find(ref.awsId)
    if (outgoing === undefined) return { state: await this.#endedState(ref) }
    if (outgoing.transferDate !== ref.transferDate) return { state: 'gone' }
    return { state: 'pending', facts: await this.#factsOf(outgoing, certificateOf(description)) }
  }

  async settle({ ref, action }: SettleRequest): Promise<Settled> {
    if (action === 'accept') throw new UnexpectedAnswer('expected no accept of `iot-outgoing`: it is left alone')
    const command = new CancelCertificateTransferCommand({ certificateId: ref.awsId })
    const call = { table: iotOutgoingErrors, operation: 'CancelCertificateTransfer' }
    const answer = await callAws(call, () => this.#calls.settler.send(command))
    const confirm = (): string => 'IoT took CancelCertificateTransfer'
    return await settle({ action, answer, confirm, look: () => this.inspect(ref) })
  }

  async #find(certificateId: string): Promise<Outgoing | undefined> {
    for await (const item of this.#calls.outgoing()) {
      if (item.certificateId === certificateId) return parseOutgoing(item)
    }
    return undefined
  }

  /** How a transfer ended that is not listed any more. */
  async #endedState(ref: OfferRef): Promise<'accepted' | 'rejected' | 'gone'> {
    const description = await this.#describeOurs(ref)
    if (description === undefined) return 'accepted'
    const isThisTransfer = transferDateOf(description) === ref.transferDate
    if (description.status === 'PENDING_TRANSFER') {
      if (isThisTransfer)
        throw new ServiceUnavailable('expected a pending transfer in ListOutgoingCertificates, got none')
      return 'gone'
    }
    const wasOfferedAnew = (description.transferData?.transferDate ?? null) !== null && !isThisTransfer
    return wasOfferedAnew || endingOf(description, sinceOf(ref)) !== undefined ? 'gone' : 'rejected'
  }

  /** Undefined once it is another's. */
  async #describeOurs({ awsId }: OfferRef): Promise<Description | undefined> {
    const description = await this.#calls.describe(awsId)
    const owner = description?.ownedBy ?? null
    return owner === null || owner === this.#context.target.account ? description : undefined
  }

  /** A listing says of each all that its facts rest on: whoever lists thousands reads none of them again. */
  #foundOf(outgoing: Outgoing): Found {
    const facts = (): Promise<Facts> => this.#factsOf(outgoing)
    return { ref: this.#refOf(outgoing), counterparty: outgoing.transferredTo, facts }
  }

  /** `certificate`: what it says of itself, where that was read; nothing rests on it. */
  async #factsOf(outgoing: Outgoing, certificate: JsonObject = {}): Promise<Facts> {
    const request = await this.#context.requests.find(outgoing.certificateId)
    const { transferDate, transferMessage: message, transferredTo: to } = outgoing
    const governed = request !== undefined && wasBegunFor(request, { transferDate, message, to }) ? request : undefined
    const facts = factsOf(outgoing, await partyOf(this.#context, to), governed)
    return { ...facts, context: { ...facts.context, ...certificate } }
  }

  #refOf({ certificateId, transferDate }: Outgoing): OfferRef {
    return { ...this.#context.target, awsId: certificateId, transferDate }
  }
}

const left: Ending = { how: 'accepted', reason: null, at: null }

function sinceOf({ transferDate }: OfferRef): string {
  return transferDate ?? '-'
}

function parseOutgoing(item: unknown): Outgoing {
  return parseAnswer(outgoingSchema, item, 'outgoingCertificates')
}
