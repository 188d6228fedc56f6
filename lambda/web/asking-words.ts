import type { About, DeliveryStatus, EventOf } from '../domain/event.ts'
import { formatUtc } from '../domain/plain-time.ts'
import { wordsForEscalation } from '../domain/wording.ts'

type Words = { title: string; details: string[] }

export function askedWords({ purpose, approvers, deadline, ...asked }: EventOf<'asked'>['data']): Words {
  const { groups = [], conflicts = [], digest = false } = asked
  return {
    title: wordsForPurpose[purpose],
    details: [
      approvers.join(', '),
      ...groups.map(
        (one) => `Group ${one.group}: ${one.quorum} of ${one.approvers.length} (${one.approvers.join(', ')})`,
      ),
      ...conflicts.map(({ approver, why }) => `Not ${approver}: ${wordsForWhy[why]}`),
      purpose === 'stranded' ? 'Release or reject it in the AWS console, or take it back' : '',
      digest ? 'Told of in the digest, as too many offers of this sender are open' : '',
      `Until ${formatUtc(deadline.at)}`,
    ],
  }
}

const wordsForPurpose = {
  approval: 'People were asked',
  'hand-over': 'Handed over to people',
  hold: 'Accepted, and held: people can take it back',
  stranded: 'Accepted, and no role of ours may release it any more',
} as const

const wordsForWhy = {
  initiator: 'began the transfer',
  counterparty: 'works for the account on the other side',
} as const

export function deliveredWords({ approver, channel, about, status, detail }: EventOf<'delivered'>['data']): Words {
  const what = channel === 'email' ? 'Mail' : 'Slack message'
  const to = approver.startsWith('channel:') ? 'the channel' : approver
  return {
    title: `${what} to ${to}${wordsForStatus[status]}`,
    details: [`About: ${wordsForAbout(about)}`, status === 'sent' ? '' : detail],
  }
}

const wordsForStatus: Readonly<Record<DeliveryStatus, string>> = {
  sent: '',
  delayed: ' is delayed',
  failed: ' failed',
  bounced: ' bounced',
  complained: ' was reported as spam',
  rejected: ' was rejected',
}

function wordsForAbout(about: About): string {
  return about.startsWith('reminder-') ? `reminder ${about.slice('reminder-'.length)}` : about
}

export function remindedWords({ approvers, stage }: EventOf<'reminded'>['data']): Words {
  return { title: `People were reminded (${stage})`, details: [approvers.join(', ')] }
}

export function escalatedWords({ approvers, why }: EventOf<'escalated'>['data']): Words {
  return { title: 'The escalation group was asked, too', details: [approvers.join(', '), wordsForEscalation(why)] }
}
