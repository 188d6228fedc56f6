import type { Settings } from '../../contract/settings.ts'
import type { VoteReply } from '../../contract/states.ts'
import { electorateOf, votersOf } from '../../domain/electorate.ts'
import { choiceSchema, type Approval, type Choice, type Conflict, type Vote } from '../../domain/event.ts'
import type { OfferState, Round } from '../../domain/state.ts'
import { expectedDigits } from '../../domain/typed-digits.ts'
import { voteEndsAtMs } from '../../domain/vote-end.ts'
import type { Ballot, BallotFields } from './ballot.ts'
import { isReplay } from './replay.ts'
import { checkRevocation, type Revocation } from './revocation.ts'

interface Checking {
  state: OfferState | undefined
  now: Date
  settings: Settings
}

/** The vote to append, or why there is none. Every channel goes through this. */
export function checkBallot(
  ballot: Ballot,
  { state, now, settings }: Checking,
): { round: Round; vote: Vote } | { round: Round; revocation: Revocation } | VoteReply {
  if (state === undefined || !settings.approvers.some(({ id }) => id === ballot.approver))
    return { result: 'unknown-link' }
  const { round } = state
  if (state.status === 'closed' || round === undefined) return { result: 'closed' }
  if (state.delegation?.heldUntil !== undefined) {
    const checked = checkRevocation(ballot, { state, round, now, settings })
    return 'result' in checked ? checked : { revocation: checked, round }
  }
  if (round.decision !== undefined) return { result: 'closed' }
  if (voteEndsAtMs({ expiresAtMs: ballot.expiresAtMs ?? Infinity }, round) <= now.getTime())
    return { result: 'expired' }
  if (round.asked === undefined || !isOf(ballot.fields, round)) return { result: 'facts-changed' }
  const refusal = refusalOfVoter(ballot, { state, round }, settings)
  if (refusal !== undefined) return { result: 'refused', field: 'choice', problem: refusal }
  return checkFields(ballot, { state, round })
}

/** Facts may come back, and policy may change under the same facts: the form has to be of this very round. */
function isOf(fields: BallotFields, round: Round): boolean {
  return fields.factsHash === round.factsHash && fields.round === String(round.number)
}

function refusalOfVoter(
  { approver }: Ballot,
  of: { state: OfferState; round: Round },
  settings: Settings,
): string | undefined {
  const electorate = electorateOf(of, settings)
  if (votersOf(electorate).has(approver)) return undefined
  const conflict = electorate.conflicts.find((one) => one.approver === approver)
  return conflict === undefined ? 'Other people decide about this offer now.' : wordsForConflict(conflict)
}

function wordsForConflict({ why }: Conflict): string {
  return why === 'initiator'
    ? 'This transfer was begun under your identity, so others decide about it.'
    : 'You work for the account on the other side, so others decide about this offer.'
}

function checkFields(
  ballot: Ballot,
  { state, round }: { state: OfferState; round: Round },
): { round: Round; vote: Vote } | VoteReply {
  const { fields, approver, assurance, proof } = ballot
  const choice = choiceSchema.safeParse(fields.choice)
  if (!choice.success) return refused('choice', 'Choose to accept or to reject.')
  const comment = fields.comment.trim()
  if (choice.data === 'reject' && comment === '') return refused('comment', 'Say why you reject.')
  if (fields.digits.trim() !== expectedDigits(state))
    return refused('digits', 'These are not the four characters asked for.')
  const approval = round.judged?.approval
  if (choice.data === 'accept' && approval?.allowed === false) return refused('choice', wordsForForbidden(approval))
  const active = activeOf(choice.data, fields, round)
  const before = round.votes.get(approver)
  const isSame = before?.choice === choice.data && before.comment === comment && before.active === active
  if (isSame || isReplay(ballot, round)) return { result: 'standing', choice: before?.choice ?? choice.data }
  return {
    round,
    vote: {
      approver,
      choice: choice.data,
      comment,
      assurance,
      ...(active === undefined ? {} : { active }),
      ...(proof === undefined ? {} : { proof }),
    },
  }
}

/** Only where policy leaves it to people, and only of an accept. */
function activeOf(choice: Choice, { active }: BallotFields, { judged }: Round): boolean | undefined {
  return choice === 'accept' && judged?.mayActivate === true ? active === 'yes' : undefined
}

function wordsForForbidden({ policies }: Approval): string {
  const reasons = policies.map(({ reason }) => reason).join(' ')
  const why = reasons === '' ? 'A policy could not be evaluated.' : reasons
  return `Policy lets nobody accept this offer as it is now. ${why}`
}

function refused(field: 'choice' | 'comment' | 'digits', problem: string): VoteReply {
  return { result: 'refused', field, problem }
}
