import { compileCondition } from '../../../local/iam/condition.ts'
import { contextOf, type ContextEntries } from '../../../local/iam/context.ts'

const holds = (operator: string, values: string[], given: string | readonly string[] | undefined): unknown => {
  const key = typeof given === 'object' ? 'aws:TagKeys' : 'sts:ExternalId'
  const tested = compileCondition(operator, key, values).test(contextOf({ [key]: given }))
  return 'unclear' in tested ? tested.unclear : tested.holds
}

describe('a condition on one value', () => {
  test.each<[string, string[], string, boolean]>([
    ['StringEquals', ['gatehouse'], 'gatehouse', true],
    ['StringEquals', ['gatehouse'], 'Gatehouse', false],
    ['StringEquals', ['gate*'], 'gatehouse', false],
    ['StringEquals', ['a', 'b'], 'b', true],
    ['StringNotEquals', ['a', 'b'], 'b', false],
    ['StringNotEquals', ['a', 'b'], 'c', true],
    ['StringEqualsIgnoreCase', ['GATE'], 'gate', true],
    ['StringNotEqualsIgnoreCase', ['GATE'], 'gate', false],
    ['StringLike', ['OFFER#*'], 'OFFER#a', true],
    ['StringLike', ['OFFER#?'], 'OFFER#ab', false],
    ['StringLike', ['OFFER.*'], 'OFFER#a', false],
    ['StringNotLike', ['OFFER#*'], 'OFFER#a', false],
    ['Bool', ['false'], 'true', false],
    ['Bool', ['true'], 'TRUE', true],
    ['ArnEquals', ['arn:aws:iam::111111111111:role/gate*'], 'arn:aws:iam::111111111111:role/gatehouse', true],
    ['ArnLike', ['arn:aws:iam::*:role/x'], 'arn:aws:iam::111111111111:role/x', true],
    ['ArnLike', ['arn:aws:iam:*:role/x'], 'arn:aws:iam::111111111111:role/x', false],
    ['ArnLike', ['arn:aws:states:*:*:stateMachine:*'], 'arn:aws:states:r:1:stateMachine:a:b', true],
    ['ArnNotEquals', ['arn:aws:iam::*:role/x'], 'arn:aws:iam::1:role/x', false],
    ['ArnNotLike', ['arn:aws:iam::*:role/x'], 'arn:aws:iam::1:role/y', true],
    ['Null', ['false'], 'there', true],
    ['Null', ['true'], 'there', false],
    ['StringEqualsIfExists', ['a'], 'b', false],
  ])('%s %j of `%s` is %s', (...[operator, values, given, expected]) => {
    expect(holds(operator, values, given)).toBe(expected)
  })

  test.each<[string, boolean]>([
    ['StringEquals', false],
    ['StringLike', false],
    ['ArnEquals', false],
    ['Bool', false],
    ['StringNotEquals', true],
    ['ArnNotLike', true],
    ['StringEqualsIfExists', true],
    ['ForAllValues:StringLike', true],
    ['ForAnyValue:StringLike', false],
    ['ForAnyValue:StringNotEquals', false],
  ])('%s of a key that the call has not is %s', (operator, expected) => {
    expect(holds(operator, ['a'], undefined)).toBe(expected)
  })

  test('Null asks whether the key is there', () => {
    expect(holds('Null', ['true'], undefined)).toBe(true)
    expect(holds('Null', ['false'], undefined)).toBe(false)
  })
})

describe('a condition on several values', () => {
  test.each<[string, string[], string[], boolean]>([
    ['ForAllValues:StringEquals', ['a', 'b'], ['a'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
    ['ForAllValues:StringLike', ['a*'], ['ab', 'ac'], true],
    ['ForAnyValue:StringEquals', ['a'], ['c', 'a'], true],
    ['ForAnyValue:StringEquals', ['a'], ['c'], false],
    ['ForAnyValue:StringNotEquals', ['a'], ['a'], false],
    ['ForAllValues:StringNotEquals', ['a'], ['b', 'a'], false],
    ['ForAllValues:StringEquals', ['a'], [], true],
  ])('%s %j of %j is %s', (...[operator, values, given, expected]) => {
    expect(holds(operator, values, given)).toBe(expected)
  })

  test('takes a key of one value as a list of one', () => {
    expect(holds('ForAllValues:StringLike', ['a*'], 'ab')).toBe(true)
    expect(holds('ForAnyValue:StringLike', ['a*'], 'b')).toBe(false)
  })

  test('says which values of the policy were met', () => {
    const condition = compileCondition('ForAllValues:StringLike', 'dynamodb:LeadingKeys', ['OFFER#*', 'ASK#*'])
    const tested = condition.test(contextOf({ 'dynamodb:LeadingKeys': ['OFFER#1'] }))
    expect(tested).toEqual({ holds: true, matched: ['OFFER#*'] })
  })
})

test('keys have no case', () => {
  const entries: ContextEntries = { 'aws:requesttag/gatehouse:offer': 'x' }
  const condition = compileCondition('Null', 'aws:RequestTag/gatehouse:offer', ['false'])
  expect(condition.test(contextOf(entries))).toMatchObject({ holds: true })
})

describe('what cannot be evaluated is named', () => {
  test.each<[string, string, string[], string]>([
    ['DateGreaterThan', 'aws:PrincipalArn', ['2026'], 'the operator DateGreaterThan is not known here'],
    ['NumericEquals', 'aws:PrincipalArn', ['1'], 'the operator NumericEquals'],
    ['constructor', 'aws:PrincipalArn', ['1'], 'the operator constructor'],
    ['NullIfExists', 'aws:PrincipalArn', ['true'], 'the operator NullIfExists'],
    ['ForAllValues:Null', 'aws:TagKeys', ['true'], 'the operator ForAllValues:Null'],
    ['StringEquals', 'aws:SourceVpc', ['vpc-1'], 'the key aws:SourceVpc is not known here'],
    ['StringEquals', 'aws:PrincipalArn', ['${aws:username}'], 'hold a policy variable'],
    ['StringEquals', 'aws:TagKeys', ['a'], 'has several values'],
  ])('%s %s %j', (...[operator, key, values, why]) => {
    const tested = compileCondition(operator, key, values).test(contextOf({ 'aws:TagKeys': ['a'] }))
    expect(tested).toEqual({ unclear: expect.stringContaining(why) })
  })
})
