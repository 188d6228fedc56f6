import fc from 'fast-check'
import type { StepFunction } from '../../lib/workflow/definition.ts'
import { stepFunctions } from '../../lib/workflow/definition.ts'
import type { Verdict } from '../../lambda/domain/event.ts'
import { factsHashOf } from '../../lambda/domain/facts.ts'
import { hasBasis, isCurrent, type OfferState, type Round } from '../../lambda/domain/state.ts'
import type { SlackVote } from '../../lambda/contract/states.ts'
import { signed, signingSecret, slackTeam, submissionOf } from '../support/slack.ts'
import { factsOf } from '../support/test-aws.ts'
import { closeScenes, days, hours, minutes, openScenes, scene, type Scene } from '../support/scene.ts'
import { policyByName } from '../support/world.ts'

beforeAll(openScenes)
afterAll(closeScenes)

type Action =
  | { do: 'scan' }
  | { do: 'flip' }
  | { do: 'vote'; who: 'alice' | 'bob' | 'lea'; choice: 'accept' | 'reject' }
  | { do: 'stale-vote'; who: 'alice' | 'bob' | 'lea'; choice: 'accept' | 'reject'; link: number; round: number }
  | { do: 'slack-vote'; who: 'alice' | 'bob' | 'lea'; choice: 'accept' | 'reject' }
  | { do: 'replay'; which: number }
  | { do: 'bounce'; who: 'alice' | 'bob' | 'lea' }
  | { do: 'advance'; ms: number }
  | { do: 'by-hand'; status: 'accepted' | 'rejected' | 'gone' }
  | { do: 'kill' }
  | { do: 'fault'; step: StepFunction; when: 'before' | 'after' }
  | { do: 'lose-answer' }
  | { do: 'flip-before-call' }
  | { do: 'policy'; A: Verdict; B: Verdict }
  | { do: 'mode' }

