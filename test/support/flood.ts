import { scene, type Scene } from './scene.ts'
import type { WorldOptions } from './world.ts'

export const floodApprovers = ['alice', 'bob', 'carol'].map((id) => ({ id, email: `${id}@example.com` }))

export interface AskedFlood extends Scene {
  /** Whose digest tells of it. */
  group: string
  /** The offers that get no messages of their own. */
  more: string[]
}

let groups = 0

/** So many asks of one sender, scanned and asked. The table is shared, and with it a group's digest: each has its own. */
export async function askFlood({
  count,
  personalAsks,
  settings,
}: {
  count: number
  personalAsks: number
  settings?: WorldOptions['settings']
}): Promise<AskedFlood> {
  const group = `people-${(groups += 1)}`
  const people = { approvers: floodApprovers.map(({ id }) => id), quorum: 1 }
  const given = scene({
    settings: {
      ...{ personalAsks, runsPerSecond: 1000, approvers: floodApprovers, defaultGroup: group, ...settings },
      groups: { [group]: people, ...settings?.groups },
    },
  })
  const { ref, counterparty } = given.offer
  for (let index = 1; index < count; index += 1)
    given.aws.offer({ ref: { ...ref, awsId: `${ref.awsId}-${index}` }, counterparty })
  await given.world.scan()
  const states = await Promise.all([...given.aws.offers.keys()].map((id) => given.world.state(id)))
  const more = states.filter(({ round }) => round?.asked?.digest === true).map(({ offerId }) => offerId)
  return { ...given, group, more }
}
