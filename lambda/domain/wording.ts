import type { Cause, Choice, Conflict, Decision, Escalation, Outcome, PermissionCheck } from './event.ts'
import type { Ending } from './facts.ts'
import type { OfferKind, OfferRef } from './offer.ts'

/** The words for people, the same on the page, in mail and in the console. */
export function nameOf(kind: OfferKind): string {
  switch (kind) {
    case 'ram-invitation':
      return 'Resource share invitation'
    case 'iot-transfer':
      return 'Incoming certificate transfer'
    case 'iot-outgoing':
      return 'Outgoing certificate transfer'
    case 'iot-send':
      return 'Request to transfer a certificate'
    case 'iam-delegation':
      return 'Delegation request'
  }
}

/** `delegates`: a role of ours accepts a delegation request, not a person in the AWS console. */
interface Accepting {
  delegates?: boolean | undefined
}

/** What an accept leads to, for somebody who does not know the service. */
export function meaningOfAccept(kind: OfferKind, { delegates = false }: Accepting = {}): string {
  switch (kind) {
    case 'ram-invitation':
      return (
        'Our account joins the resource share. You approve the share, not today’s list: ' +
        'its owner can add resources later without asking again.'
      )
    case 'iot-transfer':
      return 'The certificate becomes ours: whoever holds its private key can use what we attach to it.'
    case 'iot-outgoing':
      return 'The transfer is left alone: the other account can take our certificate, and we no longer control it.'
    case 'iot-send':
      return (
        'Gatehouse begins the transfer: the other account can take our certificate, and once it has, ' +
        'we no longer control it.'
      )
    case 'iam-delegation':
      if (delegates) {
        return (
          'A role of ours accepts. After a while in which that can be taken back, the requester can act with ' +
          'permissions of that role, as far as the request asks for them.'
        )
      }
      return (
        'You get a link and accept in the AWS console under your own identity. ' +
        'The requester can then act with permissions of that identity, as far as the request asks for them.'
      )
  }
}

export function labelOf(kind: OfferKind, choice: Choice): string {
  if (kind === 'iot-outgoing') return choice === 'accept' ? 'Let the certificate go' : 'Cancel the transfer'
  if (kind === 'iot-send') return choice === 'accept' ? 'Send the certificate' : 'Refuse the request'
  return choice === 'accept' ? 'Accept' : 'Reject'
}

/** What follows when nobody decides in time. */
export function wordsForDefault(kind: OfferKind, byDefault: 'reject' | 'leave'): string {
  if (byDefault === 'leave') return 'it is left as it is'
  if (kind === 'iot-send') return 'the request is refused'
  return kind === 'iot-outgoing' ? 'the transfer is cancelled' : 'it is rejected'
}

export function wordsForOutcome(outcome: Outcome, kind: OfferKind): string {
  switch (outcome) {
    case 'ACCEPTED':
      return 'Accepted'
    case 'REJECTED':
      if (kind === 'iot-send') return 'Refused'
      return kind === 'iot-outgoing' ? 'Cancelled' : 'Rejected'
    case 'SUPERSEDED':
      return 'Answered elsewhere'
    case 'LAPSED':
      return 'Lapsed'
    case 'WITHDRAWN':
      return 'Withdrawn'
    case 'LEFT':
      return 'Left as it is'
    case 'OBSERVED':
      return 'Observed only'
  }
}

export function explanationOf(outcome: Outcome, kind: OfferKind): string {
  if (kind === 'iot-send' && sendExplanations[outcome] !== undefined) return sendExplanations[outcome]
  switch (outcome) {
    case 'ACCEPTED':
      return 'The offer was accepted at AWS.'
    case 'REJECTED':
      return kind === 'iot-outgoing'
        ? 'The transfer was cancelled at AWS. The certificate stays ours.'
        : 'The offer was rejected at AWS.'
    case 'SUPERSEDED':
      return 'Somebody answered the offer outside Gatehouse before Gatehouse did.'
    case 'LAPSED':
      return 'The offer ended at AWS before it was answered.'
    case 'WITHDRAWN':
      return 'The offer is no longer there: it was withdrawn, or replaced by another one.'
    case 'LEFT':
      return 'Gatehouse does nothing about the offer: it stays as it is at AWS.'
    case 'OBSERVED':
      return 'Gatehouse only observes at the moment: nothing was answered at AWS.'
  }
}

