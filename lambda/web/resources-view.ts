import { markup, type Markup } from '../contract/markup.ts'
import type { ResourceGroup } from '../domain/resource-groups.ts'
import { countOf, renderItems, renderList } from './quoted.ts'

/** So many are shown at once; more are behind a click on their group. */
const openUpTo = 20

/** Every resource of a share, by type, region and owner. Lists that are closed cost the browser no layout. */
export function renderResources(groups: readonly ResourceGroup[], counterparty: string | null): Markup {
  const total = groups.reduce((sum, { items }) => sum + items.length, 0)
  return markup`<h3>Resources <span class="count">${countOf(total)}</span></h3>
<div class="parts">${groups.map((group) => renderGroup(group, { open: total <= openUpTo, counterparty }))}</div>`
}

interface Shown {
  open: boolean
  counterparty: string | null
}

function renderGroup({ type, region, owner, prefix, items }: ResourceGroup, { open, counterparty }: Shown): Markup {
  const foreign = owner !== '' && counterparty !== null && owner !== counterparty
  const place = [region === '' ? '' : `in ${region}`, owner === '' ? '' : `of ${owner}`].filter((part) => part !== '')
  return markup`
<details${open ? markup` open` : null}><summary><strong><bdi>${type}</bdi></strong> <span class="count">${countOf(items.length)}</span> <span class="quiet">${place.join(', ')}</span></summary>
${foreign ? markup`<p><strong>Owned by ${owner}, not by the account that offers them.</strong></p>` : null}${
    prefix === ''
      ? renderList(items, 'counterparty')
      : markup`<p class="quiet">Each begins with <code>${prefix}</code></p>
<ul class="ids">${renderItems(items)}</ul>`
  }</details>`
}
