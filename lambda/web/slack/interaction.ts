import * as z from 'zod'
import type { Approver, SlackSettings } from '../../contract/settings.ts'
import { ballotOfButton, ballotOfModal, choiceOfButton, choiceOfModal, slackIds } from '../../contract/slack-vote.ts'
import type { Ballot } from '../../contract/slack-vote.ts'
import type { Choice } from '../../domain/event.ts'

/** Who did it, by Slack's ids. */
export interface SlackPerson {
  team: string
  /** The workspace the user is of: another one's in a shared channel. */
  home: string
  user: string
}

/** What somebody did in Slack with something of ours. */
export type Interaction =
  | { did: 'press'; who: SlackPerson; trigger: string; choice: Choice; ballot: Ballot }
  | { did: 'submit'; who: SlackPerson; trigger: string; choice: Choice; ballot: Ballot; typed: Typed }

interface Typed {
  comment: string
  digits: string
  active: string
}

const headSchema = z.object({
  team: z.object({ id: z.string() }),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  trigger_id: z.string().min(1).max(1000),
})

const pressSchema = headSchema.extend({
  type: z.literal('block_actions'),
  actions: z.tuple([z.object({ action_id: z.string(), block_id: z.string(), value: z.string() })]),
})

const stateSchema = z.object({
  value: z.string().nullish(),
  selected_options: z.array(z.object({ value: z.string() })).optional(),
})

const submitSchema = headSchema.extend({
  type: z.literal('view_submission'),
  view: z.object({
    callback_id: z.string(),
    private_metadata: z.string(),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), stateSchema)) }),
  }),
})

const payloadSchema = z.discriminatedUnion('type', [pressSchema, submitSchema])

/**
 * Reads the body of a request that Slack signed. Undefined for all that is none of our buttons and modals: other kinds
 * of interactions, an app's message, a modal of another version.
 */
export function parseInteraction(body: string): Interaction | undefined {
  const parsed = payloadSchema.safeParse(payloadOf(body))
  if (!parsed.success) return undefined
  return parsed.data.type === 'block_actions' ? pressOf(parsed.data) : submissionOf(parsed.data)
}

function payloadOf(body: string): unknown {
  try {
    return JSON.parse(new URLSearchParams(body).get('payload') ?? '')
  } catch {
    return undefined
  }
}

function pressOf({ actions: [action], ...head }: z.infer<typeof pressSchema>): Interaction | undefined {
  const choice = choiceOfButton(action.action_id)
  const ballot = ballotOfButton(action.value)
  if (action.block_id !== slackIds.decide || choice === undefined || ballot === undefined) return undefined
  return { did: 'press', who: whoOf(head), trigger: head.trigger_id, choice, ballot }
}

function submissionOf({ view, ...head }: z.infer<typeof submitSchema>): Interaction | undefined {
  const choice = choiceOfModal(view.callback_id)
  const ballot = ballotOfModal(view.private_metadata)
  if (choice === undefined || ballot === undefined) return undefined
  const { values } = view.state
  const text = (id: string): string => values[id]?.[id]?.value ?? ''
  const ticked = (values[slackIds.active]?.[slackIds.active]?.selected_options ?? []).map(({ value }) => value)
  const typed = { comment: text(slackIds.comment), digits: text(slackIds.digits), active: ticked[0] ?? '' }
  return { did: 'submit', who: whoOf(head), trigger: head.trigger_id, choice, ballot, typed }
}

function whoOf({ team, user }: z.infer<typeof headSchema>): SlackPerson {
  return { team: team.id, home: user.team_id ?? team.id, user: user.id }
}

/** The approver that these ids are configured for; never found by name or address. */
export function approverOf(
  { team, home, user }: SlackPerson,
  { slack, approvers }: { slack: Pick<SlackSettings, 'team'>; approvers: readonly Approver[] },
): Approver | undefined {
  if (team !== slack.team || home !== slack.team) return undefined
  return approvers.find(({ slackUserId }) => slackUserId === user)
}
