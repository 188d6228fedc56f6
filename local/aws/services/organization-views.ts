import type { OrganizationAccount, OrganizationTree } from './organization-tree.ts'

export function organizationView(tree: OrganizationTree): Record<string, unknown> {
  const { organizationId, managementAccount } = tree
  return {
    Id: organizationId,
    Arn: arnOf(tree, 'organization'),
    FeatureSet: 'ALL',
    MasterAccountId: managementAccount,
    MasterAccountArn: arnOf(tree, 'account', managementAccount),
    MasterAccountEmail: emailOf(managementAccount),
  }
}

export function accountView(tree: OrganizationTree, account: OrganizationAccount): Record<string, unknown> {
  const { id, name, state } = account
  return {
    Id: id,
    Arn: arnOf(tree, 'account', id),
    Email: emailOf(id),
    Name: name ?? id,
    Status: state,
    State: state,
    Paths: [[tree.organizationId, ...tree.pathTo(id), id, ''].join('/')],
    JoinedMethod: 'CREATED',
  }
}

export function rootView(tree: OrganizationTree): Record<string, unknown> {
  return { Id: tree.rootId, Arn: arnOf(tree, 'root', tree.rootId), Name: 'Root', PolicyTypes: [] }
}

export function unitView(
  tree: OrganizationTree,
  { id, name }: OrganizationTree['units'][number],
): Record<string, unknown> {
  return { Id: id, Arn: arnOf(tree, 'ou', id), Name: name ?? id }
}

export function parentTypeOf({ rootId }: OrganizationTree, parent: string): 'ROOT' | 'ORGANIZATIONAL_UNIT' {
  return parent === rootId ? 'ROOT' : 'ORGANIZATIONAL_UNIT'
}

function arnOf({ managementAccount, organizationId }: OrganizationTree, type: string, id?: string): string {
  const organization = `arn:aws:organizations::${managementAccount}:${type}/${organizationId}`
  return id === undefined ? organization : `${organization}/${id}`
}

function emailOf(account: string): string {
  return `aws+${account}@example.com`
}
