import { defineConfig, InvalidConfig, toSettings, type ConfigInput } from '../../lib/config.ts'
import { settingsSchema } from '../../lambda/contract/settings.ts'
import { config as example } from '../../gatehouse.config.ts'
import { withSample } from '../../local/sample.ts'

const least: ConfigInput = { email: { from: 'gatehouse@example.com' } }

describe('defaults', () => {
  test('only the sender address has to be given; Gatehouse then only observes', () => {
    expect(defineConfig(least)).toMatchObject({
      region: 'us-east-1',
      mode: 'observe',
      sweepEvery: '15 minutes',
      groups: {},
      partners: {},
      deadline: {
        iotWindow: '7 days',
        margin: '1 hour',
        default: {
          'ram-invitation': 'reject',
          'iot-transfer': 'reject',
          'iam-delegation': 'reject',
          'iot-outgoing': 'leave',
        },
      },
      iot: { setAsActive: false },
      iam: { strategy: 'console' },
    })
    expect(defineConfig(least).ram.sevenDayTypes).toContain('ec2:Subnet')
  })

  test('a checked configuration can be checked again unchanged', () => {
    const once = defineConfig(least)
    expect(defineConfig(once)).toEqual(once)
  })

  test('one default may be set without the others', () => {
    const { deadline } = defineConfig({ ...least, deadline: { default: { 'iot-transfer': 'leave' } } })
    expect(deadline.default).toMatchObject({ 'iot-transfer': 'leave', 'ram-invitation': 'reject' })
  })

  test('the example at the root observes', () => {
    expect(example.mode).toBe('observe')
  })
})

describe('errors name the key, what was expected and what was found', () => {
  test.each<[string, object, RegExp]>([
    ['an unknown key', { colour: 'red' }, /`colour`: expected a known key/],
    ['an unknown key inside', { deadline: { iotWindw: '7 days' } }, /`deadline\.iotWindw`: expected a known key/],
    ['a bad value', { mode: 'on' }, /`mode`: expected 'observe' or 'enforce', got `"on"`/],
    ['a wrong type', { iot: { setAsActive: 'yes' } }, /`iot\.setAsActive`: expected a boolean, got `"yes"`/],
    ['an account of 11 digits', { account: '12345678901' }, /`account`: expected 12 digits, got `"12345678901"`/],
    ['a short duration form', { sweepEvery: '15m' }, /`sweepEvery`: expected a duration .*, got `"15m"`/],
    ['a duration with a fraction', { sweepEvery: '1.5 hours' }, /`sweepEvery`: expected a duration/],
    ['a sweep too rare for a RAM invitation', { sweepEvery: '7 hours' }, /`sweepEvery`: .* 1 minute to 6 hours/],
    ['a margin that leaves no time', { deadline: { margin: '12 hours' } }, /`deadline\.margin`: .* 0 to 11 hours/],
    [
      'a bad address',
      { groups: { g: { approvers: [{ id: 'a', email: 'x' }] } } },
      /`groups\.g\.approvers\.0\.email`: expected an e-mail address/,
    ],
    ['an untried strategy', { iam: { strategy: 'role' } }, /`iam\.strategy`: expected 'console', got `"role"`/],
    [
      'the same approver twice',
      {
        groups: {
          g: {
            approvers: [
              { id: 'alice', email: 'alice@example.com' },
              { id: 'alice', email: 'other@example.com' },
            ],
          },
        },
      },
      /`groups\.g\.approvers\.1\.id`: expected an id that no other approver has, got `"alice"`/,
    ],
    [
      'two approvers whose ids differ in case only',
      {
        groups: {
          g: {
            approvers: [
              { id: 'alice', email: 'alice@example.com' },
              { id: 'Alice', email: 'other@example.com' },
            ],
          },
        },
      },
      /`groups\.g\.approvers\.1\.id`: expected an id that no other approver has, got `"Alice"`/,
    ],
    [
      'one mailbox that would vote twice',
      {
        groups: {
          g: {
            approvers: [
              { id: 'alice', email: 'alice@example.com' },
              { id: 'bob', email: 'Alice@Example.com' },
            ],
          },
        },
      },
      /`groups\.g\.approvers\.1\.email`: expected an e-mail that no other approver has, got `"Alice@Example\.com"`/,
    ],
    ...['constructor', 'prototype', 'toString'].map((name): [string, object, RegExp] => [
      `a group named ${name}`,
      { partners: { [name]: { accounts: ['444455556666'] } } },
      new RegExp(`\`partners\\.${name}\`: expected a name that JavaScript does not use itself`),
    ]),
    [
      'a group named __proto__',
      { partners: JSON.parse('{"__proto__": {"accounts": ["444455556666"]}}') },
      /`partners`: expected groups, none of them named `__proto__`/,
    ],
    [
      'a group named __proto__ in a literal',
      { partners: { __proto__: { accounts: ['444455556666'] } } },
      /`partners`: expected groups, none of them named `__proto__`/,
    ],
    [
      'an account in two groups',
      { partners: { a: { accounts: ['444455556666'] }, b: { accounts: ['444455556666'] } } },
      /`partners\.b\.accounts\.0`: expected an account named once .*`a`/,
    ],
    [
      'our own account as partner',
      { account: '111111111111', partners: { a: { accounts: ['111111111111'] } } },
      /`partners\.a\.accounts\.0`: expected an account other than our own/,
    ],
    ['nobody to ask', { mode: 'enforce' }, /`groups`: expected at least one group of approvers/],
    [
      'a group with a space',
      { partners: { 'a b': { accounts: ['444455556666'] } } },
      /`partners\.a b`: expected a group/,
    ],
  ])('%s', (_, change, message) => {
    const define = (): unknown => defineConfig({ ...least, ...change })
    expect(define).toThrow(InvalidConfig)
    expect(define).toThrow(message)
  })

  test('every problem is told at once', () => {
    expect(() => defineConfig({ ...least, mode: 'on', region: 5 } as unknown as ConfigInput)).toThrow(/region[^]*mode/)
  })
})

