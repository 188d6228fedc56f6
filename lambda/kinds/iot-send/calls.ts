import { ListAttachedPoliciesCommand, TransferCertificateCommand } from '@aws-sdk/client-iot'
import * as z from 'zod'
import { ServiceUnavailable } from '../../contract/errors.ts'
import type { SeenTransfer, TransferRequest } from '../../domain/transfer-request.ts'
import { parseAnswer } from '../answer.ts'
import { IotCalls, type Description } from '../iot-calls.ts'
import { outgoingSchema } from '../iot-outgoing/facts.ts'
import type { KindContext } from '../kind.ts'
import { answerOf, callAws, type Answer } from '../reactions.ts'
import { iotSendErrors } from './errors.ts'
import type { Certificate } from './facts.ts'

const policiesSchema = z.array(z.object({ policyName: z.string().min(1) }))

/** The calls about a certificate of ours that is to be sent. */
export class SendCalls {
  readonly #account: string
  readonly #calls: IotCalls

  constructor(context: KindContext) {
    this.#account = context.target.account
    this.#calls = new IotCalls(context, iotSendErrors)
  }

  /** Undefined when it is not this account's. */
  async description(certificateId: string): Promise<Description | undefined> {
    const description = await this.#calls.describe(certificateId)
    const owner = description?.ownedBy ?? null
    return owner === null || owner === this.#account ? description : undefined
  }

  /** Undefined when it is not this account's. */
  async certificate(certificateId: string): Promise<Certificate | undefined> {
    const description = await this.description(certificateId)
    if (description === undefined) return undefined
    const { certificateArn, status } = description
    // What is on its way has none: AWS would not have let it go.
    const readable = certificateArn !== null && status !== 'PENDING_TRANSFER'
    return { description, policies: readable ? await this.#policiesOf(certificateArn) : [] }
  }

  /** What the listing says of its transfer, which is under way. */
  async transferOf(certificateId: string): Promise<SeenTransfer> {
    for await (const item of this.#calls.outgoing()) {
      if (item.certificateId !== certificateId) continue
      const { transferDate, transferMessage, transferredTo } = parseAnswer(outgoingSchema, item, 'outgoingCertificates')
      return { transferDate, message: transferMessage, to: transferredTo }
    }
    throw new ServiceUnavailable('expected a pending transfer in ListOutgoingCertificates, got none')
  }

  async transfer({ certificateId, to, message }: TransferRequest): Promise<Answer<unknown>> {
    const command = new TransferCertificateCommand({ certificateId, targetAwsAccount: to, transferMessage: message })
    const call = { table: iotSendErrors, operation: 'TransferCertificate' }
    return await callAws(call, () => this.#calls.settler.send(command))
  }

  async #policiesOf(target: string): Promise<string[]> {
    const call = { table: iotSendErrors, operation: 'ListAttachedPolicies' }
    const names: string[] = []
    let marker: string | undefined
    do {
      const command = new ListAttachedPoliciesCommand({ target, ...(marker === undefined ? {} : { marker }) })
      const page = answerOf(await callAws(call, () => this.#calls.reader.send(command)))
      names.push(...parseAnswer(policiesSchema, page.policies ?? [], 'policies').map(({ policyName }) => policyName))
      marker = page.nextMarker
    } while (marker)
    return names.sort()
  }
}