const person = fc.constantFrom('alice' as const, 'bob' as const, 'lea' as const)
const verdict = fc.constantFrom<Verdict>('accept', 'reject', 'review')
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Action>({ do: 'scan' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('vote' as const),
      who: person,
      choice: fc.constantFrom('accept' as const, 'reject' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('stale-vote' as const),
      who: person,
      choice: fc.constantFrom('accept' as const, 'reject' as const),
      link: fc.nat(3),
      round: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('slack-vote' as const),
      who: person,
      choice: fc.constantFrom('accept' as const, 'reject' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('replay' as const), which: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('bounce' as const), who: person }) },
  { weight: 2, arbitrary: fc.constant<Action>({ do: 'flip' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      ms: fc.constantFrom(minutes, 2 * minutes, hours, 2 * days, 4 * days, 8 * days),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      step: fc.constantFrom(...stepFunctions),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('by-hand' as const),
      status: fc.constantFrom('accepted' as const, 'rejected' as const, 'gone' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Action>(
      { do: 'kill' },
      { do: 'lose-answer' },
      { do: 'flip-before-call' },
      { do: 'mode' },
    ),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('policy' as const), A: verdict, B: verdict }) },
)

/** Watches every call that has an effect, at the very moment of the call. */
function watch({ aws, world, offer, id }: Scene, violations: string[]): { loseAnswer: () => void } {
  let lose = false
  aws.onSettle = async ({ action }) => {
    if (offer.status !== 'pending') return
    const state = await world.state(id)
    const { round } = state
    const say = (what: string): void =>
      void violations.push(`${what} (${action} in run ${state.run}, round ${round?.number ?? 0})`)
    if (!isCurrent(state, round?.run ?? 0)) say('acted though the run is not the current one')
    if (!hasBasis(state, action)) say('acted without a reason on record')
    if (world.settings.mode === 'observe') say('acted in observe mode')
    if (action === 'accept' && factsHashOf(factsOf(offer)) !== round?.factsHash)
      say('accepted other facts than decided on')
    if (action === 'accept' && [...(round?.votes.values() ?? [])].some((vote) => vote.choice === 'reject'))
      say('accepted against a reject')
    const accepted = round?.judged?.verdict === 'accept' || (round !== undefined && isVoted(round))
    if (action === 'accept' && !accepted) say('accepted without the votes of the current facts')
    const rejected = (await world.events(id)).some(
      (event) =>
        event.seq > state.openedSeq &&
        event.type === 'decided' &&
        event.data.by === 'people' &&
        event.data.choice === 'reject' &&
        event.factsHash === round?.factsHash,
    )
    if (action === 'accept' && rejected) say('accepted facts that people had rejected')
  }
  aws.afterSettle = () => {
    if (!lose) return
    lose = false
    throw Object.assign(new Error('connection lost'), { name: 'ServiceUnavailable' })
  }
  return {
    loseAnswer: () => {
      lose = true
    },
  }
}

/** Counted anew, from the events' votes alone: two of the three, lea only once the group was escalated. */
function isVoted(round: Round): boolean {
  const voters = ['alice', 'bob', ...(round.escalated === undefined ? [] : ['lea'])]
  return voters.filter((who) => round.votes.get(who)?.choice === 'accept').length >= 2
}

/** Votes by Slack's form, each of which somebody may send once more. */
function inSlack({ world, id }: Scene): {
  vote: (who: string, choice: string) => Promise<void>
  replay: (which: number) => Promise<string[]>
} {
  world.signingSecret = signingSecret
  const taken: SlackVote[] = []
  let sent = 0
  const votes = async (): Promise<number> => (await world.events(id)).filter(({ type }) => type === 'voted').length
  return {
    vote: async (who, choice) => {
      const { round } = (await world.ledger.read(id)) ?? {}
      if (round === undefined) return
      const payload = submissionOf({
        offerId: id,
        factsHash: round.factsHash,
        round: String(round.number),
        choice,
        comment: 'in Slack',
        digits: round.counterparty?.slice(-4) ?? id.slice(-4),
        user: `U0${who.toUpperCase()}`,
        trigger: `trigger-${(sent += 1)}`,
      })
      const request: SlackVote = { by: 'slack', ...signed(payload, new Date(world.clock.now())) }
      const { result } = await world.voteBySlack(request)
      if (result === 'voted' || result === 'standing') taken.push(request)
    },
    replay: async (which) => {
      const request = taken[which]
      if (request === undefined) return []
      const before = await votes()
      await world.voteBySlack(request)
      return (await votes()) === before ? [] : ['a replay voted']
    },
  }
}

async function play(given: Scene, actions: Action[]): Promise<string[]> {
  const { aws, world, offer, id } = given
  const violations: string[] = []
  const { loseAnswer } = watch(given, violations)
  const slack = inSlack(given)
  const faults: { step: StepFunction; when: 'before' | 'after' }[] = []
  world.fault = (step) => {
    const index = faults.findIndex((fault) => fault.step === step)
    return index === -1 ? undefined : faults.splice(index, 1)[0]
  }
  const flip = (): void => {
    if (offer.status === 'pending') offer.facts = offer.facts === 'A' ? 'B' : 'A'
  }
  for (const step of actions) {
    switch (step.do) {
      case 'scan':
        await world.scan()
        break
      case 'vote':
        await world.vote(step.who, step.choice)
        break
      case 'stale-vote': {
        const token = world.tokensOf(step.who)[step.link] ?? 'none'
        await world.vote(step.who, step.choice, { token, round: String(step.round) })
        break
      }
      case 'slack-vote':
        await slack.vote(step.who, step.choice)
        break
      case 'replay':
        violations.push(...(await slack.replay(step.which)))
        break
      case 'bounce':
        await world.bounce(step.who)
        break
      case 'flip':
        flip()
        break
      case 'flip-before-call': {
        let once = true
        aws.onInspect = () => {
          if (once) flip()
          once = false
        }
        break
      }
      case 'advance':
        await world.advance(step.ms)
        break
      case 'by-hand':
        if (offer.status === 'pending') offer.status = step.status
        break
      case 'kill':
        for (const { name, status } of world.executions()) if (status === 'RUNNING') world.killRun(name)
        break
      case 'fault':
        faults.push(step)
        break
      case 'lose-answer':
        loseAnswer()
        break
      case 'policy':
        world.policy = policyByName({ A: step.A, B: step.B })
        world.settings = { ...world.settings, policyDigest: `${step.A}-${step.B}` }
        break
      case 'mode':
        world.settings = { ...world.settings, mode: world.settings.mode === 'enforce' ? 'observe' : 'enforce' }
        break
    }
  }
  world.fault = () => undefined
  aws.onInspect = () => undefined
  await drain(given)
  return [...violations, ...(await endOf(given, id))]
}

/** Scans and time alone have to bring every case to its end. */
async function drain({ world, id }: Scene): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) {
    await world.scan()
    await world.advance(2 * hours)
    await world.scan()
    const state = await world.ledger.read(id)
    if (state === undefined || state.status === 'closed') return
    await world.advance(8 * days)
  }
}

