import { isSignedBySlack } from '../../../../lambda/web/slack/signature.ts'

/**
 * The first is Slack's published example; the others were made with Python's `hmac` and checked with `openssl dgst`.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
const vectors = [
  {
    name: 'the published one',
    signingSecret: '8f742231b10e8888abcd99yyyzzz85a5',
    timestamp: '1531420618',
    body:
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V' +
      '&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=' +
      '&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN' +
      '&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
    signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  },
  {
    name: 'a form',
    signingSecret: 's3cret',
    timestamp: '1795255200',
    body: 'payload=%7B%22type%22%3A%22view_submission%22%7D',
    signature: 'v0=4f850efba597999f431f14c203a6005e383bd94d0ea61142ebccc89e85bd4524',
  },
  {
    name: 'letters beyond ASCII',
    signingSecret: 's3cret',
    timestamp: '1795255200',
    body: 'payload={"text":"ü €"}',
    signature: 'v0=10d9d1c6b367f2bae3dc122e22835215936b36a3adef61e11e9113d764085251',
  },
  {
    name: 'an empty body',
    signingSecret: 's3cret',
    timestamp: '1795255200',
    body: '',
    signature: 'v0=0c40b6d5eada4987ddcd899451163955da3fd19daa5783080f9579c501f29172',
  },
]

function at(timestamp: string, afterSeconds = 0): Date {
  return new Date((Number(timestamp) + afterSeconds) * 1000)
}

test.each(vectors)('takes $name', ({ signingSecret, timestamp, ...request }) => {
  expect(isSignedBySlack({ ...request, timestamp }, { signingSecret, now: at(timestamp) })).toBe(true)
})

const [, form] = vectors
const { signingSecret, timestamp, body, signature } = form!

test.each([
  ['300 s later', 300, true],
  ['301 s later', 301, false],
  ['300 s earlier', -300, true],
  ['301 s earlier', -301, false],
])('%s', (_name, afterSeconds, isTaken) => {
  const now = at(timestamp, afterSeconds)
  expect(isSignedBySlack({ body, timestamp, signature }, { signingSecret, now })).toBe(isTaken)
})

test.each([
  ['another body', { body: `${body}&x=1` }],
  ['another time', { timestamp: '1795255201' }],
  ['another signature', { signature: signature.replace(/.$/, '5') }],
  ['a signature in capitals', { signature: signature.toUpperCase() }],
  ['a shorter signature', { signature: signature.slice(0, -1) }],
  ['no signature', { signature: '' }],
  ['another version', { signature: signature.replace('v0', 'v1') }],
  ['no time', { timestamp: '' }],
  ['a time that is none', { timestamp: 'NaN' }],
  ['a time with a sign', { timestamp: '+1795255200' }],
])('refuses %s', (_name, change) => {
  const request = { body, timestamp, signature, ...change }
  expect(isSignedBySlack(request, { signingSecret, now: at(timestamp) })).toBe(false)
})

test('refuses another secret', () => {
  expect(isSignedBySlack({ body, timestamp, signature }, { signingSecret: 'other', now: at(timestamp) })).toBe(false)
})
