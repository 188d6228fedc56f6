import type { Refusal } from './decide.ts'
import type { Asked } from './statement.ts'

/** A call that its caller has no right to, worded as AWS words it. */
export class NotAuthorized extends Error {
  override readonly name = 'NotAuthorized'
}

/** False when the check throws `NotAuthorized`. */
export function isAuthorized(check: () => void): boolean {
  try {
    check()
    return true
  } catch (error) {
    if (error instanceof NotAuthorized) return false
    throw error
  }
}

/** `policies`: those that had to allow it. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
export function refusalText(
  { principal, action, resource }: Pick<Asked, 'principal' | 'action' | 'resource'>,
  policies: 'identity-based' | 'resource-based' | 'trust' | 'service control',
  { why, considered }: Refusal,
): string {
  const what = `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource}`
  if (why === 'unclear') return `${what} because the local run cannot evaluate ${considered ?? 'a policy'}`
  if (why === 'denied')
    return `${what} with an explicit deny in ${policies.startsWith('i') ? 'an' : 'a'} ${policies} policy`
  // STS does not say whose policy it was.
  if (action.startsWith('sts:')) return what
  return `${what} because no ${policies} policy allows the ${action} action`
}
