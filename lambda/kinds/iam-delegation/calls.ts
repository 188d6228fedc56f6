import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  GetDelegationRequestCommand,
  GetHumanReadableSummaryCommand,
  IAMClient,
  ListDelegationRequestsCommand,
  RejectDelegationRequestCommand,
  SendDelegationTokenCommand,
} from '@aws-sdk/client-iam'
import type { DelegationRequest as ListedRequest, ListDelegationRequestsResponse } from '@aws-sdk/client-iam'
import * as z from 'zod'
import { UnexpectedAnswer } from '../../contract/errors.ts'
import { asksToAnswer } from '../../domain/assessment.ts'
import { beginning } from '../../domain/scan-chain.ts'
import { parseAnswer } from '../answer.ts'
import { readConfig, settleConfig } from '../clients.ts'
import type { KindContext } from '../kind.ts'
import { listPage, nextAfter } from '../listed-page.ts'
import { callAws } from '../reactions.ts'
import type { Answer } from '../reactions.ts'
import { iamErrors, namedErrors } from './errors.ts'
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

  /** One page, and where the next one begins. Never the requests without an owner: IAM does not list them. */
  async requestPage(marker: string): Promise<{ items: ListedRequest[]; readNext: () => string | null }> {
    const given = marker === beginning.marker ? {} : { Marker: marker }
    const send = (): Promise<ListDelegationRequestsResponse> =>
      this.#reader.send(new ListDelegationRequestsCommand({ MaxItems: 100, ...given }))
    const page = await listPage({ table: iamErrors, operation: 'ListDelegationRequests', marker, send })
    return { items: page.DelegationRequests ?? [], readNext: () => nextAfter(marker, nextMarker(page)) }
  }

  /** `isOurs`: whether it is known to be; else what may not be read is none. */
  async get(id: string, { isOurs } = { isOurs: true }): Promise<DelegationRequest | undefined> {
    const command = new GetDelegationRequestCommand({ DelegationRequestId: id })
    const call = { table: isOurs ? iamErrors : namedErrors, operation: 'GetDelegationRequest' }
    const result = await callAws(call, () => this.#reader.send(command))
    return result.ok ? parseAnswer(requestSchema, result.answer.DelegationRequest, 'DelegationRequest') : undefined
  }

  /**
   * IAM checks the permissions of whoever calls this, and takes its time. It knows nothing of what we do not lend, and
   * what it does not show cannot be looked through for that.
   */
  async check(id: string): Promise<z.infer<typeof checkSchema> | 'LENDS_ANSWERS'> {
    const command = new GetDelegationRequestCommand({ DelegationRequestId: id, DelegationPermissionCheck: true })
    const call = { table: iamErrors, operation: 'GetDelegationRequest' }
    const result = await callAws(call, () => this.#reader.send(command))
    if (!result.ok) throw new UnexpectedAnswer(`expected a check of the permissions, got ${result.detail}`)
    const { PermissionPolicy } = parseAnswer(requestSchema, result.answer.DelegationRequest, 'DelegationRequest')
    if (PermissionPolicy !== null && asksToAnswer(PermissionPolicy)) return 'LENDS_ANSWERS'
    const said = parseAnswer(checkSchema, result.answer, 'GetDelegationRequest')
    return said === 'ALLOWED' && PermissionPolicy === null ? 'UNSURE' : said
  }

  /** Written by a language model that reads what the partner wrote, in its own time: `pending` until it is there, if ever. */
  async summary(arn: string): Promise<{ text: string | undefined; pending: boolean }> {
    const command = new GetHumanReadableSummaryCommand({ EntityArn: arn, Locale: 'en-US' })
    const call = { table: iamErrors, operation: 'GetHumanReadableSummary' }
    const result = await callAws(call, () => this.#reader.send(command))
    if (!result.ok) return { text: undefined, pending: false }
    const { SummaryState, SummaryContent } = result.answer
    return {
      text: SummaryState === 'AVAILABLE' ? SummaryContent : undefined,
      pending: SummaryState === 'NOT_AVAILABLE',
    }
  }

  async accept(id: string): Promise<Answer<unknown>> {
    const command = new AcceptDelegationRequestCommand({ DelegationRequestId: id })
    const call = { table: iamErrors, operation: 'AcceptDelegationRequest' }
    return await callAws(call, () => this.#settler.send(command))
  }

  async sendToken(id: string): Promise<Answer<unknown>> {
    const command = new SendDelegationTokenCommand({ DelegationRequestId: id })
    const call = { table: iamErrors, operation: 'SendDelegationToken' }
    return await callAws(call, () => this.#settler.send(command))
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

/** The guide says COMPLETED, the model COMPLETE. */
const checkSchema = z
  .object({
    PermissionCheckStatus: z.enum(['IN_PROGRESS', 'COMPLETE', 'COMPLETED', 'FAILED']),
    PermissionCheckResult: z.enum(['ALLOWED', 'DENIED', 'UNSURE']).nullish(),
  })
  .transform(({ PermissionCheckStatus: status, PermissionCheckResult: result }) => {
    return status === 'IN_PROGRESS' || status === 'FAILED' ? status : (result ?? 'UNSURE')
  })

function nextMarker(page: { isTruncated?: boolean | undefined; Marker?: string | undefined }): string | undefined {
  if (page.isTruncated !== true) return undefined
  if (page.Marker) return page.Marker
  throw new UnexpectedAnswer('ListDelegationRequests.Marker: expected a marker in a truncated list, got `nothing`')
}
