import {
  clip,
  escapeMrkdwn,
  mrkdwn,
  plainText,
  slackLimits,
  type Mrkdwn,
  type SlackBlock,
} from '../contract/slack-blocks.ts'
import type { FactRow } from '../domain/fact-sheet.ts'
import { defangLinks } from '../domain/hostile-text.ts'

export interface SlackMessageBody {
  /** For notifications: nothing of what the other side wrote. */
  text: string
  blocks: SlackBlock[]
}

export function header(text: string): SlackBlock {
  return { type: 'header', text: plainText(text, slackLimits.header) }
}

/** Words of ours. */
export function paragraph(text: Mrkdwn): SlackBlock {
  return { type: 'section', text }
}

export function plainParagraph(text: string): SlackBlock {
  return { type: 'section', text: plainText(text) }
}

export function bold(text: string): string {
  return `*${escapeMrkdwn(text)}*`
}

/** A link in the text, not a button: a button with an address would need an answer of ours to every press. */
export function textLink(href: string, label: string): Mrkdwn {
  return mrkdwn(`<${escapeMrkdwn(href).replaceAll('|', '%7C')}|${escapeMrkdwn(label)}>`)
}

/** One fact a line, label beside value. Values are plain text: Slack reads no formatting, mention or link in them. */
export function rowBlocks(rows: readonly FactRow[], { most, quoted = false }: RowStyle): SlackBlock[] {
  const perSection = slackLimits.fields / 2
  return Array.from({ length: Math.ceil(rows.length / perSection) }, (_, index) => ({
    type: 'section' as const,
    fields: rows
      .slice(index * perSection, (index + 1) * perSection)
      .flatMap(({ label, value }) => [mrkdwn(bold(label)), plainText(shownValue(value, quoted), most)]),
  }))
}

export interface RowStyle {
  /** Characters of one value. */
  most: number
  /** Marks every line as somebody else's words. */
  quoted?: boolean
}

function shownValue(value: FactRow['value'], quoted: boolean): string {
  const lines = (Array.isArray(value) ? value : [value]).map((line) => defangLinks(line))
  const mark = quoted ? '> ' : lines.length > 1 ? '• ' : ''
  return lines.map((line) => `${mark}${line}`).join('\n')
}

const mostCharacters = [1900, 900, 400, 150]

/** Shortens values until Slack takes the whole; what is cut is marked, and the page shows all of it. */
export function fitted(text: string, blocksFor: (most: number) => SlackBlock[]): SlackMessageBody {
  const fits = (blocks: SlackBlock[]): boolean =>
    blocks.length <= slackLimits.blocks && JSON.stringify(blocks).length <= slackLimits.message
  const tried = mostCharacters.map((most) => blocksFor(most))
  const blocks = tried.find(fits) ?? cutTo(tried.at(-1) ?? [], fits)
  return { text: clip(escapeMrkdwn(text), slackLimits.text), blocks }
}

/** The last blocks go: facts and link come first. */
function cutTo(blocks: SlackBlock[], fits: (blocks: SlackBlock[]) => boolean): SlackBlock[] {
  const kept = [...blocks]
  while (kept.length > 1 && !fits(kept)) kept.pop()
  return kept
}
