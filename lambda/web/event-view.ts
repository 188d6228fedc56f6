import type { Choice, LedgerEvent, Settlement } from '../domain/event.ts'
import { cleanText } from '../domain/hostile-text.ts'
import type { OfferKind } from '../domain/offer.ts'
import { formatUtc } from '../domain/plain-time.ts'
import {
  labelOf,
  wordsForCause,
  wordsForCheck,
  wordsForDecider,
  wordsForEnding,
  wordsForNote,
  wordsForOutcome,
} from '../domain/wording.ts'
import { receivedWords } from './received-words.ts'
import { askedWords, deliveredWords, escalatedWords, remindedWords } from './asking-words.ts'

/** One entry of a timeline in words. Everything in it is plain text, not yet escaped. */
export interface EventWords {
  title: string
  details: string[]
}

export function wordsForEvent(event: LedgerEvent, kind: OfferKind): EventWords {
  const { title, details = [] } = plainWords(event, kind)
  return { title, details: details.filter((line) => line !== '').map((line) => cleanText(line, 600)) }
}

type Words = { title: string; details?: string[] }

function plainWords(event: LedgerEvent, kind: OfferKind): Words {
  switch (event.type) {
    case 'detected':
      return { title: 'Found' }
    case 'noticed':
      return { title: 'Begun by', details: [event.data.initiator] }
    case 'inspected':
      return inspectedWords(event.data)
    case 'judged':
      return judgedWords(event.data)
    case 'approved':
      return {
        title: event.data.allowed ? 'Policy lets people accept' : 'Policy does not let people accept',
        details: [...event.data.policies.map(({ id, reason }) => `${reason} (${id})`), ...event.data.errors],
      }
    case 'asked':
      return askedWords(event.data)
    case 'delivered':
      return deliveredWords(event.data)
    case 'reminded':
      return remindedWords(event.data)
    case 'escalated':
      return escalatedWords(event.data)
    case 'voted':
      return {
        title: `${event.data.approver} voted: ${labelOf(kind, event.data.choice).toLowerCase()}`,
        details: [
          event.data.comment,
          event.data.active === undefined ? '' : event.data.active ? 'Active at once' : 'Not active at first',
          `As ${event.data.assurance}`,
        ],
      }
    case 'decided':
      return {
        title: `Decided: ${event.data.choice === 'leave' ? 'leave it' : labelOf(kind, event.data.choice).toLowerCase()}`,
        details: [`By ${wordsForDecider(event.data)}`, event.data.active === true ? 'Active at once' : ''],
      }
    case 'attempted':
      return { title: attemptWords[event.data.call ?? event.data.action] }
    case 'checked':
      return { title: 'The delegator role was checked', details: [wordsForCheck(event.data.result)] }
    case 'revoked':
      return {
        title: `${event.data.approver} takes the accept back`,
        details: [event.data.comment, `As ${event.data.assurance}`],
      }
    case 'released':
      return { title: 'The other side has its access', details: [event.data.detail] }
    case 'settled':
      return {
        title: wordsForSettlement(event.data.result, event.data.action),
        details: [
          event.data.detail,
          event.data.changed.length > 0 ? `Changed: ${event.data.changed.join(', ')}` : '',
          event.data.heldUntil === undefined ? '' : `Held until ${formatUtc(event.data.heldUntil)}: no access before`,
          ...(event.data.received === undefined ? [] : receivedWords(event.data.received, kind).details),
        ],
      }
    case 'received':
      return receivedWords(event.data, kind)
    case 'ended':
      return {
        title: wordsForEnding(event.data),
        details: event.data.reason === null ? [] : [`The other account says: “${event.data.reason}”`],
      }
    case 'closed':
      return { title: `Closed: ${wordsForOutcome(event.data.outcome, kind).toLowerCase()}` }
    case 'failed':
      return { title: `Run ${event.run} failed`, details: [event.data.error, event.data.detail] }
    case 'reopened':
      return { title: 'Opened again', details: [event.data.why] }
  }
}

const attemptWords = {
  accept: 'About to accept at AWS',
  reject: 'About to reject at AWS',
  associate: 'About to take the request, to have it checked',
  'send-token': 'About to release the access at AWS',
  undo: 'About to take the accept back at AWS',
} as const

function wordsForSettlement(result: Settlement, action: Choice): string {
  switch (result) {
    case 'settled':
      return `AWS took the ${action}`
    case 'already-settled':
      return `AWS had the ${action} already`
    case 'lost':
      return `Too late to ${action}: it was answered the other way`
    case 'gone':
      return `Nothing left to ${action} at AWS`
    case 'handed-over':
      return 'Left to a person, in the AWS console'
  }
}

function inspectedWords({ cause, unknown, initiator }: Extract<LedgerEvent, { type: 'inspected' }>['data']): Words {
  return {
    title: 'Facts were read',
    details: [
      wordsForCause(cause) ?? '',
      unknown.length > 0 ? `Unknown: ${unknown.join(', ')}` : '',
      initiator === undefined ? '' : `Begun by ${initiator}`,
    ],
  }
}

function judgedWords({
  verdict,
  policies,
  notes,
  errors,
  deadline,
}: Extract<LedgerEvent, { type: 'judged' }>['data']): Words {
  return {
    title: `Policy says: ${verdict}`,
    details: [
      ...policies.map(({ id, reason }) => `${reason} (${id})`),
      ...notes.map((note) => wordsForNote(note)),
      ...errors,
      `Deadline ${formatUtc(deadline.at)}`,
    ],
  }
}
