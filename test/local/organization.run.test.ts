import { readFileSync } from 'node:fs'
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import { DeleteRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { CloseAccountCommand, MoveAccountCommand, OrganizationsClient } from '@aws-sdk/client-organizations'
import {
  AcceptResourceShareInvitationCommand,
  GetResourceShareInvitationsCommand,
  RAMClient,
} from '@aws-sdk/client-ram'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { config as example } from '../../gatehouse.config.ts'
import { kindNames } from '../../lambda/domain/kinds.ts'
import { isFailing } from '../../lambda/domain/place.ts'
import type { Summary } from '../../lambda/ledger/summary.ts'
import { defineConfig } from '../../lib/config.ts'
import { OfferReader } from '../../local/console/offer-reader.ts'
import { clientConfigOf } from '../../local/partner.ts'
import { sampleAccounts } from '../../local/sample.ts'
import { sampleMembers } from '../../local/sample-organization.ts'
import { findSampleOffer, type SampleOfferId } from '../../local/sample-offers.ts'
import { start, type Started } from '../../local/start.ts'

jest.setTimeout(120_000)

const { own: hub, stranger } = sampleAccounts
const [{ id: plant }, { id: office }, { id: shop }] = sampleMembers
const manager = '999999999999'
const workloads = 'ou-root-workloads'
/** The second member stands here. */
const below = 'ou-root-production'
const [home, abroad] = ['us-east-1', 'eu-west-1']
const hubBus = `arn:aws:events:${home}:${hub}:event-bus/gatehouse-hub`

const config = defineConfig({
  ...example,
  account: hub,
  // Looked at when a test says so.
  sweepEvery: '6 hours',
  organization: {
    id: 'o-exampleorg1',
    targets: { ous: [workloads] },
    regions: [home, abroad],
    managementAccount: manager,
  },
})

let started: Started
let offers: OfferReader
beforeAll(async () => {
  const serviceControlPolicy = JSON.parse(readFileSync('docs/samples/scp.json', 'utf8'))
  started = await start({ config, serviceControlPolicy, port: 0, consolePort: 0 })
  const { account, region, tableName } = await started.control.health()
  offers = new OfferReader({ endpoint: started.run.endpointUrl, account, region, tableName })
  await started.control.sweep()
})
afterAll(async () => {
  offers.close()
  await started.stop()
})

/** By a key that is an account's administrator, or one there by the name of a role. */
const as = (account: string, region = home): ReturnType<typeof clientConfigOf> & { maxAttempts: number } => {
  return { ...clientConfigOf({ endpoint: started.run.endpointUrl, region }, account), maxAttempts: 1 }
}
const make = async (id: SampleOfferId, to: string, region = home): Promise<string> =>
  await findSampleOffer(id)!.make({ endpoint: started.run.endpointUrl, region }, to)
const offerOf = async (awsId: string): Promise<Summary | undefined> =>
  (await offers.list()).find((offer) => offer.awsId === awsId)
/** The rights that were needed while this was done, as holder and action. */
async function rightsFor(path: string, work: () => Promise<unknown>): Promise<string[]> {
  const { usage, statements } = started.run.authority
  usage.enter(path)
  await work()
  await started.run.idle()
  usage.enter('after')
  return statements.flatMap(({ holder, statement }) =>
    statement.rights.filter((right) => usage.pathsOf(right).includes(path)).map(({ action }) => `${holder} ${action}`),
  )
}
const refusedOf = (account: string): string[] =>
  started.run.authority.refused().filter((line) => line.includes(`::${account}:`))

async function invitationStatus(arn: string, account: string): Promise<string | undefined> {
  const asked = new GetResourceShareInvitationsCommand({ resourceShareInvitationArns: [arn] })
  return (await new RAMClient(as(account)).send(asked)).resourceShareInvitations?.[0]?.status
}

async function move(AccountId: string, SourceParentId: string, DestinationParentId: string): Promise<void> {
  const moved = new MoveAccountCommand({ AccountId, SourceParentId, DestinationParentId })
  await new OrganizationsClient(as(manager)).send(moved)
}

test('offers to every account, in each region, all end rightly', async () => {
  const accounts = [hub, plant, office, shop, manager]
  const made = await Promise.all(
    accounts.flatMap((account, index) => [
      ...[home, abroad].map(async (region, which) => {
        const accepted = (index + which) % 2 === 0
        const id = accepted ? 'partner-shares-subnets' : 'stranger-shares-resolver-rule'
        return [await make(id, account, region), account, region, accepted ? 'ACCEPTED' : 'REJECTED'] as const
      }),
      (async () => [await make('partner-requests-administrator', account), account, home, 'REJECTED'] as const)(),
    ]),
  )
  // AWS tells nobody of these.
  const silent = await Promise.all(
    accounts.map(async (account, index) => {
      const region = index % 2 === 0 ? abroad : home
      return [await make('partner-transfers-certificate', account, region), account, region, 'ACCEPTED'] as const
    }),
  )
  await started.control.sweep()

  const all = [...made, ...silent]
  const ended = await Promise.all(
    all.map(async ([awsId]) => {
      const offer = await offerOf(awsId)
      return [awsId, offer?.account, offer?.region, offer?.outcome]
    }),
  )
  expect(ended).toEqual(all)
  expect(started.run.authority.refused()).toEqual([])
})

test('every account, region and kind is swept', async () => {
  const places = await offers.places()
  const regionsOf = (kind: string): string[] => (kind === 'iam-delegation' ? [home] : [home, abroad])
  const expected = [hub, plant, office, shop, manager].flatMap((account) =>
    kindNames().flatMap((kind) => regionsOf(kind).map((region) => `${account} ${region} ${kind}`)),
  )
  expect(places.map(({ account, region, kind }) => `${account} ${region} ${kind}`).sort()).toEqual(expected.sort())
  for (const { completeAt, lastFailure } of places)
    expect({ completeAt, lastFailure }).toEqual({ completeAt: expect.any(String), lastFailure: undefined })
})

test('an event of a member comes through its own rule and the bus of the hub', async () => {
  const needed = await rightsFor('an event', () => make('stranger-shares-resolver-rule', plant, abroad))
  expect(needed).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/ForwardForwarder\S* events:PutEvents$/),
      expect.stringMatching(/^HubBus\S+ events:PutEvents$/),
      expect.stringMatching(/ sqs:ReceiveMessage$/),
    ]),
  )
})

