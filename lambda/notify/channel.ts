import type { Approver } from '../contract/settings.ts'
import type { About, ChannelName, Outcome, SlackMessage } from '../domain/event.ts'
import type { Facts } from '../domain/facts.ts'
import type { OfferState, Round } from '../domain/state.ts'
import type { HoldTold } from './hold-words.ts'

/** A message that a channel took. */
export interface SentMessage {
  /** The id under which the channel knows it. */
  id: string
  /** Where Slack keeps it, to be edited later. */
  slack?: SlackMessage
}

/** Asks one approver, or asks them again. */
export interface ApprovalMessage {
  /** `approval`, `escalation` or a reminder. */
  about: About
  state: OfferState
  round: Round
  facts: Facts
  approver: Approver
  byDefault: 'reject' | 'leave'
  /** The personal link of this message. */
  link: string
}

/** Tells an approver to accept at AWS under their own identity. */
export interface HandOverMessage {
  /** `hand-over`, or a reminder of it. */
  about: About
  state: OfferState
  facts: Facts
  approver: Approver
}

/** Tells an approver of an accept of the delegator role, which can be taken back or has to be released. */
export interface HoldMessage extends HoldTold {
  state: OfferState
  facts: Facts
}

/**
 * A way to reach people: mail, Slack. Methods throw `ServiceThrottled` and `ServiceUnavailable` for what passes, and
 * `DeliveryFailed` when the channel will not take this message; the other channel is then used.
 */
export interface Channel {
  readonly name: ChannelName
  ask: (message: ApprovalMessage) => Promise<SentMessage>
  handOver: (message: HandOverMessage) => Promise<SentMessage>
  tellHold: (message: HoldMessage) => Promise<SentMessage>
}

/** Tells all who read a channel that people are asked. Never a link: each is one person's. */
export interface ChannelPost {
  state: OfferState
  round: Round
  facts: Facts
  byDefault: 'reject' | 'leave'
}

/** What a message is edited to once the case is closed. */
export interface OutcomeMessage {
  state: OfferState
  outcome: Outcome
}

/** Slack, which can do more than write to one person. */
export interface Slack {
  channel: Channel
  /** Only where a channel is configured. Throws as a channel does. */
  post?: (post: ChannelPost) => Promise<SentMessage>
  /** Rewrites a message of ours. Throws as a channel does; nobody waits for it to be tried again. */
  update: (message: SlackMessage, outcome: OutcomeMessage) => Promise<void>
}

/** The ways to reach somebody, the preferred one first: Slack for those who are there, else mail, which all have. */
export function waysTo({ slackUserId }: Approver, { hasSlack }: { hasSlack: boolean }): ChannelName[] {
  return hasSlack && slackUserId !== undefined ? ['slack', 'email'] : ['email']
}
