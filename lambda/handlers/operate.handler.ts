import { randomBytes } from 'node:crypto'
import { intakeHints, operatorRequestSchema, type OperatorReply, type OperatorRequest } from '../contract/intake.ts'
import type { Settings } from '../contract/settings.ts'
import { isRevocable } from '../domain/delegation.ts'
import { approvalsStore, approvalUrl, hintQueue, ledger, now, settings, workflow } from '../deps.ts'
import type { OfferState } from '../domain/state.ts'
import type { ApprovalsStore } from '../ledger/approvals-store.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { HintQueue } from '../notify/hint-queue.ts'
import type { Workflow } from '../notify/workflow.ts'
import { serve } from './serve.ts'

export interface OperateDeps {
  ledger: Ledger
  approvals: ApprovalsStore
  workflow: Workflow
  queue: HintQueue
  settings: Settings
  approvalUrl: string
  now: () => Date
}

/** What somebody at the command line may do. It adds doubts and hints; it accepts nothing. */
export async function operate(request: OperatorRequest, deps: OperateDeps): Promise<OperatorReply> {
  switch (request.do) {
    case 'revoke':
      return await revoke(request, deps)
    case 'intake':
      await deps.queue.send(intakeHints(request))
      return { done: true, said: wordsForLook(request) }
    case 'intake-link':
      return await mintIntakeLink(request.approver, deps)
  }
}

/** What AWS says is known to the scan only, and to the case that it opens. */
function wordsForLook({ awsId, account }: { awsId: string; account: string }): string {
  return (
    `looking for ${awsId} in account ${account}: a case opens if AWS shows it to that account and it waits for an ` +
    'answer, else nothing more happens'
  )
}

const notForUs: OperatorReply = {
  done: false,
  said:
    'the configuration has no `iam.role`, so this command may not look at the case: if an accept is held all the same, ' +
    'take it back with the link in the mail about it, or reject the request in the AWS console',
}
const takenBack: OperatorReply = {
  done: true,
  said: 'taken back: Gatehouse rejects the accepted request at AWS',
}
const takenBackLater: OperatorReply = {
  done: true,
  said: 'taken back: nothing is released, and Gatehouse rejects the request once its mode is `enforce` again',
}
const notKnownYet: OperatorReply = {
  done: false,
  said: 'what came of an accept is not known yet: try again in a minute, or reject the request in the AWS console',
}
const nothingHeld: OperatorReply = { done: false, said: 'nothing is held that could be taken back' }

async function revoke(
  { offerId, comment }: Extract<OperatorRequest, { do: 'revoke' }>,
  { ledger, approvals, workflow, settings }: OperateDeps,
): Promise<OperatorReply> {
  // Without the strategy this function may neither read the case nor write to it.
  if (settings.delegationRole === null) return notForUs
  const recorded = await ledger.record(offerId, (state) => {
    const round = state?.round
    if (state === undefined || round === undefined || !isRevocable(state)) return undefined
    return {
      type: 'revoked',
      actor: 'operator',
      run: round.run,
      round: round.number,
      factsHash: round.factsHash,
      step: 'revoked',
      data: { approver: 'operator', comment, assurance: 'command line' },
    }
  })
  const state = recorded?.state ?? (await ledger.read(offerId))
  if (state === undefined) return { done: false, said: 'no such offer on the ledger' }
  const isRevoked = state.status === 'open' && state.delegation?.revoked !== undefined
  if (!isRevoked) return isUnsettled(state) ? notKnownYet : nothingHeld
  const ask = await approvals.getAsk(offerId)
  // Where nothing waits, the next step, or the next run, finds it on the ledger.
  if (ask !== undefined) await workflow.wake(ask.token, 'tally')
  return settings.mode === 'observe' ? takenBackLater : takenBack
}

/** The delegator role may have accepted: its answer is not on the ledger yet. */
function isUnsettled({ status, delegation }: OfferState): boolean {
  return status === 'open' && delegation !== undefined && delegation.heldUntil === undefined
}

const intakeDays = 30

async function mintIntakeLink(approver: string, deps: OperateDeps): Promise<OperatorReply> {
  const { approvals, settings, approvalUrl, now } = deps
  if (!settings.approvers.some(({ id }) => id === approver)) return { done: false, said: 'no such approver' }
  const token = randomBytes(32).toString('base64url')
  const expiresAtMs = now().getTime() + intakeDays * 86_400_000
  await approvals.putIntakeLink(token, { approver, expiresAtMs, ttl: Math.ceil(expiresAtMs / 1000) })
  return { done: true, said: `${approvalUrl}/i/${token}` }
}

export const handler = serve({
  input: operatorRequestSchema,
  run: (request) =>
    operate(request, {
      ledger: ledger(),
      approvals: approvalsStore(),
      workflow: workflow(),
      queue: hintQueue(),
      settings: settings(),
      approvalUrl: approvalUrl(),
      now,
    }),
  // Never what was said: it may hold a link.
  about: (request, { done }) => ({ do: request.do, done }),
})
