import { offerIdOf } from '../../lambda/domain/offer.ts'
import type { Settings } from '../../lambda/contract/settings.ts'
import { createPolicyEngine } from '../../lambda/policy/cedar-engine.ts'
import { loadPolicySet } from '../../lambda/policy/load.ts'
import { validatePolicySet } from '../../lambda/policy/validate.ts'
import { us } from '../support/kinds.ts'
import { invite, startKindWorld, type KindWorld } from '../support/kind-world.ts'
import { createNearTable, type TestTable } from '../support/table.ts'
import { testSettings, World } from '../support/world.ts'

let table: TestTable
let kinds: KindWorld
let world: World

beforeEach(async () => {
  table = await createNearTable()
  kinds = await startKindWorld()
})
afterEach(async () => {
  world.close()
  await table.close()
  await kinds.close()
})

const people = ['alice', 'bob', 'carol'].map((id) => ({ id, email: `${id}@example.com` }))
const groups = {
  security: { approvers: ['alice'], quorum: 1 },
  network: { approvers: ['bob', 'carol'], quorum: 1 },
}

function policy(id: string, does: string, annotations = ''): string {
  return `@id("${id}") @reason("Because") ${annotations} ${does.replace(' ', ' (principal, action == Action::"')}", resource);`
}

const review = policy('review', 'permit review')
const routed = policy('routed', 'permit review', '@approvers("security, network") @quorum("1")')
const twice = policy('twice', 'permit review', '@approvers("network") @quorum("2")')

/** An invitation that is found and judged by real policies; gives its offer id. */
async function found(texts: string[], overrides: Partial<Settings> = {}): Promise<string> {
  const settings = testSettings({ approvers: people, groups, defaultGroup: 'security', ...overrides })
  const source = { schema: loadPolicySet('policies').schema, files: [{ file: 'a.cedar', text: texts.join('\n') }] }
  const engine = createPolicyEngine(validatePolicySet(source, settings), settings)
  world = new World({
    table,
    account: us,
    open: (target) => kinds.open(target.kind, { target }),
    settings,
    policy: engine,
  })
  const awsId = await invite(kinds)
  await world.scan()
  return offerIdOf({ ...world.target('ram-invitation'), awsId })
}

test('every group that policies name is needed, and the larger quorum of one', async () => {
  const id = await found([review, routed, twice])
  expect((await world.state(id)).round?.judged).toMatchObject({
    verdict: 'review',
    routing: [
      { group: 'network', quorum: 2 },
      { group: 'security', quorum: 1 },
    ],
    approval: { allowed: true, errors: [] },
  })
  for (const approver of ['alice', 'bob']) await world.vote(approver, 'accept')
  expect((await world.state(id)).status).toBe('open')
  await world.vote('carol', 'accept')
  expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
})

test('without a route the default group decides', async () => {
  const id = await found([review])
  expect((await world.state(id)).round?.judged?.routing).toEqual([])
  await world.vote('alice', 'accept')
  expect((await world.state(id)).closed?.outcome).toBe('ACCEPTED')
})

test('an accept that policy may not carry out is routed, too', async () => {
  const id = await found([policy('accept', 'permit accept'), twice], { partners: {} })
  expect((await world.state(id)).round?.judged).toMatchObject({
    verdict: 'review',
    notes: ['outside-auto-accept-bound'],
    routing: [{ group: 'network', quorum: 2 }],
  })
})

test('what people may not accept is known before they are asked', async () => {
  const id = await found([review, policy('never', 'forbid approve')])
  expect((await world.state(id)).round?.judged?.approval).toEqual({
    allowed: false,
    policies: [{ id: 'never', reason: 'Because' }],
    errors: [],
  })
})

test('nobody is routed to what policy decides', async () => {
  const id = await found([policy('reject', 'permit reject'), routed])
  const state = await world.state(id)
  expect(state.closed?.outcome).toBe('REJECTED')
  expect(state.round?.judged).not.toHaveProperty('routing')
  expect(state.round?.judged).not.toHaveProperty('approval')
})
