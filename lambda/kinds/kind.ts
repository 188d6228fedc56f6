import type { Facts, Inspection, Receipt, Standing } from '../domain/facts.ts'
import type { JsonObject } from '../domain/json.ts'
import type { Choice, Settlement } from '../domain/event.ts'
import type { Grant, KindSpec as GeneralSpec } from '../domain/kind-spec.ts'
import type { OfferRef, Target } from '../domain/offer.ts'
import type { Marks, TransferRequest } from '../domain/transfer-request.ts'
import type { Settings } from '../contract/settings.ts'
import type { SpokeRole } from '../contract/env.ts'
import type { Delegator } from './delegator.ts'
import type { Part } from './part.ts'

/** What a settling call came to, and what AWS said, for the record. */
export interface Settled {
  result: Settlement
  detail: string
  /** Id of the offer that this has begun at AWS. */
  begun?: string | undefined
}

export interface SettleRequest {
  ref: OfferRef
  action: Choice
  /** Why, in words for the counterparty where the API takes them; the kind bounds and cleans it. */
  reason: string
  /** An accepted certificate becomes active at once; inactive where left out. Other kinds know no such thing. */
  setAsActive?: boolean
}

/** An offer as a listing shows it. */
export interface Found {
  ref: OfferRef
  /** The other account, where the listing says it: only for the order in which offers are taken up. */
  counterparty: string | null
  /** Where the listing says all that the facts rest on: what `inspect` would read, without reading it. */
  facts?: () => Promise<Facts>
}

/**
 * One kind of offer in one account and region, acting with one role. Every method throws the errors of
 * contract/errors.ts: `ServiceThrottled`, `ServiceUnavailable`, `OfferBusy`, `AccessRefused`, `UnexpectedAnswer`.
 */
export interface Kind {
  /** True when a person has to accept at AWS under their own identity; `settle` then answers `handed-over` to accept. */
  readonly handsOver: boolean
  /** True where an accept only begins something: the case stays open until `inspect` says how that ended. */
  readonly watches?: true
  /** There may be too many for one listing: it is taken part by part, at the share of IoT's calls that is ours or without a wait. */
  readonly listedInParts?: 'at-a-pace' | 'without-a-wait'
  /**
   * Every pending offer of the target, from the listing APIs; or a part of them, where it is `listedInParts`. Throws `MarkerRefused` where AWS does not know the place any more at which a part begins.
   */
  discover(part?: Part): AsyncIterable<Found>
  /** The pending offer that has this AWS id now: one read. Undefined when there is none. */
  locate(awsId: string): Promise<OfferRef | undefined>
  /** Reads the offer itself. Identity is compared: the same AWS id offered anew is `gone`. */
  inspect(ref: OfferRef): Promise<Inspection>
  /** What helps people to read the offer and nothing rests on; never throws but for throttling. */
  describe?(ref: OfferRef): Promise<JsonObject>
  /** Accepts or rejects at AWS. Called right after `inspect`; never retries a call that may have had its effect. */
  settle(request: SettleRequest): Promise<Settled>
  /**
   * `inspect` says `under-way` before an accept had its answer: keeps what tells it from a later one, and gives the id of the
   * offer that was begun. Writes nothing at AWS.
   */
  noteUnderWay?(ref: OfferRef): Promise<string | undefined>
  /** The delegator role at work on one offer; there where the spec says that it may accept. */
  delegator?(ref: OfferRef): Promise<Delegator>
  /** For who asks: why AWS would not begin it now, before anybody is bothered with it; undefined where it would. */
  obstacle?(awsId: string): Promise<string | undefined>
  /** What an accept gave us, as AWS shows it now; absent where there is nothing to see. Only reads. */
  received?(ref: OfferRef, decided: Facts | undefined): Promise<Receipt>
}

export interface AwsCredentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  expiration?: Date
}

/** What a kind needs to work on a target. */
export interface KindContext {
  target: Target
  credentials: () => Promise<AwsCredentials>
  settings: Settings
  /** Transfers of certificates of this account and region that people of ours asked for. */
  requests: TransferRequests
  /** Waits, longer with each attempt: 200 ms, 400 ms, 800 ms. */
  pause: (attempt: number) => Promise<void>
  /** Where an account stands in the organization; never throws but for throttling. */
  standingOf: (account: string | null) => Promise<Standing>
}

/** What the kinds of our own certificates know of requests; each change fails as `ServiceUnavailable` where it is late. */
export interface TransferRequests {
  /** The last one of a certificate. */
  find: (certificateId: string) => Promise<TransferRequest | undefined>
  /** Those whose case is not over, in the order of certificates behind this one. */
  open: (after: string) => AsyncIterable<TransferRequest>
  /** Recorded before each call at AWS, with what the certificate is like; gives what stands then. */
  begin: (request: TransferRequest, marks: Marks) => Promise<TransferRequest>
  /** AWS has taken the call; with its own date of the transfer, where that could be read. */
  began: (request: TransferRequest, transferDate: string | undefined) => Promise<TransferRequest>
  refuse: (request: TransferRequest) => Promise<void>
}

/** A spec as a kind writes it: its grants are to our own spoke roles. */
export interface KindSpec extends Omit<GeneralSpec, 'grants'> {
  grants: Readonly<Partial<Record<SpokeRole, readonly Grant[]>>>
}
