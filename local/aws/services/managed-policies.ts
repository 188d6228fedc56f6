import * as z from 'zod'
import { AwsError, type Call } from '../service.ts'

export const createPolicyInput = z.object({
  PolicyName: z.string(),
  Path: z.string().default('/'),
  PolicyDocument: z.string(),
})
export const policyInput = z.object({ PolicyArn: z.string() })
export const policyVersionInput = policyInput.extend({ VersionId: z.string() })

export const managedPolicySchema = z.object({
  arn: z.string(),
  name: z.string(),
  path: z.string(),
  document: z.string(),
  createdMs: z.number(),
})
type ManagedPolicy = z.infer<typeof managedPolicySchema>

/** Of the policies that AWS manages only those that the samples name; their texts are public. */
const ofAws: readonly ManagedPolicy[] = [
  {
    arn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
    name: 'AmazonS3ReadOnlyAccess',
    path: '/',
    document: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'],
          Resource: '*',
        },
      ],
    }),
    createdMs: Date.UTC(2015, 1, 6),
  },
]

/** Managed policies, to be read: none of them is attached to anything here. Each has one version. */
export class ManagedPolicies {
  #policies = new Map<string, ManagedPolicy>()

  create({ input, caller, nowMs }: Call<z.infer<typeof createPolicyInput>>): unknown {
    const { PolicyName: name, Path: path, PolicyDocument: document } = input
    const arn = `arn:aws:iam::${caller.account}:policy${path}${name}`
    if (this.#policies.has(arn)) throw new AwsError('EntityAlreadyExistsException', `A policy called ${name} exists.`)
    if (!isJsonObject(document)) throw new AwsError('MalformedPolicyDocumentException', 'Syntax errors in policy.')
    const policy = { arn, name, path, document, createdMs: nowMs }
    this.#policies.set(arn, policy)
    return { Policy: viewOf(policy) }
  }

  get(call: Call<z.infer<typeof policyInput>>): unknown {
    return { Policy: viewOf(this.#find(call)) }
  }

  getVersion(call: Call<z.infer<typeof policyVersionInput>>): unknown {
    const { document, createdMs } = this.#find(call)
    const { VersionId } = call.input
    if (VersionId !== 'v1')
      throw new AwsError('NoSuchEntityException', `Policy version ${VersionId} does not exist or is not attachable.`)
    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyVersion.html: URL-encoded
    const Document = encodeURIComponent(document)
    return { PolicyVersion: { Document, VersionId, IsDefaultVersion: true, CreateDate: createdMs } }
  }

  snapshot(): ManagedPolicy[] {
    return [...this.#policies.values()]
  }

  restore(policies: readonly ManagedPolicy[]): void {
    this.#policies = new Map(policies.map((policy) => [policy.arn, policy]))
  }

  /** One of the caller's own account, or of AWS. */
  #find({ input, caller }: Call<z.infer<typeof policyInput>>): ManagedPolicy {
    const { PolicyArn } = input
    const own = PolicyArn.startsWith(`arn:aws:iam::${caller.account}:`) ? this.#policies.get(PolicyArn) : undefined
    const found = own ?? ofAws.find(({ arn }) => arn === PolicyArn)
    if (found === undefined)
      throw new AwsError('NoSuchEntityException', `Policy ${PolicyArn} does not exist or is not attachable.`)
    return found
  }
}

function viewOf({ arn, name, path, createdMs }: ManagedPolicy): Record<string, unknown> {
  return {
    PolicyName: name,
    Arn: arn,
    Path: path,
    DefaultVersionId: 'v1',
    AttachmentCount: 0,
    IsAttachable: true,
    CreateDate: createdMs,
    UpdateDate: createdMs,
  }
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
