import * as z from 'zod'
import { ramRights } from '../../iam/operations/offers.ts'
import type { Behaviour } from '../behaviour.ts'
import { operation } from '../operation.ts'
import { AwsError, type BusEvent, type Call, type RaiseEvent, type Service } from '../service.ts'
import { eventTime, withTrail } from '../trail.ts'
import { accountOfPrincipal, checkArns, regionScopeOf } from './ram-arns.ts'
import { once } from './ram-idempotency.ts'
import { ramPage } from './ram-paging.ts'
import { RamShares, ramStateSchema, type Invitation, type InvitationStatus, type Share } from './ram-shares.ts'
import { invitationView, resourceView, shareView } from './ram-views.ts'

const createInput = z.object({
  name: z.string(),
  resourceArns: z.array(z.string()).default([]),
  principals: z.array(z.string()).default([]),
  tags: z.array(z.object({ key: z.string().optional(), value: z.string().optional() })).default([]),
  allowExternalPrincipals: z.boolean().default(true),
  clientToken: z.string().optional(),
})
const pageInput = z.object({ nextToken: z.string().optional(), maxResults: z.number().optional() })
const invitationsInput = pageInput.extend({
  resourceShareInvitationArns: z.array(z.string()).default([]),
  resourceShareArns: z.array(z.string()).default([]),
})
const resourcesInput = pageInput.extend({
  resourceShareInvitationArn: z.string(),
  resourceRegionScope: z.enum(['ALL', 'REGIONAL', 'GLOBAL']).default('ALL'),
})
const sharesInput = pageInput.extend({
  resourceOwner: z.enum(['SELF', 'OTHER-ACCOUNTS']),
  resourceShareArns: z.array(z.string()).default([]),
  resourceShareStatus: z.string().default('ACTIVE'),
  name: z.string().optional(),
})
const listInput = pageInput.extend({
  resourceOwner: z.enum(['SELF', 'OTHER-ACCOUNTS']),
  resourceShareArns: z.array(z.string()).default([]),
  resourceRegionScope: z.enum(['ALL', 'REGIONAL', 'GLOBAL']).default('ALL'),
})
const answerInput = z.object({ resourceShareInvitationArn: z.string(), clientToken: z.string().optional() })

/** Resource shares and invitations; regional. Accounts of one organization are invited like any other. */
export function createRam({ raise, behaviour }: { raise: RaiseEvent; behaviour: Behaviour }): Service {
  const ram = new Ram(raise, behaviour)
  return {
    model: 'ram',
    rights: ramRights,
    operations: {
      GetResourceShareInvitations: operation(invitationsInput, (call) => ram.invitations(call)),
      ListPendingInvitationResources: operation(resourcesInput, (call) => ram.resources(call)),
      GetResourceShares: operation(sharesInput, (call) => ram.shares(call)),
      ListResources: operation(listInput, (call) => ram.sharedResources(call)),
      ...withTrail(
        { raise, service: 'ram' },
        {
          CreateResourceShare: operation(createInput, (call) => ram.create(call)),
          AcceptResourceShareInvitation: operation(answerInput, (call) => ram.answer(call, 'ACCEPTED')),
          RejectResourceShareInvitation: operation(answerInput, (call) => ram.answer(call, 'REJECTED')),
        },
      ),
    },
    snapshot: () => ram.state.snapshot(),
    restore: (state) => {
      ram.state.restore(ramStateSchema.parse(state))
    },
    reset: () => {
      ram.state.restore({ shares: [], invitations: [], tokens: [] })
    },
  }
}

class Ram {
  readonly state = new RamShares()
  readonly #raise: RaiseEvent
  readonly #behaviour: Behaviour

  constructor(raise: RaiseEvent, behaviour: Behaviour) {
    this.#raise = raise
    this.#behaviour = behaviour
  }

  create(call: Call<z.infer<typeof createInput>>): unknown {
    return once(this.state, { operation: 'CreateResourceShare', call }, () => {
      const { input, region, caller, nowMs } = call
      const receivers = receiversOf(input, caller.account)
      const share = this.state.addShare({
        region,
        name: input.name,
        owner: caller.account,
        allowExternal: input.allowExternalPrincipals,
        resourceArns: [...new Set(input.resourceArns)],
        tags: input.tags,
        createdMs: nowMs,
      })
      for (const receiver of receivers) this.#announceInvitation(this.state.invite(share, receiver), nowMs)
      return { resourceShare: shareView(share) }
    })
  }

