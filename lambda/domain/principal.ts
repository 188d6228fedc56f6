import * as z from 'zod'

/** Who called, as CloudTrail names it: a user, a role or its session, the root. Printable and bounded. */
export const principalArnSchema = z
  .string()
  .max(700)
  .regex(/^arn:aws[a-z-]*:(?:iam|sts)::\d{12}:[!-~]+$/, 'an ARN of IAM or STS')

interface Role {
  /** Partition, account and name: a session's ARN leaves the role's path out, and names are unique without it. */
  role: string
  /** Undefined for the role itself, which stands for each of its sessions. */
  session: string | undefined
}

/**
 * Whether two ARNs may be the same person: equal, or a role and a session of it. IAM tells no names apart by their case
 * alone, so case does not count.
 */
export function mayBeSamePrincipal(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()]
  if (a === b) return true
  const [roleA, roleB] = [roleOf(a), roleOf(b)]
  if (roleA === undefined || roleA.role !== roleB?.role) return false
  return roleA.session === undefined || roleB.session === undefined
}

const roleForm = /^arn:([a-z-]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/
const sessionForm = /^arn:([a-z-]+):sts::(\d{12}):assumed-role\/([^/]+)(?:\/(.+))?$/

function roleOf(arn: string): Role | undefined {
  const [, partition, account, name, session] = roleForm.exec(arn) ?? sessionForm.exec(arn) ?? []
  if (name === undefined) return undefined
  return { role: `${partition}:${account}:${name}`, session: session === '*' ? undefined : session }
}
