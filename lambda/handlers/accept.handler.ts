import { settleInputSchema } from '../contract/states.ts'
import { spokeRoles } from '../contract/env.ts'
import { kindWorker, ledger, pause, settings, spokeRole } from '../deps.ts'
import { serve } from './serve.ts'
import { settle } from './settle.ts'

/** Accepts at AWS. Two functions run this: one for policy, bounded to partners, one for people. */
export const handler = serve({
  input: settleInputSchema,
  run: (input) =>
    settle(input, 'accept', {
      ledger: ledger(),
      open: kindWorker(),
      settings: settings(),
      bounded: spokeRole() === spokeRoles.autoAcceptor,
      pause,
    }),
  about: ({ offerId, run, round }, { next, cause, finding }) => ({
    offerId,
    run,
    round,
    action: 'accept',
    next,
    cause,
    finding,
  }),
})
