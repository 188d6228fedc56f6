import {
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
  type SFNClient,
} from '@aws-sdk/client-sfn'
import { LOOK_AGAIN } from '../contract/errors.ts'
import { executionNameOf, type RunInput } from '../contract/states.ts'

/** Starting runs and waking waiting tasks. A wake-up carries no decision. */
export interface Workflow {
  /** `answered`: started now or running already (AWS answers both alike); `ended`: this run was there and is over. */
  start: (input: RunInput) => Promise<'answered' | 'ended'>
  /** `tally`: count the votes; `look-again`: read the offer. False when nobody waits with this token any more. */
  wake: (token: string, what: 'tally' | 'look-again') => Promise<boolean>
}

export function createWorkflow({ sfn, stateMachineArn }: { sfn: SFNClient; stateMachineArn: string }): Workflow {
  return {
    start: async (input) => {
      try {
        // Byte-identical for a run: the keys always in this order.
        const body = JSON.stringify({ offerId: input.offerId, run: input.run })
        await sfn.send(new StartExecutionCommand({ stateMachineArn, name: executionNameOf(input), input: body }))
        return 'answered'
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) return 'ended'
        throw error
      }
    },
    wake: async (token, what) => {
      try {
        if (what === 'tally') await sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: '{}' }))
        else await sfn.send(new SendTaskFailureCommand({ taskToken: token, error: LOOK_AGAIN }))
        return true
      } catch (error) {
        // The run has moved on: it finds what it needs on the ledger.
        if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken)
          return false
        throw error
      }
    },
  }
}
