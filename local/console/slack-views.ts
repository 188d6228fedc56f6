import { markup, type Markup } from '../../lambda/contract/markup.ts'
import { formatUtc } from '../../lambda/domain/plain-time.ts'
import { sampleSlack } from '../sample.ts'
import type { InputBlock, MessageBlock, SlackText, View } from '../slack/blocks.ts'
import type { OpenView, SlackMessage } from '../slack/workspace.ts'
import type { Frame } from './layout.ts'
import { renderSlackText } from './slack-text.ts'

type Part = Pick<Frame, 'title' | 'body' | 'current'>

/** Every conversation, newest message first. */
export function renderSlackPage(messages: readonly SlackMessage[], failed: string | undefined): Part {
  const conversations = [...new Set(messages.map(({ channel }) => channel))].sort()
  const body = markup`<h1>Slack</h1>
<p class="lead">Everything that Gatehouse posted. It stays on this machine.</p>
${failed === undefined ? null : markup`<div class="status" role="status"><p>Gatehouse answered the press with ${failed}: nothing opened.</p></div>`}
<div id="slack" data-live>${
    messages.length === 0
      ? markup`<p class="quiet">No message yet.</p>`
      : conversations.map((channel) => renderConversation(channel, messages))
  }</div>`
  return { title: 'Slack', body, current: 'slack' }
}

function renderConversation(channel: string, all: readonly SlackMessage[]): Markup {
  const messages = all.filter((message) => message.channel === channel).reverse()
  return markup`<section aria-labelledby="${channel}">
<h2 id="${channel}">${nameOf(channel, messages[0]?.user)}</h2>
${messages.map(renderMessage)}
</section>`
}

function nameOf(channel: string, user: string | undefined): string {
  if (user !== undefined) return `Direct messages to ${userName(user)}`
  return `#${sampleSlack.channels.find(({ id }) => id === channel)?.name ?? channel}`
}

function userName(user: string): string {
  return sampleSlack.users.find(({ id }) => id === user)?.name ?? user
}

function renderMessage(message: SlackMessage): Markup {
  const { at, edited, text, blocks } = message
  return markup`<article class="slack" aria-label="${text}">
<p class="quiet">Gatehouse, <time datetime="${at}">${formatUtc(at)}</time>${edited === null ? null : ' (edited)'}</p>
${blocks.map((block) => renderBlock(block, message))}
</article>`
}

function renderBlock(block: MessageBlock, message?: SlackMessage): Markup {
  switch (block.type) {
    case 'header':
      return markup`<h3>${block.text.text}</h3>`
    case 'section':
      return markup`${block.text === undefined ? null : paragraph(block.text)}${renderFields(block.fields ?? [])}`
    case 'context':
      return markup`<p class="quiet small-text">${block.elements.map((text) => renderSlackText(text))}</p>`
    case 'divider':
      return markup`<hr>`
    case 'actions':
      return message?.user === undefined ? markup`` : renderButtons(block.elements, message.id, message.user)
  }
}

function paragraph(text: SlackText): Markup {
  return markup`<p class="lines">${renderSlackText(text)}</p>`
}

/** Label and value by turns, as messages of the app have them. */
function renderFields(fields: readonly SlackText[]): Markup {
  if (fields.length === 0) return markup``
  const pairs = Array.from({ length: Math.ceil(fields.length / 2) }, (_, index) =>
    fields.slice(index * 2, index * 2 + 2),
  )
  return markup`<dl>${pairs.map(
    ([label, value]) => markup`
<div><dt>${label && renderSlackText(label)}</dt><dd class="lines">${value && renderSlackText(value)}</dd></div>`,
  )}</dl>`
}

function renderButtons(
  buttons: readonly { action_id: string; text: { text: string } }[],
  message: string,
  user: string,
): Markup {
  return markup`<form method="post" action="/slack/press">
<input type="hidden" name="message" value="${message}">
<input type="hidden" name="user" value="${user}">
${buttons.map(
  ({ action_id, text }) => markup`<button class="small" name="action" value="${action_id}">${text.text}</button> `,
)}</form>`
}

export interface FilledIn {
  values: Readonly<Record<string, string>>
  /** By block. */
  errors: Readonly<Record<string, string>>
}

/** A modal as a page with a form. */
export function renderSlackView({ id, user, view }: OpenView, { values, errors }: FilledIn): Part {
  const title = view.title.text
  const body = markup`<p><a href="/slack">Slack</a></p>
<h1>${title}</h1>
<p class="quiet">A form on ${userName(user)}’s screen.</p>
<form method="post" action="/slack/views/${id}" novalidate autocomplete="off">
${view.blocks.map((block) =>
  block.type === 'input'
    ? renderInput(block, values[block.block_id] ?? '', errors[block.block_id])
    : renderBlock(block),
)}
${renderSubmit(view)}
<button class="small" formaction="/slack/views/${id}/close">${view.close?.text ?? 'Close'}</button>
</form>`
  return { title, body, current: 'slack' }
}

function renderSubmit({ submit }: View): Markup | null {
  return submit === undefined ? null : markup`<button>${submit.text}</button> `
}

function renderInput(block: InputBlock, typed: string, problem: string | undefined): Markup {
  const { block_id: id, label, hint, optional } = block
  const described = [...(hint === undefined ? [] : [`${id}-hint`]), ...(problem === undefined ? [] : [`${id}-problem`])]
  const attributes = markup`${described.length === 0 ? null : markup` aria-describedby="${described.join(' ')}"`}${
    problem === undefined ? null : markup` aria-invalid="true"`
  }`
  return markup`<div class="group">
<label class="field" for="${id}">${label.text}${optional === true ? ' (optional)' : null}</label>
${hint === undefined ? null : markup`<span class="hint" id="${id}-hint">${hint.text}</span>`}
${problem === undefined ? null : markup`<span class="problem" id="${id}-problem" role="alert">${problem}</span>`}
${renderElement(block, typed, attributes)}
</div>`
}

function renderElement({ block_id: id, element }: InputBlock, typed: string, attributes: Markup): Markup {
  if (element.type === 'checkboxes') {
    const checked = typed === 'yes' ? markup` checked` : null
    const words = element.options.map(({ text }) => text.text).join(', ')
    return markup`<span><input type="checkbox" id="${id}" name="${id}" value="yes"${checked}${attributes}> ${words}</span>`
  }
  const most = element.max_length ?? 3000
  return element.multiline === true
    ? markup`<textarea id="${id}" name="${id}" rows="3" maxlength="${most}"${attributes}>
${typed}</textarea>`
    : markup`<input type="text" id="${id}" name="${id}" value="${typed}" maxlength="${most}"${attributes}>`
}
