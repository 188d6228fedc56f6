import { CancelCertificateTransferCommand } from '@aws-sdk/client-iot'
import { ServiceUnavailable, UnexpectedAnswer } from '../../contract/errors.ts'
import type { Inspection } from '../../domain/facts.ts'
import type { OfferRef } from '../../domain/offer.ts'
import { ItemReader, parseAnswer } from '../answer.ts'
import { IotCalls, transferDateOf } from '../iot-calls.ts'
import type { Description } from '../iot-calls.ts'
import type { Found, Kind, KindContext, Settled, SettleRequest } from '../kind.ts'
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
  readonly #context: KindContext
  readonly #calls: IotCalls

  constructor(context: KindContext) {
    this.#context = context
    this.#calls = new IotCalls(context, iotOutgoingErrors)
  }

  async *discover(): AsyncIterable<Found> {
    const items = new ItemReader()
    for await (const item of this.#calls.outgoing()) {
      const outgoing = items.read(() => parseOutgoing(item))
      if (outgoing !== undefined) yield { ref: this.#refOf(outgoing), counterparty: outgoing.transferredTo }
    }
    items.finish()
  }

  async locate(awsId: string): Promise<OfferRef | undefined> {
    const outgoing = await this.#find(awsId)
    return outgoing === undefined ? undefined : this.#refOf(outgoing)
  }

  async inspect(ref: OfferRef): Promise<Inspection> {
    const outgoing = await this.#find(ref.awsId)
    if (outgoing === undefined) return { state: await this.#endedState(ref) }
    if (outgoing.transferDate !== ref.transferDate) return { state: 'gone' }
    const party = await partyOf(this.#context, outgoing.transferredTo)
    return { state: 'pending', facts: factsOf(outgoing, party) }
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
    const description = await this.#calls.describe(ref.awsId)
    if (description === undefined || this.#isAnothers(description)) return 'accepted'
    const isThisTransfer = transferDateOf(description) === ref.transferDate
    if (description.status === 'PENDING_TRANSFER') {
      if (isThisTransfer)
        throw new ServiceUnavailable('expected a pending transfer in ListOutgoingCertificates, got none')
      return 'gone'
    }
    const wasOfferedAnew = (description.transferData?.transferDate ?? null) !== null && !isThisTransfer
    return wasOfferedAnew || wasRejected(description, ref) ? 'gone' : 'rejected'
  }

  #isAnothers({ ownedBy }: Description): boolean {
    return ownedBy !== null && ownedBy !== this.#context.target.account
  }

  #refOf({ certificateId, transferDate }: Outgoing): OfferRef {
    return { ...this.#context.target, awsId: certificateId, transferDate }
  }
}

/** The receiver said no: nothing that we or ours did. */
function wasRejected(description: Description, ref: OfferRef): boolean {
  const rejectDate = description.transferData?.rejectDate ?? null
  return rejectDate !== null && rejectDate >= (ref.transferDate ?? '-')
}

function parseOutgoing(item: unknown): Outgoing {
  return parseAnswer(outgoingSchema, item, 'outgoingCertificates')
}
