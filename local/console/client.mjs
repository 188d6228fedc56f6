/* Keeps the parts marked `data-live` up to date: fetches this very page and replaces a part when its text changed. */
const everyMs = 1500
const shown = new Map()
let etag = ''

function liveParts(root) {
  return [...root.querySelectorAll('[data-live]')]
}

for (const part of liveParts(document)) shown.set(part.id, part.innerHTML)

/** What has the focus, in words that find it again after its part was replaced. */
function focusedIn(part) {
  const focused = document.activeElement
  if (focused === null || !part.contains(focused)) return undefined
  const href = focused.getAttribute('href')
  if (href !== null) return `a[href="${CSS.escape(href)}"]`
  const all = [...part.querySelectorAll('a, button, [tabindex]')]
  const at = all.indexOf(focused)
  return at < 0 ? undefined : at
}

function refocus(part, focused) {
  if (focused === undefined) return
  const found =
    typeof focused === 'string' ? part.querySelector(focused) : part.querySelectorAll('a, button, [tabindex]')[focused]
  found?.focus({ preventScroll: true })
}

function replace(part, html) {
  const focused = focusedIn(part)
  const scrolled = part.querySelector('.scroll')?.scrollLeft ?? 0
  part.innerHTML = html
  shown.set(part.id, html)
  const scroller = part.querySelector('.scroll')
  if (scroller !== null) scroller.scrollLeft = scrolled
  refocus(part, focused)
}

/** Somebody who marks text to copy it would lose the selection. */
function isSelecting(part) {
  const selection = getSelection()
  return selection !== null && !selection.isCollapsed && part.contains(selection.anchorNode)
}

async function refresh() {
  if (document.visibilityState !== 'visible') return
  const response = await fetch(location.pathname, { headers: { 'if-none-match': etag } })
  if (!response.ok) return
  etag = response.headers.get('etag') ?? ''
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  for (const fresh of liveParts(page)) {
    const part = document.getElementById(fresh.id)
    if (part === null || shown.get(fresh.id) === fresh.innerHTML || isSelecting(part)) continue
    replace(part, fresh.innerHTML)
  }
}

async function keepRefreshing() {
  await refresh().catch(() => undefined)
  setTimeout(keepRefreshing, everyMs)
}

setTimeout(keepRefreshing, everyMs)
