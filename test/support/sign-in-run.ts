import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { config as example } from '../../gatehouse.config.ts'
import { defineConfig } from '../../lib/config.ts'
import { synthesize } from '../../lib/synth.ts'
import { ControlClient } from '../../local/control-client.ts'
import { sampleAccounts, withSample } from '../../local/sample.ts'
import { findSampleOffer } from '../../local/sample-offers.ts'
import { startLocal, type LocalRun } from '../../local/server.ts'
import { startOidc, type Oidc } from './oidc.ts'

const clientSecret = 'what the provider and Gatehouse know'

/** The synthesized app with sign-in on this machine, and a real provider beside it. */
export class SignInRun {
  readonly #outdir: string
  readonly #documents: DynamoDBDocumentClient
  readonly run: LocalRun
  readonly oidc: Oidc
  readonly control: ControlClient

  private constructor(parts: { outdir: string; run: LocalRun; oidc: Oidc }) {
    this.#outdir = parts.outdir
    this.run = parts.run
    this.oidc = parts.oidc
    this.control = new ControlClient(parts.run.endpointUrl)
    const credentials = { accessKeyId: sampleAccounts.own, secretAccessKey: 'any' }
    this.#documents = DynamoDBDocumentClient.from(
      new DynamoDBClient({ endpoint: parts.run.endpointUrl, region: 'us-east-1', credentials }),
    )
  }

  static async start(): Promise<SignInRun> {
    const oidc = await startOidc()
    const outdir = mkdtempSync(join(tmpdir(), 'gatehouse-sign-in-'))
    const sampled = withSample(example)
    const signIn = { issuer: oidc.issuer, clientId: 'gatehouse', clientSecret: 'gatehouse/oidc' }
    const { defaultGroup } = sampled.approvals
    const config = defineConfig({ ...sampled, approvals: { defaultGroup, signIn } })
    const { assemblyDir } = await synthesize({ config, outdir })
    const run = await startLocal({
      assembly: assemblyDir,
      account: sampleAccounts.own,
      region: config.region,
      port: 0,
      consolePort: 0,
      secrets: { 'gatehouse/oidc': clientSecret },
    })
    const started = new SignInRun({ outdir, run, oidc })
    await started.serve()
    return started
  }

  /** The provider as it was, or with the address at userinfo only. */
  async serve(conformIdTokenClaims = false): Promise<void> {
    const redirectUri = `${this.run.consoleUrl}/sign-in/callback`
    await this.oidc.serve({ redirectUri, secret: clientSecret, conformIdTokenClaims })
  }

  /** A new offer that people are asked about; the links of alice and bob, and its id. */
  async ask(): Promise<{ alice: string; bob: string; awsId: string }> {
    const before = (await this.control.mails()).length
    const { endpointUrl: endpoint, assembly } = this.run
    const awsId =
      (await findSampleOffer('stranger-shares-subnet')?.make({ endpoint, region: assembly.place.region })) ?? ''
    // What AWS tells of the offer leads to it: no sweep is needed.
    await this.run.idle()
    const mails = (await this.control.mails()).slice(before)
    const linkOf = (person: string): string => {
      const links = mails.filter(({ to }) => to.includes(`${person}@example.com`)).flatMap(({ links }) => links)
      return links.find((link) => link.includes('/a/')) ?? ''
    }
    return { alice: linkOf('alice'), bob: linkOf('bob'), awsId }
  }

  get url(): string {
    return this.run.consoleUrl
  }

  /** Everything in the ledger's table. */
  async items(): Promise<Record<string, unknown>[]> {
    const { tableName } = await this.control.health()
    const { Items = [] } = await this.#documents.send(new ScanCommand({ TableName: tableName }))
    return Items
  }

  /** What every `voted` event holds. */
  async votes(): Promise<unknown[]> {
    return (await this.items()).filter(({ type }) => type === 'voted').map(({ data }) => data)
  }

  async close(): Promise<void> {
    await this.run.close()
    this.oidc.close()
    rmSync(this.#outdir, { recursive: true, force: true })
  }
}