test('a member whose role is gone holds up nobody else', async () => {
  await new IAMClient(as(`${shop}.break-glass`)).send(new DeleteRoleCommand({ RoleName: 'gatehouse-reader' }))
  const lost = await make('partner-shares-subnets', shop)
  const fine = await make('partner-shares-subnets', office)
  await started.control.sweep()

  expect((await offerOf(fine))?.outcome).toBe('ACCEPTED')
  expect(await offerOf(lost)).toBeUndefined()
  expect(refusedOf(shop).length).toBeGreaterThan(0)
  for (const line of refusedOf(shop)) expect(line).toContain('assumed-role/gatehouse-reader/')
  const failing = (await offers.places()).filter(isFailing)
  expect(new Set(failing.map(({ account }) => account))).toEqual(new Set([shop]))
  for (const { lastFailure } of failing) expect(lastFailure?.error).toMatch(/^AccessRefused: /)
})

describe('who is hostile', () => {
  interface Forged {
    by: string
    entry?: Partial<PutEventsRequestEntry>
    code?: string
  }
  const put = async (by: string, entry: Forged['entry']): Promise<string | undefined> => {
    const about = { event: 'Resource Share Invitation', status: 'pending', recipientAccountId: plant }
    const whole = { Source: 'aws.ram', DetailType: 'Resource Sharing State Change', Detail: JSON.stringify(about) }
    const entries = new PutEventsCommand({ Entries: [{ ...whole, EventBusName: hubBus, ...entry }] })
    return await new EventBridgeClient(as(by)).send(entries).then(
      ({ Entries }) => Entries?.[0]?.ErrorCode,
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    )
  }

  test.each<[string, Forged]>([
    ['a member forges an event of AWS', { by: office, code: 'NotAuthorizedForSourceException' }],
    ['a member puts one of its own, about another account', { by: office, entry: { Source: 'my.ram' } }],
    [
      'a member puts it on the default bus of the hub',
      {
        by: office,
        entry: { EventBusName: hubBus.replace('gatehouse-hub', 'default') },
        code: 'AccessDeniedException',
      },
    ],
    ['a stranger puts anything', { by: stranger, entry: { Source: 'my.ram' }, code: 'AccessDeniedException' }],
  ])('costs nothing when %s', async (_name, { by, entry, code }) => {
    const needed = await rightsFor(`forged by ${by}: ${String(code)}`, async () => {
      expect(await put(by, entry)).toBe(code)
    })
    // The bus takes what a member may put, and no rule listens to it.
    expect(needed.filter((right) => !/^HubBus\S* events:PutEvents$/.test(right))).toEqual([])
  })

  test.each<[string, string, string]>([
    ['a member', office, `arn:aws:iam::${plant}:role/gatehouse-acceptor`],
    ['a stranger', stranger, `arn:aws:iam::${plant}:role/gatehouse-reader`],
    ['the account itself', plant, `arn:aws:iam::${plant}:role/gatehouse-acceptor`],
    ['a member', office, `arn:aws:iam::${hub}:role/gatehouse-hub-scan`],
  ])('%s gets no role of Gatehouse: %s, %s', async (_who, by, RoleArn) => {
    const session = { RoleArn, RoleSessionName: 'test', ExternalId: 'gatehouse' }
    await expect(new STSClient(as(by)).send(new AssumeRoleCommand(session))).rejects.toMatchObject({
      name: 'AccessDenied',
    })
  })
})

