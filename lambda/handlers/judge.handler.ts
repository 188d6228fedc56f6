import { judgeInputSchema, type JudgeInput, type JudgeOutput } from '../contract/states.ts'
import type { Settings } from '../contract/settings.ts'
import { delegatesIn } from '../domain/delegation.ts'
import type { Approved, Draft, Judged } from '../domain/event.ts'
import type { Facts } from '../domain/facts.ts'
import { askedEnough, changedTooOften } from '../domain/limits.ts'
import { isForPartnersOnly, specOf } from '../domain/kinds.ts'
import type { OfferRef } from '../domain/offer.ts'
import { partnerGroupsOf, policyDigestAt } from '../domain/partners.ts'
import { deadlineOf } from '../domain/schedule.ts'
import type { OfferState, Round } from '../domain/state.ts'
import { ledger, policyEngine, settings } from '../deps.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { PolicyEngine } from '../policy/engine.ts'
import { requireRound } from './current.ts'
import { decisionOf, secondsToWait } from './decision.ts'
import { standsUnderPolicyNow } from './policy-now.ts'
import { serve } from './serve.ts'

export interface JudgeDeps {
  ledger: Ledger
  policy: PolicyEngine
  settings: Settings
}

const proceed: Omit<JudgeOutput, 'next'> = { cause: 'look', finding: '', secondsLeft: 0 }

/** Says what happens to the facts of this round: by policy, by a reject that people decided before, or by asking. */
export async function judgeOffer(input: JudgeInput, deps: JudgeDeps): Promise<JudgeOutput> {
  const read = await deps.ledger.readWithFacts(input.offerId)
  const { state, round } = requireRound(read.state, input)
  if (input.step !== 'approved' && (await carriesReject(input, deps, { state, round })))
    return { ...proceed, next: 'reject' }
  const facts = read.factsOf(round.factsHash)
  if (input.step === 'approved') return await judgeApproval(input, deps, { state, round, facts })
  return await judgeByPolicy(input, deps, facts)
}

/** People's reject of an earlier run on the same facts stands, unless Gatehouse only observes. */
async function carriesReject(
  input: JudgeInput,
  deps: JudgeDeps,
  { state, round }: { state: OfferState; round: Round },
): Promise<boolean> {
  if (deps.settings.mode === 'observe') return false
  if (round.decision?.choice === 'reject') return true
  const counted = decisionOf({ state, round, now: deps.ledger.timeFor(state) }, deps.settings)
  const people = counted?.choice === 'reject' && counted.by === 'people' ? counted.people : []
  if (people.length === 0 && !state.carriedRejects.has(round.factsHash)) return false
  await deps.ledger.record(input.offerId, (fresh) => ({
    ...draftBase(input, requireRound(fresh, input).round, 'decided'),
    type: 'decided',
    data: { choice: 'reject', by: 'people', people, reason: 'carried-over' },
  }))
  return true
}

async function judgeByPolicy(input: JudgeInput, deps: JudgeDeps, facts: Facts): Promise<JudgeOutput> {
  const recorded = await deps.ledger.record(input.offerId, (fresh, now) => {
    const current = requireRound(fresh, input)
    return {
      ...draftBase(input, current.round, 'judged'),
      type: 'judged',
      data: judge({ ...current, facts, now }, deps),
    }
  })
  if (recorded?.event.type !== 'judged') throw new TypeError('expected the event `judged`')
  return routeOf(recorded.event.data, { ...requireRound(recorded.state, input), now: recorded.now }, deps.settings)
}

interface Judging {
  state: OfferState
  round: Round
  facts: Facts
  now: Date
}

function judge({ state, round, facts, now }: Judging, { policy, settings }: JudgeDeps): Judged {
  const request = { ref: state.ref, facts, now }
  const said = policy.judge(request)
  const refusals = said.verdict === 'accept' ? refusalsOf({ state, round, facts, now }, settings) : []
  const verdict = refusals.length > 0 ? 'review' : said.verdict
  const activation = mayBeActive(state.ref) ? policy.activate(request, settings.setAsActive) : undefined
  return {
    verdict,
    policies: said.policies,
    errors: [...said.errors, ...(activation?.errors ?? [])],
    unknown: said.unknown,
    notes: [...said.notes, ...refusals],
    mode: settings.mode,
    policyDigest: policyDigestAt(settings, now),
    partnerGroups: partnerGroupsOf(facts.counterparty, settings, now),
    deadline: deadlineOf({
      expiresAt: facts.expiresAt,
      openedAt: state.openedAt,
      askedUntil: state.askedUntil,
      now,
      marginMs: settings.marginMs,
      windowMs: settings.iotWindowMs,
    }),
    ...(verdict === 'review' ? { routing: said.routing, approval: policy.approve(request) } : {}),
    ...(activation === undefined ? {} : { mayActivate: activation.allowed }),
    ...(delegates(state, settings) ? { delegates: true } : {}),
  }
}

