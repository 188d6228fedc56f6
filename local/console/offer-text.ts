import { factSheetOf } from '../../lambda/domain/fact-sheet.ts'
import { cleanText } from '../../lambda/domain/hostile-text.ts'
import type { Ending } from '../../lambda/domain/facts.ts'
import { goesOut } from '../../lambda/domain/offer.ts'
import { nameOf, theirWordsOf, wordsForEnding, wordsForNote, wordsForOutcome } from '../../lambda/domain/wording.ts'
import { wordsForEvent } from '../../lambda/web/event-view.ts'
import { pairsOf, tableOf } from '../table.ts'
import { detailsOf } from './offer-json.ts'
import type { OfferRecord } from './offer-reader.ts'

/** One offer for a terminal. What the other side wrote is cleaned, quoted and named as theirs. */
export function offerText(record: OfferRecord): string {
  const { kind } = record.state.ref
  const { policies, votes } = detailsOf(record)
  return [
    `${nameOf(kind)}\n`,
    headOf(record),
    section('What AWS says', factLines(record, 'aws')),
    section(`${theirWordsOf(kind)}, checked by nobody`, factLines(record, 'counterparty')),
    section('Deciding policies', pairsOf(policies.map(({ id, reason }) => [id, cleanText(reason)]))),
    section('Notes', notesOf(record)),
    section('Votes', pairsOf(votes.map(({ approver, choice, comment }) => [approver, voteWords(choice, comment)]))),
    section('Events', eventLines(record)),
  ]
    .filter((text) => text !== '')
    .join('\n')
}

function headOf(record: OfferRecord): string {
  const { kind } = record.state.ref
  const { id, account, region, counterparty, status, verdict, deadline, outcome, ending, linked } = detailsOf(record)
  return pairsOf([
    ['Offer', id],
    [goesOut(kind) ? 'Goes to' : 'Offered by', counterparty ?? 'unknown'],
    ['Our account', `${account}, ${region}`],
    ['Status', status],
    ['Verdict', verdict ?? '-'],
    ['Deadline', deadline ?? '-'],
    ['Outcome', outcome === null ? '-' : `${outcome} (${wordsForOutcome(outcome, kind).toLowerCase()})`],
    ...(ending === null ? [] : [['Ended', endingText(ending)] as const]),
    ...(linked === null ? [] : [[nameOf(linked.kind), `${linked.id}: ${linked.outcome ?? linked.status}`] as const]),
  ])
}

function endingText(ending: Ending): string {
  const { reason } = ending
  return `${wordsForEnding(ending)}${reason === null ? '' : ` It says: "${cleanText(reason)}"`}`
}

function section(title: string, body: string): string {
  return body === '' ? '' : `${title}\n${body.replace(/^(?=.)/gm, '  ')}`
}

function factLines({ state, facts }: OfferRecord, from: 'aws' | 'counterparty'): string {
  if (facts === undefined) return ''
  const quote = (text: string): string => (from === 'counterparty' ? `"${text}"` : text)
  return pairsOf(
    factSheetOf(state.ref.kind, facts)
      .filter((row) => row.from === from)
      .flatMap(({ label, value }) => [value].flat().map((item, at) => [at === 0 ? label : '', quote(item)] as const)),
  )
}

function notesOf({ state: { round } }: OfferRecord): string {
  const { notes = [], errors = [] } = round?.judged ?? {}
  return [...notes.map(wordsForNote), ...errors].map((line) => `${cleanText(line)}\n`).join('')
}

function voteWords(choice: string, comment: string): string {
  return comment === '' ? choice : `${choice}: "${cleanText(comment)}"`
}

function eventLines({ state, events }: OfferRecord): string {
  const rows = events.map((event) => {
    const { title, details } = wordsForEvent(event, state.ref.kind)
    return [event.at, event.actor, cleanText([title, ...details].join('; '))]
  })
  return tableOf(['at', 'by', 'what'], rows)
}
