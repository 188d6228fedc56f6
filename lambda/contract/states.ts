import * as z from 'zod'
import { causeSchema, findingSchema } from '../domain/event.ts'
import { intakeFormSchema } from './intake.ts'
import { principalArnSchema } from '../domain/principal.ts'
import { offerIdSchema, offerKindSchema, accountIdSchema, regionSchema } from '../domain/offer.ts'

/** The workflow's own input. Byte-identical for a run, so that StartExecution is idempotent: no times, no scan ids. */
export const runInputSchema = z.strictObject({ offerId: offerIdSchema, run: z.number().int().positive() })
export type RunInput = z.infer<typeof runInputSchema>

export function executionNameOf(input: RunInput): string {
  return `${input.offerId}-${input.run}`
}

const stepInput = runInputSchema.extend({ round: z.number().int().nonnegative() })
/**
 * Seconds until there is something to do (a reminder, an escalation, the deadline), whole and never negative; 0 past the
 * deadline. The definition reads no clock.
 */
const secondsLeft = z.number().int().nonnegative()
const findingOrNone = findingSchema.or(z.literal(''))

export const inspectInputSchema = stepInput.extend({ cause: causeSchema, step: z.enum(['judged', 'approved']) })
export const inspectOutputSchema = z.strictObject({
  /**
   * `delegate`: the delegator role accepted it, and an earlier run did not come to the end of it. Where that role may
   * work no more, `watch`, for what people do at AWS, or `reject` where it is taken back.
   */
  next: z.enum(['judge', 'delegate', 'reject', 'watch', 'close']),
  round: z.number().int().nonnegative(),
  step: z.enum(['judged', 'approved']),
  finding: findingOrNone,
})

export const judgeInputSchema = stepInput.extend({ step: z.enum(['judged', 'approved']) })
export const judgeOutputSchema = z.strictObject({
  next: z.enum([
    'accept-by-policy',
    'accept-for-people',
    'delegate',
    'preview',
    'send',
    'reject',
    'ask',
    'inspect',
    'close',
  ]),
  cause: causeSchema,
  finding: findingOrNone,
  secondsLeft,
})

export const askPurposeSchema = z.enum(['approval', 'hand-over', 'hold', 'watch'])
export type AskPurpose = z.infer<typeof askPurposeSchema>
export const askInputSchema = stepInput.extend({
  purpose: askPurposeSchema,
  /**
   * `triesPerAsk` for each entry of the state and 1 for each retry: an older attempt cannot replace a newer one's token.
   */
  try: z.number().int().nonnegative(),
  token: z.string().min(1),
})

export const tallyInputSchema = stepInput
export const tallyOutputSchema = z.strictObject({
  next: z.enum(['inspect', 'reject', 'ask', 'close']),
  finding: findingOrNone,
  secondsLeft,
})

export const settleInputSchema = stepInput
export const settleOutputSchema = z.strictObject({
  next: z.enum(['close', 'inspect', 'hand-over']),
  cause: causeSchema,
  finding: findingOrNone,
  /** For a hand-over: seconds until AWS ends the offer, at least 1. */
  secondsLeft,
})

export const delegateInputSchema = stepInput.extend({
  /** `preview`: before people are asked, only whether the delegator role may give what is asked for. */
  purpose: z.enum(['preview', 'accept']),
})
export const delegateOutputSchema = z.strictObject({
  next: z.enum(['ask', 'hold', 'inspect', 'close']),
  cause: causeSchema,
  finding: findingOrNone,
  /** Of the hold, or until there is something to do for those who are asked. */
  secondsLeft,
})

export const closeInputSchema = stepInput.extend({
  finding: findingSchema,
  /** 0, and 1 more for each retry. */
  try: z.number().int().nonnegative(),
})
export const closeOutputSchema = z.strictObject({ outcome: z.string() })

export const recordFailureInputSchema = runInputSchema.extend({ error: z.string(), detail: z.string() })

