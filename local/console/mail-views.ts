import { markup, type Markup } from '../../lambda/contract/markup.ts'
import { formatUtc } from '../../lambda/domain/plain-time.ts'
import type { ShownMail } from '../control-client.ts'
import type { Frame } from './layout.ts'

type Part = Pick<Frame, 'title' | 'body' | 'current'>

/** Newest first, as mail programs do. */
export function renderMailbox(mails: readonly ShownMail[]): Part {
  const body = markup`<h1>Mail</h1>
<p class="lead">Everything that Gatehouse sent. It stays on this machine.</p>
<div id="mails" data-live>${mails.length === 0 ? markup`<p class="quiet">No mail yet.</p>` : renderTable(mails)}</div>`
  return { title: 'Mail', body, current: 'mail' }
}

function renderTable(mails: readonly ShownMail[]): Markup {
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Mail">
<table>
<thead><tr><th scope="col">Subject</th><th scope="col">To</th><th scope="col">Sent</th></tr></thead>
<tbody>${[...mails].reverse().map(
    ({ id, subject, to, at }) => markup`
<tr><td><a href="/mail/${id}">${subject}</a></td><td>${to.join(', ')}</td><td>${formatUtc(at)}</td></tr>`,
  )}
</tbody></table>
</div>`
}

export function renderMail({ id, subject, from, to, at, links, text }: ShownMail): Part {
  const body = markup`<p><a href="/mail">All mail</a></p>
<h1>${subject}</h1>
<p class="lead">From ${from} to ${to.join(', ')}, ${formatUtc(at)}</p>
${links.length === 0 ? null : renderLinks(links)}
<iframe class="mail" title="The mail as HTML" src="/mail/${id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
<details id="text"><summary>As plain text</summary><pre>${text}</pre></details>`
  return { title: subject, body, current: 'mail' }
}

function renderLinks(links: readonly string[]): Markup {
  return markup`<ul class="plain links">${links
    .filter((link) => /^https?:\/\//.test(link))
    .map((link) => markup`<li><a href="${link}" rel="noreferrer">${link}</a></li>`)}</ul>`
}

/** A sandbox without scripts; what it links to opens beside it, since approval pages refuse to be framed. */
export const mailHeaders: Record<string, string> = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
}

export function mailDocument({ html }: ShownMail): string {
  return html.replace('<head>', '<head>\n<base target="_blank">')
}
