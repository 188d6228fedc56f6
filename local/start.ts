import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../lib/config.ts'
import { synthesize } from '../lib/synth.ts'
import type { OrganizationSpec } from './aws/services/organization-tree.ts'
import { createConsole } from './console/console.ts'
import { ControlClient } from './control-client.ts'
import { isFresh } from './data-folder.ts'
import { sampleAccounts, sampleSecrets, sampleSlack, withSample } from './sample.ts'
import { findSampleOffer, firstOffers } from './sample-offers.ts'
import { startLocal, type LocalRun } from './server.ts'

export interface StartOptions {
  /** Yours; the sample is laid over it. */
  config: Config
  /** 0 takes a free one. */
  port: number
  consolePort: number
  /** Everything is in memory when absent. */
  dataDir?: string
  notice?: (text: string) => void
}

export interface Started {
  run: LocalRun
  control: ControlClient
  /** The data folder held nothing yet. */
  fresh: boolean
  /** Saves and stops. */
  stop: () => Promise<void>
}

/** Synthesizes the app as `cdk synth` does, and runs what came out, with the console. */
export async function start({ config, notice, dataDir, ...ports }: StartOptions): Promise<Started> {
  const fresh = dataDir === undefined || isFresh(dataDir)
  const sampled = withSample(config)
  const place = { account: sampleAccounts.own, region: sampled.region }
  // A kept folder holds the app, too, so that a killed process leaves nothing elsewhere.
  const passing = dataDir === undefined ? mkdtempSync(join(tmpdir(), 'gatehouse-')) : undefined
  const discard = (): void => {
    if (passing !== undefined) rmSync(passing, { recursive: true, force: true })
  }
  const assembly = async (appPath: string | undefined): Promise<string> => {
    const outdir = appPath ?? passing
    if (appPath !== undefined) rmSync(appPath, { recursive: true, force: true })
    const { assemblyDir } = await synthesize({ config: sampled, outdir, notice })
    return assemblyDir
  }
  try {
    const run = await startLocal({
      assembly,
      ...place,
      ...ports,
      dataDir,
      organization: organizationOf(sampled),
      secrets: sampleSecrets,
      slack: sampleSlack,
      createConsole,
    })
    const stop = async (): Promise<void> => {
      await run.close()
      discard()
    }
    return { run, control: new ControlClient(run.endpointUrl), fresh, stop }
  } catch (error) {
    discard()
    throw error
  }
}

/** Where one is configured, rights hold inside it only; here it has one member. */
function organizationOf({ organization }: Config): OrganizationSpec | undefined {
  if (organization === undefined) return undefined
  return { organizationId: organization.id, accounts: [{ id: sampleAccounts.own, name: 'Gatehouse' }] }
}

/** One offer of each kind, made as anybody would make them, and found by a sweep. */
export async function makeFirstOffers({ run, control }: Pick<Started, 'run' | 'control'>): Promise<void> {
  const aws = { endpoint: run.endpointUrl, region: run.assembly.place.region }
  for (const id of firstOffers) await findSampleOffer(id)?.make(aws)
  await control.sweep()
}
