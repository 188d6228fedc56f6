import type { Cause, Choice, Conflict, Decision, Escalation, Outcome, PermissionCheck } from './event.ts'
import type { Ending } from './facts.ts'
import type { ChoiceWords } from './kind-words.ts'
import { specOf, type OfferKind } from './kinds.ts'
import type { OfferRef } from './offer.ts'

/** The words for people, the same on the page, in mail and in the console. */
export function nameOf(kind: OfferKind): string {
  return specOf(kind).words.name
}

/** `delegates`: a role of ours accepts, not a person in the AWS console. */
interface Accepting {
  delegates?: boolean | undefined
}

function acceptWords(kind: OfferKind, { delegates = false }: Accepting): ChoiceWords {
  const { accept, byRole } = specOf(kind).words
  return delegates && byRole !== undefined ? byRole : accept
}

/** What an accept leads to, for somebody who does not know the service. */
export function meaningOfAccept(kind: OfferKind, accepting: Accepting = {}): string {
  return acceptWords(kind, accepting).means
}

export function labelOf(kind: OfferKind, choice: Choice): string {
  return specOf(kind).words[choice].label ?? (choice === 'accept' ? 'Accept' : 'Reject')
}

/** What follows when nobody decides in time. */
export function wordsForDefault(kind: OfferKind, byDefault: 'reject' | 'leave'): string {
  return byDefault === 'leave' ? 'it is left as it is' : (specOf(kind).words.reject.byDefault ?? 'it is rejected')
}

export function wordsForOutcome(outcome: Outcome, kind: OfferKind): string {
  return specOf(kind).words.outcomes?.[outcome]?.title ?? outcomeTitles[outcome]
}

const outcomeTitles: Readonly<Record<Outcome, string>> = {
  ACCEPTED: 'Accepted',
  REJECTED: 'Rejected',
  SUPERSEDED: 'Answered elsewhere',
  LAPSED: 'Lapsed',
  WITHDRAWN: 'Withdrawn',
  LEFT: 'Left as it is',
  OBSERVED: 'Observed only',
}

export function explanationOf(outcome: Outcome, kind: OfferKind): string {
  return specOf(kind).words.outcomes?.[outcome]?.explanation ?? outcomeExplanations[outcome]
}

const outcomeExplanations: Readonly<Record<Outcome, string>> = {
  ACCEPTED: 'The offer was accepted at AWS.',
  REJECTED: 'The offer was rejected at AWS.',
  SUPERSEDED: 'Somebody answered the offer outside Gatehouse before Gatehouse did.',
  LAPSED: 'The offer ended at AWS before it was answered.',
  WITHDRAWN: 'The offer is no longer there: it was withdrawn, or replaced by another one.',
  LEFT: 'Gatehouse does nothing about the offer: it stays as it is at AWS.',
  OBSERVED: 'Gatehouse only observes at the moment: nothing was answered at AWS.',
}

/** How a transfer of our own certificate ended at AWS. */
export function wordsForEnding({ how }: Ending): string {
  switch (how) {
    case 'accepted':
      return 'The other account has taken the certificate.'
    case 'rejected':
      return 'The other account sent the certificate back.'
    case 'cancelled':
      return 'The transfer was cancelled in our account.'
    case 'changed':
      return 'Something else happened to the certificate meanwhile: how this transfer ended, or whether it began, cannot be read.'
  }
}

/** `ada, ben`, or the default and what brought it about. */
export function wordsForDecider({ by, people, reason }: Decision): string {
  switch (reason) {
    case 'found-too-late':
      return 'default, as the offer was found too late to ask anybody'
    case 'asked-too-often':
      return 'default, after the offer changed too often'
    case 'carried-over':
      return people.length === 0 ? 'people, in an earlier run' : `${people.join(', ')}, in an earlier run`
    default:
      return by === 'people' ? people.join(', ') : 'default, at the deadline'
  }
}

/** What a decision means to somebody who was, or would have been, asked; undefined where their votes say it. */
export function wordsForReason({ by, reason }: Decision): string | undefined {
  switch (reason) {
    case 'found-too-late':
      return (
        'It was found too late to ask anybody: AWS was about to end it, ' +
        'and less time was left than the configured margin. So the configured default was applied at once.'
      )
    case 'asked-too-often':
      return 'It changed so often that nobody is asked about it any more. So the configured default was applied.'
    case 'carried-over':
      return 'It was rejected by vote before, on the same facts, and that had not been carried out yet.'
    default:
      return by === 'deadline' ? 'Nobody decided in time, so the configured default was applied.' : undefined
  }
}

