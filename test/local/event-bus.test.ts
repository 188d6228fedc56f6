import type { RuleSpec, RuleTarget } from '../../local/assembly/specs.ts'
import { accountIn, type Deployed } from '../../local/deployments.ts'
import { createEventBuses } from '../../local/event-bus.ts'
import { targetInput } from '../../local/event-input.ts'
import type { BusEvent } from '../../local/aws/service.ts'
import { NotAuthorized } from '../../local/iam/refusal.ts'

const hub = '111111111111'
const member = '222222222222'
const busOf = (account: string, name = 'default', region = 'us-east-1'): string =>
  `arn:aws:events:${region}:${account}:event-bus/${name}`

const event: BusEvent = {
  source: 'aws.ram',
  'detail-type': 'Resource Sharing State Change',
  account: hub,
  region: 'us-east-1',
  time: '2026-11-20T12:00:00Z',
  resources: ['arn:aws:ram:us-east-1:444455556666:resource-share/a'],
  detail: { event: 'Resource Share', name: 'say "hi"', count: 2 },
}

function rule(busArn: string, target: RuleTarget, pattern: unknown = { source: ['aws.ram'] }): RuleSpec {
  return { id: 'Rule', arn: `${busArn.replace('event-bus/', 'rule/')}-rule`, busArn, pattern, targets: [target] }
}

/** Buses with these rules; what is delivered, and what the forwarding roles were asked. */
function busesWith(rules: readonly RuleSpec[], { mayForward = true } = {}) {
  const delivered: [string, unknown][] = []
  const asked: unknown[] = []
  const accounts = [...new Set([hub, ...rules.map(({ busArn }) => accountIn(busArn)!)])]
  const buses = createEventBuses({
    deployments: {
      accounts: () => accounts,
      in: (account) => {
        const own = rules.filter(({ busArn }) => accountIn(busArn) === account)
        const custom = [{ id: 'Bus', name: 'gatehouse-hub', arn: busOf(hub, 'gatehouse-hub') }]
        return { rules: own, buses: account === hub ? custom : [] } as unknown as Deployed
      },
    },
    authority: {
      checkTrust: (trust) => asked.push(trust),
      checkService: (act) => {
        asked.push(act)
        if (!mayForward) throw new NotAuthorized('no')
      },
    },
    deliver: ({ targetArn, body }) => delivered.push([targetArn, JSON.parse(body)]),
  })
  return { buses, delivered, asked }
}

describe('a default bus', () => {
  test('passes a matching event whole to the target of its rule', () => {
    const { buses, delivered } = busesWith([rule(busOf(hub), { arn: 'arn:queue' })])
    buses.raise(event)
    expect(delivered).toEqual([['arn:queue', { version: '0', id: expect.any(String), ...event }]])
  })

  test.each<[string, Partial<BusEvent>]>([
    ['another source', { source: 'aws.iot' }],
    ['another account', { account: member }],
    ['another region', { region: 'eu-west-1' }],
  ])('passes nothing on of %s', (_name, other) => {
    const { buses, delivered } = busesWith([rule(busOf(hub), { arn: 'arn:queue' })])
    buses.raise({ ...event, ...other })
    expect(delivered).toEqual([])
  })

  test.each<[string, unknown, RuleTarget]>([
    ['a pattern that it cannot run', { source: [{ fuzzy: 1 }] }, { arn: 'arn:queue' }],
    ['a changed event for another bus', { source: ['a'] }, { arn: busOf(hub, 'gatehouse-hub'), input: '{}' }],
  ])('refuses %s, naming the rule', (_name, pattern, target) => {
    expect(() => busesWith([rule(busOf(hub), target, pattern)])).toThrow('Rule: ')
  })
})

describe('another bus as target', () => {
  const hubBus = busOf(hub, 'gatehouse-hub')
  const roleArn = `arn:aws:iam::${member}:role/gatehouse-forwarder-us-east-1`
  const forwarding = rule(busOf(member), { arn: hubBus, roleArn, deadLetterArn: 'arn:dead' })
  const ofMember = { ...event, account: member }

  test('gets the event as it was, under the role of the target', () => {
    const { buses, delivered, asked } = busesWith([forwarding, rule(hubBus, { arn: 'arn:queue' })])
    buses.raise(ofMember)
    expect(delivered).toEqual([['arn:queue', expect.objectContaining(ofMember)]])
    const by = { service: 'events.amazonaws.com', sourceArn: forwarding.arn, roleArn }
    expect(asked).toEqual([by, expect.objectContaining({ ...by, action: 'events:PutEvents', resource: hubBus })])
  })

  test('that refuses it leaves it to the dead letters', () => {
    const { buses, delivered } = busesWith([forwarding, rule(hubBus, { arn: 'arn:queue' })], { mayForward: false })
    buses.raise(ofMember)
    expect(delivered).toEqual([['arn:dead', expect.objectContaining(ofMember)]])
  })

  test('sends nothing on to a third one', () => {
    const third = rule(hubBus, { arn: busOf('333333333333'), roleArn })
    const { buses, delivered } = busesWith([forwarding, third, rule(busOf('333333333333'), { arn: 'arn:queue' })])
    buses.raise(ofMember)
    expect(delivered).toEqual([])
    buses.put(hubBus, ofMember)
    expect(delivered).toHaveLength(1)
  })

  test('is there when it is a default bus, or deployed', () => {
    const { buses } = busesWith([])
    expect([busOf(member), hubBus, busOf(member, 'gatehouse-hub')].map((arn) => buses.exists(arn))).toEqual([
      true,
      true,
      false,
    ])
  })
})

describe('what a target receives', () => {
  test.each<[string, Omit<RuleTarget, 'arn'>, unknown]>([
    ['a constant', { input: '{"kind":"ram-invitation"}' }, { kind: 'ram-invitation' }],
    ['a part', { inputPath: '$.detail.count' }, 2],
    ['a part that is not there', { inputPath: '$.detail.nothing' }, null],
    [
      'a text built from parts',
      {
        transformer: {
          paths: { type: "$['detail-type']", name: '$.detail.name', first: '$.resources[0]', count: '$.detail.count' },
          template: '{"type":<type>,"text":"it says <name>","first":<first>,"count":<count>,"kept":"<unknown>"}',
        },
      },
      {
        type: 'Resource Sharing State Change',
        text: 'it says say "hi"',
        first: 'arn:aws:ram:us-east-1:444455556666:resource-share/a',
        count: 2,
        kept: '<unknown>',
      },
    ],
  ])('is %s', (_name, target, expected) => {
    expect(JSON.parse(targetInput({ arn: 'arn:x', ...target }, event))).toEqual(expected)
  })
})
