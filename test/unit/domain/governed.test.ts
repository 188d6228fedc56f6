import {
  censusLifeMs,
  governedKinds,
  governedTargets,
  governs,
  needsCensus,
  type CensusEntry,
  type Governance,
} from '../../../lambda/domain/governed.ts'
import { kindNames } from '../../../lambda/domain/kinds.ts'
import type { OfferKind } from '../../../lambda/domain/offer.ts'

const hub = '111111111111'
const member = '222222222222'
const management = '999999999999'
const [root, workloads, prod] = ['r-ab12', 'ou-ab12-workloads', 'ou-ab12-prod0001']
const now = new Date('2026-11-20T12:00:00Z')
const censusAt = '2026-11-20T11:50:00.000Z'

type Targets = NonNullable<Governance['targets']>

function rules(targets: Partial<Targets> | null = {}, kinds: Partial<Governance['kinds']> = {}): Governance {
  return {
    hubAccount: hub,
    hubRegion: 'us-east-1',
    globalKinds: ['iam-delegation'],
    targets: targets && {
      ous: [workloads],
      only: null,
      except: [],
      regions: ['eu-west-1', 'eu-central-1'],
      managementAccount: null,
      ...targets,
    },
    kinds: { default: kindNames(), ous: {}, accounts: {}, ...kinds },
  }
}

function entryOf(account = member, path = [prod, workloads, root]): CensusEntry {
  return { account, name: `account ${account}`, path, since: '2026-11-01T00:00:00.000Z' }
}

interface Asked {
  account?: string
  entry?: CensusEntry
  expected: boolean
}

describe('which accounts are governed', () => {
  const named = rules({ managementAccount: management })
  const atRoot = entryOf(management, [root])

  test.each<[string, Governance, Asked]>([
    ['the hub, without an organization', rules(null), { account: hub, expected: true }],
    ['the hub, wherever it is', rules(), { entry: entryOf(hub, [root]), expected: true }],
    ['the hub, though not targeted', rules({ except: [hub], only: [member] }), { account: hub, expected: true }],
    ['nobody else without an organization', rules(null), { entry: entryOf(), expected: false }],
    ['an account below a target', rules(), { entry: entryOf(), expected: true }],
    ['an account below the root', rules({ ous: [root] }), { entry: entryOf(), expected: true }],
    ['not one that the census does not have', rules(), { account: member, expected: false }],
    ['not by the entry of another', rules(), { account: member, entry: entryOf('333333333333'), expected: false }],
    ['not one outside the targets', rules({ ous: ['ou-ab12-other001'] }), { entry: entryOf(), expected: false }],
    ['one that `only` names', rules({ only: [member] }), { entry: entryOf(), expected: true }],
    ['not one that `only` leaves out', rules({ only: ['333333333333'] }), { entry: entryOf(), expected: false }],
    ['not one that `except` names', rules({ except: [member] }), { entry: entryOf(), expected: false }],
    ['the management account, where it is named', named, { entry: atRoot, expected: true }],
    ['but not without the census', named, { account: management, expected: false }],
    ['and not unnamed', rules(), { entry: atRoot, expected: false }],
    [
      '`except` goes before its name',
      rules({ managementAccount: management, except: [management] }),
      { entry: atRoot, expected: false },
    ],
  ])('%s', (_what, given, { entry, account = entry?.account ?? '', expected }) => {
    expect(governedKinds(given, account, entry)).toEqual(expected ? kindNames() : [])
  })
})

describe('which kinds', () => {
  const ram: OfferKind[] = ['ram-invitation']
  const iot: OfferKind[] = ['iot-transfer']

  test.each<[string, Partial<Governance['kinds']>, readonly OfferKind[]]>([
    ['by default', { default: ram }, ram],
    ['of an OU above', { default: ram, ous: { [workloads]: iot } }, iot],
    ['of the nearest OU', { ous: { [workloads]: ram, [root]: ram, [prod]: iot } }, iot],
    ['of the account before all OUs', { ous: { [prod]: ram }, accounts: { [member]: iot } }, iot],
    ['none where the list is empty', { accounts: { [member]: [] } }, []],
    ['of another OU not at all', { default: ram, ous: { 'ou-ab12-other001': iot } }, ram],
  ])('%s', (_what, kinds, expected) => {
    expect(governedKinds(rules({}, kinds), member, entryOf())).toEqual(expected)
  })

  test('are none in the hub while it is not known which OU it is in, and OUs have kinds of their own', () => {
    expect(governedKinds(rules({}, { ous: { [prod]: iot } }), hub)).toEqual([])
    expect(governedKinds(rules({}, { ous: { [prod]: iot }, accounts: { [hub]: ram } }), hub)).toEqual(ram)
  })

  test('are not taken from the prototype of a record', () => {
    expect(governedKinds(rules(), member, entryOf(member, ['constructor', workloads]))).toEqual(kindNames())
  })
})

describe('which places', () => {
  const target = { kind: 'ram-invitation', account: member, region: 'eu-west-1' } as const
  const sight = { entry: entryOf(), censusAt, now }

  test('are the configured regions, and the hub region where there is no organization', () => {
    expect(governs(rules(), target, sight)).toBe(true)
    expect(governs(rules(), { ...target, region: 'us-east-1' }, sight)).toBe(false)
    expect(governs(rules(null), { ...target, account: hub, region: 'us-east-1' }, { now })).toBe(true)
    expect(governs(rules(null), { ...target, account: hub }, { now })).toBe(false)
  })

  test('are us-east-1 and no other for a kind that is global', () => {
    const delegation = { ...target, kind: 'iam-delegation' } as const
    expect(governs(rules(), { ...delegation, region: 'us-east-1' }, sight)).toBe(true)
    expect(governs(rules(), delegation, sight)).toBe(false)
  })

  test('are those of the hub only, once the census is a day old or was never taken', () => {
    const old = new Date(now.getTime() - censusLifeMs).toISOString()
    expect(governs(rules(), target, { ...sight, censusAt: old })).toBe(false)
    expect(governs(rules(), target, { entry: entryOf(), now })).toBe(false)
    expect(governs(rules(), { ...target, account: hub }, { censusAt: old, now })).toBe(true)
  })

  test('of all accounts together are those that each is asked about', () => {
    const given = rules({}, { accounts: { [member]: ['ram-invitation', 'iam-delegation'], [hub]: ['iot-transfer'] } })
    const census = { at: censusAt, entries: [entryOf(), entryOf('333333333333', [root])] }
    expect(governedTargets(given, census, now)).toEqual([
      { kind: 'iot-transfer', account: hub, region: 'eu-west-1' },
      { kind: 'iot-transfer', account: hub, region: 'eu-central-1' },
      { kind: 'ram-invitation', account: member, region: 'eu-west-1' },
      { kind: 'ram-invitation', account: member, region: 'eu-central-1' },
      { kind: 'iam-delegation', account: member, region: 'us-east-1' },
    ])
    expect(governedTargets(given, { ...census, at: '2026-11-19T11:00:00.000Z' }, now)).toHaveLength(2)
    expect(governedTargets(rules(null), undefined, now)).toHaveLength(5)
  })
})

test('the organization is listed only where something depends on it', () => {
  expect(needsCensus(rules(null))).toBe(false)
  expect(needsCensus(rules({ ous: [] }))).toBe(false)
  expect(needsCensus(rules())).toBe(true)
  expect(needsCensus(rules({ ous: [], managementAccount: management }))).toBe(true)
  expect(needsCensus(rules({ ous: [] }, { ous: { [prod]: [] } }))).toBe(true)
})