/** Why policy did not decide by itself, for the notes that Judge writes; a note without words is shown as it is. */
export function wordsForNote(note: string): string {
  return noteWords[note] ?? note
}

const noteWords: Readonly<Record<string, string>> = {
  'unknown-facts': 'Some facts could not be read, so policy may not accept by itself.',
  'empty-resources': 'The share holds no resources yet; its owner can fill it later.',
  'evaluation-error': 'A policy could not be evaluated, so people are asked.',
  'outside-auto-accept-bound': 'Policy would accept, but the account is not on the list for automatic acceptance.',
  'delegator-may-not': 'Policy would accept, but nobody knows that the delegator role may give what is asked for.',
  'changed-too-often': 'The offer changed several times, so policy no longer accepts it by itself.',
}

/** Where a person accepts under their own identity. Built from the id; a link from outside is never used. */
export function consoleReviewLink({ kind, awsId }: OfferRef): string | undefined {
  const { awsId: form, reviewLink } = specOf(kind)
  return form.pattern.test(awsId) ? reviewLink?.(awsId) : undefined
}

/** What IAM says of the delegator role's own permissions. It calls its check approximate. */
export function wordsForCheck(result: PermissionCheck): string {
  switch (result) {
    case 'ALLOWED':
      return 'AWS’s check says that the role may do all that is asked for (the check is approximate)'
    case 'DENIED':
      return 'AWS’s check says that the role may not do all that is asked for: the partner would get less'
    case 'UNSURE':
      return 'AWS’s check cannot say whether the role may do all that is asked for'
    case 'FAILED':
      return 'AWS’s check of the role failed'
    case 'TIMED_OUT':
      return 'AWS’s check of the role gave no answer in time'
    case 'LENDS_ANSWERS':
      return 'It asks for the right to answer delegation requests, which the role has itself and does not lend: a person has to accept it in the AWS console'
  }
}

/** Why the escalation group is asked, too. */
export function wordsForEscalation(why: Escalation): string {
  switch (why) {
    case 'time':
      return 'Time runs short.'
    case 'too-few':
      return 'Too few of those who are asked can answer.'
    case 'nobody-reachable':
      return 'Nobody who is asked can be reached.'
  }
}

/** Why people are asked again; undefined where there is nothing to explain. */
export function wordsForCause(cause: Cause): string | undefined {
  switch (cause) {
    case 'facts-changed':
      return 'The offer changed since it was last looked at. Earlier votes no longer count.'
    case 'refused':
      return 'The offer was accepted by vote, but policy does not allow people to accept it as it is now. Earlier votes no longer count.'
    case 'policy-changed':
      return 'The policies changed since the offer was last judged. Earlier votes no longer count.'
    case 'mode-changed':
      return 'Gatehouse’s mode changed since the offer was last judged. Earlier votes no longer count.'
    case 'out-of-bound':
      return 'Policy would accept this offer, but the role that accepts by itself may not. People decide.'
    case 'not-allowed':
      return 'The delegator role may not give all that is asked for, as far as AWS and Gatehouse know, so nothing was accepted. Earlier votes no longer count.'
    case 'first':
    case 'look':
      return undefined
  }
}

/** Heads what the other side wrote, or, for what is ours and on its way out, whoever of ours began it or made it. */
export function theirWordsOf(kind: OfferKind): string {
  return specOf(kind).words.theirs ?? 'Written by the other side'
}

export function meaningOfReject(kind: OfferKind): string {
  return specOf(kind).words.reject.means
}

/** After a vote, before the workflow has counted it. */
export function whatFollows(kind: OfferKind, choice: Choice, accepting: Accepting = {}): string {
  if (choice === 'accept') return acceptWords(kind, accepting).follows ?? acceptFollows
  return specOf(kind).words.reject.follows ?? rejectFollows
}

const acceptFollows =
  'Gatehouse now reads the offer and the policies once more. If nothing has changed, ' +
  'it accepts at AWS, and you get a mail when it is done. If something has, you are asked again.'
const rejectFollows = 'Gatehouse now rejects the offer at AWS. You get a mail when it is done.'

/** Why somebody has no say: `who ...`. */
export function wordsForConflict({ why }: Conflict): string {
  return why === 'initiator' ? 'who began this transfer' : 'who works for the other account'
}
