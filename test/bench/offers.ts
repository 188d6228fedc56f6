import { CreateResourceShareCommand, RAMClient } from '@aws-sdk/client-ram'
import { OfferReader } from '../../local/console/offer-reader.ts'
import { clientConfigOf, offerCertificate, type LocalAws } from '../../local/partner.ts'
import { sampleAccounts } from '../../local/sample.ts'
import type { Started } from '../../local/start.ts'
import { median, secondsOf, type Measured } from './bench.ts'
import { withLocal } from './local.ts'

const offers = 200
const rounds = 3
const makersAtOnce = 4
const { own, partner } = sampleAccounts

/** Offers a second through the whole local run, from found to closed, each accepted by policy. */
export async function run(): Promise<Measured> {
  return await withLocal(async (started) => {
    await bySweep(started, 20)
    await byEvent(started, 20)
    const sweeps: number[] = []
    const events: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      sweeps.push(offers / (await bySweep(started, offers)))
      events.push(offers / (await byEvent(started, offers)))
    }
    return {
      name: 'offers',
      figures: { foundBySweepPerSecond: median(sweeps), foundByEventPerSecond: median(events) },
    }
  })
}

/** AWS tells nobody of a certificate: they wait, all made beforehand, until one sweep. Seconds until all are closed. */
async function bySweep(started: Started, count: number): Promise<number> {
  await started.run.reset()
  const aws = awsOf(started)
  await inParallel(count, (index) => offerCertificate(aws, { from: partner, to: own, device: `device-${index}` }))
  return await secondsOf(async () => {
    await started.control.sweep()
    await untilClosed(started, count)
  })
}

/** Shares raise an event each. Seconds from the first share made until all are closed: making them counts. */
async function byEvent(started: Started, count: number): Promise<number> {
  await started.run.reset()
  const aws = awsOf(started)
  const ram = new RAMClient(clientConfigOf(aws, partner))
  const resourceArns = [`arn:aws:ec2:${aws.region}:${partner}:subnet/subnet-0a1b2c3d`]
  try {
    return await secondsOf(async () => {
      await inParallel(count, (index) =>
        ram.send(new CreateResourceShareCommand({ name: `share-${index}`, resourceArns, principals: [own] })),
      )
      await untilClosed(started, count)
    })
  } finally {
    ram.destroy()
  }
}

function awsOf({ run }: Started): LocalAws {
  return { endpoint: run.endpointUrl, region: run.assembly.place.region }
}

async function inParallel(count: number, make: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const maker = async (): Promise<void> => {
    while (next < count) await make(next++)
  }
  await Promise.all(Array.from({ length: makersAtOnce }, maker))
}

/** Starts that wait for their second are timers, which count as idle: so it is the ledger that is asked. */
async function untilClosed({ run, control }: Started, count: number): Promise<void> {
  const health = await control.health()
  const reader = new OfferReader({ endpoint: run.endpointUrl, ...health })
  try {
    for (;;) {
      await run.idle()
      const closed = (await reader.list()).filter(({ outcome }) => outcome === 'ACCEPTED').length
      if (closed === count) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  } finally {
    reader.close()
  }
}
