import { resolve } from 'node:path'
import { config } from '../../gatehouse.config.ts'
import { sampleAccounts } from '../../local/sample.ts'
import { makeFirstOffers, start, type Started } from '../../local/start.ts'
import { CliError, printJson, type CliIo } from './io.ts'

export interface LocalOptions {
  port: number
  consolePort: number
  data: string
  sample: boolean
  organization?: true
  json?: true
}

/** Runs until somebody wants the process to end, then saves. */
export async function runLocal(io: CliIo, options: LocalOptions): Promise<void> {
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

/** Mistakes that the user can mend are said in one line. */
const mendable = ['PortInUse', 'DataFolderInUse', 'InvalidConfig']

async function startOrExplain(io: CliIo, { port, consolePort, data, organization }: LocalOptions): Promise<Started> {
  const notice = (text: string): void => {
    io.err(`note: ${text}\n`)
  }
  try {
    return await start({ config, organization, port, consolePort, dataDir: resolve(data), notice })
  } catch (error) {
    if (error instanceof Error && mendable.includes(error.name)) throw new CliError(error.message, { cause: error })
    throw error
  }
}

function announce(io: CliIo, options: LocalOptions, { run, fresh }: Started): void {
  const { endpointUrl: endpoint, consoleUrl, assembly, deployments } = run
  const { account, region } = assembly.place
  const members = deployments.accounts().filter((other) => other !== account)
  if (options.json) printJson(io, { endpoint, consoleUrl, account, region, members, data: resolve(options.data) })
  else io.out(bannerOf({ endpoint, consoleUrl, account, region, members }, dataWords(options, fresh)))
}

function dataWords({ data, sample }: LocalOptions, fresh: boolean): string {
  return fresh && sample ? `${data} (fresh: sample offers are on their way)` : data
}

interface Place {
  endpoint: string
  consoleUrl: string
  account: string
  region: string
  /** Other accounts that are answered for. */
  members: readonly string[]
}

function bannerOf({ endpoint, consoleUrl, account, region, members }: Place, data: string): string {
  const { partner } = sampleAccounts
  const others = members.length === 0 ? '' : ` and for members of its organization: ${members.join(', ')}`
  return `
Gatehouse runs for account ${account} in ${region}${others}.

  Console  ${consoleUrl}   offers, and buttons that make some
  Mail     ${consoleUrl}/mail   what approvers get
  Slack    ${consoleUrl}/slack   what bob gets there
  AWS      ${endpoint}   for any SDK and the AWS CLI; an account id is its access key
  Data     ${data}

Play the partner in another terminal:

  export AWS_ENDPOINT_URL=${endpoint} AWS_DEFAULT_REGION=${region}
  export AWS_ACCESS_KEY_ID=${partner} AWS_SECRET_ACCESS_KEY=any
  aws ram create-resource-share --name network --principals ${account} \\
    --resource-arns arn:aws:ec2:${region}:${partner}:subnet/subnet-0a1b2c3d

Ctrl-C saves and stops.
`
}
