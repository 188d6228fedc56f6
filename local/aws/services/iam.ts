import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { iamRights } from '../../iam/operations/offers.ts'
import { operation } from '../operation.ts'
import { readCursor, takePage } from '../paging.ts'
import { AwsError, type Call, type Caller, type RaiseEvent, type Service } from '../service.ts'
import type { Behaviour } from '../behaviour.ts'
import { eventTime, roleArn, withTrail } from '../trail.ts'
import {
  DelegationRequests,
  delegationRequestSchema,
  permissionsSchema,
  type DelegationRequest,
  type DelegationState,
} from './delegation-requests.ts'
import { fullView, listView, summaryText } from './delegation-views.ts'
import {
  createPolicyInput,
  ManagedPolicies,
  managedPolicySchema,
  policyInput,
  policyVersionInput,
} from './managed-policies.ts'

/** IAM is global: its events are in us-east-1, wherever the call came from. */
const homeRegion = 'us-east-1'

const idInput = z.object({ DelegationRequestId: z.string() })
const notesInput = idInput.extend({ Notes: z.string().optional() })
const getInput = idInput.extend({ DelegationPermissionCheck: z.boolean().default(false) })
const summaryInput = z.object({ EntityArn: z.string(), Locale: z.string().default('en-US') })
const listInput = z.object({
  OwnerId: z.string().optional(),
  Marker: z.string().optional(),
  MaxItems: z.number().default(100),
})
const createInput = z.object({
  OwnerAccountId: z.string().optional(),
  Description: z.string(),
  Permissions: permissionsSchema,
  RequestMessage: z.string().optional(),
  RedirectUrl: z.string().optional(),
  SessionDuration: z.number(),
  OnlySendByOwner: z.boolean().default(false),
})
const roleInput = z.object({ RoleName: z.string() })

/** A data folder of an earlier version holds requests only. */
const snapshotSchema = z.union([
  z.object({ requests: z.array(delegationRequestSchema), policies: z.array(managedPolicySchema) }),
  z.array(delegationRequestSchema).transform((requests) => ({ requests, policies: [] })),
])

interface IamOptions {
  raise: RaiseEvent
  behaviour: Pick<Behaviour, 'iam'>
  /** Takes a deployed role away; false when there is none. */
  deleteRole?: (arn: string) => boolean
}

/** Temporary delegation. Here every account may ask, at AWS only partners that it has onboarded. */
export function createIam(options: IamOptions): Service {
  const { raise, deleteRole } = options
  const iam = new Delegation(options)
  const policies = new ManagedPolicies()
  return {
    model: 'iam',
    rights: iamRights,
    operations: {
      GetDelegationRequest: operation(getInput, (call) => iam.get(call)),
      ListDelegationRequests: operation(listInput, (call) => iam.list(call)),
      GetPolicy: operation(policyInput, (call) => policies.get(call)),
      GetPolicyVersion: operation(policyVersionInput, (call) => policies.getVersion(call)),
      GetHumanReadableSummary: operation(summaryInput, (call) => iam.summary(call)),
      ...withTrail(
        { raise, service: 'iam', region: homeRegion },
        {
          CreateDelegationRequest: operation(createInput, (call) => iam.create(call)),
          AssociateDelegationRequest: operation(idInput, (call) => {
            iam.associate(call)
          }),
          UpdateDelegationRequest: operation(notesInput, (call) => {
            iam.update(call)
          }),
          AcceptDelegationRequest: operation(idInput, (call) => {
            iam.accept(call)
          }),
          RejectDelegationRequest: operation(notesInput, (call) => {
            iam.reject(call)
          }),
          SendDelegationToken: operation(idInput, (call) => {
            iam.sendToken(call)
          }),
          CreatePolicy: operation(createPolicyInput, (call) => policies.create(call)),
          DeleteRole: operation(roleInput, ({ input, caller }) => {
            if (deleteRole?.(roleArn(caller.account, input.RoleName)) !== true)
              throw new AwsError('NoSuchEntityException', `The role with name ${input.RoleName} cannot be found.`)
          }),
        },
      ),
    },
    snapshot: () => ({ requests: iam.requests.snapshot(), policies: policies.snapshot() }),
    restore: (state) => {
      const kept = snapshotSchema.parse(state)
      iam.requests.restore(kept.requests)
      policies.restore(kept.policies)
    },
    reset: () => {
      iam.requests.restore([])
      policies.restore([])
    },
  }
}

