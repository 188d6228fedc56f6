import { Command, CommanderError } from 'commander'
import { cleanText } from '../../lambda/domain/hostile-text.ts'
import '../../lambda/kinds/register.ts'
import { addIamCommands } from './iam.ts'
import { CliError, type CliIo, type SetExitCode } from './io.ts'
import { addLocalCommand } from './local.ts'
import { addOffersCommands } from './offers.ts'
import { addTransferCommand } from './transfer.ts'
import { addPolicyCommands } from './policy.ts'
import { addScansCommand } from './scans.ts'

/** Runs one command line; resolves to the exit code: 0, 1 failed, 2 wrong usage. */
export async function main(args: readonly string[], io: CliIo): Promise<number> {
  let code = 0
  const program = createProgram(io, (failed) => {
    code = failed
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    io.err(`gatehouse: ${messageOf(error)}\n`)
    return 1
  }
}

function createProgram(io: CliIo, setExitCode: SetExitCode): Command {
  const program = new Command('gatehouse')
    .description('Answers the offers that other AWS accounts make to yours.')
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      outputError: (text, write) => {
        write(usageLine(text))
      },
    })
    .showHelpAfterError(false)
  addLocalCommand(program, io)
  addOffersCommands(program, io)
  addScansCommand(program, io)
  addTransferCommand(program, io)
  addPolicyCommands(program, io, setExitCode)
  addIamCommands(program, io, setExitCode)
  return program
}

/** `error: unknown option '--x'` as one line of ours. */
function usageLine(text: string): string {
  return `gatehouse: ${text.replace(/^error: /, '').trim()} (see --help)\n`
}

/** One line; what is no mistake of the user keeps its name. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const line = cleanText(error.message, 500)
  return error instanceof CliError ? line : `${error.name}: ${line}`
}
