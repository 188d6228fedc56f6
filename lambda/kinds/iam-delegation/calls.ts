import {
  AssociateDelegationRequestCommand,
  GetDelegationRequestCommand,
  IAMClient,
  ListDelegationRequestsCommand,
  RejectDelegationRequestCommand,
} from '@aws-sdk/client-iam'
import type { DelegationRequest as ListedRequest } from '@aws-sdk/client-iam'
import { UnexpectedAnswer } from '../../contract/errors.ts'
import { parseAnswer } from '../answer.ts'
import { readConfig, settleConfig } from '../clients.ts'
import type { KindContext } from '../kind.ts'
import { answerOf, callAws } from '../reactions.ts'
import type { Answer } from '../reactions.ts'
import { iamErrors } from './errors.ts'
import { requestSchema } from './facts.ts'
import type { DelegationRequest } from './facts.ts'

/** IAM answers for every region from here. */
export const iamRegion = 'us-east-1'

/** The calls made to IAM, each through the table of errors. */
export class IamCalls {
  readonly #reader: IAMClient
  readonly #settler: IAMClient

  constructor(context: KindContext) {
    this.#reader = new IAMClient(readConfig(context, iamRegion))
    // One pool: the settling call follows a read on a connection that is open.
    this.#settler = new IAMClient({
      ...settleConfig(context, iamRegion),
      requestHandler: this.#reader.config.requestHandler,
    })
  }

  /** Never the requests without an owner: IAM does not list them. */
  async *requests(): AsyncIterable<ListedRequest> {
    let marker: string | undefined
    do {
      const command = new ListDelegationRequestsCommand({ MaxItems: 100, ...(marker ? { Marker: marker } : {}) })
      const call = { table: iamErrors, operation: 'ListDelegationRequests' }
      const page = answerOf(await callAws(call, () => this.#reader.send(command)))
      yield* page.DelegationRequests ?? []
      marker = nextMarker(page)
    } while (marker)
  }

  async get(id: string): Promise<DelegationRequest | undefined> {
    const command = new GetDelegationRequestCommand({ DelegationRequestId: id })
    const call = { table: iamErrors, operation: 'GetDelegationRequest' }
    const result = await callAws(call, () => this.#reader.send(command))
    return result.ok ? parseAnswer(requestSchema, result.answer.DelegationRequest, 'DelegationRequest') : undefined
  }

  async associate(id: string): Promise<Answer<unknown>> {
    const command = new AssociateDelegationRequestCommand({ DelegationRequestId: id })
    const call = { table: iamErrors, operation: 'AssociateDelegationRequest' }
    return await callAws(call, () => this.#settler.send(command))
  }

  async reject(id: string, notes: string): Promise<Answer<unknown>> {
    const command = new RejectDelegationRequestCommand({ DelegationRequestId: id, Notes: notes })
    const call = { table: iamErrors, operation: 'RejectDelegationRequest' }
    return await callAws(call, () => this.#settler.send(command))
  }
}

function nextMarker(page: { isTruncated?: boolean | undefined; Marker?: string | undefined }): string | undefined {
  if (page.isTruncated !== true) return undefined
  if (page.Marker) return page.Marker
  throw new UnexpectedAnswer('ListDelegationRequests.Marker: expected a marker in a truncated list, got `nothing`')
}
