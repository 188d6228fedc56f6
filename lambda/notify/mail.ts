import { markup, type Markup } from '../contract/markup.ts'

export interface Mail {
  subject: string
  text: string
  html: string
}

export interface MailRow {
  label: string
  value: string | readonly string[]
}

/** A part of a mail. Text and HTML are made of the same parts, so that they say the same. */
export type MailBlock =
  | { kind: 'text'; text: string }
  | { kind: 'heading'; text: string }
  | { kind: 'list'; items: readonly string[] }
  | { kind: 'rows'; rows: readonly MailRow[] }
  /** The other side's words: marked line by line in text, framed in HTML. */
  | { kind: 'quoted'; rows: readonly MailRow[] }
  | { kind: 'link'; label: string; href: string }
  /** Many, each with a line of its own below. */
  | { kind: 'links'; items: readonly { label: string; note: string; href: string }[] }

/** Subjects are one line and short enough for a list of mails. */
export function composeMail(subject: string, blocks: readonly MailBlock[]): Mail {
  return {
    subject,
    text: `${blocks.map((block) => textOf(block)).join('\n\n')}\n`,
    html: pageOf(
      subject,
      blocks.map((block) => htmlOf(block)),
    ).toString(),
  }
}

function textOf(block: MailBlock): string {
  switch (block.kind) {
    case 'text':
      return block.text
    case 'heading':
      return `${block.text}\n${'-'.repeat(block.text.length)}`
    case 'list':
      return block.items.map((item) => `* ${item}`).join('\n')
    case 'rows':
      return block.rows.flatMap((row) => linesOf(row)).join('\n')
    case 'quoted':
      return block.rows
        .flatMap((row) => linesOf(row))
        .map((line) => `> ${line}`)
        .join('\n')
    case 'link':
      return `${block.label}:\n${block.href}`
    case 'links':
      return block.items.map(({ label, note, href }) => `* ${label}\n  ${note}\n  ${href}`).join('\n')
  }
}

function linesOf({ label, value }: MailRow): string[] {
  return typeof value === 'string' ? [`${label}: ${value}`] : [`${label}:`, ...value.map((item) => `  - ${item}`)]
}

const font =
  'font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5'
const cell =
  'padding:6px 12px 6px 0;width:30%;vertical-align:top;text-align:left;font-weight:normal;overflow-wrap:normal;opacity:.75'
const valueCell = 'padding:6px 0;vertical-align:top;word-break:break-word;overflow-wrap:anywhere'

function htmlOf(block: MailBlock): Markup {
  switch (block.kind) {
    case 'text':
      return markup`<p style="margin:0 0 16px">${block.text}</p>`
    case 'heading':
      return markup`<h2 style="margin:24px 0 8px;font-size:18px">${block.text}</h2>`
    case 'list':
      return markup`<ul style="margin:0 0 16px;padding-left:20px">${block.items.map((item) => markup`<li>${item}</li>`)}</ul>`
    case 'rows':
      return tableOf(block.rows)
    case 'quoted':
      return markup`<blockquote style="margin:0 0 16px;padding:4px 16px;border-left:4px solid #b7791f">${tableOf(block.rows)}</blockquote>`
    case 'link':
      return markup`<p style="margin:16px 0"><a ses:no-track href="${block.href}" style="display:inline-block;padding:10px 20px;border-radius:4px;background:#14532d;color:#ffffff;text-decoration:none">${block.label}</a></p>
<p style="margin:0 0 16px;font-size:13px;word-break:break-all">${block.href}</p>`
    case 'links':
      return markup`<ol style="margin:0 0 16px;padding-left:32px">${block.items.map(
        ({ label, note, href }) => markup`
<li style="margin:0 0 8px"><a ses:no-track href="${href}">${label}</a><br>${note}</li>`,
      )}
</ol>`
  }
}

function tableOf(rows: readonly MailRow[]): Markup {
  return markup`<table style="width:100%;border-collapse:collapse;margin:0 0 16px">${rows.map(
    ({ label, value }) => markup`
<tr><th scope="row" style="${cell}">${label}</th><td style="${valueCell}">${valueOf(value)}</td></tr>`,
  )}
</table>`
}

function valueOf(value: string | readonly string[]): Markup {
  if (typeof value === 'string') return markup`${value}`
  return markup`<ul style="margin:0;padding-left:18px">${value.map((item) => markup`<li>${item}</li>`)}</ul>`
}

/** `format-detection` keeps mail programs from making links of account ids; nothing is loaded from anywhere. */
function pageOf(title: string, blocks: readonly Markup[]): Markup {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
<title>${title}</title>
</head>
<body style="margin:0;padding:16px;overflow-wrap:anywhere;${font}">
<div style="max-width:640px;margin:0 auto">
${blocks.map(
  (block) => markup`${block}
`,
)}</div>
</body>
</html>
`
}
