import { stylesheet } from '../../lambda/web/style.ts'

/** The approval pages' look, and what only the console has. */
export const consoleStylesheet = `${stylesheet}
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--sheet); padding: .5rem 1rem; z-index: 1; }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.5rem; }
.bar strong { color: var(--ink); }
nav { display: flex; gap: .25rem; }
nav a { padding: .35rem .75rem; border-radius: .375rem; text-decoration: none; color: var(--quiet); }
nav a:hover { background: var(--sheet); }
nav a[aria-current] { background: var(--sheet); color: var(--ink); box-shadow: inset 0 0 0 1px var(--line); }
.clock { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .75rem; margin-left: auto; font-weight: 400; font-size: .9375rem; font-variant-numeric: tabular-nums; }
.clock form { display: flex; gap: .35rem; margin: 0; }
button.small, button.quiet-button { background: var(--sheet); color: var(--ink); border: 1px solid var(--line); font-weight: 500; }
button.small { padding: .25rem .65rem; font-size: .875rem; }
button.small:hover, button.quiet-button:hover { border-color: var(--accent); }
main:focus { outline: none; }
.groups { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: 1.25rem 2rem; }
.groups fieldset { margin: 0; min-width: 0; }
.groups > p { grid-column: 1 / -1; margin: 0; }
button.quiet-button { display: block; width: 100%; text-align: left; padding: .5rem .75rem; margin-bottom: .4rem; font-size: .9375rem; line-height: 1.35; }
.who { display: block; color: var(--quiet); font-size: .8125rem; }
table { min-width: 46rem; }
#offers table { min-width: 64rem; }
td { overflow-wrap: normal; }
th, #offers td:not(:last-child), #mails td:not(:first-child) { white-space: nowrap; }
.badge { background: var(--sheet); }
iframe.mail { width: 100%; height: 34rem; border: 1px solid var(--line); border-radius: .375rem; background: Canvas; color-scheme: light dark; }
.links { list-style: none; padding: 0; margin-bottom: 1rem; overflow-wrap: anywhere; }
article.slack { border: 1px solid var(--line); border-radius: .375rem; padding: .75rem 1rem; margin-bottom: 1rem; }
article.slack h3 { margin: 0 0 .5rem; }
article.slack > p:first-child { margin: 0 0 .25rem; }
.lines { white-space: pre-line; overflow-wrap: anywhere; }
.small-text { font-size: .875rem; }
details { margin-top: 1rem; }
summary { cursor: pointer; color: var(--quiet); }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: .9rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
`
