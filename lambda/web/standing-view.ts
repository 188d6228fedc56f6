import { markup, type Markup } from '../contract/markup.ts'
import { deadlineDefaultOf } from '../domain/kinds.ts'
import type { OfferState, Round } from '../domain/state.ts'
import {
  consoleReviewLink,
  explanationOf,
  labelOf,
  wordsForCause,
  wordsForConflict,
  wordsForDecider,
  wordsForDefault,
  wordsForEscalation,
  wordsForOutcome,
  wordsForReason,
} from '../domain/wording.ts'
import { renderEnding } from './ending-view.ts'
import type { OfferView } from './offer-view.ts'
import type { Standing } from './standing.ts'
import { renderTime } from './time-view.ts'
import { forbiddenOf } from './vote-form.ts'

type Standpoint = Pick<OfferView, 'state' | 'standing' | 'approver' | 'deadlineDefault' | 'reading' | 'progress'>

/** The box at the top: what is wanted of the reader, or how it ended. */
export function renderStanding(view: Standpoint): Markup {
  return markup`<div class="status ${view.standing.is === 'asking' ? 'wanted' : ''}">${standingLines(view)}</div>`
}

function standingLines(view: Standpoint): Markup {
  const { state, standing, reading } = view
  const { kind } = state.ref
  switch (standing.is) {
    case 'asking':
      return askingLines(view, standing)
    case 'not-asked':
      return markup`<p><strong>You have no vote on this offer</strong></p>
<p>${
        standing.conflict === undefined
          ? 'Others decide it now.'
          : `You are somebody ${wordsForConflict(standing.conflict)}, so others decide it.`
      } This page shows how it stands.</p>`
    case 'closed':
      return markup`<p><strong>${wordsForOutcome(standing.outcome, kind)}</strong></p>
<p>${explanationOf(standing.outcome, kind)} ${renderTime(standing.at, reading)}</p>${renderEnding(state.ending)}${decidedBy(state)}`
    case 'held':
      return heldLines(view, standing)
    case 'decided':
      return markup`<p><strong>Decided: ${decisionLabel(view, standing.decision.choice)}</strong></p>
<p>By ${wordsForDecider(standing.decision)}. ${wordsForReason(standing.decision)} ${standing.handedOver ? handOver(state) : 'Gatehouse is carrying it out.'}</p>`
    case 'expired':
      return markup`<p><strong>This link no longer votes</strong></p>
<p>Its time to decide is over. This page shows the outcome once there is one.</p>`
    case 'in-progress':
      return markup`<p><strong>Nothing to decide at the moment</strong></p>
<p>Gatehouse is reading the offer again. If people are needed, they are asked; this link then works again.</p>`
  }
}

function heldLines(view: Standpoint, { until, revocable, stranded }: Extract<Standing, { is: 'held' }>): Markup {
  const { state, reading } = view
  if (!revocable) {
    const who = state.delegation?.revoked?.approver
    return markup`<p><strong>${who === undefined ? 'Accepted' : `Taken back by ${who}`}</strong></p>
<p>${who === undefined ? 'This link can no longer take it back.' : 'Gatehouse rejects the accepted request at AWS. You get a mail when it is done.'}</p>`
  }
  if (stranded) return strandedLines(state)
  return markup`<p><strong>Accepted, and held: it can be taken back</strong></p>
<p>The delegator role has accepted this request. The partner gets its access ${renderTime(until, reading)}, or when the owner of the request releases it; until then one reject takes everything back.</p>
<p><a href="#decide">Take it back</a></p>`
}

function strandedLines({ ref }: OfferState): Markup {
  const href = consoleReviewLink(ref)
  return markup`<p><strong>Accepted, and a person has to release it or take it back</strong></p>
<p>The delegator role has accepted this request, and the configuration no longer lets it work in account ${ref.account}. The partner has no access. Release it in the AWS console, or take the accept back: Gatehouse then rejects the request.${
    href === undefined ? null : markup` <a href="${href}" rel="noreferrer">Open it in the AWS console</a>`
  }</p>
<p><a href="#decide">Take it back</a></p>`
}

function askingLines(view: Standpoint, { round, deadlineAt }: Extract<Standing, { is: 'asking' }>): Markup {
  const { state, approver, reading } = view
  const { kind } = state.ref
  const cause = wordsForCause(round.cause)
  const vote = round.votes.get(approver)
  return markup`<p><strong>${vote === undefined ? 'Your decision is needed' : 'You have voted'}, ${approver}</strong></p>
<p>Answer by ${renderTime(deadlineAt, reading)}. If nobody decides by then, ${wordsForDefault(kind, deadlineDefaultOf(kind, view.deadlineDefault))}.</p>
${cause === undefined ? null : markup`<p>${cause}</p>`}
${renderStandIn(view, round)}
${forbiddenOf(round) === undefined ? null : markup`<p>Policy does not let anybody accept it as it is. You can reject it now, or let the deadline decide.</p>`}
${
  vote === undefined
    ? null
    : markup`<p>You voted <strong>${labelOf(kind, vote.choice)}</strong>, ${renderTime(vote.at, reading)}. Voting again replaces it.</p>`
}
<p><a href="#decide">To the form</a></p>`
}

/** For who is asked only because others did not answer. */
function renderStandIn({ approver, progress }: Standpoint, { escalated }: Round): Markup | null {
  if (escalated === undefined || progress?.standIns.includes(approver) !== true) return null
  return markup`<p>Why you: others were asked first. ${wordsForEscalation(escalated.why)} Your vote counts in place of theirs.</p>`
}

function decidedBy({ round }: OfferState): Markup | null {
  const decision = round?.decision
  return decision === undefined
    ? null
    : markup`<p>Decided by ${wordsForDecider(decision)}. ${wordsForReason(decision)}</p>`
}

function decisionLabel({ state }: Standpoint, choice: 'accept' | 'reject' | 'leave'): string {
  return choice === 'leave' ? 'leave it as it is' : labelOf(state.ref.kind, choice).toLowerCase()
}

function handOver({ ref }: OfferState): Markup {
  const href = consoleReviewLink(ref)
  return markup`One step is left: accept it in the AWS console, under your own identity.${
    href === undefined ? null : markup` <a href="${href}" rel="noreferrer">Review in the AWS console</a>`
  }`
}
