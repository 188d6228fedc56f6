import type { ResourceShareInvitation } from '@aws-sdk/client-ram'
import { UnexpectedAnswer } from '../../contract/errors.ts'
import type { Choice } from '../../domain/event.ts'
import type { Facts, Inspection } from '../../domain/facts.ts'
import type { OfferRef } from '../../domain/offer.ts'
import type { Receipt } from '../../domain/facts.ts'
import { ItemReader, parseAnswer } from '../answer.ts'
import type { Found, Kind, KindContext, Settled, SettleRequest } from '../kind.ts'
import type { ListedPage } from '../listed-page.ts'
import { everything, type Part } from '../part.ts'
import { partyOf } from '../party.ts'
import { settle } from '../settlement.ts'
import { RamCalls } from './calls.ts'
import { factsOf, invitationSchema, seenOf } from './facts.ts'
import type { Invitation } from './facts.ts'
import { readReceived } from './received.ts'
import { readResources } from './resources.ts'

/** Invitations to resource shares: https://docs.aws.amazon.com/ram/latest/APIReference/Welcome.html */
export function openRamInvitation(context: KindContext): Kind {
  return new RamInvitation(context)
}

class RamInvitation implements Kind {
  readonly handsOver = false
  readonly listedInParts = 'without-a-wait'
  readonly #context: KindContext
  readonly #calls: RamCalls

  constructor(context: KindContext) {
    this.#context = context
    this.#calls = new RamCalls(context)
  }

  /** Old answered invitations stay listed beside a new one, so the status chooses. */
  async *discover(part: Part = everything): AsyncIterable<Found> {
    const items = new ItemReader()
    let { marker } = part.from
    for (let offers = 0; marker !== null && (await part.page(offers));) {
      const page: ListedPage<ResourceShareInvitation> = await this.#calls.invitationPage(marker)
      marker = page.next
      part.reached({ marker, waiting: [] })
      for (const item of page.items) {
        const invitation = items.read(() => parseInvitation(item))
        if (invitation?.status !== 'PENDING' || !this.#isForUs(invitation)) continue
        offers += 1
        yield { ref: this.#refOf(invitation), counterparty: invitation.senderAccountId }
      }
    }
    items.finish()
  }

  async locate(awsId: string): Promise<OfferRef | undefined> {
    const invitation = await this.#read(awsId)
    return invitation?.status === 'PENDING' ? this.#refOf(invitation) : undefined
  }

  async inspect(ref: OfferRef): Promise<Inspection> {
    const invitation = await this.#read(ref.awsId)
    switch (invitation?.status) {
      case undefined:
        return { state: 'gone' }
      case 'ACCEPTED':
        return { state: 'accepted', seen: seenOf(invitation) }
      case 'REJECTED':
        return { state: 'rejected' }
      case 'EXPIRED':
        return { state: 'expired' }
      case 'PENDING':
        return await this.#inspectPending(invitation)
    }
  }

  async settle({ ref, action }: SettleRequest): Promise<Settled> {
    const answer = action === 'accept' ? await this.#calls.accept(ref.awsId) : await this.#calls.reject(ref.awsId)
    const confirm = (invitation: ResourceShareInvitation | undefined): string => confirmStatus(invitation, action)
    return await settle({ action, answer, confirm, look: () => this.inspect(ref) })
  }

  async received(ref: OfferRef, decided: Facts | undefined): Promise<Receipt> {
    const shareArn = (await this.#read(ref.awsId))?.resourceShareArn ?? null
    if (shareArn === null) return { visible: false, seen: {} }
    const count = decided?.decisive['resourceCount']
    return await readReceived(this.#calls, { shareArn, count: typeof count === 'number' ? count : null })
  }

  async #inspectPending(invitation: Invitation): Promise<Inspection> {
    const resources = await readResources(this.#calls, invitation.resourceShareInvitationArn)
    if ('state' in resources) return resources
    const party = await partyOf(this.#context, invitation.senderAccountId)
    const { sevenDayTypes } = this.#context.settings
    return { state: 'pending', facts: factsOf({ invitation, resources, party, sevenDayTypes }) }
  }

  /** An empty page may carry a token: only a missing token ends the list. */
  async #read(arn: string): Promise<Invitation | undefined> {
    let nextToken: string | undefined
    do {
      const page = await this.#calls.invitation(arn, nextToken)
      if (!page.ok) return undefined
      const item = page.answer.resourceShareInvitations?.find((one) => one.resourceShareInvitationArn === arn)
      if (item !== undefined) return this.#ours(parseInvitation(item))
      nextToken = page.answer.nextToken
    } while (nextToken)
    return undefined
  }

  #ours(invitation: Invitation): Invitation | undefined {
    return this.#isForUs(invitation) ? invitation : undefined
  }

  /** A listing may show what we sent ourselves. */
  #isForUs({ receiverAccountId }: Invitation): boolean {
    return receiverAccountId === null || receiverAccountId === this.#context.target.account
  }

  #refOf(invitation: Invitation): OfferRef {
    return { ...this.#context.target, awsId: invitation.resourceShareInvitationArn }
  }
}

function parseInvitation(item: ResourceShareInvitation): Invitation {
  return parseAnswer(invitationSchema, item, 'resourceShareInvitation')
}

function confirmStatus(invitation: ResourceShareInvitation | undefined, action: Choice): string {
  const expected = action === 'accept' ? 'ACCEPTED' : 'REJECTED'
  const got = invitation?.status ?? 'nothing'
  if (got !== expected)
    throw new UnexpectedAnswer(`resourceShareInvitation.status: expected ${expected}, got \`${got}\``)
  return `RAM answered ${expected}`
}
