import { markup, type Markup } from '../contract/markup.ts'
import type { Settings } from '../contract/settings.ts'
import { isTakenBack } from '../domain/delegation.ts'
import { deadlineDefaultOf } from '../domain/kinds.ts'
import type { Choice } from '../domain/event.ts'
import type { Progress } from '../domain/progress.ts'
import type { OfferState, Round } from '../domain/state.ts'
import { labelOf, wordsForDefault, whatFollows } from '../domain/wording.ts'
import { renderDeciders } from './deciders-view.ts'
import { renderPage } from './layout.ts'
import { renderTime, type Reading } from './time-view.ts'

export interface VotedView {
  choice: Choice
  /** True when the same vote stood already. */
  standing: boolean
  approver: string
  /** The case as it is after the vote. */
  state: OfferState
  /** None where the case could not be read again. */
  progress: Progress | undefined
  deadlineDefault: Settings['deadlineDefault']
  reading: Reading
  /** Of the offer's page. */
  path: string
}

/** After a vote: what it came to, what happens next and until when, and how to change one's mind. */
export function renderVoted(view: VotedView): Markup {
  const { state, choice, standing, approver, path, progress, reading } = view
  const { kind } = state.ref
  const { round } = state
  const title = standing ? 'Your vote stands' : 'Your vote is recorded'
  const active = choice === 'accept' && round?.votes.get(approver)?.active === true
  const body = markup`<h1>${title}</h1>
<p class="lead">You decided: <strong>${labelOf(kind, choice)}</strong>${active ? ', active at once' : null}.${
    standing ? ' You had sent this vote before; it counts once.' : null
  }</p>
<section aria-labelledby="next">
<h2 id="next">What happens next</h2>
${round === undefined || progress === undefined ? markup`<p>Gatehouse counts the votes. Your link shows how it stands.</p>` : nextLines(view, { round, progress })}
</section>
${
  round === undefined || progress === undefined
    ? null
    : renderDeciders({ kind, round, progress, reading, reader: approver })
}
<p class="after"><a href="${path}">Back to the offer</a></p>`
  return renderPage({ title, body, foot: markup`<p>Offer <span class="id">${state.offerId}</span></p>` })
}

interface Counting {
  round: Round
  progress: Progress
}

function nextLines(view: VotedView, counting: Counting): Markup {
  const { state, reading } = view
  if (isTakenBack(state))
    return markup`<p>The accept is taken back: Gatehouse rejects the request at AWS. You get a mail when it is done.</p>`
  const decided = state.round?.decision?.choice ?? counting.progress.decided
  if (decided === undefined || decided === 'leave') return waitingLines(view, counting)
  const ends = counting.round.expiresAt
  return markup`<p>There are enough votes. ${whatFollows(state.ref.kind, decided, state.round?.judged)}</p>
${ends === null ? null : markup`<p>AWS ends the offer at ${renderTime(ends, reading)}: Gatehouse answers before that.</p>`}
<p>Gatehouse counts within seconds. Until then your link still takes another vote, and the last one counts.</p>`
}

function waitingLines({ state, deadlineDefault, reading, choice }: VotedView, { round, progress }: Counting): Markup {
  const { kind } = state.ref
  const deadline = round.asked?.deadline.at
  const wanted = progress.groups
    .filter(({ missing }) => missing > 0)
    .map(({ group, missing, open }) => `${missing} more of ${group} (${open.join(', ')})`)
  return markup`<p>More votes are needed to ${labelOf(kind, choice).toLowerCase()}: ${wanted.join(', and ')}. They are asked already.</p>
${
  deadline === undefined
    ? null
    : markup`<p>If they do not come by ${renderTime(deadline, reading)}, ${wordsForDefault(kind, deadlineDefaultOf(kind, deadlineDefault))}. You are told how it ends.</p>`
}
<p>You can change your mind until it is decided: open your link again and vote anew. The last vote counts.</p>`
}
