import { createHash } from 'node:crypto'
import * as z from 'zod'
import { LedgerCorrupt } from '../contract/errors.ts'
import { ledgerEventSchema, type Draft, type LedgerEvent } from '../domain/event.ts'
import { canonicalJson, jsonSchema } from '../domain/json.ts'

const firstPrevHash = '0'.repeat(64)

/** What the event before this one says, as far as the next needs it. */
export interface Link {
  seq: number
  hash: string
}

export function dedupeKeyOf(draft: Pick<Draft, 'run' | 'round' | 'step'>): string {
  return `${draft.run}/${draft.round}/${draft.step}`
}

/** Makes a draft the next event of the chain. */
export function sealEvent(offerId: string, draft: Draft, before: { last: Link | undefined; at: Date }): LedgerEvent {
  const { type, data, actor, run, round, factsHash } = draft
  const unsealed = {
    type,
    data,
    actor,
    run,
    round,
    factsHash,
    offerId,
    seq: (before.last?.seq ?? 0) + 1,
    at: before.at.toISOString(),
    dedupeKey: dedupeKeyOf(draft),
    prevHash: before.last?.hash ?? firstPrevHash,
  }
  return ledgerEventSchema.parse({ ...unsealed, hash: hashOf(unsealed) })
}

const storedSchema = z.looseObject({
  offerId: z.string(),
  seq: z.number(),
  prevHash: z.string(),
  hash: z.string(),
})

/**
 * Throws LedgerCorrupt where a sequence has a gap or a hash does not fit. Events as they are stored: what another version
 * of Gatehouse wrote beside the fields that this one knows is part of the chain, too.
 */
export function verifyChain(stored: readonly unknown[]): void {
  let last: Link | undefined
  for (const one of stored) {
    const { hash, ...unsealed } = storedSchema.parse(one)
    const { offerId, seq, prevHash } = unsealed
    const fits = seq === (last?.seq ?? 0) + 1 && prevHash === (last?.hash ?? firstPrevHash) && hash === hashOf(unsealed)
    if (!fits)
      throw new LedgerCorrupt(
        `expected event ${(last?.seq ?? 0) + 1} of \`${offerId}\` to continue the chain, got one that does not`,
      )
    last = { seq, hash }
  }
}

function hashOf(unsealed: object): string {
  return createHash('sha256')
    .update(canonicalJson(jsonSchema.parse(unsealed)))
    .digest('hex')
}
