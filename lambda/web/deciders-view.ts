import { markup, type Markup } from '../contract/markup.ts'
import type { OfferKind } from '../domain/offer.ts'
import type { GroupProgress, Progress } from '../domain/progress.ts'
import type { Round } from '../domain/state.ts'
import { labelOf, wordsForConflict, wordsForEscalation } from '../domain/wording.ts'
import { renderLines } from './quoted.ts'
import { renderTime, type Reading } from './time-view.ts'

export interface DecidersView {
  kind: OfferKind
  round: Round
  progress: Progress
  reading: Reading
  /** Who reads the page; none in the console. */
  reader?: string
}

/** Which groups are asked, how many accepts each still needs, who stands in or out, and who voted what. */
export function renderDeciders(view: DecidersView): Markup {
  const { round, progress } = view
  return markup`<section aria-labelledby="deciders">
<h2 id="deciders">Who decides</h2>
<ul class="benches">${progress.groups.map((group) => renderGroup(group, view))}</ul>
${round.decision === undefined ? markup`<p class="quiet">One reject decides at once.</p>` : null}
${renderEscalation(view)}
${
  progress.conflicts.length === 0
    ? null
    : markup`<p>Neither asked nor counted: ${progress.conflicts
        .map((conflict) => `${conflict.approver}, ${wordsForConflict(conflict)}`)
        .join('; ')}.</p>`
}
${round.votes.size === 0 ? null : renderVotes(view)}
</section>`
}

function renderGroup({ group, quorum, accepted, missing, open }: GroupProgress, view: DecidersView): Markup {
  const named = (ids: readonly string[]): string => ids.map((id) => nameFor(id, view)).join(', ')
  const waiting = missing === 0 ? '' : `${wordsForMissing(missing, open.length)}${named(open)}.`
  const done = accepted.length === 0 ? '' : `Accepted: ${named(accepted)}.`
  return markup`
<li><strong>${group}</strong> ${renderDots(accepted.length, quorum)}<span>${Math.min(accepted.length, quorum)} of ${quorum} accepts</span> <span class="quiet">${[done, waiting].join(' ').trim()}</span></li>`
}

function wordsForMissing(missing: number, open: number): string {
  if (open < missing) return `Too few are left to reach it${open === 0 ? '' : ': '}`
  return missing === open ? 'Needs ' : `Needs ${missing} more of `
}

/** For the eye only: the words beside it say the same. */
function renderDots(accepted: number, quorum: number): Markup | null {
  if (quorum > 10) return null
  const dots = Array.from({ length: quorum }, (_, at) => (at < accepted ? markup`<i class="on"></i>` : markup`<i></i>`))
  return markup`<span class="dots" aria-hidden="true">${dots}</span>`
}

function renderEscalation({ round, progress, reading, ...view }: DecidersView): Markup | null {
  const { escalated } = round
  if (escalated === undefined) return null
  const people = progress.standIns.map((id) => nameFor(id, view)).join(', ')
  return markup`<p>${wordsForEscalation(escalated.why)} So these are asked, too: ${people}. They count in every group. <span class="quiet">Since ${renderTime(escalated.at, reading)}</span></p>`
}

export function renderVotes({ kind, round, progress, reading, ...view }: DecidersView): Markup {
  return markup`<h3>Votes</h3>
<dl class="votes">${[...round.votes.values()].map(
    ({ approver, choice, comment, at, active }) => markup`
<div><dt>${nameFor(approver, view)}</dt><dd><strong>${labelOf(kind, choice)}</strong>${
      active === true ? ', active at once' : null
    } <span class="quiet">${renderTime(at, reading)}</span>${
      progress.voters.has(approver) ? null : markup`<br>Not counted: ${approver} is not asked about this offer now.`
    }${comment === '' ? null : markup`<br>${renderLines(comment)}`}</dd></div>`,
  )}
</dl>`
}

function nameFor(id: string, { reader }: Pick<DecidersView, 'reader'>): string {
  return id === reader ? `${id} (you)` : id
}
