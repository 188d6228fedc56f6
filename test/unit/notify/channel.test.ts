import { waysTo } from '../../../lambda/notify/channel.ts'

const alice = { id: 'alice', email: 'alice@example.com' }
const bob = { id: 'bob', email: 'bob@example.com', slackUserId: 'U0BOB' }

test.each([
  { who: alice, hasSlack: true, ways: ['email'] },
  { who: alice, hasSlack: false, ways: ['email'] },
  { who: bob, hasSlack: true, ways: ['slack', 'email'] },
  { who: bob, hasSlack: false, ways: ['email'] },
])('$who.id, Slack configured: $hasSlack, is reached by $ways', ({ who, hasSlack, ways }) => {
  expect(waysTo(who, { hasSlack })).toEqual(ways)
})
