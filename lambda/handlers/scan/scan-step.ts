import { UnexpectedAnswer } from '../../contract/errors.ts'
import { inTurns } from '../../domain/fair-order.ts'
import { offerIdOf, type Target } from '../../domain/offer.ts'
import { beginning, type Place, type ScanChain } from '../../domain/scan-chain.ts'
import { SeenOffers } from '../../domain/seen-offers.ts'
import type { Found, Kind } from '../../kinds/kind.ts'
import { everything, type Part } from '../../kinds/part.ts'
import { reconcileAbsent, sightingOf } from './look-after.ts'
import { reconcileOffer, type ScanContext } from './reconcile-offer.ts'
import { Troubles } from './troubles.ts'

/** A part of a listing, as the step that takes it sees it. */
export interface StepPart extends Part {
  /** Where the next part goes on. */
  readonly place: Place
  readonly pages: number
  /** There is more than this part took. */
  readonly isFull: boolean
  readonly bucketFullAtMs: number
}

export const wholePart: StepPart = { ...everything, place: beginning, pages: 0, isFull: false, bucketFullAtMs: 0 }

export interface Step {
  target: Target
  chain: ScanChain
  part: StepPart
  /** Only what is new matters. */
  byEvent: boolean
}

export interface StepEnd {
  chain: ScanChain
  /** Of the listing; what was listed until then is not lost. */
  failure?: { error: unknown }
  troubles: Troubles
}

/** Every pending offer of a part, then every open case that was not among them. One that fails does not hide the others. */
export async function scanStep(step: Step, context: ScanContext): Promise<StepEnd> {
  const { chain, part } = step
  const troubles = new Troubles()
  const seen = new SeenOffers(chain.seen)
  const { found, failure } = chain.phase === 'listing' ? await listAll(context.kind, part) : { found: [] }
  await reconcileFound(found, { step, context, troubles, seen })
  const listed: ScanChain = {
    ...chain,
    from: part.place,
    pages: chain.pages + part.pages,
    pending: chain.pending + found.length,
    seen: seen.toBytes(),
  }
  const isThrough = !part.isFull && (failure === undefined || isOdd(failure.error, part))
  const end = isThrough ? await lookAfter(listed, { step, context, troubles, seen }) : listed
  return {
    chain: { ...end, hadTrouble: chain.hadTrouble || troubles.any, bucketFullAtMs: part.bucketFullAtMs },
    ...(failure === undefined ? {} : { failure }),
    troubles,
  }
}

/** A listing that is taken at once has no other step that looks after cases: an odd item must not hide them. */
function isOdd(error: unknown, part: StepPart): boolean {
  return part === wholePart && error instanceof UnexpectedAnswer
}

/** All of it before the first is taken up, so that a flood of one sender's keeps nobody else's waiting. */
async function listAll(kind: Kind, part: Part): Promise<{ found: Found[]; failure?: { error: unknown } }> {
  const found: Found[] = []
  try {
    for await (const one of kind.discover(part)) found.push(one)
    return { found }
  } catch (error) {
    return { found, failure: { error } }
  }
}

interface Work {
  step: Step
  context: ScanContext
  troubles: Troubles
  seen: SeenOffers
}

async function reconcileFound(found: readonly Found[], { step, context, troubles, seen }: Work): Promise<void> {
  const { lately } = context.deps
  for (const one of inTurns(found)) {
    const offerId = offerIdOf(one.ref)
    seen.add(offerId)
    if (step.byEvent && lately.has(offerId)) continue
    await troubles.guard(offerId, async () => {
      const sighting = await sightingOf(one, context.kind)
      const state = await reconcileOffer({ ...sighting, byEvent: step.byEvent }, context)
      // An index that calls a closed case open is mended, pending or not.
      if (state?.status === 'closed') seen.remove(offerId)
      if (state?.status === 'open') lately.add(offerId)
    })
  }
}

async function lookAfter(chain: ScanChain, { step, context, troubles, seen }: Work): Promise<ScanChain> {
  let { lookedAfter } = chain
  for await (const { offerId } of context.deps.ledger.openOffers(step.target, lookedAfter)) {
    if (!seen.has(offerId)) {
      if (!(await step.part.offer())) return { ...chain, phase: 'looking-after', lookedAfter }
      await troubles.guard(offerId, () => reconcileAbsent(offerId, context, step.byEvent))
    }
    lookedAfter = offerId
  }
  return { ...chain, phase: 'over' }
}
