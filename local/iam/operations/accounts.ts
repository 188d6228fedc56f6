import * as z from 'zod'
import type { Organization } from '../../aws/services/organizations.ts'
import { onEverything, reading, Undescribable, type Describe } from './access.ts'

const assumeRole = z.object({
  RoleArn: z.string(),
  RoleSessionName: z.string(),
  ExternalId: z.string().optional(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
  Policy: z.unknown().optional(),
  PolicyArns: z.unknown().optional(),
})

/** Tagging a session is a right of its own. Who one is may be asked by all. */
export const sts: Readonly<Record<string, Describe>> = {
  GetCallerIdentity: () => [],
  AssumeRole: reading(assumeRole, ({ RoleArn: resource, RoleSessionName, ExternalId, Tags, Policy, PolicyArns }) => {
    if (Policy !== undefined || PolicyArns !== undefined) throw new Undescribable('session policies are not known here')
    const tags = {
      ...Object.fromEntries(Tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
      'aws:TagKeys': Tags.length === 0 ? undefined : Tags.map(({ Key }) => Key),
    }
    const session = { 'sts:RoleSessionName': RoleSessionName }
    const assume = {
      action: 'sts:AssumeRole',
      resource,
      context: { ...session, ...tags, 'sts:ExternalId': ExternalId },
    }
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
    return Tags.length === 0
      ? [assume]
      : [assume, { action: 'sts:TagSession', resource, context: { ...session, ...tags } }]
  }),
}

const account = z.object({ AccountId: z.string() })

export function describeOrganizations(organization: Organization | undefined): Readonly<Record<string, Describe>> {
  const management = organization?.accounts[0]?.id ?? ''
  const id = organization?.organizationId ?? ''
  return {
    DescribeOrganization: onEverything('organizations:DescribeOrganization'),
    ListAccounts: onEverything('organizations:ListAccounts'),
    DescribeAccount: reading(account, ({ AccountId }) => [
      {
        action: 'organizations:DescribeAccount',
        resource: `arn:aws:organizations::${management}:account/${id}/${AccountId}`,
      },
    ]),
  }
}
