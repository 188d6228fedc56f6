import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import { UnexpectedAnswer } from '../contract/errors.ts'
import { voteReplySchema, type VoteReply, type VoteRequest } from '../contract/states.ts'

export type CastVote = (request: VoteRequest) => Promise<VoteReply>

/** Invokes the vote function and waits for its reply. Errors name what failed, never what was sent. */
export function createVoteClient({
  lambda,
  functionName,
}: {
  lambda: Pick<LambdaClient, 'send'>
  functionName: string
}): CastVote {
  return async (request) => {
    const reply = await lambda.send(new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) }))
    if (reply.FunctionError !== undefined) {
      throw new UnexpectedAnswer(`expected the vote function to reply, got a function error \`${reply.FunctionError}\``)
    }
    const parsed = voteReplySchema.safeParse(JSON.parse(Buffer.from(reply.Payload ?? []).toString('utf8')))
    if (!parsed.success) throw new UnexpectedAnswer('expected a vote reply, got something else')
    return parsed.data
  }
}
