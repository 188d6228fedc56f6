import type { Command } from 'commander'
import { formatDuration } from '../../lambda/domain/plain-time.ts'
import { scansJson, underWayText, type ScanJson } from '../../local/console/scan-json.ts'
import { tableOf } from '../../local/table.ts'
import { printJson, type CliIo } from './io.ts'
import { endpointOf, parseEndpoint, withLedger } from './target.ts'

interface Options {
  endpoint?: string
  json?: true
}

export function addScansCommand(program: Command, io: CliIo): void {
  program
    .command('scans')
    .description(
      'When each account, region and kind was last listed, and what failed, and what goes on: the oldest first',
    )
    .option(
      '--endpoint <url>',
      'where Gatehouse runs (default: AWS_ENDPOINT_URL, else http://127.0.0.1:4566)',
      parseEndpoint,
    )
    .option('--json', 'print JSON')
    .action((options: Options) => listScans(io, options))
}

async function listScans(io: CliIo, { endpoint, json }: Options): Promise<void> {
  const [scans, now] = await withLedger(endpointOf(endpoint, io), async (reader, now) => {
    return [scansJson(await reader.places(), now), now] as const
  })
  if (json) printJson(io, scans)
  else io.out(scans.length === 0 ? 'Nothing was swept yet.\n' : textOf(scans, now))
}

function textOf(scans: readonly ScanJson[], now: Date): string {
  return tableOf(
    ['account', 'region', 'kind', 'last complete', 'age', 'pending', 'last failure', 'under way'],
    scans.map(({ account, region, kind, lastComplete, ageSeconds, pending, failing, lastFailure, underWay }) => [
      account,
      region,
      kind,
      lastComplete ?? 'never',
      formatDuration(ageSeconds * 1000),
      pending === null ? '-' : String(pending),
      lastFailure === null ? '-' : `${failing ? '' : 'over: '}${lastFailure.at} ${lastFailure.error}`,
      underWayText({ underWay }, now),
    ]),
  )
}
