import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeCertificate } from '../../local/certificates.ts'

const run = promisify(execFile)

/** Why there is nothing to play with: no AWS CLI, or one that does not know delegation requests yet. */
export function whyNoAwsCli(): string | undefined {
  try {
    execFileSync('aws', ['iam', 'associate-delegation-request', '--generate-cli-skeleton'], { stdio: 'pipe' })
    return undefined
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code !== 'ENOENT'
    return isThere ? 'this AWS CLI knows no delegation requests: 1.45 or newer is needed' : 'there is no AWS CLI here'
  }
}

/** The AWS CLI, as the administrator of an account at the local endpoint. */
export class AwsCli {
  readonly #env: NodeJS.ProcessEnv
  readonly #folder = mkdtempSync(join(tmpdir(), 'gatehouse-aws-cli-'))

  constructor({ endpoint, region }: { endpoint: string; region: string }) {
    const nowhere = join(this.#folder, 'none')
    this.#env = {
      PATH: process.env.PATH,
      HOME: this.#folder,
      // Neither profiles nor credentials of this machine.
      AWS_CONFIG_FILE: nowhere,
      AWS_SHARED_CREDENTIALS_FILE: nowhere,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL: endpoint,
      AWS_DEFAULT_REGION: region,
      AWS_DEFAULT_OUTPUT: 'json',
      AWS_PAGER: '',
      AWS_MAX_ATTEMPTS: '1',
      AWS_SECRET_ACCESS_KEY: 'any',
    }
  }

  /** What the command prints, as JSON; throws where AWS refuses. */
  async as<Answer>(account: string, ...command: string[]): Promise<Answer> {
    const { stdout } = await run('aws', command, { env: { ...this.#env, AWS_ACCESS_KEY_ID: account } })
    return JSON.parse(stdout === '' ? '{}' : stdout) as Answer
  }

  /** Shares a subnet; the ARN of the invitation. */
  async share(from: string, to: string): Promise<string> {
    const arn = `arn:aws:ec2:us-east-1:${from}:subnet/subnet-0123456789abcdef0`
    type Made = { resourceShare: { resourceShareArn: string } }
    const made = await this.as<Made>(
      ...([from, 'ram', 'create-resource-share', '--name', 'network', '--principals', to] as const),
      ...['--resource-arns', arn],
    )
    type Found = { resourceShareInvitations: { resourceShareInvitationArn: string }[] }
    const ofShare = ['--resource-share-arns', made.resourceShare.resourceShareArn]
    const found = await this.as<Found>(from, 'ram', 'get-resource-share-invitations', ...ofShare)
    return found.resourceShareInvitations[0]!.resourceShareInvitationArn
  }

  /** Registers a device certificate and transfers it; its id. */
  async transfer(from: string, to: string): Promise<string> {
    const { pem } = await makeCertificate({ commonName: 'pump-7', days: 30 })
    const file = join(mkdtempSync(join(this.#folder, 'certificate-')), 'device.pem')
    writeFileSync(file, pem)
    const certificate = ['--certificate-pem', `file://${file}`]
    const { certificateId } = await this.as<{ certificateId: string }>(
      ...([from, 'iot', 'register-certificate-without-ca', ...certificate] as const),
    )
    await this.transferAgain(from, certificateId, to)
    return certificateId
  }

  async transferAgain(from: string, certificateId: string, to: string): Promise<void> {
    const what = ['--certificate-id', certificateId, '--target-aws-account', to, '--transfer-message', 'Sold']
    await this.as(from, 'iot', 'transfer-certificate', ...what)
  }

  /** Asks to act in an account for a while; the id of the request. */
  async requestDelegation(from: string, to: string): Promise<string> {
    const permissions = {
      PolicyTemplateArn: 'arn:aws:iam::aws:delegation-template/ReadOnlyBackup',
      Parameters: [{ Name: 'BucketArns', Values: ['arn:aws:s3:::orders'], Type: 'stringList' }],
    }
    const made = await this.as<{ DelegationRequestId: string }>(
      ...([from, 'iam', 'create-delegation-request', '--owner-account-id', to] as const),
      ...['--description', 'Sets up nightly backups', '--permissions', JSON.stringify(permissions)],
      ...['--requestor-workflow-id', 'onboarding', '--session-duration', '3600'],
      ...['--notification-channel', `arn:aws:sns:us-east-1:${from}:delegations`],
    )
    return made.DelegationRequestId
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
