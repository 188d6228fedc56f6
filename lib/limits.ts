import * as z from 'zod'

/**
 * What AWS takes at most. Sizes of policies are without white space, trust policies as the default quota has it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
 */
const limits = {
  templateBytes: 1_000_000,
  resources: 500,
  templateBodyBytes: 51_200,
  trustCharacters: 2_048,
  inlineCharacters: 10_240,
  queuePolicyBytes: 8_192,
  queuePolicyStatements: 20,
} as const

/** A template that AWS would refuse for its size. */
export class TemplateTooLarge extends Error {
  override readonly name = 'TemplateTooLarge'
}

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
})
const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) })
const roleSchema = z.object({
  RoleName: z.unknown().optional(),
  AssumeRolePolicyDocument: z.unknown(),
  Policies: z.array(z.object({ PolicyDocument: z.unknown() })).default([]),
})
const policySchema = z.object({
  PolicyDocument: z.unknown(),
  Roles: z.array(z.object({ Ref: z.string() })).default([]),
})
const queuePolicySchema = z.object({ PolicyDocument: z.object({ Statement: z.array(z.unknown()) }) })
const stackSetSchema = z.object({ TemplateBody: z.string() })

type Resources = z.infer<typeof templateSchema>['Resources']

/** Checks a template, and those inside it that StackSets take. Throws TemplateTooLarge, naming what is too large. */
export function checkSizes(name: string, template: unknown): void {
  const { Resources } = templateSchema.parse(template)
  demand(`template ${name}`, 'bytes', { is: fileSizeOf(template), most: limits.templateBytes })
  demand(`template ${name}`, 'resources', { is: Object.keys(Resources).length, most: limits.resources })
  for (const [id, { Properties }] of ofType(Resources, 'AWS::IAM::Role')) checkRole(id, Properties, Resources)
  for (const [id, { Properties }] of ofType(Resources, 'AWS::SQS::QueuePolicy')) checkQueuePolicy(id, Properties)
  for (const [id, { Properties }] of ofType(Resources, 'AWS::CloudFormation::StackSet')) {
    const { TemplateBody } = stackSetSchema.parse(Properties)
    demand(`the template of ${id}`, 'bytes', { is: Buffer.byteLength(TemplateBody), most: limits.templateBodyBytes })
    checkSizes(id, JSON.parse(TemplateBody))
  }
}

function checkRole(id: string, properties: unknown, resources: Resources): void {
  const { RoleName, AssumeRolePolicyDocument, Policies } = roleSchema.parse(properties)
  const name = typeof RoleName === 'string' ? `role ${RoleName}` : `role ${id}`
  demand(`the trust policy of ${name}`, 'characters', {
    is: sizeOf(AssumeRolePolicyDocument),
    most: limits.trustCharacters,
  })
  const attached = ofType(resources, 'AWS::IAM::Policy')
    .map(([, { Properties }]) => policySchema.parse(Properties))
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === id))
  const inline = [...Policies, ...attached].reduce((sum, { PolicyDocument }) => sum + sizeOf(PolicyDocument), 0)
  demand(`the policies of ${name}`, 'characters', { is: inline, most: limits.inlineCharacters })
}

function checkQueuePolicy(id: string, properties: unknown): void {
  const { PolicyDocument } = queuePolicySchema.parse(properties)
  demand(id, 'bytes', { is: sizeOf(PolicyDocument), most: limits.queuePolicyBytes })
  demand(id, 'statements', { is: PolicyDocument.Statement.length, most: limits.queuePolicyStatements })
}

function ofType(resources: Resources, type: string): [string, Resources[string]][] {
  return Object.entries(resources).filter(([, { Type }]) => Type === type)
}

function demand(what: string, unit: string, { is, most }: { is: number; most: number }): void {
  if (is > most) throw new TemplateTooLarge(`${what}: expected at most ${most} ${unit}, got ${is}`)
}

/** The CDK writes templates with an indent of one. */
function fileSizeOf(template: unknown): number {
  return Buffer.byteLength(JSON.stringify(template, undefined, 1))
}

/** The size of a document as AWS will see it. */
function sizeOf(document: unknown): number {
  return Buffer.byteLength(JSON.stringify(written(document)))
}

/** What only deployment knows stands as long as it may get: the longest region, an ARN with a name of CloudFormation's. */
function written(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(written)
  if (typeof value !== 'object' || value === null) return value
  const join = joinSchema.safeParse(value)
  if (join.success) return join.data['Fn::Join'][1].map((part) => String(written(part))).join(join.data['Fn::Join'][0])
  const reference = referenceSchema.safeParse(value)
  if (reference.success) return pseudo[reference.data.Ref] ?? 'x'.repeat(64)
  if (Object.hasOwn(value, 'Fn::GetAtt')) return 'x'.repeat(128)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, written(inner)]))
}

const joinSchema = z.strictObject({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) })
const referenceSchema = z.strictObject({ Ref: z.string() })
const pseudo: Partial<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'ap-northeast-1',
  'AWS::AccountId': '111111111111',
}
