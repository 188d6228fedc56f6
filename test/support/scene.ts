import { offerIdOf } from '../../lambda/domain/offer.ts'
import { aRef } from './events.ts'
import { createNearTable, type TestTable } from './table.ts'
import { TestAws, type TestOffer } from './test-aws.ts'
import { World, type WorldOptions } from './world.ts'

export interface Scene {
  aws: TestAws
  world: World
  offer: TestOffer
  id: string
}

let table: TestTable | undefined
let count = 0
const worlds: World[] = []

/** Call in `beforeAll` and `afterAll`: the ledger table of this file. */
export async function openScenes(): Promise<void> {
  table = await createNearTable()
}

export async function closeScenes(): Promise<void> {
  for (const world of worlds) world.close()
  await table?.close()
}

/** The table of this file, for what no part of Gatehouse would write. */
export function tableOf({ world }: Scene): TestTable {
  return world.table
}

/** One pending offer in a world of its own; the table is shared, so each has its own account and AWS id. */
export function scene(given: Partial<WorldOptions> & { offer?: Partial<TestOffer> } = {}): Scene {
  if (table === undefined) throw new Error('call openScenes first')
  count += 1
  const aws = new TestAws()
  const account = String(100_000_000_000 + count)
  const world = new World({ table, account, open: (target, how) => aws.open(target, how), ...given })
  worlds.push(world)
  const ref = { ...aRef(), ...given.offer?.ref, account, awsId: `offer-${count}` }
  const offer = aws.offer({ ...given.offer, ref })
  return { aws, world, offer, id: offerIdOf(ref) }
}

export const seconds = 1_000
export const minutes = 60 * seconds
export const hours = 60 * minutes
export const days = 24 * hours
