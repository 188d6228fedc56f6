import type { Command } from 'commander'
import { cleanText } from '../../lambda/domain/hostile-text.ts'
import { kindNames } from '../../lambda/domain/kinds.ts'
import { offerIdSchema } from '../../lambda/domain/offer.ts'
import { detailsOf, offerJsonOf, type OfferJson } from '../../local/console/offer-json.ts'
import { CliError, printJson, type CliIo } from './io.ts'
import { addOperatorCommands } from './operator.ts'
import { offerText } from '../../local/console/offer-text.ts'
import { tableOf } from '../../local/table.ts'
import { endpointOf, parseEndpoint, withLedger } from './target.ts'

interface Options {
  endpoint?: string
  json?: true
}

export function addOffersCommands(program: Command, io: CliIo): void {
  const offers = program.command('offers').description('What the ledger says of the offers')
  const target = '--endpoint <url>'
  const targetHelp = 'where Gatehouse runs (default: AWS_ENDPOINT_URL, else http://127.0.0.1:4566)'
  offers
    .command('list')
    .description('Every offer: those that wait for people first')
    .option(target, targetHelp, parseEndpoint)
    .option('--json', 'print JSON')
    .action((options: Options) => listOffers(io, options))
  offers
    .command('show')
    .description('One offer: facts, policies, votes, events')
    .argument('<id>', 'id of the offer')
    .option(target, targetHelp, parseEndpoint)
    .option('--json', 'print JSON')
    .action((id: string, options: Options) => showOffer(io, id, options))
  addOperatorCommands(offers, io)
}

async function listOffers(io: CliIo, { endpoint, json }: Options): Promise<void> {
  const rows = await withLedger(endpointOf(endpoint, io), async (reader) => (await reader.list()).map(offerJsonOf))
  if (json) printJson(io, rows)
  else io.out(rows.length === 0 ? 'No offers.\n' : listText(rows))
}

async function showOffer(io: CliIo, id: string, { endpoint, json }: Options): Promise<void> {
  if (!offerIdSchema.safeParse(id).success) {
    throw new CliError(
      `expected the id of an offer, such as ${kindNames()[0] ?? '<kind>'}-<32 hex>, got \`${cleanText(id, 80)}\``,
    )
  }
  const found = await withLedger(endpointOf(endpoint, io), (reader) => reader.read(id))
  if (found === undefined) throw new CliError(`no offer \`${id}\` on the ledger`)
  if (json) printJson(io, detailsOf(found))
  else io.out(offerText(found))
}

function listText(rows: readonly OfferJson[]): string {
  return tableOf(
    ['id', 'account', 'region', 'counterparty', 'status', 'verdict', 'deadline', 'outcome'],
    rows.map(({ id, account, region, counterparty, status, verdict, deadline, outcome }) => [
      id,
      account,
      region,
      counterparty ?? 'unknown',
      status,
      verdict ?? '-',
      deadline ?? '-',
      outcome ?? '-',
    ]),
  )
}
