import { preparsePolicySet, preparseSchema, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import type { CheckParseAnswer, DetailedError, Response } from '@cedar-policy/cedar-wasm/nodejs'
import { InvalidInput } from '../contract/errors.ts'
import type { PolicyReason, Route, Verdict } from '../domain/event.ts'
import { policyDigestOf } from './document.ts'
import type { PolicyDocument, PolicySettings } from './document.ts'
import type { PolicyApproval, PolicyEngine, PolicyRequest, PolicyVerdict } from './engine.ts'
import { obstaclesToAccept, unknownFactsOf } from './obstacles.ts'
import { cedarRequestOf } from './request.ts'
import { mergeRoutes } from './routes.ts'

/** People may accept whatever no policy forbids. */
const approveByDefault = {
  id: 'gatehouse.approve-by-default',
  text: 'permit(principal, action == Action::"approve", resource);',
  reason: 'No policy forbids people to accept',
} as const

const longestError = 300

type Action = 'accept' | 'reject' | 'review' | 'approve' | 'activate'

/** What one action came to: ids of the permits that allow it, or of the forbids that do not. */
interface Evaluation {
  permits: string[]
  forbids: string[]
  /** Ids of the policies that err. */
  erring: string[]
  errors: string[]
}

/** Parses the document once. The settings have to be those that it was validated with. */
export function createPolicyEngine(document: PolicyDocument, settings: PolicySettings): PolicyEngine {
  if (policyDigestOf(document, settings) !== document.digest) {
    throw new InvalidInput(
      'the digest of the policies does not fit policies, partners and organization: synthesize again',
    )
  }
  prepare(document)
  return new CedarEngine(document, settings)
}

/** Cedar keeps what it has parsed by name, for as long as the process lives. */
function prepare({ schema, policies, digest }: PolicyDocument): void {
  const staticPolicies = { ...policies, [approveByDefault.id]: approveByDefault.text }
  requireParsed(preparseSchema(digest, schema))
  requireParsed(preparsePolicySet(digest, { staticPolicies }))
}

function requireParsed(answer: CheckParseAnswer): void {
  if (answer.type === 'failure')
    throw new InvalidInput(`the policies cannot be parsed: ${answer.errors.map(lineOf).join('; ')}`)
}

class CedarEngine implements PolicyEngine {
  readonly #document: PolicyDocument
  readonly #settings: PolicySettings

  constructor(document: PolicyDocument, settings: PolicySettings) {
    this.#document = document
    this.#settings = settings
  }

  /** Reject goes before accept, accept before review; an error anywhere, or a doubt about the facts, makes a review. */
  judge(request: PolicyRequest): PolicyVerdict {
    const reject = this.#evaluate('reject', request)
    const accept = this.#evaluate('accept', request)
    const review = this.#evaluate('review', request)
    const errors = [...reject.errors, ...accept.errors, ...review.errors]
    const unknown = unknownFactsOf(request, this.#settings)
    const said = (verdict: Verdict, ids: string[], notes: string[]): PolicyVerdict => {
      return { verdict, policies: this.#reasonsOf(ids), errors, unknown, notes, routing: this.#routingOf(review) }
    }
    if (errors.length === 0 && reject.permits.length > 0) return said('reject', reject.permits, [])
    const notes = [...(errors.length > 0 ? ['evaluation-error'] : []), ...obstaclesToAccept(request, unknown)]
    if (notes.length === 0 && accept.permits.length > 0) return said('accept', accept.permits, [])
    return said('review', [...reject.forbids, ...accept.forbids, ...review.permits], notes)
  }

  approve(request: PolicyRequest): PolicyApproval {
    const { permits, forbids, errors } = this.#evaluate('approve', request)
    const allowed = errors.length === 0 && permits.length > 0
    return { allowed, policies: this.#reasonsOf(allowed ? permits : forbids), errors }
  }

  activate(request: PolicyRequest, byDefault: boolean): PolicyApproval {
    const { permits, forbids, errors } = this.#evaluate('activate', request)
    const allowed = errors.length === 0 && forbids.length === 0 && (byDefault || permits.length > 0)
    return { allowed, policies: this.#reasonsOf(allowed ? permits : forbids), errors }
  }

  /** A forbid that errs is skipped by Cedar, and bad facts make it throw: all of that comes back as errors. */
  #evaluate(action: Action, request: PolicyRequest): Evaluation {
    try {
      const answer = statefulIsAuthorized({
        ...cedarRequestOf(request, this.#settings),
        action: { type: 'Action', id: action },
        context: {},
        preparsedSchemaName: this.#document.digest,
        preparsedPolicySetId: this.#document.digest,
        validateRequest: true,
      })
      if (answer.type === 'success') return evaluationOf(action, answer.response)
      return failed(action, answer.errors.length > 0 ? answer.errors.map(lineOf) : ['cedar failed without a word'])
    } catch (error) {
      return failed(action, [error instanceof Error ? error.message : String(error)])
    }
  }

  /** A permit that errs might have applied: who it names is asked, too, so that no fact can route around them. */
  #routingOf({ permits, erring }: Evaluation): Route[] {
    return mergeRoutes([...permits, ...erring].flatMap((id) => this.#document.routes[id] ?? []))
  }

  #reasonsOf(ids: readonly string[]): PolicyReason[] {
    const { reasons } = this.#document
    const known = new Map([...Object.entries(reasons), [approveByDefault.id, approveByDefault.reason]])
    return [...new Set(ids)].sort().map((id) => ({ id, reason: known.get(id) ?? '' }))
  }
}

function evaluationOf(action: Action, { decision, diagnostics }: Response): Evaluation {
  const errors = diagnostics.errors
    .map(({ policyId, error }) => bounded(`${action}: ${policyId}: ${lineOf(error)}`))
    .sort()
  const erring = diagnostics.errors.map(({ policyId }) => policyId)
  const ids = diagnostics.reason
  return decision === 'allow'
    ? { permits: ids, forbids: [], erring, errors }
    : { permits: [], forbids: ids, erring, errors }
}

function failed(action: Action, messages: readonly string[]): Evaluation {
  return { permits: [], forbids: [], erring: [], errors: messages.map((message) => bounded(`${action}: ${message}`)) }
}

function lineOf({ message, help }: DetailedError): string {
  return help === null ? message : `${message} (${help})`
}

/** Cedar may quote facts, and those can be long. */
function bounded(line: string): string {
  return line.length > longestError ? `${line.slice(0, longestError)}...` : line
}
