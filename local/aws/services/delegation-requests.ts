import * as z from 'zod'

const dayMs = 24 * 60 * 60 * 1000

const stateSchema = z.enum([
  'UNASSIGNED',
  'ASSIGNED',
  'PENDING_APPROVAL',
  'ACCEPTED',
  'FINALIZED',
  'REJECTED',
  'EXPIRED',
])
export type DelegationState = z.infer<typeof stateSchema>

export const permissionsSchema = z.object({
  PolicyTemplateArn: z.string().optional(),
  Parameters: z
    .array(
      z.object({ Name: z.string().optional(), Values: z.array(z.string()).optional(), Type: z.string().optional() }),
    )
    .optional(),
})

export const delegationRequestSchema = z.object({
  seq: z.number(),
  id: z.string(),
  /** Preset by the partner, else the owner's from when there is one. */
  ownerAccount: z.string().optional(),
  ownerId: z.string().optional(),
  approverId: z.string().optional(),
  state: stateSchema,
  /** When it went into this state. */
  sinceMs: z.number(),
  requestor: z.string(),
  description: z.string(),
  requestMessage: z.string().optional(),
  permissions: permissionsSchema,
  redirectUrl: z.string().optional(),
  sessionDuration: z.number(),
  onlySendByOwner: z.boolean(),
  notes: z.string().optional(),
  rejectionReason: z.string().optional(),
  createdMs: z.number(),
  /** When each identity had its permissions checked first. */
  checks: z.record(z.string(), z.number()).optional(),
})
export type DelegationRequest = z.infer<typeof delegationRequestSchema>

/** Ended: nothing follows but that AWS forgets it. */
const ended = new Set<DelegationState>(['FINALIZED', 'REJECTED', 'EXPIRED'])

/**
 * 1 day without an owner, 7 days in each later state. What is pending then expires; what has ended is forgotten.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-temporary-delegation-partner-guide.html
 */
export function expiresAtMs({ state, sinceMs }: DelegationRequest): number {
  return sinceMs + (state === 'UNASSIGNED' ? dayMs : 7 * dayMs)
}

/** Requests of all accounts, brought up to the time they are read at. */
export class DelegationRequests {
  #requests = new Map<string, DelegationRequest>()
  #seq = 0

  add(made: Omit<DelegationRequest, 'seq'>): DelegationRequest {
    this.#seq += 1
    const request = { ...made, seq: this.#seq }
    this.#requests.set(request.id, request)
    return request
  }

  find(id: string, nowMs: number): DelegationRequest | undefined {
    const request = this.#requests.get(id)
    if (request === undefined) return undefined
    this.#expire(request, nowMs)
    return this.#requests.get(id)
  }

  all(nowMs: number): DelegationRequest[] {
    for (const request of [...this.#requests.values()]) this.#expire(request, nowMs)
    return [...this.#requests.values()]
  }

  snapshot(): DelegationRequest[] {
    return [...this.#requests.values()]
  }

  restore(requests: DelegationRequest[]): void {
    this.#requests = new Map(requests.map((request) => [request.id, request] as const))
    this.#seq = Math.max(0, ...requests.map(({ seq }) => seq))
  }

  #expire(request: DelegationRequest, nowMs: number): void {
    if (!ended.has(request.state) && nowMs >= expiresAtMs(request)) {
      Object.assign(request, { state: 'EXPIRED', sinceMs: expiresAtMs(request) })
    }
    if (ended.has(request.state) && nowMs >= expiresAtMs(request)) this.#requests.delete(request.id)
  }
}
