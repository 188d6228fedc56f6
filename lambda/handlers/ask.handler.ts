import { nobodyReachable } from '../contract/log-lines.ts'
import { askInputSchema, type AskInput } from '../contract/states.ts'
import { triesPerAsk } from '../contract/timing.ts'
import { isNobodyReachable } from '../domain/asking.ts'
import {
  approvalsStore,
  digestStore,
  factsStore,
  floodStore,
  ledger,
  messenger,
  now,
  settings,
  workflow,
} from '../deps.ts'
import { askingOf, type AskDeps, type Current } from './ask/ask-deps.ts'
import { handOver } from './ask/hand-over.ts'
import { holdAccept, tellStranded } from './ask/hold.ts'
import { sendDue } from './ask/send.ts'
import { recordAsked, recordEscalation, recordReminder } from './ask/steps.ts'
import { createPersonalAsks } from './ask/personal-asks.ts'
import { requireRound } from './current.ts'
import { decisionOf } from './decision.ts'
import { logger, serve } from './serve.ts'

/**
 * Asks people, reminds them and escalates, whatever is due, and leaves the task waiting. The new token is written before
 * the fold is read: a vote either finds the token and wakes the task, or is in the fold that is read here.
 */
export async function askPeople(input: AskInput, deps: AskDeps): Promise<Record<string, never>> {
  const { offerId, run, round, token } = input
  if (!(await deps.approvals.putAsk(offerId, { token, run, try: input.try, round }))) return {}
  // A retry sends what the attempt before it had begun: that one has most likely died.
  const current = { ...requireRound(await deps.ledger.read(offerId), input), sends: input.try % triesPerAsk > 0 }
  // Of a transfer nobody is asked: scans wake it.
  if (input.purpose === 'watch') await tellStranded(input, deps, current)
  else if (input.purpose === 'hand-over') await handOver(input, deps, current)
  else if (input.purpose === 'hold') await holdAccept(input, deps, current)
  else await askForApproval(input, deps, current)
  return {}
}

/** Each step is recorded before it is sent, so that whoever comes after a crash knows what is still to be sent. */
async function askForApproval(input: AskInput, deps: AskDeps, before: Current): Promise<void> {
  if (isDecided(before, deps)) {
    await wake(input, deps)
    return
  }
  const asked = await recordAsked(input, deps, before)
  const reminded = await recordReminder(input, deps, asked)
  const current = await recordEscalation(input, deps, reminded)
  const reached = await sendDue(input, deps, current)
  const after = reached ? current : await escalateToReach(input, deps, current)
  if (isNobodyReachable(askingOf(after, deps)))
    logger.error(nobodyReachable, { offerId: input.offerId, run: input.run, escalated: false })
  // Who was asked before and now stands in for others may have voted enough.
  if (isDecided(after, deps)) await wake(input, deps)
}

/** Messages came back at once: whoever stands in is asked in the same breath. */
async function escalateToReach(input: AskInput, deps: AskDeps, { sends }: Current): Promise<Current> {
  const read = async (): Promise<Current> => {
    return { ...requireRound(await deps.ledger.read(input.offerId), input), sends }
  }
  const before = await read()
  const escalated = await recordEscalation(input, deps, before)
  if (escalated === before || (await sendDue(input, deps, escalated))) return escalated
  return await read()
}

function isDecided({ state, round }: Current, { ledger, settings }: AskDeps): boolean {
  return (round.decision ?? decisionOf({ state, round, now: ledger.timeFor(state) }, settings)) !== undefined
}

async function wake({ token }: AskInput, { workflow }: AskDeps): Promise<void> {
  await workflow.wake(token, 'tally')
}

export const handler = serve({
  input: askInputSchema,
  run: (input) =>
    askPeople(input, {
      ledger: ledger(),
      facts: factsStore(),
      approvals: approvalsStore(),
      messenger: messenger(),
      workflow: workflow(),
      settings: settings(),
      digests: digestStore(),
      takesPersonalAsk: createPersonalAsks({ floods: floodStore(), now }),
    }),
  about: ({ offerId, run, round, purpose }) => ({ offerId, run, round, purpose }),
})
