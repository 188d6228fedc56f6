import { InvalidArgumentError, type Command } from 'commander'
import { cleanText } from '../../lambda/domain/hostile-text.ts'
import { accountIdSchema, regionSchema } from '../../lambda/domain/offer.ts'
import { certificateIdSchema, transferMessageSchema } from '../../lambda/domain/transfer-request.ts'
import { askForTransfer, ownAccount, type CallerConfig, type TransferAnswer } from '../../local/transfer-client.ts'
import { ControlClient } from '../../local/control-client.ts'
import { CliError, printJson, type CliIo } from './io.ts'
import { endpointOf, explain, parseEndpoint } from './target.ts'

interface Options {
  to: string
  message: string
  account?: string
  region?: string
  endpoint?: string
  aws?: true
  json?: true
}

export function addTransferCommand(program: Command, io: CliIo): void {
  program
    .command('transfer')
    .description('Ask for a transfer of a certificate of yours to another account')
    .addHelpText(
      'after',
      `
Policy and people decide first; then Gatehouse begins the transfer, and watches it to its end. Who asks has no say.
The certificate must be INACTIVE, with no policies attached.`,
    )
    .argument('<certificate-id>', '64 hexadecimal digits', parsed(certificateIdSchema))
    .requiredOption('--to <account>', 'the account that is to get it', parsed(accountIdSchema))
    .requiredOption(
      '--message <text>',
      'what it is for: approvers and the receiver read it',
      parsed(transferMessageSchema),
    )
    .option('--account <id>', 'the account that has it (default: yours)', parsed(accountIdSchema))
    .option('--region <name>', 'where it is (default: where Gatehouse runs)', parsed(regionSchema))
    .option(
      '--endpoint <url>',
      'where Gatehouse runs (default: AWS_ENDPOINT_URL, else http://127.0.0.1:4566)',
      parseEndpoint,
    )
    .option('--aws', 'ask Gatehouse in your AWS account, as whoever your AWS profile says')
    .option('--json', 'print JSON')
    .action((certificateId: string, options: Options) => transfer(io, certificateId, options))
}

function parsed(schema: { safeParse: (text: string) => { success: boolean } }): (text: string) => string {
  return (text) => {
    if (!schema.safeParse(text).success) throw new InvalidArgumentError('Not of the form that AWS has for it.')
    return text
  }
}

async function transfer(io: CliIo, certificateId: string, options: Options): Promise<void> {
  const { to, message, account, region, json } = options
  const place = options.aws ? await onAws(io, options) : await locally(io, options)
  const asked = { account: account ?? place.account, region: region ?? place.region, certificateId, to, message }
  const answer = await askForTransfer(place.config, asked)
  if (answer.result === 'refused') throw new CliError(cleanText(answer.problem, 400))
  if (json) printJson(io, answer)
  else io.out(textOf(answer))
}

function textOf({ result, offerId }: Exclude<TransferAnswer, { result: 'refused' }>): string {
  const said = result === 'asked' ? 'Asked' : 'The same was asked for before, and is not over'
  return `${said}: ${offerId}\nNothing is sent before policy or people have said yes. To see how it stands:\n\n  npx gatehouse offers show ${offerId}\n`
}

interface Place {
  config: CallerConfig
  account: string
  region: string
}

async function locally(io: CliIo, options: Options): Promise<Place> {
  const endpoint = endpointOf(options.endpoint, io)
  const { account, region } = await new ControlClient(endpoint).health().catch(explain)
  // There an account is its own key; a real one in the environment is none of this run's.
  const { AWS_ACCESS_KEY_ID: key = '' } = io.env
  const credentials = { accessKeyId: accountIdSchema.safeParse(key).data ?? account, secretAccessKey: 'local' }
  return { config: { endpoint, region, credentials }, account, region }
}

/** The function is where Gatehouse runs: its region is the profile's. */
async function onAws(io: CliIo, options: Options): Promise<Place> {
  const region = io.env.AWS_REGION ?? io.env.AWS_DEFAULT_REGION
  if (region === undefined) throw new CliError('expected AWS_REGION to name the region that Gatehouse runs in')
  const config = { region }
  return { config, account: options.account ?? (await ownAccount(config)), region }
}
