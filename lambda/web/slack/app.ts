import type { Approver, SlackSettings } from '../../contract/settings.ts'
import { slackIds } from '../../contract/slack-vote.ts'
import { slackVoteSchema, type SlackVote, type VoteReply } from '../../contract/states.ts'
import { isRevocable } from '../../domain/delegation.ts'
import { kindOfOffer } from '../../domain/kinds.ts'
import type { OfferKind } from '../../domain/offer.ts'
import type { OfferState } from '../../domain/state.ts'
import { approverOf, parseInteraction, type Interaction } from './interaction.ts'
import { isSignedBySlack } from './signature.ts'
import * as views from './views.ts'

export interface SlackAppDeps {
  signingSecret: () => Promise<string | undefined>
  settings: { slack: Pick<SlackSettings, 'team'>; approvers: readonly Approver[] }
  readOffer: (offerId: string) => Promise<OfferState | undefined>
  /** Opens a modal; Slack takes it within three seconds of the press. */
  openView: (trigger: string, view: views.SlackView) => Promise<void>
  /** The only way in which this app changes anything. */
  vote: (request: SlackVote) => Promise<VoteReply>
  now: () => Date
  /** Called with what went wrong; never given what somebody typed. */
  report: (problem: { error: unknown; offerId?: string }) => void
}

export interface SlackAnswer {
  status: number
  /** JSON; nothing is an empty body, which closes a modal and leaves a message as it is. */
  body?: unknown
}

/** Answers what people do in Slack: a press opens the form, the form goes on to `vote`, all else changes nothing. */
export async function answerSlack(request: Omit<SlackVote, 'by'>, deps: SlackAppDeps): Promise<SlackAnswer> {
  const signed = slackVoteSchema.safeParse({ by: 'slack', ...request })
  const signingSecret = await deps.signingSecret()
  if (!signed.success || signingSecret === undefined) return { status: 401 }
  if (!isSignedBySlack(signed.data, { signingSecret, now: deps.now() })) return { status: 401 }
  const interaction = parseInteraction(signed.data.body)
  if (interaction === undefined) return { status: 200 }
  const approver = approverOf(interaction.who, deps.settings)
  if (interaction.did === 'press') return await openForm(interaction, approver, deps)
  if (approver === undefined) return update(views.notYoursView)
  return await sendVote(signed.data, interaction, deps)
}

type Press = Extract<Interaction, { did: 'press' }>
type Submission = Extract<Interaction, { did: 'submit' }>

async function openForm(press: Press, approver: Approver | undefined, deps: SlackAppDeps): Promise<SlackAnswer> {
  // Of another workspace nothing is known, and nothing is shown there.
  if (press.who.team !== deps.settings.slack.team) return { status: 200 }
  const view = approver === undefined ? views.notYoursView : await formOf(press, deps)
  await deps.openView(press.trigger, view)
  return { status: 200 }
}

async function formOf({ choice, ballot }: Press, deps: SlackAppDeps): Promise<views.SlackView> {
  const state = await deps.readOffer(ballot.offerId)
  if (state === undefined) return views.tooLateView
  const { closed, round } = state
  if (closed !== undefined) return views.renderClosedView(closed.outcome, state.ref.kind)
  if (round !== undefined && choice === 'reject' && isRevocable(state))
    return views.renderTakeBackView({ ballot: { ...ballot, round: String(round.number) }, state, round })
  if (round === undefined || round.factsHash !== ballot.factsHash || String(round.number) !== ballot.round)
    return views.changedView
  const deadlineAt = round.asked?.deadline.at
  if (round.decision !== undefined || deadlineAt === undefined) return views.tooLateView
  if (Date.parse(deadlineAt) <= deps.now().getTime()) return views.tooLateView
  return views.renderVoteView({ choice, ballot, state, round, deadlineAt })
}

/** Checked once more by `vote`, which gets Slack's own request; what is read here only says what to answer. */
async function sendVote(request: SlackVote, { ballot }: Submission, deps: SlackAppDeps): Promise<SlackAnswer> {
  const { offerId } = ballot
  try {
    return answerTo(await deps.vote(request), kindOfOffer(offerId))
  } catch (error) {
    deps.report({ error, offerId })
    // The form stays open, with all that was typed.
    return errors(slackIds.digits, 'Gatehouse could not confirm your vote. Please send it again in a minute.')
  }
}

function answerTo(reply: VoteReply, kind: OfferKind | undefined): SlackAnswer {
  if (kind === undefined) return update(views.notYoursView)
  switch (reply.result) {
    case 'voted':
    case 'standing':
      return update(views.renderVotedView({ kind, choice: reply.choice, standing: reply.result === 'standing' }))
    case 'refused':
      return reply.field === 'choice'
        ? update(views.renderNoticeView('Your vote was not recorded', [reply.problem]))
        : errors(reply.field, reply.problem)
    case 'facts-changed':
      return update(views.changedView)
    case 'closed':
    case 'expired':
      return update(views.tooLateView)
    case 'taken':
    case 'not-taken':
    case 'unknown-link':
    case 'too-many-tries':
    case 'sign-in':
      return update(views.notYoursView)
  }
}

function update(view: views.SlackView): SlackAnswer {
  return { status: 200, body: { response_action: 'update', view } }
}

/** Keyed by block: Slack shows each below its field. */
function errors(block: string, problem: string): SlackAnswer {
  return { status: 200, body: { response_action: 'errors', errors: { [block]: problem } } }
}
