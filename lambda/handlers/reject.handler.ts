import { settleInputSchema } from '../contract/states.ts'
import { factsStore, kindWorker, ledger, pause, settings } from '../deps.ts'
import { serve } from './serve.ts'
import { settle } from './settle.ts'

/** Rejects at AWS, or cancels our own outgoing transfer. */
export const handler = serve({
  input: settleInputSchema,
  run: (input) =>
    settle(input, 'reject', {
      ledger: ledger(),
      facts: factsStore(),
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
