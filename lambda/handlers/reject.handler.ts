import { settleInputSchema, type SettleInput, type SettleOutput } from '../contract/states.ts'
import { isTakenBack } from '../domain/delegation.ts'
import { delegatorWorker, kindWorker, ledger, pause, settings } from '../deps.ts'
import { requireRound } from './current.ts'
import type { DelegateDeps } from './delegate/delegate-deps.ts'
import { takeBack } from './delegate/undo.ts'
import { serve } from './serve.ts'
import { settle, type SettleDeps } from './settle.ts'

export interface RejectDeps {
  settling: SettleDeps
  /** Opens an accepted delegation with the role of this function. */
  openDelegation: DelegateDeps['open']
}

/** Rejects at AWS, cancels our own outgoing transfer, or takes an accept back that its own role no longer may. */
export async function reject(input: SettleInput, { settling, openDelegation }: RejectDeps): Promise<SettleOutput> {
  const { ledger, settings } = settling
  const { state } = requireRound(await ledger.read(input.offerId), input)
  if (!isTakenBack(state)) return await settle(input, 'reject', settling)
  return await takeBack(input, { ledger, settings, open: openDelegation })
}

export const handler = serve({
  input: settleInputSchema,
  run: (input) =>
    reject(input, {
      settling: { ledger: ledger(), open: kindWorker(), settings: settings(), bounded: false, pause },
      openDelegation: delegatorWorker(),
    }),
  about: ({ offerId, run, round }, { next, cause, finding }) => ({
    offerId,
    run,
    round,
    action: 'reject',
    next,
    cause,
    finding,
  }),
})
