import { raw } from 'hono/html'
import { markup, type Markup } from '../contract/markup.ts'
import { stylesheet } from './style.ts'

export interface Page {
  title: string
  body: Markup
  /** Small print under the page. */
  foot?: Markup | undefined
  /** For lists. */
  wide?: boolean
}

/** One whole page. Without scripts, images or anything from elsewhere. */
export function renderPage({ title, body, foot, wide }: Page): Markup {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
<title>${title} · Gatehouse</title>
<style>${styleText}</style>
</head>
<body${wide === true ? classWide : ''}>
<header>Gatehouse</header>
<main>
${body}
</main>
<footer>${foot}</footer>
</body>
</html>
`
}

// Ours, and hashed for the content security policy: escaping would change it.
const styleText = raw(stylesheet)
const classWide = raw(' class="wide"')
