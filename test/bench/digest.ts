import { queueForDigest } from '../support/queued.ts'
import { closeScenes, openScenes } from '../support/scene.ts'
import { secondsOf, type Measured } from './bench.ts'

/** As many as one digest holds; the rest waits for the next hour's. */
const offers = 2000

/** Seconds of the Digest function for as many offers as it takes at once, for five people. */
export async function run(): Promise<Measured> {
  await openScenes()
  try {
    const world = await queueForDigest(offers)
    const seconds = await secondsOf(async () => {
      const sent = await world.digest()
      if (sent.offers !== offers) throw new Error(`expected ${offers} offers in the digest, got ${sent.offers}`)
    })
    return { name: 'digest', figures: { secondsFor2000Offers: seconds } }
  } finally {
    await closeScenes()
  }
}
