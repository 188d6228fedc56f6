import type { WrittenPrincipal } from './document.ts'

/** Who asks: a role's session, an account's administrator, or a service of AWS. */
export interface Principal {
  /** As it is named in refusals: the session, or the service. */
  arn: string
  /** 12 digits; none for a service. */
  account?: string | undefined
  /** The role behind a session. */
  roleArn?: string | undefined
  /** `events.amazonaws.com` */
  service?: string | undefined
}

/** Undefined when the element is for others. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export function matchPrincipal(
  { AWS, Service }: WrittenPrincipal,
  principal: Principal,
): 'self' | 'account' | undefined {
  if (principal.service !== undefined)
    return Service.includes(principal.service) || AWS.includes('*') ? 'self' : undefined
  const own = new Set([principal.arn, principal.roleArn, '*'])
  if (AWS.some((name) => own.has(name))) return 'self'
  return AWS.some((name) => accountIn(name) === principal.account) ? 'account' : undefined
}

/** An account is named by its id or by its root. */
function accountIn(name: string): string | undefined {
  return /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1]
}
