import type { OfferDetailsJson } from '../console/offer-json.ts'
import { tableOf } from '../table.ts'
import type { Scene } from './script.ts'

interface Ended {
  scene: Scene
  ended: OfferDetailsJson
}

/** The closing table, and what ended otherwise than the script has it. */
export function reportOf(all: readonly Ended[]): { table: string; surprises: string[] } {
  const rows = all.map(({ ended }) => [
    `…${ended.id.slice(-8)}`,
    ended.kind,
    ended.counterparty ?? 'unknown',
    ended.verdict ?? '-',
    deciderOf(ended),
    ended.outcome ?? ended.status,
  ])
  return {
    table: tableOf(['offer', 'kind', 'other side', 'verdict', 'decided by', 'outcome'], rows),
    surprises: all.flatMap(surprisesOf),
  }
}

function surprisesOf({ scene, ended }: Ended): string[] {
  const by = deciderOf(ended)
  const checks = [
    { what: 'verdict', expected: scene.verdict, got: ended.verdict },
    {
      what: 'decided by',
      expected: scene.decidedBy,
      got: scene.decidedBy === 'policy' && isPolicy(by) ? 'policy' : by,
    },
    { what: 'outcome', expected: scene.outcome, got: ended.outcome },
  ]
  return checks
    .filter(({ expected, got }) => expected !== got)
    .map(({ what, expected, got }) => `${scene.offer}: ${what}: expected ${expected}, got ${got ?? 'none'}`)
}

/** People by name, the deadline, or the ids of the policies. */
function deciderOf({ events, policies }: OfferDetailsJson): string {
  const decided = events.findLast((event) => event.type === 'decided')
  if (decided?.type === 'decided') return decided.data.by === 'people' ? decided.data.people.join(', ') : 'deadline'
  return policies.map(({ id }) => id).join(', ') || 'nobody'
}

function isPolicy(decider: string): boolean {
  return /^[a-z]+\.[a-z-]+/.test(decider)
}
