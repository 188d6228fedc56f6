import { voteRequestSchema, type VoteReply, type VoteRequest } from '../contract/states.ts'
import { approvalsStore, hintQueue, isSignedIn, ledger, now, settings, slackSigningSecret, workflow } from '../deps.ts'
import { serve } from './serve.ts'
import { takeIn, type IntakeDeps } from './vote/intake.ts'
import { voteByLink, type LinkVoteDeps } from './vote/link-vote.ts'
import { voteBySlack, type SlackVoteDeps } from './vote/slack-vote.ts'

export type VoteDeps = LinkVoteDeps & SlackVoteDeps & IntakeDeps

/** Verifies who votes, by the channel the vote came by; what is voted is checked and appended in one place for all. */
export async function vote(request: VoteRequest, deps: VoteDeps): Promise<VoteReply> {
  switch (request.by) {
    case 'link':
      return await voteByLink(request, deps)
    case 'slack':
      return await voteBySlack(request, deps)
    case 'intake':
      return await takeIn(request, deps)
  }
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
      signingSecret: slackSigningSecret,
      now,
      queue: hintQueue(),
    }),
  about: (_request, { result }) => ({ result }),
})
