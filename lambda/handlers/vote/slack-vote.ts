import { createHash } from 'node:crypto'
import type { SlackVote, VoteReply } from '../../contract/states.ts'
import { approverOf, parseInteraction } from '../../web/slack/interaction.ts'
import { isSignedBySlack } from '../../web/slack/signature.ts'
import { castVote, type CastDeps } from './cast-vote.ts'

export interface SlackVoteDeps extends CastDeps {
  /** Undefined where there are no buttons. */
  signingSecret: () => Promise<string | undefined>
  now: () => Date
}

/**
 * A vote by Slack's modal. The signature is checked here again, so that `Web`, which may invoke this, too, cannot make a
 * vote up. What is used once is the trigger id: Slack makes one for every submission.
 */
export async function voteBySlack(request: SlackVote, deps: SlackVoteDeps): Promise<VoteReply> {
  const { slack, approvers } = deps.settings
  if (slack?.buttons !== true) return { result: 'unknown-link' }
  const signingSecret = await deps.signingSecret()
  if (signingSecret === undefined || !isSignedBySlack(request, { signingSecret, now: deps.now() }))
    return { result: 'unknown-link' }
  const interaction = parseInteraction(request.body)
  if (interaction?.did !== 'submit') return { result: 'unknown-link' }
  const approver = approverOf(interaction.who, { slack, approvers })
  if (approver === undefined) return { result: 'unknown-link' }
  const { ballot, choice, typed, trigger } = interaction
  return await castVote(
    {
      offerId: ballot.offerId,
      approver: approver.id,
      fields: { ...typed, choice, factsHash: ballot.factsHash, round: ballot.round },
      assurance: 'slack',
      proof: createHash('sha256').update(trigger).digest('hex'),
      signedAtMs: Number(request.timestamp) * 1000,
    },
    deps,
  )
}
