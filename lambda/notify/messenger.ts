import { randomBytes } from 'node:crypto'
import { linkKeptDays } from '../contract/timing.ts'
import type { Approver } from '../contract/settings.ts'
import type { Outcome } from '../domain/event.ts'
import type { Facts } from '../domain/facts.ts'
import type { OfferState, Round } from '../domain/state.ts'
import type { Announced, Announcement } from './bus.ts'
import type { Mailer } from './mailer.ts'
import { renderApprovalMail, renderHandOverMail, renderOutcomeMail, renderTroubleMail } from './mails.ts'

/** A personal link as it is stored: everything but the token itself. */
export interface LinkRecord {
  offerId: string
  approver: string
  round: number
  expiresAtMs: number
  ttl: number
}

export interface MessengerDeps {
  mailer: Mailer
  announce: (what: Announcement, offer: Announced) => Promise<void>
  /** Keeps a link under the hash of its token. */
  putLink: (token: string, link: LinkRecord) => Promise<void>
  /** Where the page lives: `<approvalUrl>/a/<token>`. */
  approvalUrl: string
}

export interface Asking {
  state: OfferState
  round: Round
  facts: Facts
  approver: Approver
  byDefault: 'reject' | 'leave'
}

/** Everything Gatehouse says to people and to other systems. Each `Promise<string>` is the id of the message. */
export interface Messenger {
  askForApproval: (asking: Asking) => Promise<string>
  handOver: (handing: Pick<Asking, 'state' | 'facts' | 'approver'>) => Promise<string>
  tellOutcome: (telling: { state: OfferState; outcome: Outcome; approver: Approver }) => Promise<string>
  tellTrouble: (telling: { state: OfferState; error: string; approver: Approver }) => Promise<string>
  announce: (what: Announcement, offer: Announced) => Promise<void>
}

export function createMessenger(deps: MessengerDeps): Messenger {
  const send = async (approver: Approver, mail: Parameters<Mailer['send']>[0]['mail']): Promise<string> =>
    (await deps.mailer.send({ to: approver.email, mail })).messageId
  return {
    askForApproval: async (asking) => await send(asking.approver, await approvalMail(asking, deps)),
    handOver: async ({ state, facts, approver }) =>
      await send(approver, renderHandOverMail({ offer: state, facts, approver })),
    tellOutcome: async ({ state, outcome, approver }) => {
      const { round } = state
      const votes = [...(round?.votes.values() ?? [])]
      const policies = round?.judged?.policies
      return await send(
        approver,
        renderOutcomeMail({ offer: state, outcome, decision: round?.decision, policies, votes, approver }),
      )
    },
    tellTrouble: async ({ state, error, approver }) =>
      await send(approver, renderTroubleMail({ offer: state, failures: state.failures, error, approver })),
    announce: deps.announce,
  }
}

/** Each message has a token of its own, 256 bits; only its hash is kept. */
async function approvalMail(
  { state, round, facts, approver, byDefault }: Asking,
  deps: MessengerDeps,
): Promise<ReturnType<typeof renderApprovalMail>> {
  const { judged } = round
  if (judged === undefined) throw new TypeError('expected a judged round, got one without a verdict')
  const token = randomBytes(32).toString('base64url')
  const expiresAtMs = Date.parse(judged.deadline.at)
  await deps.putLink(token, {
    offerId: state.offerId,
    approver: approver.id,
    round: round.number,
    expiresAtMs,
    ttl: Math.ceil(expiresAtMs / 1000) + linkKeptDays * 86_400,
  })
  const link = `${deps.approvalUrl}/a/${token}`
  return renderApprovalMail({
    offer: state,
    facts,
    judged,
    cause: round.cause,
    deadline: judged.deadline,
    byDefault,
    link,
    approver,
  })
}
