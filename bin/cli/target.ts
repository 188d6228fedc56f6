import { OfferReader } from '../../local/console/offer-reader.ts'
import { ControlClient, ControlFailed } from '../../local/control-client.ts'
import { CliError, type CliIo } from './io.ts'

const defaultEndpoint = 'http://127.0.0.1:4566'

/** The endpoint that was asked for, checked. */
export function endpointOf(option: string | undefined, { env }: CliIo): string {
  const text = option ?? env.AWS_ENDPOINT_URL ?? defaultEndpoint
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new CliError(`expected an endpoint such as ${defaultEndpoint}, got \`${text}\``)
  }
  return text.replace(/\/+$/, '')
}

/** Opens the ledger behind an endpoint for one command. */
export async function withLedger<Result>(
  endpoint: string,
  use: (reader: OfferReader) => Promise<Result>,
): Promise<Result> {
  const health = await new ControlClient(endpoint).health().catch(explain)
  const reader = new OfferReader({ endpoint, ...health })
  try {
    return await use(reader)
  } finally {
    reader.close()
  }
}

function explain(error: unknown): never {
  if (!(error instanceof ControlFailed)) throw error
  throw new CliError(`${error.message}: start it with \`npm start\`, or name another with --endpoint`, { cause: error })
}
