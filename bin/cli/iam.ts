import type { Command } from 'commander'
import type { ReportRow } from '../../local/iam/report.ts'
import { tableOf } from '../../local/table.ts'
import { printJson, type CliIo, type SetExitCode } from './io.ts'

export function addIamCommands(program: Command, io: CliIo, setExitCode: SetExitCode): void {
  const iam = program.command('iam').description('The rights of every role')
  iam
    .command('report')
    .description('Every right in the synthesized policies, and which path through the app needed it')
    .addHelpText(
      'after',
      `
Synthesizes your configuration with the sample laid over it, runs it on free ports in memory, takes every path
once under enforcement, and stops. A local run that is up is not asked and not touched. It takes about a minute.
Ends with 1 when a call was refused, a path could not be taken, or a right is needed by no path and not acknowledged.`,
    )
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: true }) => {
      const report = await makeReport()
      if (json) printJson(io, report)
      else io.out(reportText(report))
      if (report.surplus.length + report.refused.length + report.failed.length > 0) setExitCode(1)
    })
}

interface Report {
  rows: readonly ReportRow[]
  surplus: readonly ReportRow[]
  refused: readonly string[]
  failed: readonly string[]
}

/** Loads CDK and the local run only when they are needed. */
async function makeReport(): Promise<Report> {
  const [{ walk }, { reportOf, surplusOf }, { config }] = await Promise.all([
    import('../../local/iam/walk/walk.ts'),
    import('../../local/iam/report.ts'),
    import('../../gatehouse.config.ts'),
  ])
  const walked = await walk(config)
  const rows = reportOf(walked)
  return { rows, surplus: surplusOf(rows), refused: walked.refused, failed: walked.failed }
}

function reportText({ rows, surplus, refused, failed }: Report): string {
  const shown = rows.map(({ holder, action, resource, narrowed, conditions, usedBy, acknowledged }) => [
    holder,
    action,
    narrowed === null ? resource : `${resource} ${narrowed}`,
    conditions.join(', ') || '-',
    usedBy.length > 0 ? pathsText(usedBy) : acknowledged === null ? 'NOBODY' : `(${acknowledged})`,
  ])
  return [
    tableOf(['role', 'action', 'resource', 'condition', 'used by'], shown),
    ...refused.map((line) => `\n${line}\n`),
    ...failed.map((line) => `\npath not taken: ${line}\n`),
    `\n${rows.length} rights, ${surplus.length} that nobody needs, ${refused.length} calls refused.\n`,
  ].join('')
}

/** The first, and how many more. */
function pathsText([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} (+${others.length})`
}
