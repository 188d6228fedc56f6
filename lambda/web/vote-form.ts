import { markup, type Markup } from '../contract/markup.ts'
import type { Approval, Choice } from '../domain/event.ts'
import type { OfferState, Round } from '../domain/state.ts'
import { labelOf, meaningOfAccept, meaningOfReject } from '../domain/wording.ts'
import { longestComment, type Refusal, type VoteForm } from './form.ts'
import { renderPolicyError } from './quoted.ts'

export interface VoteFormView {
  state: OfferState
  round: Round
  /** What was typed before, to be shown again. */
  typed?: VoteForm | undefined
  refusals: readonly Refusal[]
}

/** The form. No choice is preselected and nothing is filled in, so posting it as it is votes nothing. */
export function renderVoteForm({ state, round, typed, refusals }: VoteFormView): Markup {
  const problems = new Map(refusals.map(({ field, problem }) => [field, problem]))
  const forbidden = forbiddenOf(round)
  return markup`<section aria-labelledby="decide">
<h2 id="decide">Decide</h2>
<form method="post" novalidate autocomplete="off">
<input type="hidden" name="factsHash" value="${round.factsHash}">
<input type="hidden" name="round" value="${round.number}">
<fieldset${describedBy('choice', problems)}>
<legend>Your decision</legend>
${problemOf('choice', problems)}
${forbidden === undefined ? renderChoice({ state, round }, 'accept', typed) : renderForbidden(state, forbidden)}
${renderChoice({ state, round }, 'reject', typed)}
</fieldset>
${forbidden === undefined && round.judged?.mayActivate === true ? renderActive(typed) : null}
${renderComment(problems, typed)}
${renderDigits({ round, problems, typed })}
<button type="submit">Send my decision</button>
</form>
</section>`
}

/** The form of an accept that is held: all that can be chosen is to take it back. */
export function renderRevokeForm({ round, typed, refusals }: VoteFormView): Markup {
  const problems = new Map(refusals.map(({ field, problem }) => [field, problem]))
  return markup`<section aria-labelledby="decide">
<h2 id="decide">Take it back</h2>
<form method="post" novalidate autocomplete="off">
<input type="hidden" name="factsHash" value="${round.factsHash}">
<input type="hidden" name="round" value="${round.number}">
<fieldset${describedBy('choice', problems)}>
<legend>Your decision</legend>
${problemOf('choice', problems)}
<label class="choice" for="choice-reject"><input type="radio" name="choice" id="choice-reject" value="reject"${
    typed?.choice === 'reject' ? markup` checked` : null
  }><span><strong>Take the accept back</strong><span class="quiet">The requester gets no access.</span></span></label>
</fieldset>
${renderComment(problems, typed)}
${renderDigits({ round, problems, typed })}
<button type="submit">Take it back</button>
</form>
</section>`
}

/** What policy said, where it does not let people accept. */
export function forbiddenOf({ judged }: Pick<Round, 'judged'>): Approval | undefined {
  return judged?.approval?.allowed === false ? judged.approval : undefined
}

/** At the top of the page after a refusal; its links lead to the fields. */
export function renderErrorSummary(refusals: readonly Refusal[], round: Round): Markup {
  if (refusals.length === 0) return markup``
  const choice = forbiddenOf(round) === undefined ? 'choice-accept' : 'choice-reject'
  return markup`<div class="summary" role="alert" tabindex="-1" autofocus aria-labelledby="summary">
<h2 id="summary">Your decision was not recorded</h2>
<ul class="plain">${refusals.map(
    ({ field, problem }) => markup`<li><a href="#${field === 'choice' ? choice : field}">${problem}</a></li>`,
  )}</ul>
</div>`
}

type Problems = ReadonlyMap<Refusal['field'], string>

