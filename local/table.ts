/** Rows under headings, columns aligned by what a terminal shows; the last column is not padded. */
export function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, at) => Math.max(...[heading, ...rows.map((row) => row[at] ?? '')].map(widthOf)))
  return [headings.map((heading) => heading.toUpperCase()), ...rows].map((row) => lineOf(row, widths)).join('')
}

/** `label  value` lines, values aligned. */
export function pairsOf(pairs: readonly (readonly [label: string, value: string])[]): string {
  const width = Math.max(0, ...pairs.map(([label]) => widthOf(label)))
  return pairs.map((pair) => lineOf(pair, [width, 0])).join('')
}

function lineOf(cells: readonly string[], widths: readonly number[]): string {
  const last = cells.length - 1
  const padded = cells.map((cell, at) => (at === last ? cell : cell + ' '.repeat((widths[at] ?? 0) - widthOf(cell))))
  return `${padded.join('  ').trimEnd()}\n`
}

const segmenter = new Intl.Segmenter('en')
const wide = /\p{Emoji_Presentation}|[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u

function widthOf(text: string): number {
  return Array.from(segmenter.segment(text)).reduce((sum, { segment }) => sum + (wide.test(segment) ? 2 : 1), 0)
}
