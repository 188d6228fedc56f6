import { join } from 'node:path'
import type { Command } from 'commander'
import type { CaseReport, CaseResult } from '../../lambda/policy/cases.ts'
import { routeText } from '../../lambda/policy/routes.ts'
import { tableOf } from '../../local/table.ts'
import { printJson, type CliIo, type SetExitCode } from './io.ts'

export function addPolicyCommands(program: Command, io: CliIo, setExitCode: SetExitCode): void {
  const policy = program.command('policy').description('The policies that decide about offers')
  policy
    .command('test')
    .description('Judge every case of policies/cases and compare')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: true }) => {
      const report = await runCases(io)
      if (json) printJson(io, report)
      else io.out(reportText(report))
      if (!report.passed) setExitCode(1)
    })
  policy
    .command('schema')
    .description('Print what policies can speak of, of every kind')
    .action(async () => {
      const { loadPolicySet } = await import('../../lambda/policy/load.ts')
      io.out(loadPolicySet(join(io.root, 'policies')).schema.text)
    })
}

/** Loads Cedar only when it is needed. */
async function runCases({ root }: CliIo): Promise<CaseReport> {
  const [{ runPolicyCases }, { toSettings }, { config }] = await Promise.all([
    import('../../lambda/policy/cases.ts'),
    import('../../lib/config.ts'),
    import('../../gatehouse.config.ts'),
  ])
  return runPolicyCases({
    policyDir: join(root, 'policies'),
    casesDir: join(root, 'policies', 'cases'),
    ...toSettings(config, ''),
  })
}

function reportText({ results, uncovered }: CaseReport): string {
  const rows = results.map((result) => {
    const { name, passed, policies } = result
    return [passed ? 'ok' : 'FAILED', name, policies.join(', ') || '-', askedText(result)]
  })
  const failed = results.filter(({ passed }) => !passed)
  return [
    tableOf(['', 'case', 'decided by', 'asks'], rows),
    ...failed.map(problemText),
    ...(uncovered.length === 0 ? [] : [`\nDecide no case: ${uncovered.join(', ')}\n`]),
    `\n${results.length} cases, ${failed.length === 0 ? 'all as expected' : `${failed.length} failed`}.\n`,
  ].join('')
}

function askedText({ verdict, routing }: CaseResult): string {
  if (verdict !== 'review') return '-'
  return routing.map(routeText).join(', ') || 'the default group'
}

function problemText({ name, problems }: CaseResult): string {
  return `\n${name}\n${problems.map((problem) => `  ${problem}\n`).join('')}`
}
