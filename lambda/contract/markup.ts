import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

/** HTML whose every inserted value is escaped. */
export type Markup = HtmlEscapedString
export type MarkupValue = Markup | string | number | false | null | undefined | readonly MarkupValue[]

/** Tagged template: escapes each value that is not markup itself. Never asynchronous. */
export function markup(strings: TemplateStringsArray, ...values: MarkupValue[]): Markup {
  const made = html(strings, ...values)
  if (made instanceof Promise) throw new TypeError('expected markup of plain values, got a promise')
  return made
}
