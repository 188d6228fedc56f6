import * as z from 'zod'
import { approvalsStore, approvalUrl, digestStore, lazyMailer, ledger, now, settings, workflow } from '../deps.ts'
import { isEnding, type AskEntry, type DigestEntry } from '../ledger/digest-store.ts'
import { forEachAtLeastTried } from './deliver.ts'
import type { DigestDeps } from './digest/digest-deps.ts'
import { readDueOffers } from './digest/due-offers.ts'
import { readEndings } from './digest/endings.ts'
import { sendDigest } from './digest/send-digest.ts'
import { serve } from './serve.ts'

/** Measured: 2,000 offers to five people take far less than the function lives. */
const mostEntries = 2000

interface Sent {
  groups: number
  mails: number
  offers: number
  endings: number
}

/** Each hour one digest for each group that has something waiting. One that fails does not keep the others from theirs. */
export async function sendDigests(deps: DigestDeps): Promise<Sent> {
  const sent: Sent = { groups: 0, mails: 0, offers: 0, endings: 0 }
  await forEachAtLeastTried(Object.keys(deps.settings.groups), async (group) => {
    const { mails, offers, endings } = await sendDigestOf(group, deps)
    sent.groups += mails > 0 ? 1 : 0
    sent.mails += mails
    sent.offers += offers
    sent.endings += endings
  })
  return sent
}

/** Entries go when all is sent and recorded; who dies before leaves them to the next attempt. */
async function sendDigestOf(group: string, deps: DigestDeps): Promise<Omit<Sent, 'groups'>> {
  const { digests, settings, most } = deps
  const waiting = await digests.entries(group)
  const hour = deps.now().toISOString().slice(0, 13)
  if (waiting.length === 0 || !(await digests.claim(group, hour))) return { mails: 0, offers: 0, endings: 0 }
  try {
    const entries = waiting.slice(0, most)
    const members = settings.groups[group]?.approvers ?? []
    const offers = await readDueOffers(entries.filter(isAsk), members, deps)
    const endings = await readEndings(entries.filter(isEnding), members, deps)
    const mails = await sendDigest({ group, hour, offers, endings, left: waiting.length - entries.length }, deps)
    await digests.remove(group, entries)
    return { mails, offers: offers.length, endings: endings.length }
  } catch (error) {
    await digests.giveBack(group, hour)
    throw error
  }
}

function isAsk(entry: DigestEntry): entry is AskEntry {
  return !isEnding(entry)
}

export const handler = serve({
  input: z.unknown(),
  run: () =>
    sendDigests({
      openLedger: ledger,
      digests: digestStore(),
      approvals: approvalsStore(),
      mailer: lazyMailer(),
      workflow: workflow(),
      settings: settings(),
      approvalUrl: approvalUrl(),
      now,
      most: mostEntries,
    }),
  about: (_input, output) => ({ ...output }),
})
