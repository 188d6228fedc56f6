import { markup, type Markup } from '../contract/markup.ts'
import type { PolicyReading, PolicyStatement, Some } from '../domain/policy-lines.ts'
import { countOf, renderLines, renderText, renderToken } from './quoted.ts'

/** A permission policy in words, statement by statement, and its text as it was sent. */
export function renderPermissions(text: string, read: PolicyReading): Markup {
  if ('unclear' in read) {
    return markup`<h3>Permissions asked for</h3>
${renderDoubt(read.repeatedKeys)}
${renderRaw(text)}`
  }
  const { statements } = read
  return markup`<h3>Permissions asked for <span class="count">${countOf(statements.length)} ${statements.length === 1 ? 'statement' : 'statements'}</span></h3>
<ol class="parts statements">${statements.map((statement) => renderStatement(statement))}</ol>
<details><summary>The text as it was sent, ${countOf(text.length)} characters</summary>${renderRaw(text)}</details>`
}

/** Says why the text is not put into words. */
function renderDoubt(repeatedKeys: readonly string[]): Markup {
  if (repeatedKeys.length === 0) {
    return markup`<p>This policy has parts that Gatehouse cannot put into words, so here is its text. Read all of it, or reject.</p>`
  }
  return markup`<p><strong>This policy says something twice in one place: ${repeatedKeys.map(
    (key, at) => markup`${at === 0 ? '' : ', '}${renderToken(key)}`,
  )}.</strong> Programs that read it differ in which one counts, so Gatehouse does not put it into words. Here is its text. If in doubt, reject.</p>`
}

function renderRaw(text: string): Markup {
  return markup`<div class="raw">${renderLines(text)}</div>`
}

function renderStatement({ sid, effect, actions, resources, conditions }: PolicyStatement): Markup {
  return markup`
<li><p>${renderEffect(effect)}${sid === undefined ? null : markup` ${renderText(sid, 'counterparty')}`}</p>
<dl>
<div><dt>Actions</dt><dd>${renderActions(actions)}</dd></div>
<div><dt>Resources</dt><dd>${renderSome(resources, 'every resource')}</dd></div>
${
  conditions.length === 0
    ? null
    : markup`<div><dt>Only if</dt><dd><ul class="plain">${conditions.map(renderCondition)}</ul></dd></div>`
}</dl></li>`
}

function renderEffect(effect: string): Markup {
  if (effect === 'Allow' || effect === 'Deny') {
    return markup`<strong class="badge ${effect === 'Allow' ? 'wait' : ''}">${effect}</strong>`
  }
  return renderText(effect, 'counterparty')
}

/** `s3: GetObject, PutObject`, a line for each service. */
function renderActions({ but, of }: Some): Markup {
  const services = new Map<string, string[]>()
  for (const action of of) {
    const colon = action.indexOf(':')
    const service = action.slice(0, Math.max(0, colon))
    services.set(service, [...(services.get(service) ?? []), action.slice(colon + 1)])
  }
  return markup`${but ? markup`<strong>Everything but</strong>` : null}<ul class="plain">${[...services].map(
    ([service, names]) =>
      markup`<li>${service === '' ? null : markup`${renderToken(service)}: `}${renderNames(service, names)}</li>`,
  )}</ul>`
}

/** Names of actions are letters and stars; anything else is shown piece by piece. */
function renderNames(service: string, names: readonly string[]): Markup[] {
  if (!names.includes('*') && names.every((name) => /^[\w*?-]+$/.test(name))) {
    return [markup`<code>${names.join(', ')}</code>`]
  }
  const everything = service === '' ? 'every action of every service' : 'every action'
  return names.map((name, at) => markup`${at === 0 ? '' : ', '}${renderWild(name, everything)}`)
}

function renderSome({ but, of }: Some, everything: string): Markup {
  return markup`${but ? markup`<strong>Everything but</strong>` : null}<ul class="plain">${of.map(
    (one) => markup`<li>${renderWild(one, everything)}</li>`,
  )}</ul>`
}

/** A star alone is easily overlooked. */
function renderWild(text: string, everything: string): Markup {
  return text === '*' ? markup`<code>*</code> <strong>(${everything})</strong>` : renderToken(text)
}

function renderCondition({ operator, key, values }: PolicyStatement['conditions'][number]): Markup {
  return markup`<li>${renderToken(key)} ${renderToken(operator)} ${values.map(
    (value, at) => markup`${at === 0 ? '' : ' or '}${renderToken(value)}`,
  )}</li>`
}