async function endOf({ aws, world, offer }: Scene, id: string): Promise<string[]> {
  const state = await world.ledger.read(id)
  const problems: string[] = []
  problems.push(...(await saidTwice(world, state)))
  if (aws.effects.length > 1) problems.push(`${aws.effects.length} effective writes`)
  if (state === undefined)
    return offer.status === 'pending' ? [...problems, 'a pending offer was never found'] : problems
  if (state.status === 'open') return [...problems, 'the case never ended']
  const outcome = state.closed?.outcome ?? ''
  const allowed = {
    ACCEPTED: ['accepted'],
    REJECTED: ['rejected', 'gone'],
    SUPERSEDED: ['accepted', 'rejected'],
    WITHDRAWN: ['gone'],
    LAPSED: ['gone', 'expired'],
  }
  const fits = outcome in allowed ? allowed[outcome as keyof typeof allowed].includes(offer.status) : true
  if (!fits) problems.push(`closed ${outcome}, but AWS says ${offer.status}`)
  if (aws.effects.length === 1 && outcome === 'SUPERSEDED') problems.push('our own write is said to be somebody else’s')
  if (offer.status === 'pending' && outcome === 'OBSERVED' && world.settings.mode === 'enforce')
    problems.push('left observed in enforce mode')
  if (offer.status === 'pending' && !['OBSERVED', 'LEFT'].includes(outcome))
    problems.push(`closed ${outcome}, still pending`)
  return problems
}

/** Each stage is recorded once in a round, and the escalation, too. */
async function saidTwice(world: Scene['world'], state: OfferState | undefined): Promise<string[]> {
  if (state === undefined) return []
  const steps = (await world.events(state.offerId)).flatMap((event) => {
    if (event.type === 'reminded') return [`reminder ${event.data.stage} of round ${event.round}`]
    return event.type === 'escalated' ? [`escalation of round ${event.round}`] : []
  })
  return steps.filter((step, at) => steps.indexOf(step) !== at).map((step) => `${step} twice`)
}

/** More with FUZZ_RUNS=500; a failure prints its seed and the shortest story that fails. */
const runs = Number(process.env.FUZZ_RUNS ?? 25)

/** Two of two have to accept, and lea stands in once she is asked. */
const settings = {
  approvers: ['alice', 'bob', 'lea'].map((id) => {
    return { id, email: `${id}@example.com`, slackUserId: `U0${id.toUpperCase()}` }
  }),
  slack: { secret: 'gatehouse/slack', team: slackTeam, buttons: true },
  groups: { people: { approvers: ['alice', 'bob'], quorum: 2 }, leads: { approvers: ['lea'], quorum: 1 } },
  defaultGroup: 'people',
  escalationGroup: 'leads',
}

test('any interleaving of votes, stale tabs, replays, reminders, escalations, changes, crashes and time closes once, as voted', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 14 }), async (actions) => {
      const given = scene({ policy: { A: 'review', B: 'accept' }, settings })
      const problems = await play(given, [{ do: 'scan' }, ...actions])
      if (problems.length > 0) throw new Error([...problems, ...(await given.world.types(given.id))].join('; '))
    }),
    { numRuns: runs, endOnFailure: process.env.CI !== undefined },
  )
}, 600_000)

test('a story in which a vote by Slack is sent once more after its voter has voted anew', async () => {
  const given = scene({ policy: { A: 'review' }, settings })
  const actions: Action[] = [
    { do: 'scan' },
    { do: 'slack-vote', who: 'alice', choice: 'accept' },
    { do: 'vote', who: 'alice', choice: 'accept' },
    { do: 'replay', which: 0 },
    { do: 'vote', who: 'bob', choice: 'accept' },
  ]
  expect(await play(given, actions)).toEqual([])
  expect((await given.world.state(given.id)).closed?.outcome).toBe('ACCEPTED')
})
