/** At most this many UTF-16 code units, never half of a surrogate pair, and no half that came in alone. */
export function cutText(text: string, most: number): string {
  const whole = text.replace(/\p{Surrogate}/gu, '\ufffd')
  const end = endsInsidePair(whole, most) ? most - 1 : most
  return whole.slice(0, end)
}

function endsInsidePair(text: string, end: number): boolean {
  return text.length > end && /^[\ud800-\udbff]$/.test(text.charAt(end - 1))
}
