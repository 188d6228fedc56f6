import {
  DescribeCertificateCommand,
  IoTClient,
  ListCertificatesCommand,
  ListOutgoingCertificatesCommand,
} from '@aws-sdk/client-iot'
import type {
  Certificate,
  ListCertificatesCommandOutput,
  ListOutgoingCertificatesCommandOutput,
  OutgoingCertificate,
} from '@aws-sdk/client-iot'
import * as z from 'zod'
import { accountIdSchema, toTransferDate } from '../domain/offer.ts'
import { beginning } from '../domain/scan-chain.ts'
import { isoTimeOrNull, parseAnswer, textOrNull } from './answer.ts'
import { readConfig, settleConfig } from './clients.ts'
import type { KindContext } from './kind.ts'
import { listPage, nextAfter, type ListedPage } from './listed-page.ts'
import { callAws } from './reactions.ts'
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
  lastModifiedDate: isoTimeOrNull,
  customerVersion: z
    .number()
    .nullish()
    .transform((version) => version ?? null),
  generationId: textOrNull,
  validity: z.object({ notBefore: isoTimeOrNull, notAfter: isoTimeOrNull }).nullish(),
  transferData: z
    .object({
      transferMessage: textOrNull,
      transferDate: transferSecond,
      acceptDate: transferSecond,
      rejectDate: transferSecond,
      rejectReason: textOrNull,
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

  async *outgoing(turn: () => Promise<void> = () => Promise.resolve()): AsyncIterable<OutgoingCertificate> {
    let marker: string | null = beginning.marker
    while (marker !== null) {
      await turn()
      const page: ListedPage<OutgoingCertificate> = await this.outgoingPage(marker)
      yield* page.items
      marker = page.next
    }
  }

  async outgoingPage(marker: string): Promise<ListedPage<OutgoingCertificate>> {
    const send = (): Promise<ListOutgoingCertificatesCommandOutput> =>
      this.reader.send(new ListOutgoingCertificatesCommand(pageAt(marker)))
    const { outgoingCertificates, nextMarker } = await this.#list('ListOutgoingCertificates', marker, send)
    return { items: outgoingCertificates ?? [], next: nextAfter(marker, nextMarker) }
  }

  async certificatePage(marker: string): Promise<ListedPage<Certificate>> {
    const send = (): Promise<ListCertificatesCommandOutput> =>
      this.reader.send(new ListCertificatesCommand(pageAt(marker)))
    const { certificates, nextMarker } = await this.#list('ListCertificates', marker, send)
    return { items: certificates ?? [], next: nextAfter(marker, nextMarker) }
  }

  async #list<T>(operation: string, marker: string, send: () => Promise<T>): Promise<T> {
    return await listPage({ table: this.#table, operation, marker, send })
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

function pageAt(marker: string): { pageSize: number; marker?: string } {
  return { pageSize: 250, ...(marker === beginning.marker ? {} : { marker }) }
}