  invitations({ input, region, caller, nowMs }: Call<z.infer<typeof invitationsInput>>): unknown {
    checkArns('invitation', input.resourceShareInvitationArns)
    checkArns('share', input.resourceShareArns)
    const seen = this.state.invitationsIn(region).filter((each) => isParty(each, caller.account))
    const unknown = input.resourceShareInvitationArns.find((arn) => seen.every((each) => each.arn !== arn))
    if (unknown !== undefined) throw notFound(unknown)
    const wanted = seen.filter(
      ({ arn, shareArn }) =>
        includesOrAll(input.resourceShareInvitationArns, arn) && includesOrAll(input.resourceShareArns, shareArn),
    )
    const { items, nextToken } = ramPage(wanted, input, this.#behaviour.ram)
    return { resourceShareInvitations: items.map((each) => this.#view(each, this.#readStatus(each, nowMs))), nextToken }
  }

  resources({ input, region, caller, nowMs }: Call<z.infer<typeof resourcesInput>>): unknown {
    const invitation = this.#find(input.resourceShareInvitationArn, region)
    if (invitation.receiver !== caller.account) throw notFound(invitation.arn)
    const status = invitation.staleReads > 0 ? 'PENDING' : this.state.statusOf(invitation, nowMs)
    if (status === 'REJECTED' || status === 'EXPIRED') throw answered(status)
    const share = this.state.share(invitation.shareArn)
    // what an accepted invitation answers is not documented: here nothing is pending in it any more
    if (share === undefined || status === 'ACCEPTED') return { resources: [] }
    const scope = input.resourceRegionScope
    const wanted = share.resourceArns
      .map((arn, seq) => ({ arn, seq }))
      .filter(({ arn }) => scope === 'ALL' || regionScopeOf(arn) === scope)
    const { items, nextToken } = ramPage(wanted, input, this.#behaviour.ram)
    return { resources: items.map(({ arn }) => resourceView(arn, share)), nextToken }
  }

  shares({ input, region, caller }: Call<z.infer<typeof sharesInput>>): unknown {
    checkArns('share', input.resourceShareArns)
    const seen = this.#sharesOf(input.resourceOwner, { region, account: caller.account })
    const unknown = input.resourceShareArns.find((arn) => seen.every((share) => share.arn !== arn))
    if (unknown !== undefined)
      throw new AwsError('UnknownResourceException', `ResourceShare ${unknown} could not be found.`)
    const wanted = seen.filter(
      ({ arn, name }) =>
        includesOrAll(input.resourceShareArns, arn) &&
        (input.name === undefined || name === input.name) &&
        input.resourceShareStatus === 'ACTIVE',
    )
    const { items, nextToken } = ramPage(wanted, input, this.#behaviour.ram)
    return { resourceShares: items.map(shareView), nextToken }
  }

  sharedResources({ input, region, caller }: Call<z.infer<typeof listInput>>): unknown {
    checkArns('share', input.resourceShareArns)
    const shares = this.#sharesOf(input.resourceOwner, { region, account: caller.account })
    const wanted = shares
      .filter(({ arn }) => includesOrAll(input.resourceShareArns, arn))
      .flatMap((share) => share.resourceArns.map((arn) => ({ arn, share })))
      .filter(({ arn }) => input.resourceRegionScope === 'ALL' || regionScopeOf(arn) === input.resourceRegionScope)
      .map((each, seq) => ({ ...each, seq }))
    const { items, nextToken } = ramPage(wanted, input, this.#behaviour.ram)
    return { resources: items.map(({ arn, share }) => resourceView(arn, share)), nextToken }
  }

  answer(call: Call<z.infer<typeof answerInput>>, answer: 'ACCEPTED' | 'REJECTED'): unknown {
    return once(this.state, { operation: answer, call }, () => {
      const { input, region, caller, nowMs } = call
      const invitation = this.#find(input.resourceShareInvitationArn, region)
      if (!isParty(invitation, caller.account)) throw notFound(invitation.arn)
      if (invitation.receiver !== caller.account) {
        throw new AwsError('OperationNotPermittedException', 'Only the receiver can answer an invitation.')
      }
      const status = this.state.statusOf(invitation, nowMs)
      if (status !== 'PENDING') throw answered(status)
      Object.assign(invitation, {
        answer,
        staleReads: this.#behaviour.ram.staleReads,
        hiddenReads: this.#behaviour.ram.hiddenReads,
      })
      this.#announceAnswer(invitation, nowMs)
      return { resourceShareInvitation: this.#view(invitation, answer) }
    })
  }

  #find(arn: string, region: string): Invitation {
    checkArns('invitation', [arn])
    const invitation = this.state.invitation(arn)
    if (invitation?.region !== region) throw notFound(arn)
    return invitation
  }

  /** What a list shows, which may lag behind an answer. */
  #readStatus(invitation: Invitation, nowMs: number): InvitationStatus {
    if (invitation.staleReads === 0) return this.state.statusOf(invitation, nowMs)
    invitation.staleReads -= 1
    return 'PENDING'
  }

  #sharesOf(owner: 'SELF' | 'OTHER-ACCOUNTS', { region, account }: { region: string; account: string }): Share[] {
    const shares = this.state.sharesIn(region)
    return owner === 'SELF'
      ? shares.filter((share) => share.owner === account)
      : shares.filter((share) => this.#joined(share, account))
  }

  /** A share shows some reads after its invitation was accepted. */
  #joined(share: Share, account: string): boolean {
    const accepted = this.state
      .invitationsIn(share.region)
      .find((each) => each.shareArn === share.arn && each.receiver === account && each.answer === 'ACCEPTED')
    if (accepted === undefined || accepted.hiddenReads === 0) return accepted !== undefined
    accepted.hiddenReads -= 1
    return false
  }

  #view(invitation: Invitation, status: InvitationStatus): Record<string, unknown> {
    return invitationView(invitation, { shareName: this.state.share(invitation.shareArn)?.name, status })
  }

  /** Whether RAM tells a receiver before it accepts, and in which words, is not documented. */
  #announceInvitation(invitation: Invitation, nowMs: number): void {
    const detail = { event: 'Resource Share Invitation', status: 'pending' }
    this.#raise(stateChange(invitation, { account: invitation.receiver, detail, nowMs }))
  }

  #announceAnswer(invitation: Invitation, nowMs: number): void {
    if (invitation.answer !== 'ACCEPTED') return
    const detail = { event: 'Resource Share Association', status: 'associated' }
    for (const account of [invitation.sender, invitation.receiver]) {
      this.#raise(stateChange(invitation, { account, detail, nowMs }))
    }
  }
}

type Receiver = Parameters<RamShares['invite']>[1]

/** Each account principal gets an invitation of its own; an organization or OU gets none. */
function receiversOf(input: z.infer<typeof createInput>, sender: string): Receiver[] {
  checkArns('resource', input.resourceArns)
  checkArns('principal', input.principals)
  const receivers = [...new Set(input.principals)].flatMap((principal): Receiver[] => {
    const account = accountOfPrincipal(principal)
    if (account === undefined) return []
    return [principal === account ? { account } : { account, arn: principal }]
  })
  if (receivers.some(({ account }) => account === sender)) {
    throw new AwsError('InvalidParameterException', 'A resource share cannot be shared with its owner.')
  }
  if (receivers.length > 0 && !input.allowExternalPrincipals) {
    throw new AwsError('OperationNotPermittedException', 'The resource share does not allow external principals.')
  }
  return receivers
}

/** https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ram.html: two members of the detail are documented. */
function stateChange(
  { shareArn, region }: Invitation,
  { account, detail, nowMs }: { account: string; detail: Record<string, unknown>; nowMs: number },
): BusEvent {
  const envelope = { source: 'aws.ram', 'detail-type': 'Resource Sharing State Change', resources: [shareArn] }
  return { ...envelope, account, region, time: eventTime(nowMs), detail }
}

function isParty({ sender, receiver }: Invitation, account: string): boolean {
  return account === sender || account === receiver
}

function includesOrAll(list: readonly string[], value: string): boolean {
  return list.length === 0 || list.includes(value)
}

function notFound(arn: string): AwsError {
  return new AwsError('ResourceShareInvitationArnNotFoundException', `Invitation ${arn} could not be found.`)
}

function answered(status: Exclude<InvitationStatus, 'PENDING'>): AwsError {
  switch (status) {
    case 'ACCEPTED':
      return new AwsError('ResourceShareInvitationAlreadyAcceptedException', 'The invitation was accepted already.')
    case 'REJECTED':
      return new AwsError('ResourceShareInvitationAlreadyRejectedException', 'The invitation was rejected already.')
    case 'EXPIRED':
      return new AwsError('ResourceShareInvitationExpiredException', 'The invitation has expired.')
  }
}
