import { InvalidArgumentError, type Command } from 'commander'
import type { CliIo } from './io.ts'
import type { LocalOptions } from './run-local.ts'

export function addLocalCommand(program: Command, io: CliIo): void {
  program
    .command('local')
    .description('Run Gatehouse whole on this machine: AWS endpoint, app and console')
    .option('--port <n>', 'port of the AWS endpoint, 0 for a free one', portOf, 4566)
    .option('--console-port <n>', 'port of the console and the approval pages, 0 for a free one', portOf, 8787)
    .option('--data <dir>', 'folder for everything that is kept between two starts', '.gatehouse')
    .option('--organization', 'govern members of a sample organization, where you configured none')
    .option('--no-sample', 'make no sample offers in a fresh data folder')
    .option('--json', 'print JSON')
    .action(async (options: LocalOptions) => {
      // Brings the CDK with it, which the other commands need not wait for.
      const { runLocal } = await import('./run-local.ts')
      await runLocal(io, options)
    })
}

function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('Expected 0 to 65535.')
  return port
}
