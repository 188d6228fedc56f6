import { createHmac } from 'node:crypto'
import type { SlackVote } from '../../lambda/contract/states.ts'

export const slackTeam = 'T0TEAM'
export const signingSecret = 'signing-secret'

export interface Submitting {
  offerId: string
  factsHash: string
  choice?: string
  round?: string
  comment?: string | null
  digits?: string
  active?: boolean
  user?: string
  team?: string
  home?: string
  trigger?: string
  callback?: string
}

/** What Slack sends when somebody submits our form. */
export function submissionOf(vote: Submitting): Record<string, unknown> {
  const { offerId, factsHash, choice = 'accept', round = '1', comment = null, digits = '6666', user = 'U0ALICE' } = vote
  const team = vote.team ?? slackTeam
  const options = vote.active === true ? [{ text: { type: 'plain_text', text: 'x' }, value: 'yes' }] : []
  return {
    type: 'view_submission',
    team: { id: team, domain: 'sample' },
    user: { id: user, username: 'alice', name: 'alice', team_id: vote.home ?? team },
    trigger_id: vote.trigger ?? 'trigger-1',
    view: {
      id: 'V1',
      callback_id: vote.callback ?? `gatehouse:vote:${choice}`,
      private_metadata: JSON.stringify({ offerId, round, factsHash }),
      state: {
        values: {
          comment: { comment: { type: 'plain_text_input', value: comment } },
          digits: { digits: { type: 'plain_text_input', value: digits } },
          active: { active: { type: 'checkboxes', selected_options: options } },
        },
      },
    },
  }
}

export interface Pressing {
  value: string
  action?: string
  user?: string
  team?: string
}

/** What Slack sends when somebody presses a button of ours. */
export function pressOf({ value, action = 'gatehouse:accept', user = 'U0ALICE', team = slackTeam }: Pressing): unknown {
  return {
    type: 'block_actions',
    team: { id: team, domain: 'sample' },
    user: { id: user, username: 'alice', team_id: team },
    trigger_id: 'trigger-1',
    actions: [{ type: 'button', action_id: action, block_id: 'gatehouse:decide', value, action_ts: '1.0' }],
  }
}

/** Signed as Slack does, at this time. */
export function signed(payload: unknown, at: Date, secret = signingSecret): Omit<SlackVote, 'by'> {
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`
  return { body, timestamp, signature }
}
