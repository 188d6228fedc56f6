import { readCaseFiles } from '../../lambda/policy/case-file.ts'
import { createPolicyEngine } from '../../lambda/policy/cedar-engine.ts'
import type { PolicyRequest } from '../../lambda/policy/engine.ts'
import { compilePolicySet } from '../../lambda/policy/load.ts'
import type { Measured } from './bench.ts'

const settings = { partners: { partners: ['444455556666'] }, groups: {}, defaultGroup: null }
const rounds = 2000

/**
 * How long policy takes, over the offers of the default cases: one judging, which evaluates three actions; an instance's
 * first, which parses schema and policies before it; and a share of 5,000 resources.
 */
export function run(): Measured {
  const document = compilePolicySet('policies', settings)
  const requests = requestsOfCases()
  const firstMs = timeOf(() => createPolicyEngine(document, settings).judge(requests[0]!))
  const engine = createPolicyEngine(document, settings)
  const judge = (at: number): unknown => engine.judge(requests[at % requests.length]!)
  const judgeMs = timeOf(() => {
    for (let at = 0; at < rounds; at += 1) judge(at)
  })
  const largeShareMs = timeOf(() => engine.judge(largeShare(requests[0]!)))
  return { name: 'policy', figures: { judgeMs: judgeMs / rounds, firstJudgeMs: firstMs, largeShareMs } }
}

function timeOf(work: () => unknown): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

function requestsOfCases(): PolicyRequest[] {
  return readCaseFiles('policies/cases')
    .filter((file) => file.case.policies.length === 0 && file.case.organizationId === undefined)
    .map(({ case: { kind, ref, counterparty, facts } }) => ({
      ref: { kind, ...ref },
      now: new Date(),
      facts: {
        decisive: { ...facts, counterparty, organization: 'not-configured' },
        context: {},
        unknown: [],
        counterparty,
        offeredAt: null,
        expiresAt: null,
      },
    }))
}

function largeShare({ ref, facts, now }: PolicyRequest): PolicyRequest {
  const resources = Array.from({ length: 5000 }, (_, at) => ({
    arn: `arn:aws:ec2:us-east-1:444455556666:subnet/subnet-${at}`,
    type: 'ec2:Subnet',
    regionScope: 'REGIONAL',
  }))
  const { counterparty, organization } = facts.decisive
  const decisive = {
    counterparty: counterparty!,
    organization: organization!,
    resources,
    resourceTypes: ['ec2:Subnet'],
    resourceCount: 5000,
  }
  return { now, ref: { ...ref, kind: 'ram-invitation' }, facts: { ...facts, decisive } }
}
