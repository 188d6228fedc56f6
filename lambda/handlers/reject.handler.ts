import { settleInputSchema } from '../contract/states.ts'
import { kindWorker, ledger, pause, settings } from '../deps.ts'
import { serve } from './serve.ts'
import { settle } from './settle.ts'

/** Rejects at AWS, or cancels our own outgoing transfer. */
export const handler = serve({
  input: settleInputSchema,
  run: (input) =>
    settle(input, 'reject', {
      ledger: ledger(),
      open: kindWorker(),
      settings: settings(),
      bounded: false,
      pause,
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
