import { readPolicy, statementsOf } from '../../../lambda/domain/policy-lines.ts'
import { repeatedKeysOf } from '../../../lambda/domain/repeated-keys.ts'

test('a policy is read into parts that can be shown', () => {
  const text = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Sid: 'Logs',
      Effect: 'Allow',
      NotAction: 'iam:*',
      Resource: ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'],
      Condition: { NumericLessThan: { 's3:max-keys': 10 }, StringEquals: { 'aws:x': ['a', 'b'] } },
    },
  })

  expect(readPolicy(text)).toEqual({
    statements: [
      {
        sid: 'Logs',
        effect: 'Allow',
        actions: { but: true, of: ['iam:*'] },
        resources: { but: false, of: ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'] },
        conditions: [
          { operator: 'NumericLessThan', key: 's3:max-keys', values: ['10'] },
          { operator: 'StringEquals', key: 'aws:x', values: ['a', 'b'] },
        ],
        conditionText: '{"NumericLessThan":{"s3:max-keys":10},"StringEquals":{"aws:x":["a","b"]}}',
      },
    ],
  })
})

const statement = '"Effect":"Allow","Action":"s3:GetObject","Resource":"*"'

test.each<[string, string, string[]]>([
  ['a key of a statement', `{"Statement":{"Action":"s3:*",${statement}}}`, ['Action']],
  ['the statement', `{"Statement":{${statement}},"Statement":{${statement}}}`, ['Statement']],
  ['a key under another spelling', `{"Statement":{"\\u0041ction":"*",${statement}}}`, ['Action']],
  ['a key of a condition', `{"Statement":[{${statement},"Condition":{"Bool":{"a:b":"true"},"Bool":{}}}]}`, ['Bool']],
])('what has a key twice is never put into words: %s', (_what, text, repeatedKeys) => {
  expect(readPolicy(text)).toEqual({ unclear: true, repeatedKeys })
  expect(statementsOf(text)).toBeUndefined()
})

test.each([
  ['a key of another spelling beside it', `{"statement":{"Effect":"Allow"},"Statement":{${statement}}}`],
  ['a part without words', `{"Statement":{${statement},"Principal":"*"}}`],
  ['a hidden condition', `{"Statement":{${statement},"Condition":{"__proto__":{"a:b":"c"}}}}`],
  ['lists in lists without end', `{"Statement":${'['.repeat(50_000)}${']'.repeat(50_000)},"\\u0041":1}`],
  ['a hidden condition in disguise', `{"Statement":{${statement},"Condition":{"\\u005f_proto__":{"a:b":"c"}}}}`],
])('nor is %s', (_what, text) => {
  expect(readPolicy(text)).toEqual({ unclear: true, repeatedKeys: [] })
})

test.each(['', 'a text', '[1]', '{"Statement"'])('what is no policy is none: %s', (text) => {
  expect(readPolicy(text)).toBeUndefined()
})

test('the same key in two objects, and strings that look like keys, are no repetition', () => {
  expect(repeatedKeysOf('[{"a":"a"},{"a":{"a":["a","a",{"a":"b\\":"}]}}, {"b":"{\\"b\\":1,\\"b\\":2}"}]')).toEqual([])
})
