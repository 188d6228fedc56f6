import { defineConfig, InvalidConfig, type ConfigInput } from '../../lib/config.ts'
import { partnerAccounts } from '../../lib/config/partners.ts'
import { noticesOf } from '../../lib/notices.ts'
import { withSample } from '../../local/sample.ts'

const hub = '111111111111'
const member = '222222222222'
const management = '999999999999'
const root = 'r-ab12'
const unit = 'ou-ab12-c3d4e5f6'
const least: ConfigInput = { account: hub, email: { from: 'gatehouse@example.com' } }

type Organization = NonNullable<ConfigInput['organization']>
const within = (change: object = {}): Organization => ({ id: 'o-a1b2c3d4e5', targets: { ous: [unit] }, ...change })
const targets = (change: object): object => ({ organization: within({ targets: { ous: [unit], ...change } }) })

describe('mistakes name the key', () => {
  test.each<[string, object, RegExp]>([
    ['no id', { organization: { targets: { ous: [root] } } }, /`organization\.id`: expected a string, got nothing/],
    ['a bad id', { organization: { id: 'o-1' } }, /`organization\.id`: expected an organization's id/],
    [
      '`only` without an OU',
      { organization: within({ targets: { only: [member] } }) },
      /`organization\.targets\.ous`: expected an array, got nothing/,
    ],
    ['no OU', targets({ ous: [] }), /`organization\.targets\.ous`: expected at least one root or OU/],
    [
      'an OU twice',
      targets({ ous: [unit, unit] }),
      /`organization\.targets\.ous\.1`: expected a root or an OU named once/,
    ],
    [
      'an OU below a root',
      targets({ ous: [unit, root] }),
      /`organization\.targets\.ous\.0`: expected no OU beside the root/,
    ],
    ['an account twice', targets({ only: [member, member] }), /`organization\.targets\.only\.1`: .* named once/],
    [
      'an account in `only` and `except`',
      targets({ only: [member], except: [member] }),
      /`organization\.targets\.except\.0`: expected an account that is not in `only`/,
    ],
    ['the hub left out', targets({ except: [hub] }), /`organization\.targets\.except\.0`: .* other than the hub/],
    ['the hub in `only`', targets({ only: [hub] }), /`organization\.targets\.only\.0`: .* other than the hub/],
    [
      'the management account left out',
      { organization: within({ targets: { ous: [unit], except: [management] }, managementAccount: management }) },
      /`organization\.targets\.except\.0`: .* other than organization\.managementAccount/,
    ],
    [
      'the management account without targets',
      { organization: { id: 'o-a1b2c3d4e5', managementAccount: management } },
      /`organization\.managementAccount`: expected organization\.targets beside it/,
    ],
    [
      'a delegated administrator that is the management account',
      { organization: within({ managementAccount: hub }) },
      /`organization\.managementAccount`: expected an account other than the hub/,
    ],
    [
      'a management account beside a hub that is it',
      { organization: within({ managementAccount: management, delegatedAdmin: false }) },
      /`organization\.managementAccount`: expected the hub's account/,
    ],
    ['no account for the hub', { account: undefined, organization: within() }, /`account`: expected the hub's account/],
    ['an unknown region', { region: 'eu-west-9' }, /`region`: expected a region of AWS/],
    ['a region of another partition', { region: 'cn-north-1' }, /`region`: expected a region of AWS/],
    [
      'an unknown region among the others',
      { organization: within({ regions: ['us-east-1', 'us-east-9'] }) },
      /`organization\.regions\.1`: expected a region of AWS such as us-east-1, got `"us-east-9"`/,
    ],
    [
      'a region twice',
      { organization: within({ regions: ['us-east-1', 'us-east-1'] }) },
      /`organization\.regions\.1`: expected a region named once/,
    ],
    [
      'a group that nobody is in',
      { groups: { g: { approvers: [] } } },
      /`groups\.g\.approvers`: .* at least one approver/,
    ],
    ['kinds of what is no OU', { kinds: { ous: { ou: [] } } }, /`kinds\.ous\.ou`: expected a root .* or an OU/],
    ['kinds of what is no account', { kinds: { accounts: { a: [] } } }, /`kinds\.accounts\.a`: expected 12 digits/],
    [
      'kinds of an OU without targets',
      { kinds: { ous: { [unit]: [] } } },
      /`kinds\.ous\.ou-ab12-c3d4e5f6`: .* no OU without/,
    ],
    [
      'kinds of a stranger',
      { kinds: { accounts: { [member]: [] } } },
      /`kinds\.accounts\.222222222222`: .* are answered/,
    ],
    [
      'kinds of an account that is left out',
      { ...targets({ except: [member] }), kinds: { accounts: { [member]: [] } } },
      /`kinds\.accounts\.222222222222`: .* are answered/,
    ],
    [
      'a kind twice',
      { kinds: { accounts: { [hub]: ['iot-transfer', 'iot-transfer'] } } },
      /\.1`: expected a kind named once/,
    ],
    [
      'an OU named __proto__',
      { kinds: { ous: JSON.parse('{"__proto__": []}') } },
      /`kinds\.ous`: expected roots and OUs, none of them named `__proto__`/,
    ],
    [
      'an account named __proto__',
      { kinds: { accounts: JSON.parse('{"__proto__": []}') } },
      /`kinds\.accounts`: expected accounts, none of them named `__proto__`/,
    ],
    [
      'an end that is no date',
      { partners: { p: { accounts: [member], expires: '2027-02-30' } } },
      /`partners\.p\.expires`: expected a date such as/,
    ],
  ])('%s', (_, change, message) => {
    const define = (): unknown => defineConfig({ ...least, ...change })
    expect(define).toThrow(InvalidConfig)
    expect(define).toThrow(message)
  })

  test.each<[string, object]>([
    ['some accounts', targets({ only: [member] })],
    ['all but some', targets({ except: [member] })],
    ['the management account besides', { organization: within({ managementAccount: management }) }],
    [
      'a hub that is the management account',
      { organization: within({ delegatedAdmin: false, managementAccount: hub }) },
    ],
    ['kinds of a member', { organization: within(), kinds: { accounts: { [member]: [] }, ous: { [unit]: [] } } }],
    ['kinds of the hub alone', { kinds: { accounts: { [hub]: ['iot-transfer'] } } }],
  ])('%s fit', (_, change) => {
    expect(() => defineConfig({ ...least, ...change })).not.toThrow()
  })
})

describe('partners whose time is over', () => {
  const config = defineConfig({
    ...least,
    partners: {
      old: { accounts: ['444455556666'], owner: 'Ada', expires: '2026-11-20' },
      last: { accounts: ['555566667777'], expires: '2026-11-21' },
      lasting: { accounts: ['666677778888'] },
    },
  })

  test('get no right to have their offers accepted, from the day after the last', () => {
    expect(partnerAccounts(config.partners, '2026-11-21')).toEqual(['555566667777', '666677778888'])
    expect(partnerAccounts(config.partners, '2026-11-20')).toHaveLength(3)
  })

  test('are told of', () => {
    expect(noticesOf(config, '2026-11-21')).toEqual([expect.stringMatching(/^partners\.old expired on 2026-11-20: /)])
    expect(noticesOf(config, '2026-11-20')).toEqual([])
  })

  test('keep owner and end in the sample', () => {
    expect(withSample(config).partners).toMatchObject({
      old: { accounts: ['444455556666'], owner: 'Ada', expires: '2026-11-20' },
    })
  })
})

test('targets without us-east-1 are told of: what speaks or is there only', () => {
  const told = (kinds: Parameters<typeof defineConfig>[0]['kinds']): string[] =>
    noticesOf(defineConfig({ ...least, kinds, organization: within({ regions: ['eu-west-1'] }) }), '2026-11-21')
  const delegations = expect.stringMatching(/^eu-west-1 without us-east-1: .* by sweep only/)
  const shares = expect.stringMatching(/^eu-west-1 without us-east-1: .* never found/)
  expect(told({})).toEqual([delegations, shares])
  expect(told({ default: ['iam-delegation'] })).toEqual([delegations])
  expect(told({ default: ['iot-transfer'] })).toEqual([])
})
