import * as z from 'zod'
import type { Facts } from '../../domain/facts.ts'
import { accountIdSchema, toTransferDate } from '../../domain/offer.ts'
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

export function factsOf(outgoing: Outgoing, party: Party): Facts {
  const { transferDate } = outgoing
  return {
    decisive: {
      ...party.decisive,
      certificateId: outgoing.certificateId,
      message: outgoing.transferMessage,
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
  }
}
