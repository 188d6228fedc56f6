import type { Settings } from '../../lambda/contract/settings.ts'
import type { Verdict } from '../../lambda/domain/event.ts'
import type { OfferState } from '../../lambda/domain/state.ts'
import type { Delegator } from '../../lambda/kinds/delegator.ts'
import { openDelegator } from '../../lambda/kinds/iam-delegation/delegator.ts'
import type { Caller } from '../../local/aws/service.ts'
import { administratorOf } from './endpoint.ts'
import type { KindWorld } from './kind-world.ts'
import { aContext, us } from './kinds.ts'
import type { TestTable } from './table.ts'
import { policyByName, World } from './world.ts'

export const delegationRole = {
  accounts: [us],
  managedPolicyArns: [],
  permissionsBoundary: null,
  holdMs: 30 * 60_000,
}

const workers = new Map([
  ['ASIADELEGATOR', 'gatehouse-delegator'],
  ['ASIAREJECTOR', 'gatehouse-rejector'],
])

/** Sessions of the roles, and administrators. */
export function resolveWorker(key: string): Caller | undefined {
  const role = workers.get(key)
  return role === undefined
    ? administratorOf(key)
    : { account: us, arn: `arn:aws:sts::${us}:assumed-role/${role}/x`, role }
}

function openAs(accessKeyId: string): (state: OfferState) => Promise<Delegator> {
  const credentials = async (): Promise<{ accessKeyId: string; secretAccessKey: string }> => {
    return { accessKeyId, secretAccessKey: 'secret' }
  }
  return async ({ ref }) => openDelegator(aContext('iam-delegation', { credentials }), ref)
}

interface Options {
  table: TestTable
  kinds: KindWorld
  settings?: Partial<Settings>
  policy?: Partial<Record<string, Verdict>>
}

/** A world in whose one account the delegator role accepts. */
export function delegationWorld({ table, kinds, settings, policy = {} }: Options): World {
  const world = new World({
    table,
    account: us,
    open: (target) => kinds.open(target.kind, { target }),
    policy: policyByName(policy),
    settings: { delegationRole, ...settings },
  })
  world.openDelegator = openAs('ASIADELEGATOR')
  world.openForReject = openAs('ASIAREJECTOR')
  return world
}
