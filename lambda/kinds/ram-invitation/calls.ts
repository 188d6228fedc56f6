import {
  AcceptResourceShareInvitationCommand,
  GetResourceShareInvitationsCommand,
  GetResourceSharesCommand,
  ListPendingInvitationResourcesCommand,
  ListResourcesCommand,
  RAMClient,
  RejectResourceShareInvitationCommand,
} from '@aws-sdk/client-ram'
import type {
  GetResourceShareInvitationsResponse,
  GetResourceSharesResponse,
  ListPendingInvitationResourcesResponse,
  ListResourcesResponse,
  ResourceShareInvitation,
} from '@aws-sdk/client-ram'
import { v5 as uuidV5 } from 'uuid'
import type { Choice } from '../../domain/event.ts'
import { beginning } from '../../domain/scan-chain.ts'
import { readConfig, settleConfig } from '../clients.ts'
import type { KindContext } from '../kind.ts'
import { listPage, nextAfter, type ListedPage } from '../listed-page.ts'
import { callAws } from '../reactions.ts'
import type { Answer } from '../reactions.ts'
import { ramErrors, ramListingErrors } from './errors.ts'

/** The same invitation and action give the same token, so that RAM itself repeats its first answer to a retry. */
export function clientTokenFor(invitationArn: string, action: Choice): string {
  return uuidV5(`${invitationArn} ${action}`, uuidV5.URL)
}

/** The calls made to RAM, each through the table of errors. */
export class RamCalls {
  readonly #reader: RAMClient
  readonly #settler: RAMClient

  constructor(context: KindContext) {
    this.#reader = new RAMClient(readConfig(context))
    // One pool: the settling call follows a read on a connection that is open.
    this.#settler = new RAMClient({ ...settleConfig(context), requestHandler: this.#reader.config.requestHandler })
  }

  /** One page of all. */
  async invitationPage(marker: string): Promise<ListedPage<ResourceShareInvitation>> {
    const given = marker === beginning.marker ? {} : { nextToken: marker }
    const send = (): Promise<GetResourceShareInvitationsResponse> =>
      this.#reader.send(new GetResourceShareInvitationsCommand({ maxResults: 500, ...given }))
    const listing = { table: ramListingErrors, operation: 'GetResourceShareInvitations', marker, send }
    const { resourceShareInvitations, nextToken } = await listPage(listing)
    return { items: resourceShareInvitations ?? [], next: nextAfter(marker, nextToken) }
  }

  /** One page of what is said of one invitation. */
  async invitation(arn: string, nextToken?: string): Promise<Answer<GetResourceShareInvitationsResponse>> {
    const command = new GetResourceShareInvitationsCommand({
      resourceShareInvitationArns: [arn],
      ...(nextToken === undefined ? {} : { nextToken }),
    })
    return await callAws({ table: ramErrors, operation: 'GetResourceShareInvitations' }, () =>
      this.#reader.send(command),
    )
  }

  /** One page of what the share of a pending invitation holds. */
  async resources(arn: string, nextToken?: string): Promise<Answer<ListPendingInvitationResourcesResponse>> {
    const command = new ListPendingInvitationResourcesCommand({
      resourceShareInvitationArn: arn,
      resourceRegionScope: 'ALL',
      maxResults: 500,
      ...(nextToken === undefined ? {} : { nextToken }),
    })
    return await callAws({ table: ramErrors, operation: 'ListPendingInvitationResources' }, () =>
      this.#reader.send(command),
    )
  }

  /** One page of shares with this ARN that we are in: one, or none. */
  async sharesWithUs(shareArn: string, nextToken?: string): Promise<Answer<GetResourceSharesResponse>> {
    const command = new GetResourceSharesCommand({
      resourceOwner: 'OTHER-ACCOUNTS',
      resourceShareArns: [shareArn],
      ...(nextToken === undefined ? {} : { nextToken }),
    })
    return await callAws({ table: ramErrors, operation: 'GetResourceShares' }, () => this.#reader.send(command))
  }

  /** One page of what the share gives us. */
  async resourcesWithUs(shareArn: string, nextToken?: string): Promise<Answer<ListResourcesResponse>> {
    const command = new ListResourcesCommand({
      resourceOwner: 'OTHER-ACCOUNTS',
      resourceShareArns: [shareArn],
      resourceRegionScope: 'ALL',
      maxResults: 500,
      ...(nextToken === undefined ? {} : { nextToken }),
    })
    return await callAws({ table: ramErrors, operation: 'ListResources' }, () => this.#reader.send(command))
  }

  async accept(arn: string): Promise<Answer<ResourceShareInvitation | undefined>> {
    const command = new AcceptResourceShareInvitationCommand(tokenInput(arn, 'accept'))
    return await callAws({ table: ramErrors, operation: 'AcceptResourceShareInvitation' }, async () => {
      const answer = await this.#settler.send(command)
      return answer.resourceShareInvitation
    })
  }

  async reject(arn: string): Promise<Answer<ResourceShareInvitation | undefined>> {
    const command = new RejectResourceShareInvitationCommand(tokenInput(arn, 'reject'))
    return await callAws({ table: ramErrors, operation: 'RejectResourceShareInvitation' }, async () => {
      const answer = await this.#settler.send(command)
      return answer.resourceShareInvitation
    })
  }
}

function tokenInput(arn: string, action: Choice): { resourceShareInvitationArn: string; clientToken: string } {
  return { resourceShareInvitationArn: arn, clientToken: clientTokenFor(arn, action) }
}
