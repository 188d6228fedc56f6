import { newChain } from '../../domain/scan-chain.ts'
import { rateOf, unbounded } from '../../domain/token-bucket.ts'
import { logger } from '../serve.ts'
import type { ScanContext } from './reconcile-offer.ts'
import { scanInSteps, type Asked } from './scan-in-steps.ts'
import { scanStep, wholePart } from './scan-step.ts'

/** A scan of everything pending at a target: at once, or step by step where there may be too much for that. */
export async function scanTarget(asked: Asked, context: ScanContext): Promise<void> {
  const { iotCalls } = context.deps.settings
  switch (context.kind.listedInParts) {
    case 'at-a-pace':
      await scanInSteps({ ...asked, rate: rateOf(iotCalls.perSecond, iotCalls.share) }, context)
      break
    case 'without-a-wait':
      await scanInSteps({ ...asked, rate: unbounded }, context)
      break
    case undefined:
      await scanAtOnce(asked, context)
  }
}

async function scanAtOnce({ target, byEvent }: Asked, context: ScanContext): Promise<void> {
  const { ledger, scans, callClock, listings } = context.deps
  const began = ledger.timeFor(undefined)
  const chain = newChain({ id: 'at once', nowMs: callClock.nowMs(), last: undefined })
  const end = await scanStep({ target, chain, part: wholePart, byEvent }, context)
  if (end.failure !== undefined) throw end.failure.error
  end.troubles.rethrow()
  listings.note(target, began.getTime())
  const { pending } = end.chain
  await scans.putComplete(target, { at: ledger.timeFor(undefined), pending, sweptFrom: byEvent ? undefined : began })
  logger.info('listed', { ...target, pending })
}
