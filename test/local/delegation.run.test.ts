import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { CreateDelegationRequestCommand, GetDelegationRequestCommand, IAMClient } from '@aws-sdk/client-iam'
import { main } from '../../bin/cli/main.ts'
import { config as example } from '../../gatehouse.config.ts'
import { defineConfig } from '../../lib/config.ts'
import { synthesize } from '../../lib/synth.ts'
import { offerIdOf } from '../../lambda/domain/offer.ts'
import { ControlClient } from '../../local/control-client.ts'
import { answerInSlack, answerPage, linkFor } from '../../local/demo/person.ts'
import { clientConfigOf } from '../../local/partner.ts'
import { sampleAccounts, sampleSecrets, sampleSlack, withSample } from '../../local/sample.ts'
import { startLocal, type LocalRun } from '../../local/server.ts'

jest.setTimeout(120_000)

const { own, partner } = sampleAccounts
const outdir = mkdtempSync(join(tmpdir(), 'gatehouse-delegation-'))
let local: LocalRun
let control: ControlClient

/** The sample, with a role that accepts delegation requests; it has no policies, so that the local run knows its rights. */
beforeAll(async () => {
  const config = defineConfig({ ...withSample(example), iam: { role: { accounts: [own] } } })
  const { assemblyDir } = await synthesize({ config, outdir })
  const played = { secrets: sampleSecrets, slack: sampleSlack }
  local = await startLocal({
    assembly: assemblyDir,
    account: own,
    region: config.region,
    port: 0,
    consolePort: 0,
    ...played,
  })
  control = new ControlClient(local.endpointUrl)
})
afterAll(async () => {
  await local.close()
  rmSync(outdir, { recursive: true, force: true })
})

const as = (account: string): IAMClient =>
  new IAMClient(clientConfigOf({ endpoint: local.endpointUrl, region: 'us-east-1' }, account))

/** The command line itself; what it printed, once everything it caused is at rest. */
async function gatehouse(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const ran = { code: 0, out: '', err: '' }
  ran.code = await main([...args, '--endpoint', local.endpointUrl], {
    root: resolve(__dirname, '..', '..'),
    env: {},
    out: (text) => {
      ran.out += text
    },
    err: (text) => {
      ran.err += text
    },
    onStop: () => undefined,
  })
  await local.idle()
  return ran
}

/** Of nobody: AWS lists it nowhere, and says of it to nobody. */
async function askedByPartner(): Promise<string> {
  const command = new CreateDelegationRequestCommand({
    Description: 'Sets up nightly backups',
    Permissions: { PolicyTemplateArn: 'arn:aws:iam::aws:delegation-template/ReadOnlyBackup' },
    RequestorWorkflowId: 'workflow-1',
    NotificationChannel: `arn:aws:sns:us-east-1:${partner}:delegations`,
    SessionDuration: 3600,
  })
  return (await as(partner).send(command)).DelegationRequestId ?? ''
}

async function stateAtAws(DelegationRequestId: string): Promise<string | undefined> {
  return (await as(own).send(new GetDelegationRequestCommand({ DelegationRequestId }))).DelegationRequest?.State
}

const offerIdFor = (awsId: string): string =>
  offerIdOf({ kind: 'iam-delegation', account: own, region: 'us-east-1', awsId })

/** Told of at the command line, and accepted by people: held. */
async function held(): Promise<{ awsId: string; offerId: string }> {
  const awsId = await askedByPartner()
  const offerId = offerIdFor(awsId)
  expect((await gatehouse('offers', 'show', offerId)).code).toBe(1)

  const { code, out } = await gatehouse('offers', 'intake', awsId)
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(`looking for ${awsId} in account ${own}`) })
  await control.advance('2m')
  expect(await statusOf(offerId)).toMatchObject({ status: 'awaiting-approval', verdict: 'review' })

  const link = linkFor(await control.mails(), { offerId, approver: 'alice' })
  await answerPage(link, { choice: 'accept', comment: '', digits: partner.slice(-4) })
  await local.idle()
  await control.advance('2m')
  expect(await stateAtAws(awsId)).toBe('ACCEPTED')
  return { awsId, offerId }
}

async function statusOf(offerId: string): Promise<{ status: string; verdict: string; outcome: string | null }> {
  return JSON.parse((await gatehouse('offers', 'show', offerId, '--json')).out)
}

test('told of and taken back at the command line, from found to outcome, with the rights of the template', async () => {
  const { awsId, offerId } = await held()

  const { code, out, err } = await gatehouse('offers', 'revoke', offerId, '--comment', 'not this week')

  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toBe('taken back: Gatehouse rejects the accepted request at AWS\n')
  expect(await stateAtAws(awsId)).toBe('REJECTED')
  expect(await statusOf(offerId)).toMatchObject({ status: 'closed', outcome: 'REJECTED' })
  expect((await gatehouse('offers', 'show', offerId)).out).toContain('not this week')
  const again = await gatehouse('offers', 'revoke', offerId)
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('nothing is held') })
})

test('taken back in Slack by who is there', async () => {
  const { awsId, offerId } = await held()
  const user = sampleSlack.users[0].id
  const messages = (await control.slackMessages()).filter((one) => JSON.stringify(one.blocks).includes(offerId))
  expect(JSON.stringify(messages.filter((one) => one.user === user))).toContain('Take it back')

  const answer = { choice: 'reject', comment: 'no', digits: partner.slice(-4) } as const
  await answerInSlack(control, { offerId, user }, answer)
  await local.idle()

  expect(await stateAtAws(awsId)).toBe('REJECTED')
  expect(await statusOf(offerId)).toMatchObject({ outcome: 'REJECTED' })
})

test('left alone it is released when the hold is over', async () => {
  const { awsId, offerId } = await held()
  await control.advance('35m')

  expect(await stateAtAws(awsId)).toBe('FINALIZED')
  expect(await statusOf(offerId)).toMatchObject({ outcome: 'ACCEPTED' })
})

test('an id that is of no request of ours opens no case, and the command says what to expect', async () => {
  const { code, out } = await gatehouse('offers', 'intake', 'dr-there-is-none-here')
  expect(code).toBe(0)
  expect(out).toContain('else nothing more happens')
  expect((await gatehouse('offers', 'show', offerIdFor('dr-there-is-none-here'))).code).toBe(1)
})
