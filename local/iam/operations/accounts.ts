import * as z from 'zod'
import type { OrganizationTree } from '../../aws/services/organization-tree.ts'
import { onEverything, reading, Undescribable, type Access, type Describe } from './access.ts'

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
const child = z.object({ ChildId: z.string() })
const parent = z.object({ ParentId: z.string() })
const unit = z.object({ OrganizationalUnitId: z.string() })

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html */
export function describeOrganizations(organization: OrganizationTree | undefined): Readonly<Record<string, Describe>> {
  const { managementAccount = '', organizationId = '' } = organization ?? {}

  function accessTo(action: string, id: string): Access {
    const type = id.startsWith('r-') ? 'root' : id.startsWith('ou-') ? 'ou' : 'account'
    return {
      action: `organizations:${action}`,
      resource: `arn:aws:organizations::${managementAccount}:${type}/${organizationId}/${id}`,
    }
  }

  return {
    DescribeOrganization: onEverything('organizations:DescribeOrganization'),
    ListAccounts: onEverything('organizations:ListAccounts'),
    ListRoots: onEverything('organizations:ListRoots'),
    DescribeAccount: reading(account, ({ AccountId }) => [accessTo('DescribeAccount', AccountId)]),
    DescribeOrganizationalUnit: reading(unit, (input) => [
      accessTo('DescribeOrganizationalUnit', input.OrganizationalUnitId),
    ]),
    ListParents: reading(child, ({ ChildId }) => [accessTo('ListParents', ChildId)]),
    ListAccountsForParent: reading(parent, ({ ParentId }) => [accessTo('ListAccountsForParent', ParentId)]),
    ListOrganizationalUnitsForParent: reading(parent, ({ ParentId }) => [
      accessTo('ListOrganizationalUnitsForParent', ParentId),
    ]),
  }
}
