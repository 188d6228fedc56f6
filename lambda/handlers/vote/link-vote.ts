import type { LinkVote, VoteReply } from '../../contract/states.ts'
import { mostWrongTries } from '../../domain/limits.ts'
import { tokenHashOf } from '../../domain/link-token.ts'
import type { ApprovalLink, TriedLink } from '../../ledger/approvals-store.ts'
import type { SessionClaims } from '../../web/sign-in/session.ts'
import { castVote, type CastDeps } from './cast-vote.ts'

export interface LinkVoteDeps extends CastDeps {
  /** Asked only where sign-in is configured. */
  isSignedIn: (session: string, as: SessionClaims) => Promise<boolean>
}

/** A vote by a personal link. An unknown token causes no write. */
export async function voteByLink(request: LinkVote, deps: LinkVoteDeps): Promise<VoteReply> {
  const tried = await deps.approvals.getTriedLink(request.token)
  if (tried === undefined) return { result: 'unknown-link' }
  if (tried.wrongTries >= mostWrongTries) return { result: 'too-many-tries' }
  if (!(await mayUse(tried.link, request, deps))) return { result: 'sign-in' }
  const { offerId, approver, expiresAtMs } = tried.link
  const assurance = deps.settings.signIn === null ? 'link holder' : 'authenticated'
  const reply = await castVote({ offerId, approver, expiresAtMs, fields: request, assurance }, deps)
  return await countingTries(reply, request, { tried, deps })
}

/** With sign-in configured the link alone is not enough; who stole it cannot even use up its tries. */
export async function mayUse(
  { approver }: Pick<ApprovalLink, 'approver'>,
  { token, session }: Pick<LinkVote, 'token' | 'session'>,
  { settings, isSignedIn }: Pick<LinkVoteDeps, 'settings' | 'isSignedIn'>,
): Promise<boolean> {
  if (settings.signIn === null) return true
  return session !== undefined && (await isSignedIn(session, { approver, linkHash: tokenHashOf(token) }))
}

/** Only wrong characters count, and only with a link that there is. */
async function countingTries(
  reply: VoteReply,
  { token }: LinkVote,
  { tried, deps }: { tried: TriedLink; deps: LinkVoteDeps },
): Promise<VoteReply> {
  if (reply.result !== 'refused' || reply.field !== 'digits') return reply
  const wrongTries = await deps.approvals.countWrongTry(token, tried)
  return wrongTries >= mostWrongTries ? { result: 'too-many-tries' } : reply
}
