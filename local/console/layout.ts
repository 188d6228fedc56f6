import { markup, type Markup } from '../../lambda/contract/markup.ts'
import { formatUtc } from '../../lambda/domain/plain-time.ts'

export interface Frame {
  title: string
  body: Markup
  /** Which entry of the navigation this page belongs to. */
  current: 'offers' | 'mail' | 'slack' | 'scans'
  /** The local clock. */
  now: Date
  /** How many mails there are. */
  mails: number
  /** How many messages in Slack. */
  slack: number
  /** Of this page: forms come back to it. */
  path: string
}

/** One whole page of the console. Everything in `live` parts is kept up to date by the script; without it, reload. */
export function renderConsolePage({ title, body, current, now, mails, slack, path }: Frame): Markup {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Gatehouse console</title>
<link rel="stylesheet" href="/console.css">
<script src="/console.js" type="module"></script>
</head>
<body class="wide">
<a class="skip" href="#main">Skip to content</a>
<header>
<div class="bar">
<strong>Gatehouse</strong>
<nav aria-label="Console" id="nav" data-live>${tab('/', 'Offers', current === 'offers')}${tab('/mail', `Mail (${mails})`, current === 'mail')}${tab('/slack', `Slack (${slack})`, current === 'slack')}${tab('/scans', 'Scans', current === 'scans')}</nav>
${renderClock(now, path)}
</div>
</header>
<main id="main" tabindex="-1">
${body}
</main>
<footer><p>A run on this machine: nothing here reaches AWS.</p></footer>
</body>
</html>
`
}

function tab(href: string, label: string, isCurrent: boolean): Markup {
  return markup`<a href="${href}"${isCurrent ? markup` aria-current="page"` : null}>${label}</a>`
}

const steps = [
  { by: '1h', label: '+1 hour' },
  { by: '6h', label: '+6 hours' },
  { by: '1d', label: '+1 day' },
]

function renderClock(now: Date, path: string): Markup {
  return markup`<div class="clock" role="group" aria-label="Clock of this run">
<span id="clock" data-live><time datetime="${now.toISOString()}">${formatUtc(now)}</time></span>
<form method="post" action="/clock">
<input type="hidden" name="back" value="${path}">
${steps.map(({ by, label }) => markup`<button class="small" name="advance" value="${by}">${label}</button>`)}
</form>
<form method="post" action="/sweep">
<input type="hidden" name="back" value="${path}">
<button class="small">Sweep now</button>
</form>
</div>`
}
