import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { Command } from 'commander'
import {
  operateFunctionName,
  operatorReplySchema,
  operatorRequestSchema,
  type OperatorReply,
} from '../../lambda/contract/intake.ts'
import { cleanText } from '../../lambda/domain/hostile-text.ts'
import { clientConfigOf, withClient } from '../../local/partner.ts'
import { CliError, printJson, type CliIo } from './io.ts'
import { endpointOf, parseEndpoint, placeOf } from './target.ts'

interface Options {
  endpoint?: string
  json?: true
  comment?: string
  account?: string
}

/** What an operator does to offers. It adds doubts and hints; it accepts nothing. */
export function addOperatorCommands(offers: Command, io: CliIo): void {
  const command = (name: string, about: string): Command =>
    offers
      .command(name)
      .description(about)
      .option('--endpoint <url>', 'where Gatehouse runs (default: as for list)', parseEndpoint)
      .option('--json', 'print JSON')
  command('revoke', 'Take back an accept of the delegator role that is held')
    .argument('<id>', 'id of the offer')
    .option('--comment <text>', 'why; it goes on record', 'taken back at the command line')
    .action((offerId: string, { comment, ...options }: Options) =>
      order(io, { do: 'revoke', offerId, comment }, options),
    )
  command('intake', 'Tell of a delegation request that nobody owns: Gatehouse then looks at it')
    .argument('<delegation-id>', 'id of the request at AWS')
    .option('--account <id>', 'our account that it is made to (default: the hub account)')
    .action((awsId: string, { account, ...options }: Options) => order(io, { do: 'intake', awsId, account }, options))
  command('intake-link', 'A personal link for an approver to a page that does the same')
    .argument('<approver>', 'id of the approver')
    .action((approver: string, options: Options) => order(io, { do: 'intake-link', approver }, options))
}

async function order(
  io: CliIo,
  wanted: Record<string, string | undefined>,
  { endpoint, json }: Options,
): Promise<void> {
  const place = await placeOf(endpointOf(endpoint, io))
  const account = wanted.do === 'intake' ? { account: wanted.account ?? place.account } : {}
  const request = operatorRequestSchema.safeParse({ ...wanted, ...account })
  if (!request.success) {
    const [issue] = request.error.issues
    throw new CliError(
      `${issue?.path.join('.') ?? ''}: expected ${(issue?.message ?? 'another form').replace(/^expected /, '')}`,
    )
  }
  const reply = await invoke(place, JSON.stringify(request.data))
  if (!reply.done) throw new CliError(cleanText(reply.said, 500))
  if (json) printJson(io, reply)
  else io.out(`${cleanText(reply.said, 500)}\n`)
}

async function invoke(
  { account, ...aws }: { endpoint: string; region: string; account: string },
  Payload: string,
): Promise<OperatorReply> {
  return await withClient(new LambdaClient(clientConfigOf(aws, account)), async (lambda) => {
    const reply = await lambda.send(new InvokeCommand({ FunctionName: operateFunctionName, Payload }))
    const text = Buffer.from(reply.Payload ?? []).toString('utf8')
    if (reply.FunctionError !== undefined) throw new CliError(`the function failed: ${cleanText(text, 300)}`)
    return operatorReplySchema.parse(JSON.parse(text))
  })
}
