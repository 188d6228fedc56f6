import type {
  About,
  Approved,
  Cause,
  ChannelName,
  Choice,
  Conflict,
  Deadline,
  Decision,
  DeliveryStatus,
  Escalation,
  EventOf,
  Finding,
  Judged,
  LedgerEvent,
  Mode,
  Outcome,
  PermissionCheck,
  Received,
  Route,
  Vote,
} from './event.ts'
import type { Ending } from './facts.ts'
import type { OfferRef } from './offer.ts'

/** One judging of one factsHash, as the run that judges it now sees it. */
export interface Round {
  number: number
  /** The run that inspected last: verdict and decision below are of this run, votes are of every run of the round. */
  run: number
  factsHash: string
  /** When this run inspected it. */
  inspectedAt: string
  cause: Cause
  counterparty: string | null
  offeredAt: string | null
  expiresAt: string | null
  judged?: Judged
  approved?: Approved
  decision?: Decision
  /** Of a delegation by role: what IAM said last of the delegator's permissions. */
  check?: { result: PermissionCheck; before: 'asking' | 'accepting' }
  asked?: Asked
  /** When people were first told to accept at AWS themselves: its reminders count from here. */
  handedOverAt?: string
  /** Since then the escalation group is asked, too, and counts in place of any group. */
  escalated?: { at: string; approvers: string[]; why: Escalation }
  /** The last stage that people were reminded of, 0 before the first, and who is to be. */
  reminded: number
  remindedPeople: readonly string[]
  /** When the last step of asking (asked, reminded, escalated) was recorded: whoever recorded it is about to send. */
  steppedAt?: string
  /** Everybody's last vote, by approver. */
  votes: ReadonlyMap<string, Vote & { at: string }>
  /** How many votes each approver has cast in this round: part of the next vote's dedupe key. */
  voteCounts: ReadonlyMap<string, number>
  /** What may be used once to vote, and was. */
  proofs: ReadonlySet<string>
  /** What came of each message of this round, by `messageKeyOf`, last by channel. */
  deliveries: ReadonlyMap<string, ReadonlyMap<ChannelName, DeliveryStatus>>
}

export interface Asked {
  /** When people were first asked in this round: the schedule counts from here. */
  at: string
  approvers: string[]
  deadline: Deadline
  /** The groups, their quorums and who of each is asked; none in ledgers of earlier versions. */
  groups: readonly (Route & { approvers: string[] })[]
  conflicts: readonly Conflict[]
  /** True for one of too many: its people get a digest instead of messages of their own. */
  digest: boolean
}

export function messageKeyOf(about: About, approver: string): string {
  return `${about}:${approver}`
}

/** An accept by the delegator role: first attempted, then held, then released or undone. */
export interface Delegation {
  /** Of the facts that were accepted. */
  factsHash: string
  /** Since AWS took the accept. */
  heldUntil?: string
  /** People are told of the hold: without that it does not end. */
  told?: boolean
  /** People are told that the role may not release it any more; a hold that goes on begins anew. */
  stranded?: boolean
  /** How often people were told one of these. */
  tellings?: number
  revoked?: { approver: string; comment: string; at: string }
  /** An undo was attempted: nothing is released any more. */
  undoing: boolean
}

export interface Attempt {
  run: number
  round: number
  action: Choice
  seq: number
}

/** The fold of an offer's events: what is true of it now. */
export interface OfferState {
  offerId: string
  ref: OfferRef
  seq: number
  lastAt: string
  lastHash: string
  status: 'open' | 'closed'
  /** The run that is, or is about to be, the current one. */
  run: number
  /** Time and sequence of the last `detected` or `reopened`: windows and changes count from here. */
  openedAt: string
  openedSeq: number
  detectedAt: string
  counterparty: string | null
  /** ARNs of who began our outgoing transfer, as CloudTrail told: one, unless an event was late, or forged. */
  initiators: readonly string[]
  /** The round in progress; none before the first inspection since the last opening. */
  round?: Round
  lastRound: number
  /** Rounds that began because facts changed or people's accept was refused, since the last opening. */
  changes: number
  /** Rounds that began because policy or mode changed under a worker, since the last opening. */
  restarts: number
  /** When the window ends that people were asked in, since the last opening; a later round does not move it. */
  askedUntil?: string | undefined
  /** Approvers asked since the last opening: they are told the outcome. */
  askedPeople: ReadonlySet<string>
  /** Whether the last asking since the last opening was left to a digest: its people hear of the end in one, too. */
  askedByDigest: boolean
  attempts: readonly Attempt[]
  /** Since the last opening. */
  delegation?: Delegation | undefined
  /** The last thing a settling call came to. */
  settled?: EventOf<'settled'>['data'] & { seq: number }
  /** What the accept gave us, as AWS showed it to this run. */
  received?: (Received & { run: number }) | undefined
  /** factsHashes that people rejected, until a reject is settled: no later round or run accepts them. */
  carriedRejects: ReadonlySet<string>
  /** Failed runs in a row. */
  failures: number
  failedAt?: string
  /** What the last judging rested on: a change of it reopens a case that was left or only observed. */
  judgedOn?: { mode: Mode; policyDigest: string; factsHash: string }
  /** How the transfer of our own certificate ended at AWS. */
  ending?: Ending
  closed?: { at: string; outcome: Outcome; finding: Finding }
}

