import { gunzipSync } from 'node:zlib'
import * as z from 'zod'
import { LedgerCorrupt } from '../contract/errors.ts'
import { factsSchema, type Facts } from '../domain/facts.ts'

const chunkSchema = z.object({ of: z.number().int(), bytes: z.instanceof(Uint8Array) })

/** The facts that are stored in these items, in their order. Throws LedgerCorrupt when one is missing. */
export function factsOfItems(
  items: readonly unknown[],
  { offerId, factsHash }: { offerId: string; factsHash: string },
): Facts {
  const chunks = items.map((item) => chunkSchema.parse(item))
  const expected = chunks[0]?.of ?? 1
  if (chunks.length !== expected) {
    throw new LedgerCorrupt(
      `expected ${expected} chunks of facts \`${factsHash}\` of \`${offerId}\`, got ${chunks.length}`,
    )
  }
  const text = gunzipSync(Buffer.concat(chunks.map((chunk) => chunk.bytes))).toString('utf8')
  return factsSchema.parse(JSON.parse(text))
}
