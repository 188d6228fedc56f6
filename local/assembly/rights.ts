import * as z from 'zod'
import { policyDocumentSchema, statementSchema, type PolicyDocument } from '../iam/document.ts'
import type { FunctionSpec, Named, QueueSpec, ResourcePolicy, RoleSpec, StackPlace } from './specs.ts'

const unknownHere = (what: string) => z.undefined(`${what} are not supported here`).optional()
const inline = z.object({ PolicyName: z.string(), PolicyDocument: policyDocumentSchema })
const roleProperties = z.object({
  AssumeRolePolicyDocument: policyDocumentSchema,
  Policies: z.array(inline).default([]),
  ManagedPolicyArns: z.array(z.string()).default([]),
  PermissionsBoundary: z.string().optional(),
})
const attachedProperties = z.object({ PolicyDocument: policyDocumentSchema, Roles: z.array(z.string()).default([]) })
const queuePolicyProperties = z.object({ PolicyDocument: policyDocumentSchema, Queues: z.array(z.string()) })
const busPolicyProperties = z.object({
  EventBusName: z.string().default('default'),
  Statement: statementSchema,
  // The older way to say it, which narrows, too.
  Action: unknownHere('permissions without a statement'),
  Principal: unknownHere('permissions without a statement'),
  Condition: unknownHere('permissions without a statement'),
})
const permissionProperties = z.object({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
  // What narrows a permission has to be known, or it would be wider here than at AWS.
  PrincipalOrgID: unknownHere('organizations'),
  EventSourceToken: unknownHere('event source tokens'),
  FunctionUrlAuthType: unknownHere('function URLs'),
})

/** Reads of a stack's resources: every one of a type, resolved and checked, and what one is called. */
export interface RightsReader {
  all: <Value>(type: string, schema: z.ZodType<Value>) => { id: string; value: Value }[]
  named: (id: string) => Named
  /** An event bus by its name or ARN. */
  busArn: (reference: string) => string
  place: StackPlace
}

export function readRoles({ all, named, place }: RightsReader): RoleSpec[] {
  const attached = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) => all(type, attachedProperties))
  const managed = new Map(
    all('AWS::IAM::ManagedPolicy', attachedProperties).map(({ id, value }) => [named(id).arn, { id, value }] as const),
  )
  return all('AWS::IAM::Role', roleProperties).map(({ id, value }) => {
    const role = named(id)
    const byArn = value.ManagedPolicyArns.flatMap((arn) => managed.get(arn) ?? [])
    const outside = [...attached.filter((one) => one.value.Roles.includes(role.name)), ...byArn]
    return {
      ...role,
      place,
      trust: value.AssumeRolePolicyDocument,
      policies: [
        ...value.Policies.map((one) => ({ name: `${id}/${one.PolicyName}`, document: one.PolicyDocument })),
        ...outside.map((one) => ({ name: one.id, document: one.value.PolicyDocument })),
      ],
      // What a boundary leaves is not worked out here, be its policy known or not.
      unknownPolicies: [
        ...value.ManagedPolicyArns.filter((arn) => !managed.has(arn)),
        ...(value.PermissionsBoundary === undefined ? [] : [value.PermissionsBoundary]),
      ],
    }
  })
}

/** Policies of queues and event buses, and permissions on functions. */
export function readResourcePolicies(
  { all, busArn, place }: RightsReader,
  { queues, functions }: { queues: readonly QueueSpec[]; functions: readonly FunctionSpec[] },
): ResourcePolicy[] {
  const ofQueues = all('AWS::SQS::QueuePolicy', queuePolicyProperties).flatMap(({ id, value }) =>
    queues
      .filter(({ url }) => value.Queues.includes(url))
      .map(({ arn }) => ({ name: id, document: value.PolicyDocument, resourceArn: arn, place })),
  )
  const ofFunctions = all('AWS::Lambda::Permission', permissionProperties).flatMap(({ id, value }) =>
    functions
      .filter(({ arn, name }) => value.FunctionName === arn || value.FunctionName === name)
      .map(({ arn }) => ({ name: id, document: permissionDocument(value, arn), resourceArn: arn, place })),
  )
  const ofBuses = all('AWS::Events::EventBusPolicy', busPolicyProperties).map(({ id, value }) => ({
    name: id,
    document: { Statement: [value.Statement] },
    resourceArn: busArn(value.EventBusName),
    place,
  }))
  return [...ofQueues, ...ofFunctions, ...ofBuses]
}

/** A permission as the statement that Lambda makes of it. https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html */
function permissionDocument(permission: z.infer<typeof permissionProperties>, resource: string): PolicyDocument {
  const { Action, Principal, SourceArn, SourceAccount } = permission
  const isService = Principal.includes('.')
  const statement = {
    Effect: 'Allow' as const,
    Principal: { AWS: isService ? [] : [Principal], Service: isService ? [Principal] : [] },
    Action: [Action],
    Resource: [resource],
    Condition: {
      ...(SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': [SourceArn] } }),
      ...(SourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': [SourceAccount] } }),
    },
  }
  return { Version: '2012-10-17', Statement: [statement] }
}