test('settings are what the Lambdas accept, with durations in milliseconds', () => {
  const settings = toSettings(withSample(defineConfig(least)), 'digest')
  expect(settingsSchema.parse(settings)).toEqual(settings)
  expect(settings).toMatchObject({ iotWindowMs: 604_800_000, marginMs: 3_600_000, organizationId: null })
})

describe('the sample', () => {
  const layOver = (partners: NonNullable<ConfigInput['partners']>): unknown =>
    withSample(defineConfig({ ...least, partners })).partners

  test('governs one account that answers, and has people to ask', () => {
    const sample = withSample(defineConfig(least))
    expect(sample).toMatchObject({ account: '111111111111', mode: 'enforce', partners: { partners: {} } })
    expect(sample.groups).not.toEqual({})
  })

  test('keeps every group, and each as large as it is, so that policies can route to them', () => {
    const people = (...ids: string[]): { id: string; email: string }[] =>
      ids.map((id) => ({ id, email: `${id}@example.org` }))
    const groups = {
      leads: { approvers: people('lea', 'alice', 'bob'), quorum: 3 },
      net: { approvers: people('alice') },
    }
    const yours = defineConfig({ ...least, groups, approvals: { defaultGroup: 'leads' } })
    const sample = withSample(yours)
    expect(sample.approvals.defaultGroup).toBe('leads')
    expect(sample.groups.leads?.approvers.map(({ id }) => id)).toEqual(['alice', 'bob', 'lea'])
    expect(sample.groups.leads?.quorum).toBe(3)
    expect(sample.groups.net?.approvers).toEqual([{ id: 'alice', email: 'alice@example.com' }])
  })

  test('has alice and bob alone where one group of one is configured', () => {
    const sample = withSample(example)
    expect(Object.values(sample.groups).map(({ approvers }) => approvers.map(({ id }) => id))).toEqual([
      ['alice', 'bob'],
    ])
  })

  test('leaves the partner in the group where it is, and adds it where it is in none', () => {
    expect(layOver({ mine: { accounts: ['444455556666'] } })).toEqual({ mine: { accounts: ['444455556666'] } })
    expect(layOver({ partners: { accounts: ['222222222222'] } })).toEqual({
      partners: { accounts: ['444455556666', '222222222222'] },
    })
  })

  test('keeps our own account and the stranger out of all groups', () => {
    expect(layOver({ mine: { accounts: ['111111111111', '222222222222', '555566667777'] } })).toEqual({
      mine: { accounts: ['222222222222'] },
      partners: { accounts: ['444455556666'] },
    })
  })
})
