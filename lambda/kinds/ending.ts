import type { Ending } from '../domain/facts.ts'
import type { Description } from './iot-calls.ts'

/** That the receiver sent a certificate back which is ours again, and why; undefined where it did not since then. */
export function endingOf({ transferData }: Description, since: string): Ending | undefined {
  const rejectDate = transferData?.rejectDate ?? null
  if (rejectDate === null || rejectDate < since) return undefined
  return { how: 'rejected', reason: transferData?.rejectReason ?? null, at: rejectDate }
}