/** Folds events in order of their sequence; undefined when there are none. */
export function fold(events: Iterable<LedgerEvent>): OfferState | undefined {
  let state: OfferState | undefined
  for (const event of events) state = applyEvent(state, event)
  return state
}

/** The state after one more event. */
export function applyEvent(state: OfferState | undefined, event: LedgerEvent): OfferState {
  if (state === undefined) {
    if (event.type !== 'detected')
      throw new TypeError(`expected the first event to be \`detected\`, got \`${event.type}\``)
    return openedBy(event)
  }
  return { ...state, ...changeBy(state, event), seq: event.seq, lastAt: event.at, lastHash: event.hash }
}

function openedBy(event: EventOf<'detected'>): OfferState {
  return {
    offerId: event.offerId,
    ref: event.data.ref,
    seq: event.seq,
    lastAt: event.at,
    lastHash: event.hash,
    status: 'open',
    run: 1,
    openedAt: event.at,
    openedSeq: event.seq,
    detectedAt: event.at,
    counterparty: event.data.counterparty,
    initiators: [],
    lastRound: 0,
    changes: 0,
    restarts: 0,
    askedPeople: new Set(),
    askedByDigest: false,
    attempts: [],
    carriedRejects: new Set(),
    failures: 0,
  }
}

function changeBy(state: OfferState, event: LedgerEvent): Partial<OfferState> {
  switch (event.type) {
    case 'detected':
      throw new TypeError(`expected one \`detected\` event, got a second at ${event.seq}`)
    case 'noticed':
      return { initiators: [...state.initiators, event.data.initiator] }
    case 'inspected':
      return afterInspected(state, event)
    case 'judged':
      return { ...inRound(state, event, { judged: event.data }), judgedOn: judgedOn(event) }
    case 'approved':
      return { ...inRound(state, event, { approved: event.data }), judgedOn: judgedOn(event) }
    case 'asked':
      return afterAsked(state, event)
    case 'delivered':
      return afterDelivered(state, event)
    case 'voted':
      return afterVoted(state, event)
    case 'decided':
      return afterDecided(state, event)
    case 'attempted':
      return afterAttempted(state, event)
    case 'checked':
      return inRound(state, event, { check: event.data })
    case 'revoked': {
      const { approver, comment } = event.data
      return state.delegation === undefined
        ? {}
        : { delegation: { ...state.delegation, revoked: { approver, comment, at: event.at } } }
    }
    case 'released':
      return {}
    case 'settled':
      return afterSettled(state, event)
    case 'received':
      return { received: { ...event.data, run: event.run } }
    case 'ended':
      return { ending: event.data }
    case 'closed':
      return {
        status: 'closed',
        failures: 0,
        closed: { at: event.at, outcome: event.data.outcome, finding: event.data.finding },
      }
    case 'failed':
      return afterFailed(state, event)
    case 'reopened':
      return afterReopened(state, event)
    case 'reminded':
      return inRound(state, event, {
        reminded: event.data.stage,
        remindedPeople: event.data.approvers,
        steppedAt: event.at,
      })
    case 'escalated':
      return afterEscalated(state, event)
  }
}

