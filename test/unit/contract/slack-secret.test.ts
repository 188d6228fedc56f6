import { parseSlackSecret } from '../../../lambda/contract/slack-secret.ts'

const botToken = 'xoxb-1'

test('a secret with a signing secret that anybody could guess is none, and is not quoted', () => {
  for (const signingSecret of ['...', '', 'changeme']) {
    const parse = (): unknown => parseSlackSecret(JSON.stringify({ botToken, signingSecret }))
    expect(parse).toThrow('`signingSecret`')
    expect(parse).not.toThrow(/xoxb|changeme/)
  }
})

test('the signing secret may be left out', () => {
  expect(parseSlackSecret(JSON.stringify({ botToken }))).toEqual({ botToken })
})

test.each(['', 'xoxb-1', '{', '[]', '{"signingSecret":"8f742231b10e8888abcd99yyyzzz85a5"}'])('%j is none', (text) => {
  expect(() => parseSlackSecret(text)).toThrow('expected the secret of Slack')
})
