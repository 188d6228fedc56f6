import type { Settings } from '../../contract/settings.ts'
import type { VoteReply } from '../../contract/states.ts'
import type { Draft } from '../../domain/event.ts'
import type { Round } from '../../domain/state.ts'
import type { ApprovalsStore } from '../../ledger/approvals-store.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Workflow } from '../../notify/workflow.ts'
import type { Ballot } from './ballot.ts'
import { checkBallot } from './check-ballot.ts'
import type { Revocation } from './revocation.ts'

export interface CastDeps {
  ledger: Ledger
  approvals: ApprovalsStore
  workflow: Workflow
  settings: Settings
}

/**
 * Appends a vote, once, on the facts that were shown, and wakes the waiting task. Whether it is enough is counted in the
 * workflow. A vote that stands already wakes again, in case the first wake was lost.
 */
export async function castVote(ballot: Ballot, deps: CastDeps): Promise<VoteReply> {
  const reply = await record(ballot, deps)
  if (reply.result === 'voted' || reply.result === 'standing') await wake(ballot.offerId, deps)
  return reply
}

async function record(ballot: Ballot, { ledger, settings }: CastDeps): Promise<VoteReply> {
  let refusal: VoteReply | undefined
  const recorded = await ledger.record(ballot.offerId, (state, now) => {
    const checked = checkBallot(ballot, { state, now, settings })
    if ('result' in checked) {
      refusal = checked
      return undefined
    }
    if ('revocation' in checked) return draftOfRevoked(checked)
    const { round, vote } = checked
    const count = (round.voteCounts.get(vote.approver) ?? 0) + 1
    return {
      type: 'voted',
      actor: `approver:${vote.approver}`,
      run: round.run,
      round: round.number,
      factsHash: round.factsHash,
      step: `voted:${vote.approver}:${count}`,
      data: vote,
    }
  })
  if (recorded?.event.type === 'revoked') return { result: 'voted', choice: 'reject' }
  if (recorded?.event.type === 'voted') return { result: 'voted', choice: recorded.event.data.choice }
  return refusal ?? { result: 'closed' }
}

/** One in a run takes it back; whoever comes after finds it standing. */
function draftOfRevoked({ round, revocation }: { round: Round; revocation: Revocation }): Draft {
  return {
    type: 'revoked',
    actor: `approver:${revocation.approver}`,
    run: round.run,
    round: round.number,
    factsHash: round.factsHash,
    step: 'revoked',
    data: revocation,
  }
}

async function wake(offerId: string, { approvals, workflow }: CastDeps): Promise<void> {
  const ask = await approvals.getAsk(offerId)
  if (ask !== undefined) await workflow.wake(ask.token, 'tally')
}
