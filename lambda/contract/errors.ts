/** Every error that somebody reacts to. The name is the protocol between a Lambda and the Retry and Catch of its state. */
export abstract class GatehouseError extends Error {
  abstract override readonly name: string
}

/** The run is no longer the current one, or the case is closed: this execution has nothing left to do. */
export class RunSuperseded extends GatehouseError {
  override readonly name = 'RunSuperseded'
}

/** A service asked us to slow down. Always retried. */
export class ServiceThrottled extends GatehouseError {
  override readonly name = 'ServiceThrottled'
}

/** A service failed in a way that passes. Retried. */
export class ServiceUnavailable extends GatehouseError {
  override readonly name = 'ServiceUnavailable'
}

/** IAM is working on the delegation request (409): wait minutes, not seconds. */
export class OfferBusy extends GatehouseError {
  override readonly name = 'OfferBusy'
}

/** IAM still checks what the delegator role may do. */
export class CheckRunning extends GatehouseError {
  override readonly name = 'CheckRunning'
}

/** The spoke role may not do this. For the auto-acceptor it means: ask people. */
export class AccessRefused extends GatehouseError {
  override readonly name = 'AccessRefused'
}

/** AWS answered something that only a bug or a new API version explains. Never retried, never swallowed. */
export class UnexpectedAnswer extends GatehouseError {
  override readonly name = 'UnexpectedAnswer'
}

/** AWS does not know the marker of a listing any more: it has to begin anew. */
export class MarkerRefused extends GatehouseError {
  override readonly name = 'MarkerRefused'
}

/** The account is not one that Gatehouse governs; no role is assumed in it. */
export class AccountNotGoverned extends GatehouseError {
  override readonly name = 'AccountNotGoverned'
}

/** Input from outside that does not have the agreed form. */
export class InvalidInput extends GatehouseError {
  override readonly name = 'InvalidInput'
}

/** What is stored does not have the form this version writes, or its hash chain is broken. */
export class LedgerCorrupt extends GatehouseError {
  override readonly name = 'LedgerCorrupt'
}

/** A channel will not take this message: wrong address, unverified sender. Recorded by the caller, not retried. */
export class DeliveryFailed extends GatehouseError {
  override readonly name = 'DeliveryFailed'
}

/** What an accept gave us does not show at AWS yet. Tried again a few times, then the case closes without it. */
export class NotVisibleYet extends GatehouseError {
  override readonly name = 'NotVisibleYet'
}

/** The sign-in provider did not say who this is, or says it to another request than ours. */
export class SignInRefused extends GatehouseError {
  override readonly name = 'SignInRefused'
}

/** Not a failure: the scan saw that the offer is no longer pending. Sent with SendTaskFailure, caught by Ask. */
export const LOOK_AGAIN = 'LookAgain'

/** Throttle errors by the names under which the services and the SDK report them. */
export const throttleErrors = [
  'ServiceThrottled',
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
  'SlowDown',
]

/** Lambda's own throttle: the function did not start. */
export const lambdaThrottleErrors = ['Lambda.TooManyRequestsException']

/** After one of these an attempt may still be running somewhere. */
export const lambdaFailures = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'States.Timeout',
]
