import { DescribeCertificateCommand } from '@aws-sdk/client-iot'
import type { Settings } from '../../lambda/contract/settings.ts'
import { offerIdOf } from '../../lambda/domain/offer.ts'
import type { OfferState } from '../../lambda/domain/state.ts'
import { createPolicyEngine } from '../../lambda/policy/cedar-engine.ts'
import type { PolicyEngine } from '../../lambda/policy/engine.ts'
import { loadPolicySet } from '../../lambda/policy/load.ts'
import { validatePolicySet } from '../../lambda/policy/validate.ts'
import { partner, us } from '../support/kinds.ts'
import { startKindWorld, transfer, type KindWorld } from '../support/kind-world.ts'
import { createNearTable, type TestTable } from '../support/table.ts'
import { testSettings, World } from '../support/world.ts'

let table: TestTable
let kinds: KindWorld
let world: World | undefined

beforeAll(async () => {
  table = await createNearTable()
  kinds = await startKindWorld()
})
afterEach(() => world?.close())
afterAll(async () => {
  await table.close()
  await kinds.close()
})

const group = { approvers: ['alice', 'bob'], quorum: 1 }
const review = '@id("review") @reason("r") permit (principal, action == Action::"review", resource);'
const accept = '@id("accept") @reason("r") permit (principal, action == Action::"accept", resource);'
const forbid = '@id("forbid") @reason("r") forbid (principal, action == Action::"activate", resource);'
const permit = '@id("permit") @reason("r") permit (principal, action == Action::"activate", resource);'

function engineOf(texts: string[], settings: Settings): PolicyEngine {
  const { schema } = loadPolicySet('policies')
  return createPolicyEngine(
    validatePolicySet({ schema, files: [{ file: 'a.cedar', text: texts.join('\n') }] }, settings),
    settings,
  )
}

/** An offered certificate, found and judged by real policies. */
async function found(texts: string[], setAsActive: boolean): Promise<{ certificateId: string; id: string }> {
  const settings = testSettings({ setAsActive, groups: { people: group }, partners: { network: [partner] } })
  const policy = engineOf(texts, settings)
  world = new World({ table, account: us, open: (target) => kinds.open(target.kind, { target }), settings, policy })
  const certificateId = await transfer(kinds)
  const kind = await kinds.open('iot-transfer')
  const ref = await kind.locate(certificateId)
  await world.scan({ ...world.target('iot-transfer'), awsId: certificateId })
  return { certificateId, id: offerIdOf(ref!) }
}

/** Votes as every channel records them, and has them counted. */
async function accepts(id: string, active: boolean | undefined): Promise<OfferState> {
  await world!.ledger.record(id, (state) => ({
    type: 'voted',
    actor: 'approver:alice',
    run: state!.run,
    round: state!.round!.number,
    factsHash: state!.round!.factsHash,
    step: 'voted:alice:1',
    data: {
      ...{ approver: 'alice', choice: 'accept', comment: '', assurance: 'link holder' },
      ...(active === undefined ? {} : { active }),
    },
  }))
  await world!.scan({ offerId: id })
  return await world!.state(id)
}

async function statusOf(certificateId: string): Promise<string | undefined> {
  const read = new DescribeCertificateCommand({ certificateId })
  return (await kinds.iot(us).send(read)).certificateDescription?.status
}

describe('people choose', () => {
  test.each([
    { name: 'active, which policy permits', policies: [permit], configured: false, active: true, status: 'ACTIVE' },
    { name: 'active, which is configured', policies: [], configured: true, active: true, status: 'ACTIVE' },
    { name: 'inactive, though configured', policies: [], configured: true, active: false, status: 'INACTIVE' },
    { name: 'nothing, though configured', policies: [], configured: true, active: undefined, status: 'INACTIVE' },
    { name: 'active, which nobody lets them', policies: [], configured: false, active: true, status: 'INACTIVE' },
    { name: 'active, which policy forbids', policies: [forbid], configured: true, active: true, status: 'INACTIVE' },
  ])('$name: $status', async ({ policies, configured, active, status }) => {
    const { certificateId, id } = await found([review, ...policies], configured)
    const mayActivate = policies.length === 0 ? configured : policies[0] === permit
    expect((await world!.state(id)).round?.judged).toMatchObject({ verdict: 'review', mayActivate })
    const state = await accepts(id, active)
    expect(state.closed?.outcome).toBe('ACCEPTED')
    expect(state.round?.approved).toMatchObject({ allowed: true, setAsActive: status === 'ACTIVE' })
    expect(await statusOf(certificateId)).toBe(status)
  })

  test('what they may choose is judged again before the accept', async () => {
    const { certificateId, id } = await found([review, permit], false)
    world!.policy = engineOf([review, permit, forbid], world!.settings)
    expect((await accepts(id, true)).closed?.outcome).toBe('ACCEPTED')
    expect(await statusOf(certificateId)).toBe('INACTIVE')
  })
})

describe('policy accepts', () => {
  test.each([
    { name: 'configured', policies: [], configured: true, status: 'ACTIVE' },
    {
      name: 'not configured, though people might choose it',
      policies: [permit],
      configured: false,
      status: 'INACTIVE',
    },
    { name: 'configured and forbidden', policies: [forbid], configured: true, status: 'INACTIVE' },
  ])('$name: $status', async ({ policies, configured, status }) => {
    const { certificateId, id } = await found([accept, ...policies], configured)
    expect((await world!.state(id)).closed?.outcome).toBe('ACCEPTED')
    expect(await statusOf(certificateId)).toBe(status)
  })
})