/** Other kinds know no such thing. */
function mayBeActive({ kind }: OfferRef): boolean {
  return specOf(kind).mayBeActive === true
}

/** Why an accept of policy goes to people all the same. The role's list is as it was deployed: it knows no ends. */
function refusalsOf({ state, round, facts, now }: Judging, settings: Settings): string[] {
  const outside = isForPartnersOnly(state.ref.kind) && partnerGroupsOf(facts.counterparty, settings, now).length === 0
  return [
    ...(outside || round.cause === 'out-of-bound' ? ['outside-auto-accept-bound'] : []),
    ...(round.cause === 'not-allowed' ? ['delegator-may-not'] : []),
    ...(changedTooOften(state) ? ['changed-too-often'] : []),
  ]
}

/** A role of ours accepts it, not a person in the AWS console. */
function delegates({ ref }: OfferState, { delegationRole }: Settings): boolean {
  return specOf(ref.kind).acceptedBy === 'delegator' && delegatesIn(delegationRole, ref.account)
}

function routeOf(
  judged: Judged,
  { state, round, now }: { state: OfferState; round: Round; now: Date },
  settings: Settings,
): JudgeOutput {
  if (judged.mode === 'observe') return { ...proceed, next: 'close', finding: 'observed' }
  switch (judged.verdict) {
    case 'reject':
      return { ...proceed, next: 'reject' }
    case 'accept':
      return acceptOf(state, 'accept-by-policy', settings)
    case 'review': {
      const secondsLeft = askedEnough(state) ? 0 : secondsToWait({ round, now }, settings)
      const isNew = secondsLeft > 0 && delegates(state, settings) && round.check === undefined
      return { ...proceed, next: isNew ? 'preview' : 'ask', secondsLeft }
    }
  }
}

/** The worker that carries out an accept of this kind; none where accepting means to leave the offer alone. */
function acceptOf(state: OfferState, next: 'accept-by-policy' | 'accept-for-people', settings: Settings): JudgeOutput {
  switch (specOf(state.ref.kind).acceptedBy) {
    case 'nobody':
      return { ...proceed, next: 'close', finding: 'left' }
    case 'sender':
      return { ...proceed, next: 'send' }
    case 'delegator':
      return { ...proceed, next: delegates(state, settings) ? 'delegate' : next }
    case 'acceptors':
      return { ...proceed, next }
  }
}

/** What people accepted is judged again, on the facts and the policy of now. */
async function judgeApproval(
  input: JudgeInput,
  deps: JudgeDeps,
  { state, round, facts }: Omit<Judging, 'now'>,
): Promise<JudgeOutput> {
  const now = deps.ledger.timeFor(state)
  if (!standsUnderPolicyNow({ state, round, facts, now }, deps))
    return { ...proceed, next: 'inspect', cause: 'policy-changed' }
  const recorded = await deps.ledger.record(input.offerId, (fresh, now) => {
    const current = requireRound(fresh, input)
    return {
      ...draftBase(input, current.round, 'approved'),
      type: 'approved',
      data: approvalOf({ ...current, facts, now }, deps),
    }
  })
  if (recorded?.event.type !== 'approved') throw new TypeError('expected the event `approved`')
  const approved = recorded.event.data
  if (approved.mode === 'observe') return { ...proceed, next: 'close', finding: 'observed' }
  if (!approved.allowed) return { ...proceed, next: 'inspect', cause: 'refused' }
  return acceptOf(recorded.state, 'accept-for-people', deps.settings)
}

function approvalOf({ state, round, facts, now }: Judging, { policy, settings }: JudgeDeps): Approved {
  const request = { ref: state.ref, facts, now }
  const { allowed, policies, errors } = policy.approve(request)
  const approved = { allowed, policies, errors, mode: settings.mode, policyDigest: policyDigestAt(settings, now) }
  if (!mayBeActive(state.ref)) return approved
  const activation = policy.activate(request, settings.setAsActive)
  return {
    ...approved,
    errors: [...errors, ...activation.errors],
    setAsActive: round.decision?.active === true && activation.allowed,
  }
}

function draftBase(
  input: JudgeInput,
  round: Round,
  step: string,
): Pick<Draft, 'actor' | 'run' | 'round' | 'factsHash' | 'step'> {
  return { actor: 'workflow', run: input.run, round: input.round, factsHash: round.factsHash, step }
}

export const handler = serve({
  input: judgeInputSchema,
  run: (input) => judgeOffer(input, { ledger: ledger(), policy: policyEngine(), settings: settings() }),
  about: ({ offerId, run, round, step }, { next, finding }) => ({ offerId, run, round, step, next, finding }),
})
