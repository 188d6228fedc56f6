import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../lib/config.ts'
import { synthesize } from '../lib/synth.ts'
import { createConsole } from './console/console.ts'
import { ControlClient } from './control-client.ts'
import { isFresh } from './data-folder.ts'
import { sampleAccounts, sampleSecrets, sampleSlack, withSample } from './sample.ts'
import { findSampleOffer, firstOffers } from './sample-offers.ts'
import { organizationOf } from './sample-organization.ts'
import { startLocal, type LocalRun } from './server.ts'

export interface StartOptions {
  /** Yours; the sample is laid over it. */
  config: Config
  /** An organization with members where you configured none. */
  organization?: boolean | undefined
  /** Of those that the configuration names. */
  mostMembers?: number | undefined
  /** A document that holds for every account of the organization but the one that manages it. */
  serviceControlPolicy?: unknown
  /** Where approvers sign in; that of your configuration knows no local run. */
  signIn?: SignIn | undefined
  /** 0 takes a free one. */
  port: number
  consolePort: number
  /** Everything is in memory when absent. */
  dataDir?: string
  notice?: (text: string) => void
}

export interface SignIn {
  issuer: string
  clientId: string
  clientSecret: string
}

/** Name of the secret that holds what the provider and the app know. */
const clientSecretName = 'gatehouse/oidc'

export interface Started {
  run: LocalRun
  control: ControlClient
  /** The data folder held nothing yet. */
  fresh: boolean
  /** Saves and stops. */
  stop: () => Promise<void>
}

/** Synthesizes the app as `cdk synth` does, and runs what came out, with the console. */
export async function start(options: StartOptions): Promise<Started> {
  const { config, organization, mostMembers, serviceControlPolicy, signIn, notice, dataDir, ...ports } = options
  const fresh = dataDir === undefined || isFresh(dataDir)
  const sampled = withSignIn(withSample(config, { organization }), signIn)
  const played = organizationOf(sampled, { own: sampleAccounts.own, mostMembers })
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
      organization: played === undefined ? undefined : { ...played, serviceControlPolicy },
      secrets: { ...sampleSecrets, ...(signIn === undefined ? {} : { [clientSecretName]: signIn.clientSecret }) },
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

function withSignIn(config: Config, signIn: SignIn | undefined): Config {
  if (signIn === undefined) return config
  const { issuer, clientId } = signIn
  return { ...config, approvals: { ...config.approvals, signIn: { issuer, clientId, clientSecret: clientSecretName } } }
}

/** One offer of each kind, made as anybody would make them, to whoever is governed in turn, and found by a sweep. */
export async function makeFirstOffers({ run, control }: Pick<Started, 'run' | 'control'>): Promise<void> {
  const { account, receivers } = await control.health()
  for (const [index, id] of firstOffers.entries()) {
    const { account: to = account, regions = [] } = receivers[index % receivers.length] ?? {}
    const region = regions[index % regions.length] ?? run.assembly.place.region
    await findSampleOffer(id)?.make({ endpoint: run.endpointUrl, region }, to)
  }
  await control.sweep()
}