function afterInspected(state: OfferState, event: EventOf<'inspected'>): Partial<OfferState> {
  const { round } = state
  const continues = round?.number === event.round && round.factsHash === event.factsHash
  const { cause, counterparty, offeredAt, expiresAt } = event.data
  return {
    counterparty: counterparty ?? state.counterparty,
    initiators: withInitiator(state.initiators, event.data.initiator),
    lastRound: event.round,
    changes: state.changes + (countsAsChange(cause) ? 1 : 0),
    restarts: state.restarts + (cause === 'policy-changed' || cause === 'mode-changed' ? 1 : 0),
    round: {
      number: event.round,
      run: event.run,
      factsHash: event.factsHash ?? '',
      inspectedAt: event.at,
      cause,
      counterparty,
      offeredAt,
      expiresAt,
      ...(continues && round.asked !== undefined ? { asked: round.asked } : {}),
      ...(continues && round.handedOverAt !== undefined ? { handedOverAt: round.handedOverAt } : {}),
      ...(continues && round.escalated !== undefined ? { escalated: round.escalated } : {}),
      ...(continues && round.steppedAt !== undefined ? { steppedAt: round.steppedAt } : {}),
      reminded: continues ? round.reminded : 0,
      remindedPeople: continues ? round.remindedPeople : [],
      votes: continues ? round.votes : new Map(),
      voteCounts: continues ? round.voteCounts : new Map(),
      proofs: continues ? round.proofs : new Set(),
      deliveries: continues ? round.deliveries : new Map(),
    },
  }
}

function countsAsChange(cause: Cause): boolean {
  return cause === 'facts-changed' || cause === 'refused' || cause === 'not-allowed'
}

function withInitiator(known: readonly string[], initiator: string | undefined): readonly string[] {
  return initiator === undefined || known.includes(initiator) ? known : [...known, initiator]
}

/** Applies to the round in progress only if the event is of that very round, run and factsHash. */
function inRound(state: OfferState, event: LedgerEvent, change: Partial<Round>): Partial<OfferState> {
  const { round } = state
  if (round?.number !== event.round || round.run !== event.run || round.factsHash !== event.factsHash) return {}
  return { round: { ...round, ...change } }
}

function judgedOn(event: EventOf<'judged'> | EventOf<'approved'>): OfferState['judgedOn'] {
  return { mode: event.data.mode, policyDigest: event.data.policyDigest, factsHash: event.factsHash ?? '' }
}

function afterAsked(state: OfferState, event: EventOf<'asked'>): Partial<OfferState> {
  const { approvers, groups = [], deadline, purpose, conflicts = [], digest = false } = event.data
  const before = state.round?.asked
  const everybody = [...new Set([...(before?.approvers ?? []), ...approvers])]
  const asked =
    purpose === 'approval'
      ? inRound(state, event, {
          asked: { at: before?.at ?? event.at, approvers: everybody, groups, deadline, conflicts, digest },
          steppedAt: event.at,
        })
      : purpose === 'hand-over'
        ? inRound(state, event, { handedOverAt: state.round?.handedOverAt ?? event.at })
        : {}
  // A hand-over asks nobody to decide: no window of deciding begins with it.
  const until = purpose === 'approval' && deadline.from === 'window' ? deadline.at : undefined
  return {
    ...asked,
    askedUntil: state.askedUntil ?? until,
    askedPeople: new Set([...state.askedPeople, ...approvers]),
    askedByDigest: purpose === 'approval' ? digest : state.askedByDigest,
    ...(purpose === 'hold' ? afterTold(state, deadline.at) : {}),
    ...(purpose === 'stranded' ? afterStranded(state) : {}),
  }
}

/** Who is told late has time all the same: the hold may end later than it would have, and never sooner. */
function afterTold({ delegation }: OfferState, until: string): Partial<OfferState> {
  if (delegation?.heldUntil === undefined) return {}
  const heldUntil = Date.parse(until) > Date.parse(delegation.heldUntil) ? until : delegation.heldUntil
  const tellings = (delegation.tellings ?? 0) + 1
  return { delegation: { ...delegation, told: true, stranded: false, tellings, heldUntil } }
}

function afterStranded({ delegation }: OfferState): Partial<OfferState> {
  if (delegation === undefined) return {}
  const tellings = (delegation.tellings ?? 0) + 1
  return { delegation: { ...delegation, told: false, stranded: true, tellings } }
}

function afterEscalated(state: OfferState, event: EventOf<'escalated'>): Partial<OfferState> {
  const { approvers, why } = event.data
  const before = state.round?.escalated
  const everybody = [...new Set([...(before?.approvers ?? []), ...approvers])]
  const escalated = { at: before?.at ?? event.at, approvers: everybody, why: before?.why ?? why }
  const change = inRound(state, event, { escalated, steppedAt: event.at })
  return change.round === undefined ? {} : { ...change, askedPeople: new Set([...state.askedPeople, ...approvers]) }
}

