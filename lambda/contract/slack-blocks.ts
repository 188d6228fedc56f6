import { formatUtc } from '../domain/plain-time.ts'

/** The parts of Slack's Block Kit that are used here: https://docs.slack.dev/reference/block-kit/blocks */
export interface PlainText {
  type: 'plain_text'
  text: string
  emoji: false
}

/** `verbatim` keeps Slack from making links of what looks like one. */
export interface Mrkdwn {
  type: 'mrkdwn'
  text: string
  verbatim: true
}

export type SlackText = PlainText | Mrkdwn

export interface SlackButton {
  type: 'button'
  action_id: string
  text: PlainText
  value: string
}

export type SlackBlock =
  | { type: 'header'; text: PlainText }
  | { type: 'section'; text: SlackText }
  | { type: 'section'; fields: SlackText[] }
  | { type: 'context'; elements: SlackText[] }
  | { type: 'divider' }
  | { type: 'actions'; block_id: string; elements: SlackButton[] }

/** What Slack takes of each; https://docs.slack.dev/reference/block-kit and, for `message`, measured by its users. */
export const slackLimits = {
  header: 150,
  text: 3000,
  field: 2000,
  fields: 10,
  blocks: 50,
  button: 75,
  title: 24,
  /** Characters of all blocks together; above about 13,000 Slack answers `msg_blocks_too_long`. */
  message: 12_000,
} as const

/** Text that Slack shows as it is: no links, no mentions, no formatting, no emoji. */
export function plainText(text: string, most: number = slackLimits.text): PlainText {
  return { type: 'plain_text', text: clip(text, most), emoji: false }
}

/** Text of ours with Slack's formatting; everything that is put into it has to be escaped. */
export function mrkdwn(text: string): Mrkdwn {
  return { type: 'mrkdwn', text, verbatim: true }
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function escapeMrkdwn(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}

/** In the reader's own time zone, and UTC for those who compare. */
export function slackTime(at: string): string {
  const utc = formatUtc(at)
  return `<!date^${Math.floor(Date.parse(at) / 1000)}^{date_long} at {time}|${utc}> (${utc})`
}

/** At most so many UTF-16 units, a cut marked and no character halved. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text
  return `${text.slice(0, most - 2).replace(/[\uD800-\uDBFF]$/u, '')} …`
}
