import type { Facts, Membership } from '../../../lambda/domain/facts.ts'
import type { JsonObject } from '../../../lambda/domain/json.ts'
import type { OfferKind } from '../../../lambda/domain/offer.ts'
import { createPolicyEngine } from '../../../lambda/policy/cedar-engine.ts'
import type { PolicySettings } from '../../../lambda/policy/document.ts'
import type { PolicyEngine, PolicyRequest } from '../../../lambda/policy/engine.ts'
import { loadPolicySet } from '../../../lambda/policy/load.ts'
import { validatePolicySet } from '../../../lambda/policy/validate.ts'

export const partner = '444455556666'
export const stranger = '555566667777'
export const settings: PolicySettings = {
  partners: { partners: [partner] },
  organizationId: null,
  groups: {
    security: { approvers: ['alice', 'bob'] },
    network: { approvers: ['carol', 'dave', 'erin'] },
  },
  defaultGroup: 'security',
}
export const { schema } = loadPolicySet('policies')

/** An engine over policies given as texts, each with its id and reason. */
export function engineOf(texts: string[], of: PolicySettings = settings): PolicyEngine {
  return createPolicyEngine(validatePolicySet({ schema, files: [fileOf(texts.join('\n'))] }, of), of)
}

export function fileOf(text: string, file = 'test.cedar'): { file: string; text: string } {
  return { file, text }
}

type Action = 'accept' | 'reject' | 'review' | 'approve' | 'activate'

/** `does` is an effect and an action: `permit accept`. */
export function policy(id: string, does: `${'permit' | 'forbid'} ${Action}`, when = 'true'): string {
  const [effect, action] = does.split(' ')
  const head = `@id("${id}") @reason("Because of ${id}")`
  return `${head} ${effect} (principal, action == Action::"${action}", resource is RamInvitation) when { ${when} };`
}

/** Well typed, and fails when it is evaluated. */
export const overflow = 'resource has resourceCount && resource.resourceCount + 9223372036854775807 > 0'

export interface RequestParts {
  kind?: OfferKind
  counterparty?: string | null
  organization?: Membership
  decisive?: JsonObject
  unknown?: string[]
  now?: Date
}

export function requestOf(parts: RequestParts = {}): PolicyRequest {
  const { kind = 'ram-invitation', counterparty = partner, organization = 'not-configured', unknown = [] } = parts
  const path: JsonObject = organization === 'inside' ? { organizationPath: ['ou-ab12-c3d4e5f6', 'r-ab12'] } : {}
  const facts: Facts = {
    decisive: { counterparty, organization, ...path, ...(kind === 'ram-invitation' ? share : {}), ...parts.decisive },
    context: {},
    unknown,
    counterparty,
    offeredAt: '2026-11-20T10:00:00.000Z',
    expiresAt: null,
  }
  return {
    ref: { kind, account: '111111111111', region: 'us-east-1', awsId: 'an-offer' },
    facts,
    now: parts.now ?? new Date('2026-11-20T12:00:00Z'),
  }
}

const share: JsonObject = {
  shareName: 'network',
  shareArn: `arn:aws:ram:us-east-1:${partner}:resource-share/8a7b1c7e-3f61-4a38-9f0e-2a8a1d0f5b11`,
  receiver: '111111111111',
  resources: [{ arn: `arn:aws:ec2:us-east-1:${partner}:subnet/subnet-0a1b`, type: 'ec2:Subnet', regionScope: null }],
  resourceTypes: ['ec2:Subnet'],
  resourceCount: 1,
}
