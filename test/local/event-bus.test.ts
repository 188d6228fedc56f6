import type { RuleTarget } from '../../local/assembly/specs.ts'
import { createEventBus, targetInput } from '../../local/event-bus.ts'
import type { BusEvent } from '../../local/aws/service.ts'

const event: BusEvent = {
  source: 'aws.ram',
  'detail-type': 'Resource Sharing State Change',
  account: '111111111111',
  region: 'us-east-1',
  time: '2026-11-20T12:00:00Z',
  resources: ['arn:aws:ram:us-east-1:444455556666:resource-share/a'],
  detail: { event: 'Resource Share', name: 'say "hi"', count: 2 },
}

describe('the event bus', () => {
  const delivered: [string, string][] = []
  const raise = createEventBus({
    account: '111111111111',
    region: 'us-east-1',
    rules: [{ id: 'Rule', arn: 'arn:rule', pattern: { source: ['aws.ram'] }, targets: [{ arn: 'arn:queue' }] }],
    deliver: ({ targetArn, body }) => delivered.push([targetArn, body]),
  })
  beforeEach(() => {
    delivered.length = 0
  })

  test('passes a matching event whole to the target of its rule', () => {
    raise(event)
    expect(delivered).toHaveLength(1)
    expect(delivered[0]![0]).toBe('arn:queue')
    expect(JSON.parse(delivered[0]![1])).toMatchObject({ version: '0', id: expect.any(String), ...event })
  })

  test.each<[string, Partial<BusEvent>]>([
    ['another source', { source: 'aws.iot' }],
    ['another account', { account: '444455556666' }],
    ['another region', { region: 'eu-west-1' }],
  ])('passes nothing on of %s', (_name, other) => {
    raise({ ...event, ...other })
    expect(delivered).toEqual([])
  })

  test('refuses a pattern that it cannot run, naming the rule', () => {
    const rules = [{ id: 'Odd', arn: 'arn:odd', pattern: { source: [{ fuzzy: 1 }] }, targets: [] }]
    expect(() => createEventBus({ account: '1', region: 'r', rules, deliver: () => undefined })).toThrow('Odd: ')
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