const sendExplanations: Partial<Record<Outcome, string>> = {
  ACCEPTED: 'The transfer was begun at AWS, and the other account has taken the certificate.',
  REJECTED: 'The request was refused. Nothing was sent: the certificate stays ours.',
  WITHDRAWN:
    'The certificate is not on its way any more, or could not be sent: it was sent back, cancelled, or changed.',
  LEFT: 'Gatehouse sends nothing: the request ends as it is.',
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
      return 'Somebody changed the certificate outside Gatehouse: which way the transfer ended cannot be read.'
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

/** Where a person accepts a delegation request. Built from the id; a link from outside is never used. */
export function consoleReviewLink(ref: OfferRef): string | undefined {
  if (ref.kind !== 'iam-delegation' || !/^[\w-]{16,128}$/.test(ref.awsId)) return undefined
  return `https://us-east-1.console.aws.amazon.com/iam/account-access-requests/review/${ref.awsId}`
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

/** Heads what the other side wrote, or, for our own certificate on its way out, whoever started the transfer. */
export function theirWordsOf(kind: OfferKind): string {
  if (kind === 'iot-send') return 'Written by whoever asks for the transfer'
  return kind === 'iot-outgoing' ? 'Written by whoever started the transfer' : 'Written by the other side'
}

export function meaningOfReject(kind: OfferKind): string {
  switch (kind) {
    case 'ram-invitation':
      return 'Our account does not join the share. Its owner can invite us again.'
    case 'iot-transfer':
      return 'The certificate goes back to the account it came from.'
    case 'iot-outgoing':
      return 'The certificate stays ours.'
    case 'iot-send':
      return 'Nothing is sent: the certificate stays ours.'
    case 'iam-delegation':
      return 'The requester gets no access.'
  }
}

/** After a vote, before the workflow has counted it. */
export function whatFollows(kind: OfferKind, choice: Choice, { delegates = false }: Accepting = {}): string {
  if (kind === 'iot-send' && choice === 'reject')
    return 'Gatehouse now refuses the request, and sends nothing. You get a mail when it is done.'
  if (choice === 'reject') {
    return kind === 'iot-outgoing'
      ? 'Gatehouse now cancels the transfer at AWS. You get a mail when it is done.'
      : 'Gatehouse now rejects the offer at AWS. You get a mail when it is done.'
  }
  switch (kind) {
    case 'iot-outgoing':
      return 'Gatehouse now leaves the transfer alone. You get a mail when the case is closed.'
    case 'iam-delegation':
      if (delegates) {
        return (
          'Gatehouse now reads the request and the policies once more. If they still allow it, and AWS says that the ' +
          'role may give what is asked for, the role accepts, and you get a mail by which you can take it back.'
        )
      }
      return (
        'Gatehouse now reads the request and the policies once more. If they still allow it, ' +
        'you get a mail with a link to accept it in the AWS console.'
      )
    case 'iot-send':
      return (
        'Gatehouse now reads the certificate and the policies once more. If nothing has changed, it begins the transfer, ' +
        'and you get a mail when the other account has answered. If something has, you are asked again.'
      )
    case 'ram-invitation':
    case 'iot-transfer':
      return (
        'Gatehouse now reads the offer and the policies once more. If nothing has changed, ' +
        'it accepts at AWS, and you get a mail when it is done. If something has, you are asked again.'
      )
  }
}

/** Why somebody has no say: `who ...`. */
export function wordsForConflict({ why }: Conflict): string {
  return why === 'initiator' ? 'who began this transfer' : 'who works for the other account'
}
