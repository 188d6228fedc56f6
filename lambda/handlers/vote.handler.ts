import { voteRequestSchema, type LinkVote, type VoteReply, type VoteRequest } from '../contract/states.ts'
import type { Settings } from '../contract/settings.ts'
import { choiceSchema, type Choice } from '../domain/event.ts'
import type { OfferState, Round } from '../domain/state.ts'
import { expectedDigits } from '../domain/typed-digits.ts'
import { voteEndsAtMs } from '../domain/vote-end.ts'
import { approvalsStore, ledger, settings, workflow } from '../deps.ts'
import type { ApprovalLink, ApprovalsStore } from '../ledger/approvals-store.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Workflow } from '../notify/workflow.ts'
import { serve } from './serve.ts'

export interface VoteDeps {
  ledger: Ledger
  approvals: ApprovalsStore
  workflow: Workflow
  settings: Settings
}

interface Cast {
  choice: Choice
  comment: string
  approver: string
}

/**
 * Verifies a vote and appends it, once, on the facts that were shown; then wakes the waiting task. Whether it is enough
 * is counted in the workflow. An unknown token causes no write.
 */
export async function vote(request: VoteRequest, deps: VoteDeps): Promise<VoteReply> {
  if (request.by === 'slack') return { result: 'unknown-link' }
  const link = await deps.approvals.getLink(request.token)
  if (link === undefined) return { result: 'unknown-link' }
  const reply = await castVote(request, link, deps)
  if (reply.result === 'voted' || reply.result === 'standing') await wake(link.offerId, deps)
  return reply
}

async function castVote(request: LinkVote, link: ApprovalLink, deps: VoteDeps): Promise<VoteReply> {
  let refusal: VoteReply | undefined
  const recorded = await deps.ledger.record(link.offerId, (state, now) => {
    const checked = check(request, link, { state, now, settings: deps.settings })
    if ('result' in checked) {
      refusal = checked
      return undefined
    }
    const { round, cast } = checked
    const count = (round.voteCounts.get(cast.approver) ?? 0) + 1
    return {
      type: 'voted',
      actor: `approver:${cast.approver}`,
      run: round.run,
      round: round.number,
      factsHash: round.factsHash,
      step: `voted:${cast.approver}:${count}`,
      data: { ...cast, assurance: 'link holder' },
    }
  })
  if (recorded?.event.type === 'voted') return { result: 'voted', choice: recorded.event.data.choice }
  return refusal ?? { result: 'closed' }
}

interface Checking {
  state: OfferState | undefined
  now: Date
  settings: Settings
}

/** The vote to append, or why there is none. */
function check(
  request: LinkVote,
  link: ApprovalLink,
  { state, now, settings }: Checking,
): { round: Round; cast: Cast } | VoteReply {
  if (state === undefined || !settings.approvers.some(({ id }) => id === link.approver))
    return { result: 'unknown-link' }
  const { round } = state
  if (state.status === 'closed' || round === undefined || round.decision !== undefined) return { result: 'closed' }
  if (voteEndsAtMs(link, round) <= now.getTime()) return { result: 'expired' }
  if (round.asked === undefined || !isOf(request, round)) return { result: 'facts-changed' }
  const choice = choiceSchema.safeParse(request.choice)
  if (!choice.success) return { result: 'refused', field: 'choice', problem: 'Choose to accept or to reject.' }
  const comment = request.comment.trim()
  if (choice.data === 'reject' && comment === '')
    return { result: 'refused', field: 'comment', problem: 'Say why you reject.' }
  if (request.digits.trim() !== expectedDigits(state))
    return { result: 'refused', field: 'digits', problem: 'These are not the four characters asked for.' }
  const before = round.votes.get(link.approver)
  if (before?.choice === choice.data && before.comment === comment) return { result: 'standing', choice: choice.data }
  return { round, cast: { choice: choice.data, comment, approver: link.approver } }
}

/** Facts may come back, and policy may change under the same facts: the form has to be of this very round. */
function isOf(request: LinkVote, round: Round): boolean {
  return request.factsHash === round.factsHash && request.round === String(round.number)
}

async function wake(offerId: string, { approvals, workflow }: VoteDeps): Promise<void> {
  const ask = await approvals.getAsk(offerId)
  if (ask !== undefined) await workflow.wake(ask.token, 'tally')
}

export const handler = serve({
  input: voteRequestSchema,
  run: (request) =>
    vote(request, { ledger: ledger(), approvals: approvalsStore(), workflow: workflow(), settings: settings() }),
  about: (_request, { result }) => ({ result }),
})
