import type { InvokeCommand } from '@aws-sdk/client-lambda'
import { createVoteClient } from '../../../lambda/web/vote-client.ts'
import { goodVote, token } from '../../support/site.ts'

const request = { by: 'link' as const, token, ...goodVote }

function aClient(reply: Record<string, unknown>): { sent: InvokeCommand[]; cast: ReturnType<typeof createVoteClient> } {
  const sent: InvokeCommand[] = []
  const lambda = {
    send: async (command: InvokeCommand) => {
      sent.push(command)
      return reply
    },
  }
  return { sent, cast: createVoteClient({ lambda: lambda as never, functionName: 'vote' }) }
}

const payload = (value: unknown): { Payload: Uint8Array } => ({ Payload: Buffer.from(JSON.stringify(value)) })

test('invokes the vote function and reads its reply', async () => {
  const { sent, cast } = aClient(payload({ result: 'voted', choice: 'accept' }))

  expect(await cast(request)).toEqual({ result: 'voted', choice: 'accept' })
  expect(sent[0]?.input.FunctionName).toBe('vote')
  expect(JSON.parse(sent[0]?.input.Payload as unknown as string)).toEqual(request)
})

test.each([
  ['a function error', { FunctionError: 'Unhandled', ...payload({ errorMessage: `token ${token}` }) }],
  ['another reply', payload({ result: 'voted', choice: token })],
  ['null', payload(null)],
])('%s is an error that names no token', async (_what, reply) => {
  const error = await aClient(reply)
    .cast(request)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    )

  expect(error).toMatchObject({ name: 'UnexpectedAnswer', message: expect.not.stringContaining(token) })
})
