import type { Settings } from '../../contract/settings.ts'
import type { VoteReply } from '../../contract/states.ts'
import type { ApprovalsStore } from '../../ledger/approvals-store.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Workflow } from '../../notify/workflow.ts'
import { checkBallot, type Ballot } from './ballot.ts'

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
  if (recorded?.event.type === 'voted') return { result: 'voted', choice: recorded.event.data.choice }
  return refusal ?? { result: 'closed' }
}

async function wake(offerId: string, { approvals, workflow }: CastDeps): Promise<void> {
  const ask = await approvals.getAsk(offerId)
  if (ask !== undefined) await workflow.wake(ask.token, 'tally')
}