export type InspectInput = z.infer<typeof inspectInputSchema>
export type InspectOutput = z.infer<typeof inspectOutputSchema>
export type JudgeInput = z.infer<typeof judgeInputSchema>
export type JudgeOutput = z.infer<typeof judgeOutputSchema>
export type AskInput = z.infer<typeof askInputSchema>
export type TallyInput = z.infer<typeof tallyInputSchema>
export type TallyOutput = z.infer<typeof tallyOutputSchema>
export type SettleInput = z.infer<typeof settleInputSchema>
export type SettleOutput = z.infer<typeof settleOutputSchema>
export type DelegateInput = z.infer<typeof delegateInputSchema>
export type DelegateOutput = z.infer<typeof delegateOutputSchema>
export type CloseInput = z.infer<typeof closeInputSchema>
export type CloseOutput = z.infer<typeof closeOutputSchema>
export type RecordFailureInput = z.infer<typeof recordFailureInputSchema>

/** A hint on the scan queue: "look there". It carries no facts of the offer, so forging one costs a read. */
export const hintSchema = z.union([
  z.strictObject({
    kind: offerKindSchema,
    account: accountIdSchema,
    region: regionSchema,
    /** AWS's id of one offer; without it the target is listed. */
    awsId: z.string().min(1).max(2048).optional(),
    /** Who began our outgoing transfer. All that it can do is to take people's say in it away. */
    initiator: principalArnSchema.optional(),
    /** The next step of a scan that takes several. Where it goes on is on the ledger. */
    chain: z.strictObject({ id: z.string().min(1).max(64), step: z.number().int().nonnegative() }).optional(),
  }),
  /** An offer that the ledger knows: a failed run, or a start that had to wait. */
  z.strictObject({ offerId: offerIdSchema }),
])
export type Hint = z.infer<typeof hintSchema>

/** A vote by a personal link, as the public page hands it to `vote`. */
export const linkVoteSchema = z.strictObject({
  by: z.literal('link'),
  token: z.string().min(1).max(128),
  choice: z.string().max(16),
  comment: z.string().max(2000),
  factsHash: z.string().max(64),
  /** Number of the round that the form was of. */
  round: z.string().max(8),
  digits: z.string().max(16),
  /** Of a certificate: `yes` to have the certificate active at once. */
  active: z.string().max(8).optional(),
  /** What the sign-in function gave this browser, where sign-in is configured. */
  session: z.string().max(4096).optional(),
})
export type LinkVote = z.infer<typeof linkVoteSchema>

/** A vote by Slack's modal: Slack's own request, byte for byte, so that `vote` checks its signature itself. */
export const slackVoteSchema = z.strictObject({
  by: z.literal('slack'),
  body: z.string().max(32_768),
  timestamp: z.string().max(32),
  signature: z.string().max(128),
})
export type SlackVote = z.infer<typeof slackVoteSchema>

/** What the public functions hand to `vote`. */
export const voteRequestSchema = z.discriminatedUnion('by', [linkVoteSchema, slackVoteSchema, intakeFormSchema])
export type VoteRequest = z.infer<typeof voteRequestSchema>

/** What `vote` answers. `refused` names what to mend; nothing was written. */
export const voteReplySchema = z.discriminatedUnion('result', [
  z.strictObject({ result: z.literal('voted'), choice: z.enum(['accept', 'reject']) }),
  /** The same vote stands already: nothing was written. */
  z.strictObject({ result: z.literal('standing'), choice: z.enum(['accept', 'reject']) }),
  z.strictObject({ result: z.literal('refused'), field: z.enum(['choice', 'comment', 'digits']), problem: z.string() }),
  z.strictObject({ result: z.literal('facts-changed') }),
  z.strictObject({ result: z.literal('closed') }),
  z.strictObject({ result: z.literal('expired') }),
  z.strictObject({ result: z.literal('unknown-link') }),
  /** Wrong characters were typed too often with this link. */
  z.strictObject({ result: z.literal('too-many-tries') }),
  /** Sign-in is configured, and who holds the link has not signed in as its approver. */
  z.strictObject({ result: z.literal('sign-in') }),
  /** Of an intake: Gatehouse looks. */
  z.strictObject({ result: z.literal('taken') }),
  z.strictObject({ result: z.literal('not-taken'), problem: z.string() }),
])
export type VoteReply = z.infer<typeof voteReplySchema>
