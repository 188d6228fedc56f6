import * as z from 'zod'
import { deliveryEvents } from '../contract/delivery-events.ts'
import { ServiceUnavailable } from '../contract/errors.ts'
import { digestMarkSchema, mailMarkSchema, type DigestMark, type MailMark } from '../contract/mail-tags.ts'
import type { About, DeliveryStatus } from '../domain/event.ts'
import { defangLinks, cleanText } from '../domain/hostile-text.ts'
import type { OfferState } from '../domain/state.ts'
import { approvalsStore, digestStore, ledger, workflow } from '../deps.ts'
import type { ApprovalsStore } from '../ledger/approvals-store.ts'
import type { DigestStore } from '../ledger/digest-store.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Workflow } from '../notify/workflow.ts'
import { digestWidth } from './digest/digest-deps.ts'
import { inParallel } from './parallel.ts'
import { serve } from './serve.ts'

export interface DeliveryDeps {
  ledger: Ledger
  approvals: ApprovalsStore
  digests: Pick<DigestStore, 'sent'>
  /** A ledger keeps what it read last, so each worker has its own. */
  openLedger: () => Ledger
  workflow: Workflow
}

const recipientSchema = z.object({
  action: z.string().optional(),
  status: z.string().optional(),
  diagnosticCode: z.string().optional(),
})
type Recipient = z.infer<typeof recipientSchema>

/** https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
const eventSchema = z.object({
  'detail-type': z.string(),
  detail: z.object({
    mail: z.object({ tags: z.union([mailMarkSchema, digestMarkSchema]) }),
    bounce: z
      .object({ bounceType: z.string(), bounceSubType: z.string(), bouncedRecipients: z.array(recipientSchema) })
      .optional(),
    complaint: z.object({ complaintFeedbackType: z.string().optional() }).optional(),
    reject: z.object({ reason: z.string() }).optional(),
    deliveryDelay: z.object({ delayType: z.string() }).optional(),
    failure: z.object({ errorMessage: z.string() }).optional(),
  }),
})
type SesEvent = z.infer<typeof eventSchema>
type Detail = SesEvent['detail']

const statuses: ReadonlyMap<string, DeliveryStatus> = new Map(Object.entries(deliveryEvents))

/** What came of one mail, after SES had taken it. */
interface Report<Mark> {
  mark: Mark
  status: DeliveryStatus
  detail: string
}

/** What an event of SES reports of a mail of ours; undefined for all else. */
export function reportIn(event: unknown): Report<MailMark | DigestMark> | undefined {
  const parsed = eventSchema.safeParse(event)
  if (!parsed.success) return undefined
  const { 'detail-type': type, detail } = parsed.data
  const status = statuses.get(type)
  if (status === undefined || (detail.bounce !== undefined && isAutomaticReply(detail.bounce))) return undefined
  return { mark: detail.mail.tags, status, detail: wordsOf(detail) }
}

/**
 * SES reports a transient bounce only when it has given up, so it is as final as a permanent one. But an out-of-office
 * answer comes as one, too: nothing is said to have failed, and the mail is there.
 */
function isAutomaticReply({ bounceType, bouncedRecipients }: NonNullable<Detail['bounce']>): boolean {
  const says = ({ action, status, diagnosticCode }: Recipient): boolean =>
    [action, status, diagnosticCode].some((one) => one !== undefined)
  return bounceType !== 'Permanent' && !bouncedRecipients.some(says)
}

function wordsOf({ bounce, complaint, reject, deliveryDelay, failure }: Detail): string {
  const [recipient] = bounce?.bouncedRecipients ?? []
  const parts = [
    bounce?.bounceType,
    bounce?.bounceSubType,
    recipient?.diagnosticCode ?? recipient?.status,
    complaint?.complaintFeedbackType,
    reject?.reason,
    deliveryDelay?.delayType,
    failure?.errorMessage,
  ]
  // A mail server of somebody else wrote some of it.
  return defangLinks(cleanText(parts.filter((part) => part !== undefined).join(', '), 256))
}

/** Records once what came of a mail, and has a waiting run look for another way to reach the person. */
export async function recordDelivery(event: unknown, deps: DeliveryDeps): Promise<{ status: string; offerId: string }> {
  const report = reportIn(event)
  if (report === undefined) return { status: 'not ours', offerId: '' }
  const { mark, ...what } = report
  if ('offerId' in mark) {
    const recorded = await recordAndWake({ mark, ...what }, deps)
    return { status: recorded ? what.status : 'of no open case', offerId: mark.offerId }
  }
  const { approver } = mark
  const marks = (await deps.digests.sent(mark)).flatMap(({ abouts, ...place }) =>
    abouts.map((about): MailMark => ({ ...place, about, approver })),
  )
  const workers = { width: digestWidth, makeWorker: () => ({ ...deps, ledger: deps.openLedger() }) }
  await inParallel(marks, workers, async (one, worker) => {
    await recordAndWake({ mark: one, ...what }, worker)
  })
  return { status: what.status, offerId: `${marks.length} in a digest` }
}

async function recordAndWake(report: Report<MailMark>, deps: DeliveryDeps): Promise<boolean> {
  const recorded = await record(report, deps)
  if (recorded && report.status !== 'delayed') await wake(report.mark, deps)
  return recorded
}

/** False where no such message was sent, or it matters no more. */
async function record({ mark, status, detail }: Report<MailMark>, { ledger }: DeliveryDeps): Promise<boolean> {
  const { offerId, run, round, about, approver } = mark
  const stepOf = (what: DeliveryStatus): string => `delivered:${about}:${approver}:email:${what}`
  const recorded = await ledger.record(offerId, (state, _now, stored) => {
    if (state === undefined || !concerns(state, mark)) return undefined
    if (!stored({ run, round, step: stepOf('sent') }))
      throw new ServiceUnavailable('expected the sending to be recorded first, it is not yet')
    return {
      type: 'delivered',
      actor: 'ses',
      run,
      round,
      factsHash: state.round?.factsHash ?? null,
      step: stepOf(status),
      data: { approver, channel: 'email', about, status, detail },
    }
  })
  return recorded !== undefined
}

/** A message counts in the round that it was sent in, whatever run goes on with it; of an outcome also afterwards. */
function concerns(state: OfferState, { run, round, about }: MailMark): boolean {
  if (about === 'outcome') return run <= state.run
  if (state.status !== 'open') return false
  return about === 'trouble' ? run <= state.run : state.round?.number === round
}

const notAsking: ReadonlySet<About> = new Set<About>(['outcome', 'trouble', 'hold', 'release', 'stranded'])

/** Asks that are open: nobody waits for what came of other mails. */
async function wake({ offerId, about }: MailMark, { ledger, approvals, workflow }: DeliveryDeps): Promise<void> {
  if (notAsking.has(about) || about.startsWith('hand-over')) return
  const [state, ask] = await Promise.all([ledger.read(offerId), approvals.getAsk(offerId)])
  if (ask !== undefined && ask.run === state?.run) await workflow.wake(ask.token, 'tally')
}

export const handler = serve({
  input: z.unknown(),
  run: (event) =>
    recordDelivery(event, {
      ledger: ledger(),
      openLedger: ledger,
      digests: digestStore(),
      approvals: approvalsStore(),
      workflow: workflow(),
    }),
  about: (_event, output) => output,
})
