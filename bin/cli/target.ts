import { InvalidArgumentError } from 'commander'
import { OfferReader } from '../../local/console/offer-reader.ts'
import { ControlClient, ControlFailed } from '../../local/control-client.ts'
import { CliError, type CliIo } from './io.ts'

const defaultEndpoint = 'http://127.0.0.1:4566'

/** For an option: a wrong one is wrong usage. */
export function parseEndpoint(text: string): string {
  if (!isEndpoint(text)) throw new InvalidArgumentError(`Expected an endpoint such as ${defaultEndpoint}.`)
  return withoutSlash(text)
}

/** The endpoint that was asked for, or the environment's, or the local run's own. */
export function endpointOf(option: string | undefined, { env }: CliIo): string {
  const text = option ?? env.AWS_ENDPOINT_URL ?? defaultEndpoint
  if (!isEndpoint(text)) throw new CliError(`expected AWS_ENDPOINT_URL to be an endpoint, got \`${text}\``)
  return withoutSlash(text)
}

function isEndpoint(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

function withoutSlash(text: string): string {
  return text.replace(/\/+$/, '')
}

/** Which account and region run behind an endpoint. */
export async function placeOf(endpoint: string): Promise<{ endpoint: string; account: string; region: string }> {
  const { account, region } = await new ControlClient(endpoint).health().catch(explain)
  return { endpoint, account, region }
}

/** Opens the ledger behind an endpoint for one command, which hears what time it is there. */
export async function withLedger<Result>(
  endpoint: string,
  use: (reader: OfferReader, now: Date) => Promise<Result>,
): Promise<Result> {
  const health = await new ControlClient(endpoint).health().catch(explain)
  const reader = new OfferReader({ endpoint, ...health })
  try {
    return await use(reader, new Date(health.now))
  } finally {
    reader.close()
  }
}

export function explain(error: unknown): never {
  if (!(error instanceof ControlFailed)) throw error
  throw new CliError(`${error.message}: start it with \`npm start\`, or name another with --endpoint`, { cause: error })
}
