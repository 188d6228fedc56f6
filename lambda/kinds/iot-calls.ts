import { DescribeCertificateCommand, IoTClient, ListOutgoingCertificatesCommand } from '@aws-sdk/client-iot'
import type { OutgoingCertificate } from '@aws-sdk/client-iot'
import * as z from 'zod'
import { accountIdSchema, toTransferDate } from '../domain/offer.ts'
import { isoTimeOrNull, parseAnswer, textOrNull } from './answer.ts'
import { readConfig, settleConfig } from './clients.ts'
import type { KindContext } from './kind.ts'
import { answerOf, callAws } from './reactions.ts'
import type { ErrorTable } from './reactions.ts'

export const certificateStatusSchema = z.enum([
  'ACTIVE',
  'INACTIVE',
  'REVOKED',
  'PENDING_TRANSFER',
  'REGISTER_INACTIVE',
  'PENDING_ACTIVATION',
])

/** Whole seconds, as the offer's identity has it; null when AWS gives none. */
const transferSecond = z
  .date()
  .nullish()
  .transform((date) => (date ? toTransferDate(date) : null))
const accountOrNull = accountIdSchema.nullish().transform((account) => account ?? null)

export const descriptionSchema = z.object({
  certificateId: z.string().min(1),
  certificateArn: textOrNull,
  status: certificateStatusSchema,
  ownedBy: accountOrNull,
  previousOwnedBy: accountOrNull,
  caCertificateId: textOrNull,
  certificatePem: textOrNull,
  certificateMode: z
    .enum(['DEFAULT', 'SNI_ONLY'])
    .nullish()
    .transform((mode) => mode ?? null),
  creationDate: isoTimeOrNull,
  validity: z.object({ notBefore: isoTimeOrNull, notAfter: isoTimeOrNull }).nullish(),
  transferData: z
    .object({
      transferMessage: textOrNull,
      transferDate: transferSecond,
      acceptDate: transferSecond,
      rejectDate: transferSecond,
    })
    .nullish(),
})
export type Description = z.infer<typeof descriptionSchema>

/** Its part of an offer's identity. */
export function transferDateOf(description: Description): string {
  return description.transferData?.transferDate ?? toTransferDate(undefined)
}

/** The calls that both kinds of certificate offers make, each through the kind's table of errors. */
export class IotCalls {
  readonly reader: IoTClient
  readonly settler: IoTClient
  readonly #table: ErrorTable

  constructor(context: KindContext, table: ErrorTable) {
    this.reader = new IoTClient(readConfig(context))
    // One pool: the settling call follows a read on a connection that is open.
    this.settler = new IoTClient({ ...settleConfig(context), requestHandler: this.reader.config.requestHandler })
    this.#table = table
  }

  async *outgoing(): AsyncIterable<OutgoingCertificate> {
    let marker: string | undefined
    do {
      const command = new ListOutgoingCertificatesCommand({
        pageSize: 250,
        ...(marker === undefined ? {} : { marker }),
      })
      const call = { table: this.#table, operation: 'ListOutgoingCertificates' }
      const page = answerOf(await callAws(call, () => this.reader.send(command)))
      yield* page.outgoingCertificates ?? []
      marker = page.nextMarker
    } while (marker)
  }

  /** Undefined when this account cannot see the certificate: it is another's now, or never was. */
  async describe(certificateId: string): Promise<Description | undefined> {
    const command = new DescribeCertificateCommand({ certificateId })
    const call = { table: this.#table, operation: 'DescribeCertificate' }
    const result = await callAws(call, () => this.reader.send(command))
    if (!result.ok) return undefined
    return parseAnswer(descriptionSchema, result.answer.certificateDescription, 'certificateDescription')
  }
}
