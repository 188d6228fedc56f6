import { resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { config } from '../../gatehouse.config.ts'
import { sampleAccounts } from '../../local/sample.ts'
import { makeFirstOffers, start, type Started } from '../../local/start.ts'
import { CliError, printJson, type CliIo } from './io.ts'

interface Options {
  port: number
  consolePort: number
  data: string
  sample: boolean
  json?: true
}

export function addLocalCommand(program: Command, io: CliIo): void {
  program
    .command('local')
    .description('Run Gatehouse whole on this machine: AWS endpoint, app and console')
    .option('--port <n>', 'port of the AWS endpoint, 0 for a free one', portOf, 4566)
    .option('--console-port <n>', 'port of the console and the approval pages, 0 for a free one', portOf, 8787)
    .option('--data <dir>', 'folder for everything that is kept between two starts', '.gatehouse')
    .option('--no-sample', 'make no sample offers in a fresh data folder')
    .option('--json', 'print JSON')
    .action((options: Options) => runLocal(io, options))
}

async function runLocal(io: CliIo, options: Options): Promise<void> {
  const stopped = new Promise<void>((done) => {
    io.onStop(done)
  })
  if (!options.json) io.out('Synthesizing the app and starting it ...\n')
  const started = await startOrExplain(io, options)
  announce(io, options, started)
  try {
    if (options.sample && started.fresh) await Promise.race([makeFirstOffers(started), stopped])
    await stopped
  } finally {
    if (!options.json) io.out('\nStopping: waiting for what runs, then saving ...\n')
    await started.stop()
  }
  if (!options.json) io.out(`Saved in ${options.data}. Start again to go on.\n`)
}

/** What the user can do something about is said in one line. */
async function startOrExplain(io: CliIo, { port, consolePort, data }: Options): Promise<Started> {
  const notice = (text: string): void => {
    io.err(`note: ${text}\n`)
  }
  try {
    return await start({ config, port, consolePort, dataDir: resolve(data), notice })
  } catch (error) {
    if (error instanceof Error && ['PortInUse', 'DataFolderInUse', 'InvalidConfig'].includes(error.name)) {
      throw new CliError(error.message, { cause: error })
    }
    throw error
  }
}

function announce(io: CliIo, { json, data, sample }: Options, { run, fresh }: Started): void {
  const { endpointUrl: endpoint, consoleUrl, assembly } = run
  const { account, region } = assembly.place
  if (json) {
    printJson(io, { endpoint, consoleUrl, account, region, data: resolve(data) })
    return
  }
  const { partner } = sampleAccounts
  io.out(`
Gatehouse runs for account ${account} in ${region}.

  Console    ${consoleUrl}          offers, mail, and buttons that make offers
  AWS        ${endpoint}          any SDK, or the AWS CLI, with an account id as the access key
  Data       ${data}${fresh && sample ? ', fresh: sample offers are on their way' : ''}

Play the partner, ${partner}, in another terminal:

  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region}
  export AWS_ACCESS_KEY_ID=${partner} AWS_SECRET_ACCESS_KEY=any
  aws ram create-resource-share --name network --principals ${account} \\
    --resource-arns arn:aws:ec2:${region}:${partner}:subnet/subnet-0a1b2c3d

Mails to approvers are at ${consoleUrl}/mail. Ctrl-C saves and stops.
`)
}

function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('expected 0 to 65535')
  return port
}