test("with the service control policy nobody answers a member's offers by hand but who breaks the glass", async () => {
  const resourceShareInvitationArn = await make('stranger-shares-subnet', office)
  const accept = async (by: string): Promise<unknown> =>
    await new RAMClient(as(by)).send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }))
  const denied = { name: 'AccessDeniedException', message: expect.stringContaining('service control policy') }
  await expect(accept(office)).rejects.toMatchObject(denied)
  await expect(accept(`${office}.OfferApprover`)).rejects.toMatchObject(denied)
  const deletes = new DeleteRoleCommand({ RoleName: 'gatehouse-acceptor' })
  await expect(new IAMClient(as(office)).send(deletes)).rejects.toMatchObject({ name: 'AccessDenied' })
  await accept(`${office}.break-glass`)
  expect(await invitationStatus(resourceShareInvitationArn, office)).toBe('ACCEPTED')
})

test('an account that closes is skipped, and so is one that is moved out; who comes back is found', async () => {
  await new OrganizationsClient(as(manager)).send(new CloseAccountCommand({ AccountId: plant }))
  await move(office, below, 'r-root')
  const { targets } = await started.control.sweep()
  const before = started.run.authority.refused().length
  const [toClosed, toMoved] = [
    await make('partner-shares-subnets', plant),
    await make('partner-shares-subnets', office),
  ]
  await started.control.sweep()

  expect([await invitationStatus(toClosed, plant), await invitationStatus(toMoved, office)]).toEqual([
    'PENDING',
    'PENDING',
  ])
  const refused = started.run.authority.refused().slice(before)
  expect(refused.filter((line) => line.includes('gatehouse-hub-') || line.includes('gatehouse-reader'))).toEqual([])

  await move(office, 'r-root', below)
  expect((await started.control.sweep()).targets).toBeGreaterThan(targets)
  expect((await offerOf(toMoved))?.outcome).toBe('ACCEPTED')
  expect(await offerOf(toClosed)).toBeUndefined()
})
