import { longPolicy, shareOf } from '../support/large.ts'
import { factsOfKind } from '../support/facts.ts'
import { Site, token } from '../support/site.ts'
import type { Measured } from './bench.ts'

/** How long the approval page takes in process, from request to text, with the case read already: the 95th of 100. */
export async function run(): Promise<Measured> {
  const delegation = factsOfKind('iam-delegation', { permissionPolicy: longPolicy() })
  return {
    name: 'page',
    figures: {
      normalP95Ms: await p95Of(new Site().asking()),
      policyOf6KbP95Ms: await p95Of(new Site('iam-delegation', delegation).asking()),
      shareOf5000P95Ms: await p95Of(new Site('ram-invitation', shareOf(5000)).asking()),
    },
  }
}

const warmUps = 100
const renders = 400

async function p95Of(site: Site): Promise<number> {
  const { app } = site
  const times: number[] = []
  for (let at = 0; at < warmUps + renders; at += 1) {
    const startedAt = performance.now()
    const page = await (await app.request(`/a/${token}`)).text()
    if (at >= warmUps) times.push(performance.now() - startedAt)
    if (!page.includes('Send my decision')) throw new Error('expected the page with its form')
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0
}
