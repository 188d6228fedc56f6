import type { Facts, Inspection } from '../../../lambda/domain/facts.ts'
import type { JsonObject } from '../../../lambda/domain/json.ts'
import type { OfferRef } from '../../../lambda/domain/offer.ts'
import type { Found, Kind, KindContext, Settled, SettleRequest } from '../../../lambda/kinds/kind.ts'
import { partyOf } from '../../../lambda/kinds/party.ts'
import { settle } from '../../../lambda/kinds/settlement.ts'
import { Ec2Calls, type Listed } from './calls.ts'

/** Networks of other accounts that want to be joined to ours. */
export function openVpcPeering(context: KindContext): Kind {
  return new VpcPeering(context)
}

class VpcPeering implements Kind {
  readonly handsOver = false
  readonly #context: KindContext
  readonly #calls: Ec2Calls

  constructor(context: KindContext) {
    this.#context = context
    this.#calls = new Ec2Calls(context)
  }

  async *discover(): AsyncIterable<Found> {
    for (const peering of (await this.#calls.list()).filter(isPending))
      yield { ref: this.#refOf(peering), counterparty: peering.RequesterVpcInfo.OwnerId }
  }

  async locate(awsId: string): Promise<OfferRef | undefined> {
    const [peering] = await this.#calls.list(awsId)
    return peering !== undefined && isPending(peering) ? this.#refOf(peering) : undefined
  }

  async inspect({ awsId }: OfferRef): Promise<Inspection> {
    const [peering] = await this.#calls.list(awsId)
    if (peering === undefined) return { state: 'gone' }
    switch (peering.Status) {
      case 'pending-acceptance':
        return { state: 'pending', facts: await this.#factsOf(peering) }
      case 'active':
        return { state: 'accepted', seen: networksOf(peering) }
      case 'rejected':
      case 'expired':
        return { state: peering.Status }
      default:
        return { state: 'gone' }
    }
  }

  async settle({ ref, action }: SettleRequest): Promise<Settled> {
    const operation = action === 'accept' ? 'AcceptVpcPeeringConnection' : 'RejectVpcPeeringConnection'
    const answer = await this.#calls.call(operation, { VpcPeeringConnectionId: ref.awsId })
    return await settle({ action, answer, confirm: () => `EC2 took ${operation}`, look: () => this.inspect(ref) })
  }

  /** What a decision rests on: who asks, and which networks are joined. The status changes by our own calls. */
  async #factsOf(peering: Listed): Promise<Facts> {
    const party = await partyOf(this.#context, peering.RequesterVpcInfo.OwnerId)
    return {
      decisive: { ...party.decisive, ...networksOf(peering) },
      context: party.context,
      unknown: party.unknown,
      counterparty: party.counterparty,
      offeredAt: null,
      expiresAt: null,
    }
  }

  #refOf({ VpcPeeringConnectionId }: Listed): OfferRef {
    return { ...this.#context.target, awsId: VpcPeeringConnectionId }
  }
}

function networksOf({ RequesterVpcInfo: theirs, AccepterVpcInfo: ours }: Listed): JsonObject {
  return { theirVpc: theirs.VpcId, theirCidr: theirs.CidrBlock, ourVpc: ours.VpcId }
}

function isPending({ Status }: Listed): boolean {
  return Status === 'pending-acceptance'
}
