import { markup, type Markup } from '../../lambda/contract/markup.ts'
import type { SlackText } from '../slack/blocks.ts'

const formatting = /\*([^*\n]+)\*|<(https?:[^|>]+)\|([^>]+)>|<!date\^[^|>]*\|([^>]+)>/g

/** A text as Slack shows it: plain text as it is, of mrkdwn what the app uses of it. */
export function renderSlackText({ type, text }: SlackText): Markup {
  return type === 'plain_text' ? markup`${text}` : markup`${partsOf(text)}`
}

function partsOf(text: string): Markup[] {
  const parts: Markup[] = []
  let from = 0
  for (const found of text.matchAll(formatting)) {
    const [whole, bold, href, label, time] = found
    parts.push(markup`${unescaped(text.slice(from, found.index))}`)
    if (bold !== undefined) parts.push(markup`<strong>${unescaped(bold)}</strong>`)
    else if (href !== undefined) parts.push(renderLink(unescaped(href), unescaped(label ?? href)))
    else parts.push(markup`${unescaped(time ?? '')}`)
    from = found.index + whole.length
  }
  return [...parts, markup`${unescaped(text.slice(from))}`]
}

function renderLink(href: string, label: string): Markup {
  return markup`<a href="${href}" rel="noreferrer">${label}</a>`
}

function unescaped(text: string): string {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&')
}
