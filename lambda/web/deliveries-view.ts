import { markup, type Markup } from '../contract/markup.ts'
import { channelSchema, type ChannelName, type DeliveryStatus } from '../domain/event.ts'
import type { Round } from '../domain/state.ts'

const channels = channelSchema.options
const names: Readonly<Record<ChannelName, string>> = { email: 'E-mail', slack: 'Slack' }

/** Every message of a round: whom it is for, what it is about, and what came of it on each channel. */
export function renderDeliveries({ deliveries }: Pick<Round, 'deliveries'>): Markup {
  return markup`<section aria-labelledby="deliveries">
<h2 id="deliveries">Messages</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Messages">
<table>
<thead><tr><th scope="col">To</th><th scope="col">About</th>${channels.map((channel) => markup`<th scope="col">${names[channel]}</th>`)}</tr></thead>
<tbody>${[...deliveries].map(([key, statuses]) => renderRow(key, statuses))}
</tbody></table>
</div>
</section>`
}

function renderRow(key: string, statuses: ReadonlyMap<ChannelName, DeliveryStatus>): Markup {
  const colon = key.indexOf(':')
  return markup`
<tr><td>${key.slice(colon + 1)}</td><td>${key.slice(0, colon)}</td>${channels.map(
    (channel) => markup`<td>${renderStatus(statuses.get(channel))}</td>`,
  )}</tr>`
}

function renderStatus(status: DeliveryStatus | undefined): Markup {
  if (status === undefined) return markup`–`
  const tone = status === 'sent' ? 'good' : status === 'delayed' ? 'wait' : 'bad'
  return markup`<span class="badge ${tone}">${status}</span>`
}
