import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, Validations } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { AwsSolutionsChecks } from 'cdk-nag'
import { compilePolicySet } from '../lambda/policy/load.ts'
import { bundleHandlers, projectDir } from './bundle.ts'
import { toSettings, type Config } from './config.ts'
import { filesBeside } from './files-beside.ts'
import { handlerNamesFor } from './constructs/hub-functions.ts'
import { HubStack } from './hub-stack.ts'
import { makeManagementStacks } from './spoke/management.ts'
import { checkSizes } from './limits.ts'
import { noticesOf } from './notices.ts'
import { synthContext } from './synth-context.ts'
import { checkDefinitions } from './workflow/check.ts'

export const stackName = 'Gatehouse'

export interface Synthesis {
  config: Config
  /** Where the cloud assembly goes; left out, where the CDK's CLI wants it. */
  outdir?: string | undefined
  /** False for tests of the template: functions get no code. */
  bundle?: boolean
  policyDir?: string
  /** Has CloudFormation's own rules checked, too, which takes seconds. */
  thorough?: boolean
  /** A date in UTC: partners whose time is over get no rights. */
  today?: string
  /** Gets what the operator should know and is no error. */
  notice?: ((text: string) => void) | undefined
}

/** Synthesizes the app. Throws where policies, the workflow's definition or cdk-nag object. */
export async function synthesize(synthesis: Synthesis): Promise<{ assemblyDir: string }> {
  const {
    config,
    outdir,
    bundle = true,
    policyDir = join(projectDir, 'policies'),
    thorough = false,
    today = new Date().toISOString().slice(0, 10),
    notice,
  } = synthesis
  for (const text of noticesOf(config, today)) notice?.(text)
  // cdk-nag looks at every property, deprecated ones that we leave alone too.
  process.env.JSII_DEPRECATED ??= 'quiet'
  const policies = compilePolicySet(policyDir, toSettings(config, ''))
  const bundles = mkdtempSync(join(tmpdir(), 'gatehouse-bundles-'))
  try {
    if (bundle)
      await bundleHandlers({
        handlers: handlerNamesFor(config),
        outdir: bundles,
        beside: filesBeside(config, policies),
      })
    const app = new App({
      analyticsReporting: false,
      builtinCloudFormationValidation: thorough,
      context: synthContext,
      ...(outdir === undefined ? {} : { outdir }),
    })
    const codeOf = (handler: string): Code => (bundle ? Code.fromAsset(join(bundles, handler)) : noCode)
    const { account, region } = config
    new HubStack(app, stackName, {
      env: { region, ...(account === undefined ? {} : { account }) },
      config,
      today,
      codeOf,
      thorough,
    })
    if (account !== undefined) makeManagementStacks(app, { config, today, hubAccount: account })
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
    const assembly = app.synth()
    for (const { id, template } of assembly.stacks) checkSizes(id, template)
    checkDefinitions(assembly.getStackArtifact(stackName).template)
    return { assemblyDir: assembly.directory }
  } finally {
    rmSync(bundles, { recursive: true, force: true })
  }
}

const noCode = Code.fromInline('exports.handler = async () => {}')
