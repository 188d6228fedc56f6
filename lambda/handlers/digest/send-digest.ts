import { DeliveryFailed } from '../../contract/errors.ts'
import { digestTagsOf } from '../../contract/mail-tags.ts'
import type { Approver } from '../../contract/settings.ts'
import type { DeliveryStatus } from '../../domain/event.ts'
import type { DigestItem } from '../../ledger/digest-store.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { addressOf, newLink } from '../../notify/links.ts'
import { renderDigestMail, type DigestEnding } from '../../notify/mails/digest-mail.ts'
import { forEachAtLeastTried } from '../deliver.ts'
import { inParallel } from '../parallel.ts'
import { digestWidth, type DigestDeps } from './digest-deps.ts'
import type { DueOffer } from './due-offers.ts'
import type { Ending } from './endings.ts'

export interface Digest {
  group: string
  hour: string
  /** Oldest deadline first. */
  offers: readonly DueOffer[]
  /** In order of their ends. */
  endings: readonly Ending[]
  /** So many more wait for the next digest. */
  left: number
}

interface Told {
  status: Extract<DeliveryStatus, 'sent' | 'failed'>
  detail: string
}

/**
 * One mail to each who is told of something, then the record of it; a crash in between sends twice, never not at all.
 * Where one mail fails the others are recorded, so that the next attempt does not send them again.
 */
export async function sendDigest(digest: Digest, deps: DigestDeps): Promise<number> {
  const told = new Map<string, Told>()
  try {
    await forEachAtLeastTried(deps.settings.approvers, async (approver) => {
      const offers = digest.offers.filter(({ abouts }) => abouts.has(approver.id))
      const endings = digest.endings.filter(({ approvers }) => approvers.has(approver.id))
      if (offers.length + endings.length === 0) return
      told.set(approver.id, await sendTo(approver, { ...digest, offers, endings }, deps))
    })
  } finally {
    await recordAll(digest, told, deps)
  }
  return told.size
}

async function recordAll(
  { offers, endings }: Digest,
  told: ReadonlyMap<string, Told>,
  deps: DigestDeps,
): Promise<void> {
  if (told.size === 0) return
  const workers = { width: digestWidth, makeWorker: deps.openLedger }
  await inParallel(offers, workers, async (offer, ledger) => {
    await recordTold(offer, told, ledger)
    if ([...offer.abouts.keys()].some((id) => told.get(id)?.status === 'failed')) await wake(offer, deps)
  })
  await inParallel(endings, workers, async (ending, ledger) => {
    await recordEnding(ending, told, ledger)
  })
}

async function sendTo(approver: Approver, digest: Digest, deps: DigestDeps): Promise<Told> {
  const { group, hour, offers, endings, left } = digest
  const mark = { group, hour, approver: approver.id }
  const links = offers.map(({ state, round }) => newLink({ state, round, approver }))
  await deps.approvals.putLinks(links)
  await deps.digests.putSent(mark, itemsFor(approver, digest))
  const entries = offers.map(({ state, deadlineAt }, index) => {
    const { ref, counterparty } = state
    return { ref, counterparty, deadlineAt, link: addressOf(deps.approvalUrl, links[index]?.token ?? '') }
  })
  const mail = renderDigestMail({ group, approver, entries, endings: endings.map(wordsOf), left })
  try {
    return {
      status: 'sent',
      detail: (await deps.mailer.send({ to: approver.email, mail, tags: digestTagsOf(mark) })).messageId,
    }
  } catch (error) {
    if (error instanceof DeliveryFailed) return { status: 'failed', detail: error.message }
    throw error
  }
}

function itemsFor({ id }: Approver, { offers, endings }: Digest): DigestItem[] {
  return [
    ...offers.map(({ state: { offerId, run }, round, abouts }) => {
      return { offerId, run, round: round.number, abouts: [...(abouts.get(id) ?? [])] }
    }),
    ...endings.map(({ round, closed: { offerId, run } }): DigestItem => ({ offerId, run, round, abouts: ['outcome'] })),
  ]
}

function wordsOf({ state, closed }: Ending): DigestEnding {
  const { offerId, ref, counterparty, round } = state
  const { judged, decision } = round ?? {}
  const policies = judged?.verdict === 'review' ? undefined : judged?.policies
  return { offerId, ref, counterparty, outcome: closed.data.outcome, decision, policies }
}

async function recordTold(
  { state: { offerId, run }, round, abouts }: DueOffer,
  told: ReadonlyMap<string, Told>,
  ledger: Ledger,
): Promise<void> {
  for (const [approver, { status, detail }] of told) {
    for (const about of abouts.get(approver) ?? []) {
      await ledger.record(offerId, (state) => {
        if (state?.status !== 'open') return undefined
        return {
          type: 'delivered',
          actor: 'digest',
          run,
          round: round.number,
          factsHash: round.factsHash,
          step: `delivered:${about}:${approver}:email:${status}`,
          data: { approver, channel: 'email', about, status, detail },
        }
      })
    }
  }
}

/** The case is closed, and may have been opened again since: it was told of this ending all the same. */
async function recordEnding(
  { round, closed: { offerId, run, factsHash }, approvers }: Ending,
  told: ReadonlyMap<string, Told>,
  ledger: Ledger,
): Promise<void> {
  for (const [approver, { status, detail }] of told) {
    if (!approvers.has(approver)) continue
    await ledger.record(offerId, (state) => {
      if (state === undefined) return undefined
      return {
        type: 'delivered',
        actor: 'digest',
        run,
        round,
        factsHash,
        step: `delivered:outcome:${approver}:email:${status}`,
        data: { approver, channel: 'email', about: 'outcome', status, detail },
      }
    })
  }
}

/** Somebody was not reached: whoever stands in is asked. */
async function wake({ state: { offerId, run } }: DueOffer, { approvals, workflow }: DigestDeps): Promise<void> {
  const ask = await approvals.getAsk(offerId)
  if (ask?.run === run) await workflow.wake(ask.token, 'tally')
}
