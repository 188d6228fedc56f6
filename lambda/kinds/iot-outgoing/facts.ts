import * as z from 'zod'
import type { Facts } from '../../domain/facts.ts'
import { accountIdSchema, offerIdOf, toTransferDate } from '../../domain/offer.ts'
import { refOfRequest, type TransferRequest } from '../../domain/transfer-request.ts'
import { isoTimeOrNull, textOrNull } from '../answer.ts'
import type { Party } from '../party.ts'

export const outgoingSchema = z
  .object({
    certificateId: z.string().min(1),
    certificateArn: textOrNull,
    transferredTo: accountIdSchema.nullish().transform((account) => account ?? null),
    transferDate: z.date().nullish(),
    transferMessage: textOrNull,
    creationDate: isoTimeOrNull,
  })
  .transform((item) => ({ ...item, transferDate: toTransferDate(item.transferDate ?? undefined) }))
export type Outgoing = z.infer<typeof outgoingSchema>

/** `governed`: the request that this transfer was begun for; whoever sees none decides as if there had been none. */
export function factsOf(outgoing: Outgoing, party: Party, governed?: TransferRequest): Facts {
  const { transferDate } = outgoing
  return {
    decisive: {
      ...party.decisive,
      certificateId: outgoing.certificateId,
      message: outgoing.transferMessage,
      // Left out where there is none: cases of before there were requests keep their facts.
      ...(governed === undefined ? {} : { request: offerIdOf(refOfRequest(governed)) }),
    },
    context: {
      ...party.context,
      certificateArn: outgoing.certificateArn,
      creationDate: outgoing.creationDate,
      transferDate,
    },
    unknown: party.unknown,
    counterparty: party.counterparty,
    offeredAt: transferDate === toTransferDate(undefined) ? null : new Date(transferDate).toISOString(),
    expiresAt: null,
    ...(governed === undefined ? {} : { initiator: governed.requestedBy }),
  }
}
