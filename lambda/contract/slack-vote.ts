import * as z from 'zod'
import { choiceSchema, type Choice } from '../domain/event.ts'
import { offerIdSchema } from '../domain/offer.ts'

/** Ids of our own buttons, fields and modal: what is not of these is not ours to answer. */
export const slackIds = {
  decide: 'gatehouse:decide',
  accept: 'gatehouse:accept',
  reject: 'gatehouse:reject',
  vote: 'gatehouse:vote:',
  comment: 'comment',
  digits: 'digits',
  active: 'active',
} as const

/** Which vote a button or modal is of. Nothing in it is secret, and `vote` checks all of it. */
const ballotSchema = z.strictObject({
  offerId: offerIdSchema,
  round: z.string().regex(/^[1-9]\d{0,7}$/),
  factsHash: z.string().regex(/^[0-9a-f]{64}$/),
})
export type Ballot = z.infer<typeof ballotSchema>

/** A button's value: `offerId|round|factsHash`. */
export function buttonValueOf({ offerId, round, factsHash }: Ballot): string {
  return [offerId, round, factsHash].join('|')
}

export function ballotOfButton(value: string): Ballot | undefined {
  const [offerId, round, factsHash, ...rest] = value.split('|')
  return rest.length > 0 ? undefined : ballotSchema.safeParse({ offerId, round, factsHash }).data
}

export function choiceOfButton(actionId: string): Choice | undefined {
  if (actionId === slackIds.accept) return 'accept'
  return actionId === slackIds.reject ? 'reject' : undefined
}

/** The modal is of one choice, which its callback id names. */
export function choiceOfModal(callbackId: string): Choice | undefined {
  return choiceSchema.safeParse(
    callbackId.startsWith(slackIds.vote) ? callbackId.slice(slackIds.vote.length) : undefined,
  ).data
}

/** The modal carries the ballot, and Slack brings it back as it is. */
export function ballotOfModal(metadata: string): Ballot | undefined {
  try {
    return ballotSchema.safeParse(JSON.parse(metadata)).data
  } catch {
    return undefined
  }
}
