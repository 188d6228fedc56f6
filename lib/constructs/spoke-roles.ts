import { Aws, CfnCondition, Fn, Stack, Token, type IResolvable } from 'aws-cdk-lib'
import {
  AccountPrincipal,
  CfnRole,
  type CfnRoleProps,
  Effect,
  PolicyDocument,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { externalId, sessionTags, spokeRoles, type SpokeRole } from '../../lambda/contract/env.ts'
import { delegatorPoliciesTemplate, type Grant } from '../../lambda/domain/kind-spec.ts'
import { allKinds, globalRegion, type OfferKind } from '../../lambda/domain/kinds.ts'
import { acknowledge, wildcardFinding } from '../acknowledge.ts'
import { pascalCase } from '../names.ts'
import { roleArn } from './hub-function.ts'

export interface SpokeRolesProps {
  /** Where the workers are. */
  hubAccount: string
  /** Rights are for these kinds only. */
  kinds: ReadonlySet<OfferKind>
  /** Names of the hub roles that may assume each spoke role; a role that nobody works with is trusted to nobody. */
  workers: Partial<Record<SpokeRole, readonly string[]>>
  /** Accounts whose offers may be accepted without asking. */
  partnerAccounts: readonly string[]
  /** Where offers are answered; those of global services always in us-east-1. */
  regions: readonly string[]
  organizationId?: string
  /** Where the delegator role accepts delegation requests, and what it has to give. */
  delegation?: DelegationProps
}

interface DelegationProps {
  accounts: readonly string[]
  managedPolicyArns: readonly string[]
  permissionsBoundary?: string | undefined
}

/** The roles through which Gatehouse touches the offers of an account: it reads, accepts and rejects with different ones. */
export class SpokeRoles extends Construct {
  constructor(scope: Construct, id: string, props: SpokeRolesProps) {
    super(scope, id)
    const stack = Stack.of(this)
    for (const [key, roleName] of Object.entries(spokeRoles)) {
      const role = new CfnRole(this, pascalCase(key), {
        roleName,
        description: `Gatehouse: ${roleName} works on offers made to this account`,
        assumeRolePolicyDocument: trustIn(roleName, stack, props),
        policies: policiesOf(roleName, props, stack),
        ...(roleName === spokeRoles.delegator ? this.#possessions(props.delegation) : {}),
      })
      for (const resource of wildcardsOf(roleName, stack))
        acknowledge(role, reasonFor(resource), [wildcardFinding(resource)])
      // The rule cannot read a list that depends on a condition.
      if (roleName === spokeRoles.delegator && (props.delegation?.managedPolicyArns.length ?? 0) > 0)
        acknowledge(role, 'what a partner may get at most is for the configuration to say', ['AwsSolutions-IAM4'])
    }
  }

  /** What a partner gets with the delegator role: one template serves all accounts, so elsewhere it has nothing. */
  #possessions(
    delegation: DelegationProps | undefined,
  ): Pick<CfnRoleProps, 'managedPolicyArns' | 'permissionsBoundary'> {
    if (delegation === undefined) return {}
    const { accounts, managedPolicyArns, permissionsBoundary } = delegation
    const isNamed = accounts.map((account) => Fn.conditionEquals(Aws.ACCOUNT_ID, account))
    const [first] = isNamed
    if (first === undefined) return {}
    const expression = isNamed.length === 1 ? first : Fn.conditionOr(...isNamed)
    const here = new CfnCondition(this, 'DelegatesHere', { expression })
    const ifHere = (value: unknown): IResolvable => Fn.conditionIf(here.logicalId, value, Aws.NO_VALUE)
    return {
      ...(managedPolicyArns.length === 0 ? {} : { managedPolicyArns: Token.asList(ifHere(managedPolicyArns)) }),
      ...(permissionsBoundary === undefined
        ? {}
        : { permissionsBoundary: Token.asString(ifHere(permissionsBoundary)) }),
    }
  }
}

type Bounds = Pick<SpokeRolesProps, 'kinds' | 'partnerAccounts' | 'regions' | 'delegation'>

function policiesOf(role: SpokeRole, bounds: Bounds, stack: Stack): CfnRole.PolicyProperty[] {
  const specs = allKinds().filter(({ kind }) => bounds.kinds.has(kind))
  const statements = specs.flatMap(({ grants, scope }) => {
    const regions = scope === 'global' ? [globalRegion] : bounds.regions
    return (grants[role] ?? []).flatMap((grant) => statementsOf(grant, { ...bounds, regions }, stack))
  })
  if (statements.length === 0) return []
  return [{ policyName: 'offers', policyDocument: new PolicyDocument({ statements, minimize: true }) }]
}

function wildcardsOf(role: SpokeRole, { account }: Stack): string[] {
  const resources = allKinds()
    .flatMap((spec) => (spec.grants[role] ?? []).flatMap((grant) => grant.resources))
    .filter((template) => template !== delegatorPoliciesTemplate)
  const shown = { partition: '<AWS::Partition>', account: Token.isUnresolved(account) ? '<AWS::AccountId>' : account }
  return [...new Set(resources)].map((template) => fillIn(template, shown))
}

function reasonFor(resource: string): string {
  if (resource === '*') return 'AWS knows no resource that a listing call could be narrowed to'
  return 'ids of offers are not known beforehand'
}

/** A grant for partners is none when there are no partners. */
function statementsOf(
  { actions, resources, partnerCondition, needsPartners, needsDelegation }: Grant,
  { partnerAccounts, regions, delegation }: Bounds,
  stack: Stack,
): PolicyStatement[] {
  if ((partnerCondition !== undefined || needsPartners === true) && partnerAccounts.length === 0) return []
  if (needsDelegation === true && delegation === undefined) return []
  const templates = resources.flatMap((one) => (one === delegatorPoliciesTemplate ? policiesOfRole(delegation) : [one]))
  if (templates.length === 0) return []
  // One template serves all accounts.
  const where = needsDelegation === true ? { 'aws:PrincipalAccount': [...(delegation?.accounts ?? [])].sort() } : {}
  const partners = partnerCondition === undefined ? {} : { [partnerCondition]: [...new Set(partnerAccounts)].sort() }
  return [
    new PolicyStatement({
      actions,
      resources: templates.map((template) => fillIn(template, stack)),
      conditions: { StringEquals: { 'aws:RequestedRegion': [...regions].sort(), ...partners, ...where } },
    }),
  ]
}

function policiesOfRole(delegation: DelegationProps | undefined): string[] {
  if (delegation === undefined) return []
  const { managedPolicyArns, permissionsBoundary } = delegation
  return [...new Set([...managedPolicyArns, ...(permissionsBoundary === undefined ? [] : [permissionsBoundary])])]
}

/** Roles are global: in which regions they may act is a condition, so one template serves all. */
function fillIn(template: string, { partition, account }: { partition: string; account: string }): string {
  return template.replaceAll('${Partition}', partition).replaceAll('${Region}', '*').replaceAll('${Account}', account)
}

/**
 * Trusts the hub's account, narrowed to the workers by name: a role named as principal is bound to its unique id, and the
 * trust breaks when the role is made anew.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
function trustIn(role: SpokeRole, stack: Stack, props: SpokeRolesProps): PolicyDocument {
  const { hubAccount, workers, organizationId } = props
  const principals = [new AccountPrincipal(hubAccount)]
  const names = workers[role] ?? []
  if (names.length === 0) {
    const actions = ['sts:AssumeRole', 'sts:TagSession']
    return new PolicyDocument({ statements: [new PolicyStatement({ effect: Effect.DENY, principals, actions })] })
  }
  const who = { 'aws:PrincipalArn': names.map((name) => roleArn(stack, name, hubAccount)) }
  const where = organizationId === undefined ? {} : { 'aws:PrincipalOrgID': organizationId }
  // Scans look for offers, so a reader has none to name; whoever settles one says in the session's tags which.
  const named = role === spokeRoles.reader ? {} : { Null: { [`aws:RequestTag/${sessionTags.offerId}`]: 'false' } }
  const assume = new PolicyStatement({
    principals,
    actions: ['sts:AssumeRole'],
    conditions: { ArnEquals: who, StringEquals: { 'sts:ExternalId': externalId, ...where }, ...named },
  })
  if (role === spokeRoles.reader) return new PolicyDocument({ statements: [assume] })
  // Checked apart from AssumeRole, and without the external id: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
  const tag = new PolicyStatement({
    principals,
    actions: ['sts:TagSession'],
    conditions: {
      ArnEquals: who,
      'ForAllValues:StringEquals': { 'aws:TagKeys': Object.values(sessionTags) },
      ...named,
      ...(organizationId === undefined ? {} : { StringEquals: where }),
    },
  })
  return new PolicyDocument({ statements: [assume, tag] })
}