function renderChoice(
  { state: { ref }, round }: Pick<VoteFormView, 'state' | 'round'>,
  choice: Choice,
  typed: VoteForm | undefined,
): Markup {
  const id = `choice-${choice}`
  const meaning = choice === 'accept' ? meaningOfAccept(ref.kind, round.judged) : meaningOfReject(ref.kind)
  return markup`<label class="choice" for="${id}"><input type="radio" name="choice" id="${id}" value="${choice}"${
    typed?.choice === choice ? markup` checked` : null
  }><span><strong>${labelOf(ref.kind, choice)}</strong><span class="quiet">${meaning}</span></span></label>
`
}

/** In place of the choice that is none. */
function renderForbidden({ ref }: OfferState, { policies, errors }: Approval): Markup {
  return markup`<div class="choice forbidden" id="choice-accept"><span><strong>${labelOf(ref.kind, 'accept')}: policy does not allow it</strong>${policies.map(
    ({ id, reason }) =>
      markup`<span class="reason">${reason} <span class="quiet">(policy <span class="id">${id}</span>)</span></span>`,
  )}${errors.map((error) => markup`<span class="reason">${renderPolicyError(error)}</span>`)}</span></div>
`
}

/** Inactive is checked: it is what a form gives that was posted as it is. */
function renderActive(typed: VoteForm | undefined): Markup {
  const option = (value: string, checked: boolean, text: { label: string; meaning: string }): Markup =>
    markup`<label class="choice" for="active-${value}"><input type="radio" name="active" id="active-${value}" value="${value}"${
      checked ? markup` checked` : null
    }><span><strong>${text.label}</strong><span class="quiet">${text.meaning}</span></span></label>
`
  const isActive = typed?.active === 'yes'
  return markup`<fieldset class="only-accept">
<legend>If it is accepted, the certificate becomes</legend>
${option('no', !isActive, { label: 'Inactive', meaning: 'It can do nothing until somebody activates it in AWS IoT.' })}
${option('yes', isActive, {
  label: 'Active at once',
  meaning: 'Devices that hold its private key can connect right away. Everybody who accepts has to choose this.',
})}
</fieldset>`
}

function renderComment(problems: Problems, typed: VoteForm | undefined): Markup {
  return markup`<div class="group">
<label class="field" for="comment">Comment</label>
<span class="hint" id="comment-hint">Needed to reject. It goes on record; the other side does not get to see it.</span>
${problemOf('comment', problems)}
<textarea id="comment" name="comment" rows="3" maxlength="${longestComment}"${describedBy('comment', problems)}>
${typed?.comment}</textarea>
</div>`
}

interface DigitsView {
  round: Round
  problems: Problems
  typed: VoteForm | undefined
}

function renderDigits({ round, problems, typed }: DigitsView): Markup {
  const known = round.counterparty !== null
  const label = known ? 'Last four digits of the other account' : 'Last four characters of the offer id'
  const hint = known
    ? 'Copy them from the account number above. It shows that a person reads this page.'
    : 'The other account is unknown, so copy them from the offer id at the foot of this page.'
  return markup`<div class="group">
<label class="field" for="digits">${label}</label>
<span class="hint" id="digits-hint">${hint}</span>
${problemOf('digits', problems)}
<input type="text" id="digits" name="digits" value="${typed?.digits}" maxlength="4"${
    known ? markup` inputmode="numeric"` : null
  } autocomplete="off" autocapitalize="none" spellcheck="false"${describedBy('digits', problems)}>
</div>`
}

function problemOf(field: Refusal['field'], problems: Problems): Markup | null {
  const problem = problems.get(field)
  return problem === undefined ? null : markup`<span class="problem" id="${field}-problem">${problem}</span>`
}

/** Ties hint and problem to the field for those who hear the page. */
function describedBy(field: Refusal['field'], problems: Problems): Markup {
  const hint = field === 'choice' ? [] : [`${field}-hint`]
  if (!problems.has(field)) return hint.length === 0 ? markup`` : markup` aria-describedby="${hint.join(' ')}"`
  const ids = [...hint, `${field}-problem`].join(' ')
  return field === 'choice'
    ? markup` aria-describedby="${ids}"`
    : markup` aria-invalid="true" aria-describedby="${ids}"`
}
