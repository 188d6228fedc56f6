import { markup, type Markup } from '../../lambda/contract/markup.ts'
import { formatDuration, formatUtc } from '../../lambda/domain/plain-time.ts'
import type { Place } from '../../lambda/domain/place.ts'
import type { Frame } from './layout.ts'
import { scansJson, underWayText, type ScanJson } from './scan-json.ts'

/** An organization has thousands of places; those that nobody has to look at are behind the others. */
const mostRows = 500

export function renderScans(places: readonly Place[], now: Date): Pick<Frame, 'title' | 'body' | 'current'> {
  const scans = scansJson(places, now)
  const failing = scans.filter((scan) => scan.failing)
  const goesOn = scans.filter((scan) => !scan.failing && scan.underWay !== null)
  const others = scans.filter((scan) => !scan.failing && scan.underWay === null)
  const shown = [...failing, ...goesOn, ...others].slice(0, mostRows)
  const body = markup`<h1>Scans</h1>
<p class="lead">Every account, region and kind that the sweep asks for, and when it was last listed to its end.</p>
<div id="scans" data-live>
<p>${countOf(scans, failing.length)}</p>
${shown.length === 0 ? null : renderTable(shown, now)}
${shown.length < scans.length ? markup`<p class="quiet">${scans.length - shown.length} more are not shown.</p>` : null}
</div>`
  return { title: 'Scans', body, current: 'scans' }
}

function countOf({ length }: readonly ScanJson[], failing: number): string {
  if (length === 0) return 'Nothing was swept yet.'
  return `${length} places; ${failing === 0 ? 'none fails' : `${failing} cannot be listed`}.`
}

function renderTable(scans: readonly ScanJson[], now: Date): Markup {
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Scans">
<table>
<thead><tr><th scope="col">Account</th><th scope="col">Region</th><th scope="col">Kind</th><th scope="col">Last complete</th><th scope="col">Pending</th><th scope="col">Last failure</th><th scope="col">Under way</th></tr></thead>
<tbody>${scans.map((scan) => renderRow(scan, now))}
</tbody></table>
</div>`
}

function renderRow(scan: ScanJson, now: Date): Markup {
  const { account, region, kind, ageSeconds, lastComplete, pending, failing, lastFailure } = scan
  const age = formatDuration(ageSeconds * 1000)
  return markup`
<tr><td class="id">${account}</td><td>${region}</td><td>${kind}</td><td>${lastComplete === null ? `never, for ${age}` : `${age} ago`}</td><td>${pending ?? '-'}</td><td>${lastFailure === null ? '-' : renderFailure(lastFailure, failing)}</td><td>${underWayText(scan, now)}</td></tr>`
}

function renderFailure({ at, error }: NonNullable<ScanJson['lastFailure']>, failing: boolean): Markup {
  return markup`${failing ? null : 'over: '}${formatUtc(at)}: <q>${error}</q>`
}
