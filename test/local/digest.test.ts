import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RAMClient, RejectResourceShareInvitationCommand } from '@aws-sdk/client-ram'
import { config as example } from '../../gatehouse.config.ts'
import { defineConfig } from '../../lib/config.ts'
import { synthesize } from '../../lib/synth.ts'
import { ControlClient } from '../../local/control-client.ts'
import { OfferReader } from '../../local/console/offer-reader.ts'
import { clientConfigOf } from '../../local/partner.ts'
import { sampleAccounts, withSample } from '../../local/sample.ts'
import { findSampleOffer } from '../../local/sample-offers.ts'
import { startLocal, type LocalRun } from '../../local/server.ts'

let outdir: string
let run: LocalRun
let control: ControlClient
let invitation: string | undefined

/** Nobody gets a message of their own, and mail to one of the two comes back. */
beforeAll(async () => {
  outdir = mkdtempSync(join(tmpdir(), 'gatehouse-test-'))
  const approvers = [
    { id: 'ada.l', email: 'bounce+ada@simulator.amazonses.com' },
    { id: 'bob', email: 'bob@example.com' },
  ]
  const config = defineConfig({
    ...withSample(example),
    groups: { people: { approvers, quorum: 1 } },
    approvals: { defaultGroup: 'people', personalAsks: 0 },
  })
  const { assemblyDir } = await synthesize({ config, outdir })
  const place = { account: sampleAccounts.own, region: config.region }
  run = await startLocal({ assembly: () => Promise.resolve(assemblyDir), ...place, port: 0, consolePort: 0 })
  control = new ControlClient(run.endpointUrl)
}, 120_000)
afterAll(async () => {
  await run.close()
  rmSync(outdir, { recursive: true, force: true })
})

test('the hourly digest leaves with the rights that are synthesized, and what comes back is recorded', async () => {
  const { region } = run.assembly.place
  invitation = await findSampleOffer('stranger-shares-subnet')?.make({ endpoint: run.endpointUrl, region })
  await control.sweep()
  expect(await control.mails()).toEqual([])

  await control.advance('61m')

  const mails = await control.mails()
  expect(mails.map(({ to, subject }) => [to[0], subject.split(':')[0]])).toEqual([
    ['bounce+ada@simulator.amazonses.com', '1 offer of 555566667777'],
    ['bob@example.com', '1 offer of 555566667777'],
  ])
  const page = await fetch(mails[1]?.links[0] ?? '')
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('555566667777')])
  const tableName = run.assembly.tables[0]?.name ?? ''
  const reader = new OfferReader({ endpoint: run.endpointUrl, region, account: sampleAccounts.own, tableName })
  const [offer] = await reader.list()
  const record = await reader.read(offer?.offerId ?? '')
  reader.close()
  const statuses = [...(record?.state.round?.deliveries ?? [])].map(([message, by]) => [message, by.get('email')])
  expect(statuses).toEqual([
    ['approval:ada.l', 'bounced'],
    ['approval:bob', 'sent'],
  ])
}, 120_000)

test('how it ended comes with the next digest, too, and with nothing else', async () => {
  const aws = { endpoint: run.endpointUrl, region: run.assembly.place.region }
  const ram = new RAMClient(clientConfigOf(aws, sampleAccounts.own))
  await ram.send(new RejectResourceShareInvitationCommand({ resourceShareInvitationArn: invitation }))
  ram.destroy()
  await control.sweep()
  await control.advance('61m')

  const endings = (await control.mails()).filter(({ subject }) => subject === '1 offer of 555566667777 ended')
  expect(endings.map(({ to, links }) => [to[0], links])).toEqual([
    ['bounce+ada@simulator.amazonses.com', []],
    ['bob@example.com', []],
  ])
  expect(await control.mails()).toHaveLength(4)
  expect(endings[1]?.text).toContain('from 555566667777: answered elsewhere. Offer ram-invitation-')
}, 120_000)
