import { createHash } from 'node:crypto'

/** The one stylesheet, inline on every page. No fonts, no images, nothing from elsewhere. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --page: #f4f5f3; --sheet: #ffffff; --ink: #1c2321; --quiet: #56605c; --line: #d9deda;
  --accent: #14532d; --on-accent: #ffffff; --focus: #1d4ed8;
  --warn: #8a4b08; --warn-sheet: #fdf6e7; --warn-line: #c98a1b; --error: #a4161a; --error-sheet: #fdf0f0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161a; --sheet: #1a2025; --ink: #e6ebe8; --quiet: #a7b1ac; --line: #333c42;
    --accent: #7fd1a0; --on-accent: #0c2114; --focus: #93b8ff;
    --warn: #f0c274; --warn-sheet: #2a2415; --warn-line: #b98a35; --error: #ff9a94; --error-sheet: #321b1c;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
header, main, footer { width: 100%; max-width: 46rem; margin: 0 auto; padding: 0 1.25rem; }
body.wide header, body.wide main, body.wide footer { max-width: 76rem; }
header { padding-top: 1.25rem; padding-bottom: .75rem; color: var(--quiet); font-weight: 600; }
header a { color: inherit; }
footer { padding-top: 1rem; padding-bottom: 2.5rem; color: var(--quiet); font-size: .875rem; }
main { background: var(--sheet); border: 1px solid var(--line); border-radius: .5rem; padding: 1.75rem 2rem 2rem; }
@media (max-width: 48rem) { main { border-radius: 0; border-width: 1px 0; padding: 1.25rem; } }
h1 { margin: 0 0 .25rem; font-size: 1.6rem; line-height: 1.25; letter-spacing: -.01em; }
h2 { margin: 2rem 0 .6rem; font-size: 1.125rem; line-height: 1.3; }
h3 { margin: 1rem 0 .5rem; font-size: 1rem; line-height: 1.3; }
p { margin: 0 0 .75rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
.lead { color: var(--quiet); margin-bottom: 1.25rem; }
.quiet { color: var(--quiet); }
.id, td, dd { overflow-wrap: anywhere; }
.id { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .95em; }
.status { border-left: 4px solid var(--line); padding: .75rem 1rem; background: var(--page); margin: 1.25rem 0; border-radius: 0 .25rem .25rem 0; }
.status.wanted { border-color: var(--accent); }
.status p { margin: 0 0 .4rem; }
.status p:last-child { margin: 0; }
.status strong:first-child { font-size: 1.0625rem; }
dl { margin: 0; border-top: 1px solid var(--line); }
dl > div { display: grid; grid-template-columns: 12rem minmax(0, 1fr); gap: .15rem 1.25rem; padding: .4rem 0; border-bottom: 1px solid var(--line); }
@media (max-width: 40rem) { dl > div { grid-template-columns: minmax(0, 1fr); } }
[aria-labelledby=facts] > dl > div:first-child dd { font-weight: 700; font-size: 1.2rem; line-height: 1.3; letter-spacing: .03em; }
dt { color: var(--quiet); }
dd { margin: 0; }
dd ul, .plain { margin: 0; padding-left: 1.1rem; }
.theirs, .changes { border: 1px solid var(--warn-line); border-left-width: 4px; background: var(--warn-sheet); padding: .9rem 1.25rem 1rem; margin-top: 1.5rem; border-radius: .25rem; }
.changes { border-color: var(--accent); background: var(--page); }
.changes h2 { margin-top: 0; }
.changes del { color: var(--quiet); }
.theirs h2 { margin-top: 0; color: var(--warn); }
.theirs dl, .theirs dl > div { border-color: var(--warn-line); }
.theirs dl > div:last-child, .changes dl > div:last-child { border-bottom: 0; padding-bottom: 0; }
.theirs > p { font-size: .9375rem; color: var(--warn); }
details { margin-top: .35rem; }
.theirs details, .theirs summary, .theirs a { color: inherit; }
summary { color: var(--accent); cursor: pointer; padding: .15rem 0; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .9em; overflow-wrap: anywhere; }
.count { display: inline-block; color: var(--quiet); font-weight: 500; font-variant-numeric: tabular-nums; }
.parts { margin: 0 0 .75rem; padding: 0; list-style: none; border-top: 1px solid var(--warn-line); }
.parts > * { margin: 0; padding: .35rem 0; border-bottom: 1px solid var(--warn-line); }
.parts details > :not(summary) { margin-left: 1.1rem; }
.parts > details > p { margin-bottom: .25rem; font-size: .875rem; }
.statements > li { padding: .6rem 0; }
.statements p { margin: 0; }
.statements dl { border: 0; }
.statements dl > div { grid-template-columns: 6rem minmax(0, 1fr); padding: .2rem 0 .2rem; border: 0; }
.statements .plain { list-style: none; padding: 0; }
ul.ids { list-style: none; margin: 0; padding: 0 0 .25rem; columns: 18rem; column-gap: 1.5rem; font: .8125rem/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
ul.ids li { break-inside: avoid; overflow-wrap: anywhere; }
.raw { border: 1px solid var(--warn-line); border-radius: .25rem; padding: .6rem .75rem; margin: .35rem 0 .75rem; font: .8125rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.lines { white-space: pre-wrap; overflow-wrap: anywhere; }
.benches { list-style: none; margin: 0 0 .5rem; padding: 0; }
.benches li { padding: .2rem 0; }
.benches .quiet { margin-left: .5rem; }
.dots { display: inline-flex; gap: .25rem; margin: 0 .4rem; }
.dots i { width: .65rem; height: .65rem; border-radius: 50%; border: 2px solid var(--accent); }
.dots i.on { background: var(--accent); }
.votes dd br + q { color: var(--quiet); }
q { quotes: "\\201C" "\\201D"; }
fieldset { border: 0; margin: 0 0 1.25rem; padding: 0; min-width: 0; }
form:has(#choice-reject:checked) .only-accept { display: none; }
legend, label.field { display: block; font-weight: 600; padding: 0; margin-bottom: .35rem; }
.hint { display: block; color: var(--quiet); font-size: .9375rem; margin: 0 0 .5rem; }
.choice { display: grid; grid-template-columns: auto 1fr; gap: 0 .75rem; border: 1px solid var(--line); border-radius: .375rem; padding: .65rem .9rem; margin-bottom: .5rem; cursor: pointer; }
.choice:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.choice input { width: 1.25rem; height: 1.25rem; margin: .15rem 0 0; accent-color: var(--accent); }
.choice strong { display: block; }
.choice.forbidden { grid-template-columns: 1fr; cursor: default; background: var(--page); border-style: dashed; }
.choice .reason { display: block; }
.group { margin-bottom: 1.25rem; }
textarea, input[type=text] { font: inherit; color: inherit; background: var(--sheet); border: 1px solid var(--quiet); border-radius: .25rem; padding: .5rem .65rem; }
textarea { width: 100%; min-height: 5rem; resize: vertical; }
input[type=text] { width: 7rem; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; letter-spacing: .15em; }
[aria-invalid=true] { border-color: var(--error); border-width: 2px; }
.problem { display: block; color: var(--error); font-weight: 600; margin: 0 0 .4rem; }
.after { margin: 1.75rem 0 0; }
.summary { border: 2px solid var(--error); background: var(--error-sheet); padding: 1rem 1.25rem; margin: 1.25rem 0; border-radius: .25rem; }
.summary h2 { margin: 0 0 .5rem; color: var(--error); }
.summary a { color: var(--error); font-weight: 600; }
button, .button { font: inherit; font-weight: 600; display: inline-block; border: 0; border-radius: .375rem; padding: .75rem 1.5rem; background: var(--accent); color: var(--on-accent); text-decoration: none; cursor: pointer; }
del, ins { text-decoration: none; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
th, td { text-align: left; vertical-align: top; padding: .55rem .75rem .55rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-weight: 600; }
ol.timeline { list-style: none; margin: 0; padding: 0; border-left: 2px solid var(--line); }
ol.timeline > li { padding: 0 0 1.1rem 1.1rem; position: relative; }
ol.timeline > li::before { content: ""; position: absolute; left: -.4rem; top: .5rem; width: .65rem; height: .65rem; border-radius: 50%; background: var(--accent); }
.badge { display: inline-block; border: 1px solid var(--line); border-radius: 1rem; padding: 0 .6rem; font-size: .875rem; white-space: nowrap; }
.badge.good { border-color: var(--accent); color: var(--accent); }
.badge.bad { border-color: var(--error); color: var(--error); }
.badge.wait { border-color: var(--warn-line); color: var(--warn); }
`

/** For `style-src`: only this very text is applied. */
export const stylesheetHash = `sha256-${createHash('sha256').update(stylesheet).digest('base64')}`
