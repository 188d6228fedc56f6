import { compilePattern, PatternError } from '../../../local/aws/pattern.ts'

const event = {
  source: 'aws.ram',
  'detail-type': 'Resource Sharing State Change',
  account: '111111111111',
  resources: ['arn:aws:ram:us-east-1:444455556666:resource-share/a', 'arn:aws:ram:us-east-1:444455556666:x'],
  detail: {
    event: 'Resource Share Invitation',
    count: 5,
    nothing: null,
    flag: false,
    address: '10.1.2.3',
    address6: '2001:db8::1',
    path: 'a/b/file.PNG',
    empty: [],
    people: [{ name: 'ada', age: 36 }, { name: 'bob' }],
    userIdentity: { sessionContext: { sessionIssuer: { userName: 'gatehouse-rejector' } } },
  },
}

const detail = (pattern: object): object => ({ detail: pattern })

describe('an event pattern', () => {
  test.each<[string, object, boolean]>([
    ['exact', { source: ['aws.ram'] }, true],
    ['exact, one of several', { source: ['aws.iam', 'aws.ram'] }, true],
    ['exact, other', { source: ['aws.iam'] }, false],
    ['exact is case sensitive', { source: ['AWS.RAM'] }, false],
    ['all fields must match', { source: ['aws.ram'], account: ['222222222222'] }, false],
    ['a field of the array', { resources: ['arn:aws:ram:us-east-1:444455556666:x'] }, true],
    ['an absent key', detail({ absent: ['x'] }), false],
    ['a number', detail({ count: [5] }), true],
    ['a number is not its text', detail({ count: ['5'] }), false],
    ['null', detail({ nothing: [null] }), true],
    ['null is not absent', detail({ absent: [null] }), false],
    ['false', detail({ flag: [false] }), true],
    ['prefix', detail({ event: [{ prefix: 'Resource ' }] }), true],
    ['prefix, other', detail({ event: [{ prefix: 'resource ' }] }), false],
    ['prefix without case', detail({ event: [{ prefix: { 'equals-ignore-case': 'RESOURCE ' } }] }), true],
    ['prefix of a number', detail({ count: [{ prefix: '5' }] }), false],
    ['suffix', detail({ path: [{ suffix: '.PNG' }] }), true],
    ['suffix without case', detail({ path: [{ suffix: { 'equals-ignore-case': '.png' } }] }), true],
    ['suffix, other', detail({ path: [{ suffix: '.png' }] }), false],
    ['equals-ignore-case', { source: [{ 'equals-ignore-case': 'AWS.Ram' }] }, true],
    ['anything-but, other', { source: [{ 'anything-but': 'aws.iam' }] }, true],
    ['anything-but, same', { source: [{ 'anything-but': 'aws.ram' }] }, false],
    ['anything-but a list', { source: [{ 'anything-but': ['aws.iam', 'aws.ram'] }] }, false],
    ['anything-but a list without it', { source: [{ 'anything-but': ['aws.iam', 'aws.iot'] }] }, true],
    ['anything-but numbers', detail({ count: [{ 'anything-but': [4, 6] }] }), true],
    ['anything-but prefix', { source: [{ 'anything-but': { prefix: 'aws.' } }] }, false],
    ['anything-but prefixes', { source: [{ 'anything-but': { prefix: ['iot', 'iam'] } }] }, true],
    ['anything-but suffix', { source: [{ 'anything-but': { suffix: '.ram' } }] }, false],
    ['anything-but without case', { source: [{ 'anything-but': { 'equals-ignore-case': ['AWS.RAM'] } }] }, false],
    ['anything-but wildcard', { source: [{ 'anything-but': { wildcard: 'aws.*' } }] }, false],
    ['anything-but needs the key', detail({ absent: [{ 'anything-but': 'x' }] }), false],
    ['numeric', detail({ count: [{ numeric: ['>', 0, '<=', 5] }] }), true],
    ['numeric, out of range', detail({ count: [{ numeric: ['>', 5] }] }), false],
    ['numeric equals', detail({ count: [{ numeric: ['=', 5] }] }), true],
    ['numeric of text', detail({ address: [{ numeric: ['>', 0] }] }), false],
    ['exists', detail({ flag: [{ exists: true }] }), true],
    ['exists, absent', detail({ absent: [{ exists: true }] }), false],
    ['does not exist', detail({ absent: [{ exists: false }] }), true],
    ['does not exist, in an absent object', detail({ absent: { deeper: [{ exists: false }] } }), true],
    ['does not exist, but does', detail({ flag: [{ exists: false }] }), false],
    ['an empty array has no value', detail({ empty: [{ exists: false }] }), true],
    ['cidr', detail({ address: [{ cidr: '10.0.0.0/8' }] }), true],
    ['cidr, other', detail({ address: [{ cidr: '10.2.0.0/16' }] }), false],
    ['cidr of IPv6', detail({ address6: [{ cidr: '2001:db8::/32' }] }), true],
    ['cidr of other text', detail({ event: [{ cidr: '10.0.0.0/8' }] }), false],
    ['wildcard', detail({ path: [{ wildcard: 'a/*/file.*' }] }), true],
    ['wildcard, dot is a dot', detail({ path: [{ wildcard: 'a/b/file?PNG' }] }), false],
    ['wildcard, escaped star', detail({ path: [{ wildcard: 'a/\\*/file.PNG' }] }), false],
    ['alternatives of different operators', detail({ count: ['x', { numeric: ['<', 9] }] }), true],
    ['$or, one holds', { $or: [{ source: ['aws.iam'] }, { account: ['111111111111'] }] }, true],
    ['$or, none holds', { $or: [{ source: ['aws.iam'] }, { account: ['2'] }] }, false],
    ['$or beside a field', { source: ['aws.iam'], $or: [{ account: ['111111111111'] }] }, false],
    ['$or, nested', detail({ $or: [{ count: [4] }, { flag: [false] }] }), true],
    ['objects in an array', detail({ people: { name: ['bob'] } }), true],
    ['objects in an array, other', detail({ people: { name: ['eve'] } }), false],
    ['a leaf pattern on an object', detail({ userIdentity: [{ exists: true }] }), false],
    [
      'our own roles filtered out',
      detail({
        userIdentity: {
          sessionContext: { sessionIssuer: { userName: [{ 'anything-but': { prefix: 'gatehouse-' } }] } },
        },
      }),
      false,
    ],
  ])('%s', (_name, pattern, expected) => {
    expect(compilePattern(pattern)(event)).toBe(expected)
  })

  test.each<[string, unknown]>([
    ['empty', {}],
    ['a bare value', { source: 'aws.ram' }],
    ['an empty list', { source: [] }],
    ['an unknown operator', { source: [{ fuzzy: 'x' }] }],
    ['two operators at once', { source: [{ prefix: 'a', suffix: 'b' }] }],
    ['exists without a boolean', { source: [{ exists: 'yes' }] }],
    ['a broken numeric', { source: [{ numeric: ['~', 3] }] }],
    ['a broken cidr', { source: [{ cidr: '10.0.0.0' }] }],
  ])('is refused when compiled: %s', (_name, pattern) => {
    expect(() => compilePattern(pattern)).toThrow(PatternError)
  })
})
