import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { invitationLifeMs } from './ram-arns.ts'

const shareSchema = z.object({
  seq: z.number(),
  region: z.string(),
  arn: z.string(),
  name: z.string(),
  owner: z.string(),
  allowExternal: z.boolean(),
  resourceArns: z.array(z.string()),
  tags: z.array(z.object({ key: z.string().optional(), value: z.string().optional() })),
  createdMs: z.number(),
})
export type Share = z.infer<typeof shareSchema>

const invitationSchema = z.object({
  seq: z.number(),
  region: z.string(),
  arn: z.string(),
  shareArn: z.string(),
  sender: z.string(),
  receiver: z.string(),
  /** Set when a role or user was invited. */
  receiverArn: z.string().optional(),
  invitedMs: z.number(),
  answer: z.enum(['ACCEPTED', 'REJECTED']).optional(),
  /** So many reads still show it PENDING. */
  staleReads: z.number(),
  /** So many reads of shares do not show it yet. */
  hiddenReads: z.number().default(0),
})
export type Invitation = z.infer<typeof invitationSchema>
export type InvitationStatus = 'PENDING' | 'ACCEPTED' | 'REJECTED' | 'EXPIRED'

const rememberedSchema = z.object({ request: z.string(), answer: z.unknown() })

export const ramStateSchema = z.object({
  shares: z.array(shareSchema),
  invitations: z.array(invitationSchema),
  tokens: z.array(z.tuple([z.string(), rememberedSchema])),
})
export type RamState = z.infer<typeof ramStateSchema>

/** Shares and invitations of all accounts, in the order of their making. */
export class RamShares {
  #shares = new Map<string, Share>()
  #invitations = new Map<string, Invitation>()
  /** Answers by account, region and client token. How long AWS remembers is not documented: here, until the reset. */
  #tokens = new Map<string, z.infer<typeof rememberedSchema>>()
  #seq = 0

  addShare(made: Omit<Share, 'seq' | 'arn'>): Share {
    const arn = `arn:aws:ram:${made.region}:${made.owner}:resource-share/${randomUUID()}`
    const share = { ...made, seq: this.#next(), arn }
    this.#shares.set(arn, share)
    return share
  }

  /** The ARN carries the sender's account, not the receiver's. */
  invite(share: Share, receiver: { account: string; arn?: string }): Invitation {
    const invitation: Invitation = {
      seq: this.#next(),
      region: share.region,
      arn: `arn:aws:ram:${share.region}:${share.owner}:resource-share-invitation/${randomUUID()}`,
      shareArn: share.arn,
      sender: share.owner,
      receiver: receiver.account,
      ...(receiver.arn === undefined ? {} : { receiverArn: receiver.arn }),
      invitedMs: share.createdMs,
      staleReads: 0,
      hiddenReads: 0,
    }
    this.#invitations.set(invitation.arn, invitation)
    return invitation
  }

  share(arn: string): Share | undefined {
    return this.#shares.get(arn)
  }

  sharesIn(region: string): Share[] {
    return [...this.#shares.values()].filter((share) => share.region === region)
  }

  invitation(arn: string): Invitation | undefined {
    return this.#invitations.get(arn)
  }

  invitationsIn(region: string): Invitation[] {
    return [...this.#invitations.values()].filter((invitation) => invitation.region === region)
  }

  resourcesOf(invitation: Invitation): readonly string[] {
    return this.share(invitation.shareArn)?.resourceArns ?? []
  }

  statusOf(invitation: Invitation, nowMs: number): InvitationStatus {
    if (invitation.answer !== undefined) return invitation.answer
    const endsMs = invitation.invitedMs + invitationLifeMs(this.resourcesOf(invitation))
    return nowMs >= endsMs ? 'EXPIRED' : 'PENDING'
  }

  remembered(token: string): z.infer<typeof rememberedSchema> | undefined {
    return this.#tokens.get(token)
  }

  remember(token: string, entry: { request: string; answer: unknown }): void {
    this.#tokens.set(token, entry)
  }

  snapshot(): RamState {
    return {
      shares: [...this.#shares.values()],
      invitations: [...this.#invitations.values()],
      tokens: [...this.#tokens],
    }
  }

  restore({ shares, invitations, tokens }: RamState): void {
    this.#shares = new Map(shares.map((share) => [share.arn, share] as const))
    this.#invitations = new Map(invitations.map((invitation) => [invitation.arn, invitation] as const))
    this.#tokens = new Map(tokens)
    this.#seq = Math.max(0, ...[...shares, ...invitations].map(({ seq }) => seq))
  }

  #next(): number {
    this.#seq += 1
    return this.#seq
  }
}
