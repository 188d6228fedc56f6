import { createHash } from 'node:crypto'
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

/** Throws LedgerCorrupt where a sequence has a gap or a hash does not fit. */
export function verifyChain(events: readonly LedgerEvent[]): void {
  let last: Link | undefined
  for (const event of events) {
    const { hash, ...unsealed } = event
    const fits =
      event.seq === (last?.seq ?? 0) + 1 &&
      event.prevHash === (last?.hash ?? firstPrevHash) &&
      hash === hashOf(unsealed)
    if (!fits)
      throw new LedgerCorrupt(
        `expected event ${(last?.seq ?? 0) + 1} of \`${event.offerId}\` to continue the chain, got one that does not`,
      )
    last = event
  }
}

function hashOf(unsealed: object): string {
  return createHash('sha256')
    .update(canonicalJson(jsonSchema.parse(unsealed)))
    .digest('hex')
}