type IdCall = Call<z.infer<typeof idInput>>
type NotesCall = Call<z.infer<typeof notesInput>>

class Delegation {
  readonly requests = new DelegationRequests()
  readonly #raise: RaiseEvent
  readonly #behaviour: Pick<Behaviour, 'iam'>

  constructor({ raise, behaviour }: { raise: RaiseEvent; behaviour: Pick<Behaviour, 'iam'> }) {
    this.#raise = raise
    this.#behaviour = behaviour
  }

  create({ input, caller, nowMs }: Call<z.infer<typeof createInput>>): unknown {
    const request = this.requests.add({
      id: randomUUID(),
      ownerAccount: input.OwnerAccountId,
      state: 'UNASSIGNED',
      sinceMs: nowMs,
      requestor: caller.account,
      description: input.Description,
      requestMessage: input.RequestMessage,
      permissions: input.Permissions,
      redirectUrl: input.RedirectUrl,
      sessionDuration: input.SessionDuration,
      onlySendByOwner: input.OnlySendByOwner,
      createdMs: nowMs,
    })
    this.#announce(request, 'Created', nowMs)
    const review = `https://${homeRegion}.console.aws.amazon.com/iam/account-access-requests/review/${request.id}`
    return { ConsoleDeepLink: review, DelegationRequestId: request.id }
  }

  get({ input, caller, nowMs }: Call<z.infer<typeof getInput>>): unknown {
    const request = this.requests.find(input.DelegationRequestId, nowMs)
    if (request === undefined || !mayRead(request, caller.account)) throw noSuchRequest(input.DelegationRequestId)
    const check = input.DelegationPermissionCheck ? this.#check(request, identityOf(caller), nowMs) : {}
    return { DelegationRequest: fullView(request), ...check }
  }

