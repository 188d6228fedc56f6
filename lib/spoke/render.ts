import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, Validations, type Stack } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { synthContext } from '../synth-context.ts'

/** The template of a stack that belongs to no account, as StackSets take it: text without what only the CDK reads. */
export function renderTemplate(make: (app: App) => Stack, thorough = false): string {
  const outdir = mkdtempSync(join(tmpdir(), 'gatehouse-spoke-'))
  try {
    const app = new App({
      analyticsReporting: false,
      builtinCloudFormationValidation: thorough,
      context: { ...synthContext, 'aws:cdk:enable-path-metadata': false },
      outdir,
    })
    const { artifactId } = make(app)
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
    return JSON.stringify(app.synth().getStackArtifact(artifactId).template)
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}
