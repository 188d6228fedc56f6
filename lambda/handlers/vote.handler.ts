import { voteRequestSchema, type LinkVote, type VoteReply, type VoteRequest } from '../contract/states.ts'
import type { Settings } from '../contract/settings.ts'
import { choiceSchema, type Choice } from '../domain/event.ts'
import { mostWrongTries } from '../domain/limits.ts'
import { tokenHashOf } from '../domain/link-token.ts'
import type { OfferState, Round } from '../domain/state.ts'
import { expectedDigits } from '../domain/typed-digits.ts'
import { voteEndsAtMs } from '../domain/vote-end.ts'
import { approvalsStore, isSignedIn, ledger, settings, workflow } from '../deps.ts'
import type { ApprovalLink, ApprovalsStore, TriedLink } from '../ledger/approvals-store.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Workflow } from '../notify/workflow.ts'
import type { SessionClaims } from '../web/sign-in/session.ts'
import { serve } from './serve.ts'

export interface VoteDeps {
  ledger: Ledger
  approvals: ApprovalsStore
  workflow: Workflow
  settings: Settings
  /** Asked only where sign-in is configured. */
  isSignedIn: (session: string, as: SessionClaims) => Promise<boolean>
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
  const tried = await deps.approvals.getTriedLink(request.token)
  if (tried === undefined) return { result: 'unknown-link' }
  if (tried.wrongTries >= mostWrongTries) return { result: 'too-many-tries' }
  if (!(await mayUse(tried.link, request, deps))) return { result: 'sign-in' }
  const reply = await castVote(request, tried.link, deps)
  if (reply.result === 'voted' || reply.result === 'standing') await wake(tried.link.offerId, deps)
  return await countingTries(reply, request, { tried, deps })
}

/** With sign-in configured the link alone is not enough; who stole it cannot even use up its tries. */
async function mayUse(
  { approver }: ApprovalLink,
  { token, session }: LinkVote,
  { settings, isSignedIn }: VoteDeps,
): Promise<boolean> {
  if (settings.signIn === null) return true
  return session !== undefined && (await isSignedIn(session, { approver, linkHash: tokenHashOf(token) }))
}

/** Only wrong characters count, and only with a link that there is. */
async function countingTries(
  reply: VoteReply,
  { token }: LinkVote,
  { tried, deps }: { tried: TriedLink; deps: VoteDeps },
): Promise<VoteReply> {
  if (reply.result !== 'refused' || reply.field !== 'digits') return reply
  const wrongTries = await deps.approvals.countWrongTry(token, tried)
  return wrongTries >= mostWrongTries ? { result: 'too-many-tries' } : reply
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
      data: { ...cast, assurance: deps.settings.signIn === null ? 'link holder' : 'authenticated' },
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
    vote(request, {
      ledger: ledger(),
      approvals: approvalsStore(),
      workflow: workflow(),
      settings: settings(),
      isSignedIn: isSignedIn(),
    }),
  about: (_request, { result }) => ({ result }),
})
