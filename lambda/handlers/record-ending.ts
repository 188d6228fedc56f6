import type { Inspection } from '../domain/facts.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { requireCurrent } from './current.ts'

/** How a transfer of ours ended, for who reads the case, whichever step found it out. */
export async function recordEnding(
  { offerId, run, round }: { offerId: string; run: number; round: number },
  inspection: Inspection,
  ledger: Ledger,
): Promise<void> {
  const data = 'ending' in inspection ? inspection.ending : undefined
  if (data === undefined) return
  await ledger.record(offerId, (fresh) => {
    const factsHash = requireCurrent(fresh, run).round?.factsHash ?? null
    return { type: 'ended', actor: 'workflow', run, round, factsHash, step: 'ended', data }
  })
}
