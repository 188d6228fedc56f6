import { AccessRefused } from '../../contract/errors.ts'
import type { Hint } from '../../contract/states.ts'
import type { Target } from '../../domain/offer.ts'
import { logger } from '../serve.ts'
import { runHint } from './run-hint.ts'
import type { ScanDeps } from './scan-deps.ts'

/** One scan; of a listing that fails the reason is kept, so that a place that cannot be listed does not go unseen. */
export async function followHint(hint: Hint, deps: ScanDeps, byEvent: boolean): Promise<void> {
  try {
    await runHint(hint, deps, byEvent)
  } catch (error) {
    if ('offerId' in hint || hint.awsId !== undefined) throw error
    const { kind, account, region } = hint
    await noteFailure({ kind, account, region }, error, deps)
  }
}

async function noteFailure(target: Target, error: unknown, { scans, ledger }: ScanDeps): Promise<void> {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  await scans.putFailure(target, { at: ledger.timeFor(undefined), error: text })
  // To come again at once would help nobody: somebody has to mend the role, and the next sweep asks again.
  if (!(error instanceof AccessRefused)) throw error
  logger.warn('a place may not be listed', { ...target, error: text })
}
