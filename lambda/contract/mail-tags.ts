import * as z from 'zod'
import { aboutSchema, type About } from '../domain/event.ts'
import { offerIdSchema } from '../domain/offer.ts'
import { groupNameSchema } from './settings.ts'

/** Values hold letters, digits, _ and - only: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageTag.html */
export type MailTags = Readonly<Record<string, string>>

/** Which message a mail is. SES's events give it back. */
export interface MailMark {
  offerId: string
  run: number
  round: number
  about: About
  approver: string
}

export function mailTagsOf({ offerId, run, round, about, approver }: MailMark): MailTags {
  return { offer: offerId, run: String(run), round: String(round), about, approver: encode(approver) }
}

/** Which digest a mail is: a group's, of an hour, to one approver. */
export interface DigestMark {
  group: string
  /** `2026-11-20T10`, UTC. */
  hour: string
  approver: string
}

export function digestTagsOf({ group, hour, approver }: DigestMark): MailTags {
  return { about: 'digest', group, hour, approver: encode(approver) }
}

/** An approver's id may hold a dot, a tag's value may not. */
function encode(text: string): string {
  return Buffer.from(text).toString('base64url')
}

function decode(text: string): string {
  return Buffer.from(text, 'base64url').toString()
}

const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number)
const approverTag = z
  .string()
  .regex(/^[\w-]{2,88}$/)
  .transform(decode)

/** Tags as an event of SES holds them, each a list of one; others, SES's own among them, are passed over. */
export const mailMarkSchema = z
  .object({
    offer: z.tuple([offerIdSchema]),
    run: z.tuple([wholeNumber]),
    round: z.tuple([wholeNumber]),
    about: z.tuple([aboutSchema]),
    approver: z.tuple([approverTag]),
  })
  .transform(({ offer: [offerId], run: [run], round: [round], about: [about], approver: [approver] }): MailMark => {
    return { offerId, run, round, about, approver }
  })

/** The same of a digest. */
export const digestMarkSchema = z
  .object({
    about: z.tuple([z.literal('digest')]),
    group: z.tuple([groupNameSchema]),
    hour: z.tuple([z.string().regex(/^\d{4}-\d\d-\d\dT\d\d$/)]),
    approver: z.tuple([approverTag]),
  })
  .transform(({ group: [group], hour: [hour], approver: [approver] }): DigestMark => ({ group, hour, approver }))