  /** Asynchronous, and of the caller's own permissions. What it comes to is set, not worked out. */
  #check(request: DelegationRequest, identity: string, nowMs: number): Record<string, string> {
    const { permissionCheck, permissionCheckSeconds } = this.#behaviour.iam
    const sinceMs = request.checks?.[identity]
    if (sinceMs === undefined) request.checks = { ...request.checks, [identity]: nowMs }
    if (sinceMs === undefined || nowMs < sinceMs + permissionCheckSeconds * 1000)
      return { PermissionCheckStatus: 'IN_PROGRESS' }
    if (permissionCheck === 'FAILED') return { PermissionCheckStatus: 'FAILED' }
    return { PermissionCheckStatus: 'COMPLETE', PermissionCheckResult: permissionCheck }
  }

  /** Which account the ARN of a request carries is not documented: any does. */
  summary({ input, caller, nowMs }: Call<z.infer<typeof summaryInput>>): unknown {
    const id = /^arn:aws:iam::(?:\d{12})?:delegation-request\/([\w-]+)$/.exec(input.EntityArn)?.[1]
    if (id === undefined) throw invalid('The ARN is not one of a delegation request.')
    const request = this.requests.find(id, nowMs)
    if (request === undefined || !mayRead(request, caller.account)) throw noSuchRequest(id)
    const SummaryState = this.#behaviour.iam.summary
    if (SummaryState !== 'AVAILABLE') return { SummaryState }
    return { SummaryState, SummaryContent: summaryText(request), Locale: input.Locale }
  }

  /** Never those without an owner, even when they name the account. */
  list({ input, caller, nowMs }: Call<z.infer<typeof listInput>>): unknown {
    const cursor = input.Marker === undefined ? undefined : readCursor(input.Marker)
    if (input.Marker !== undefined && cursor === undefined) throw invalid('The marker is not valid.')
    const owned = this.requests
      .all(nowMs)
      .filter(({ ownerAccount, ownerId }) => ownerId !== undefined && ownerAccount === caller.account)
      .filter(({ ownerId }) => input.OwnerId === undefined || ownerId === input.OwnerId)
    const { items, next } = takePage(owned, { cursor, size: input.MaxItems })
    return { DelegationRequests: items.map(listView), Marker: next, isTruncated: next !== undefined }
  }

  associate(call: IdCall): void {
    const request = this.#unowned(call)
    Object.assign(request, { ownerAccount: call.caller.account, ownerId: identityOf(call.caller) })
    this.#move(request, 'ASSIGNED', call.nowMs)
  }

  update(call: NotesCall): void {
    const request = this.#owned(call, ['ASSIGNED'])
    request.notes = call.input.Notes
    this.#move(request, 'PENDING_APPROVAL', call.nowMs)
  }

  accept(call: IdCall): void {
    const request = this.#owned(call, ['ASSIGNED', 'PENDING_APPROVAL'])
    request.approverId = identityOf(call.caller)
    this.#move(request, 'ACCEPTED', call.nowMs)
  }

  reject(call: NotesCall): void {
    const request = this.#owned(call, ['ASSIGNED', 'PENDING_APPROVAL', 'ACCEPTED'])
    request.rejectionReason = call.input.Notes
    this.#move(request, 'REJECTED', call.nowMs)
  }

  sendToken(call: IdCall): void {
    const request = this.#owned(call, ['ACCEPTED'])
    if (request.onlySendByOwner && request.ownerId !== identityOf(call.caller)) {
      throw new AwsError('AccessDenied', 'Only the owner can send the token of this delegation request.')
    }
    this.#move(request, 'FINALIZED', call.nowMs)
  }

  /** One that the caller may make its own: naming its account or none. */
  #unowned({ input, caller, nowMs }: IdCall): DelegationRequest {
    const request = this.requests.find(input.DelegationRequestId, nowMs)
    if (request === undefined || (request.ownerAccount ?? caller.account) !== caller.account) {
      throw noSuchRequest(input.DelegationRequestId)
    }
    return inState(request, ['UNASSIGNED'])
  }

  /** One of the caller's account, in a state that the call goes on from. Who in the account may is for IAM policies. */
  #owned({ input, caller, nowMs }: IdCall, states: DelegationState[]): DelegationRequest {
    const request = this.requests.find(input.DelegationRequestId, nowMs)
    if (request === undefined || !mayRead(request, caller.account)) throw noSuchRequest(input.DelegationRequestId)
    if ((request.ownerAccount ?? caller.account) !== caller.account) throw noSuchRequest(input.DelegationRequestId)
    return inState(request, states)
  }

  #move(request: DelegationRequest, state: DelegationState, nowMs: number): void {
    Object.assign(request, { state, sinceMs: nowMs })
    this.#announce(request, changeNames[state], nowMs)
  }

  /** That EventBridge gets these, and what they carry, is not documented; only an owner account can be told. */
  #announce({ id, state, ownerAccount }: DelegationRequest, change: string, nowMs: number): void {
    if (ownerAccount === undefined) return
    this.#raise({
      source: 'aws.iam',
      'detail-type': `IAM Temporary Delegation Request ${change}`,
      account: ownerAccount,
      region: homeRegion,
      time: eventTime(nowMs),
      resources: [],
      detail: { requestId: id, state },
    })
  }
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/temporary-delegation-notifications.html */
const changeNames: Record<DelegationState, string> = {
  UNASSIGNED: 'Created',
  ASSIGNED: 'Assigned',
  PENDING_APPROVAL: 'Pending Approval',
  ACCEPTED: 'Accepted',
  FINALIZED: 'Finalized',
  REJECTED: 'Rejected',
  EXPIRED: 'Expired',
}

/** Without an owner account any account may read; else that account, and (not documented) the one that asks. */
function mayRead({ ownerAccount, requestor }: DelegationRequest, account: string): boolean {
  return ownerAccount === undefined || ownerAccount === account || requestor === account
}

/** What a call in the wrong state answers is not documented: here InvalidInput, and nothing changes. */
function inState(request: DelegationRequest, states: DelegationState[]): DelegationRequest {
  if (states.includes(request.state)) return request
  throw invalid(`The delegation request is ${request.state}, expected ${states.join(' or ')}.`)
}

/** A role's sessions are one identity: the role. Which ARN AWS records is not documented. */
function identityOf({ account, arn, role }: Caller): string {
  return role === undefined ? arn : roleArn(account, role)
}

function noSuchRequest(id: string): AwsError {
  return new AwsError('NoSuchEntityException', `The delegation request with id ${id} cannot be found.`)
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidInputException', message)
}