function afterDelivered(state: OfferState, event: EventOf<'delivered'>): Partial<OfferState> {
  const { round } = state
  if (round?.number !== event.round) return {}
  const { about, approver, channel, status } = event.data
  const key = messageKeyOf(about, approver)
  const before = round.deliveries.get(key)
  const statuses = new Map(before).set(channel, statusAfter(before?.get(channel), status))
  return { round: { ...round, deliveries: new Map(round.deliveries).set(key, statuses) } }
}

/** A bounce may be told before we have recorded the sending: what will not arrive stays so. */
export function statusAfter(before: DeliveryStatus | undefined, status: DeliveryStatus): DeliveryStatus {
  return before === undefined || isOnItsWay(before) ? status : before
}

/** True as long as a message may arrive, or has. */
export function isOnItsWay(status: DeliveryStatus): boolean {
  return status === 'sent' || status === 'delayed'
}

/** Whether a message of this round is on its way or there, as far as anybody knows. */
export function isDelivered({ deliveries }: Round, about: About, approver: string): boolean {
  return [...(deliveries.get(messageKeyOf(about, approver))?.values() ?? [])].some(isOnItsWay)
}

function afterVoted(state: OfferState, event: EventOf<'voted'>): Partial<OfferState> {
  const { round } = state
  if (round?.number !== event.round || round.factsHash !== event.factsHash) return {}
  const { approver, proof } = event.data
  return {
    round: {
      ...round,
      votes: new Map(round.votes).set(approver, { ...event.data, at: event.at }),
      voteCounts: new Map(round.voteCounts).set(approver, (round.voteCounts.get(approver) ?? 0) + 1),
      proofs: proof === undefined ? round.proofs : new Set([...round.proofs, proof]),
    },
  }
}

function afterDecided(state: OfferState, event: EventOf<'decided'>): Partial<OfferState> {
  const change = inRound(state, event, { decision: event.data })
  const { choice, by } = event.data
  if (change.round === undefined || choice !== 'reject' || by !== 'people') return change
  return { ...change, carriedRejects: new Set([...state.carriedRejects, change.round.factsHash]) }
}

function afterAttempted(state: OfferState, event: EventOf<'attempted'>): Partial<OfferState> {
  const { action, call } = event.data
  const { delegation } = state
  // Neither makes the answer ours: the one is no answer yet, the other comes after it.
  if (call === 'associate' || call === 'send-token') return {}
  const attempts = [...state.attempts, { run: event.run, round: event.round, action, seq: event.seq }]
  if (call === 'accept')
    return { attempts, delegation: { undoing: false, ...delegation, factsHash: event.factsHash ?? '' } }
  if (call === 'undo' && delegation !== undefined) return { attempts, delegation: { ...delegation, undoing: true } }
  return { attempts }
}

function afterSettled(state: OfferState, event: EventOf<'settled'>): Partial<OfferState> {
  const carried = new Set(state.carriedRejects)
  if (event.data.action === 'reject' && event.factsHash !== null) carried.delete(event.factsHash)
  const { received, ...data } = event.data
  const { heldUntil } = data
  const { delegation } = state
  return {
    settled: { ...data, seq: event.seq },
    carriedRejects: carried,
    ...(received === undefined ? {} : { received: { ...received, run: event.run } }),
    ...(heldUntil === undefined || delegation === undefined ? {} : { delegation: { ...delegation, heldUntil } }),
  }
}

function afterFailed(state: OfferState, event: EventOf<'failed'>): Partial<OfferState> {
  return { run: event.run + 1, failures: state.failures + 1, failedAt: event.at }
}

function afterReopened(state: OfferState, event: EventOf<'reopened'>): Partial<OfferState> {
  return {
    status: 'open',
    run: state.run + 1,
    openedAt: event.at,
    openedSeq: event.seq,
    // A reopening always starts a new round: nobody's old vote counts.
    round: undefined,
    changes: 0,
    restarts: 0,
    askedUntil: undefined,
    askedPeople: new Set(),
    askedByDigest: false,
    delegation: undefined,
    failures: 0,
    failedAt: undefined,
    received: undefined,
    ending: undefined,
    closed: undefined,
  }
}

/** Whether policy or a decision of the current round is reason enough to do this. */
export function hasBasis(state: OfferState, action: Choice): boolean {
  const { round } = state
  if (round?.run !== state.run) return false
  if (action === 'reject') return round.judged?.verdict === 'reject' || round.decision?.choice === 'reject'
  return round.judged?.verdict === 'accept' || (round.decision?.choice === 'accept' && round.approved?.allowed === true)
}

/** True when this run may still act: the case is open and no later run has begun. */
export function isCurrent(state: OfferState, run: number): boolean {
  return state.status === 'open' && state.run === run
}
