import { Stack, Token } from 'aws-cdk-lib'
import { AccountRootPrincipal, CfnRole, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { externalId, sessionTags, spokeRoles, type SpokeRole } from '../../lambda/contract/env.ts'
import type { OfferKind } from '../../lambda/domain/offer.ts'
import { kindSpecs } from '../../lambda/kinds/specs.ts'
import { acknowledge, wildcardFinding } from '../acknowledge.ts'
import { pascalCase } from '../names.ts'
import { workerRoleArn } from './hub-function.ts'

type Grant = NonNullable<(typeof kindSpecs)[OfferKind]['grants'][SpokeRole]>[number]

export interface SpokeRolesProps {
  /** Names of the hub roles that may assume each spoke role; a role that nobody works with is trusted to nobody. */
  workers: Partial<Record<SpokeRole, readonly string[]>>
  /** Accounts whose offers may be accepted without asking. */
  partnerAccounts: readonly string[]
  organizationId?: string
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
        policies: policiesOf(roleName, props.partnerAccounts, stack),
      })
      acknowledge(
        role,
        'ids of offers are not known beforehand, and lists have no resource to narrow to',
        wildcardsOf(roleName, stack),
      )
    }
  }
}

function policiesOf(role: SpokeRole, partners: readonly string[], stack: Stack): CfnRole.PolicyProperty[] {
  const grants = Object.values(kindSpecs).flatMap((spec) => spec.grants[role] ?? [])
  const statements = grants.flatMap((grant) => statementsOf(grant, partners, stack))
  if (statements.length === 0) return []
  return [{ policyName: 'offers', policyDocument: new PolicyDocument({ statements, minimize: true }) }]
}

function wildcardsOf(role: SpokeRole, { account, region }: Stack): string[] {
  const resources = Object.values(kindSpecs).flatMap((spec) =>
    (spec.grants[role] ?? []).flatMap((grant) => grant.resources),
  )
  const accountShown = Token.isUnresolved(account) ? '<AWS::AccountId>' : account
  return [...new Set(resources)].map((template) =>
    wildcardFinding(
      template
        .replaceAll('${Partition}', '<AWS::Partition>')
        .replaceAll('${Region}', region)
        .replaceAll('${Account}', accountShown),
    ),
  )
}

/** A grant for partners is none when there are no partners. */
function statementsOf(
  { actions, resources, partnerCondition, needsPartners }: Grant,
  partners: readonly string[],
  stack: Stack,
): PolicyStatement[] {
  if ((partnerCondition !== undefined || needsPartners === true) && partners.length === 0) return []
  return [
    new PolicyStatement({
      actions,
      resources: resources.map((template) => fillIn(template, stack)),
      ...(partnerCondition === undefined
        ? {}
        : { conditions: { StringEquals: { [partnerCondition]: [...new Set(partners)].sort() } } }),
    }),
  ]
}

function fillIn(template: string, { partition, region, account }: Stack): string {
  return template
    .replaceAll('${Partition}', partition)
    .replaceAll('${Region}', region)
    .replaceAll('${Account}', account)
}

/**
 * Trusts the account, narrowed to the workers by name: a role named as principal is bound to its unique id, and the
 * trust breaks when the role is made anew.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
function trustIn(role: SpokeRole, stack: Stack, { workers, organizationId }: SpokeRolesProps): PolicyDocument {
  const principals = [new AccountRootPrincipal()]
  const names = workers[role] ?? []
  if (names.length === 0) {
    const actions = ['sts:AssumeRole', 'sts:TagSession']
    return new PolicyDocument({ statements: [new PolicyStatement({ effect: Effect.DENY, principals, actions })] })
  }
  const who = { 'aws:PrincipalArn': names.map((name) => workerRoleArn(stack, name)) }
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
