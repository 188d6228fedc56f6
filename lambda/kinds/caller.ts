import { identityQuestion, proofHeader } from '../contract/transfer.ts'
import { ServiceUnavailable } from '../contract/errors.ts'
import { principalArnSchema } from '../domain/principal.ts'

/** What a signature may cover, and STS has to see again; anything else is not passed on. */
const passedOn = [
  'authorization',
  'content-type',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-user-agent',
  'amz-sdk-invocation-id',
  'amz-sdk-request',
  proofHeader,
]

const timeoutMs = 5_000

/** As SigV4 has it, to the letter: of two lists of signed headers nobody knows which one STS reads. */
const authorizationForm = /^AWS4-HMAC-SHA256 Credential=[\w/-]+, ?SignedHeaders=([a-z0-9;-]+), ?Signature=[0-9a-f]{64}$/

/** ARN of who signed the headers for this very request. */
export type Identify = (proof: Readonly<Record<string, string>>, digest: string) => Promise<string | undefined>

/**
 * Who signed: STS answers the question that they signed and did not send. Undefined where it does not, or where the
 * signature is for another request. SigV4 ends a signature after 15 minutes.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export function createIdentify(endpoint: string): Identify {
  return async (proof, digest) => {
    const given = new Map(Object.entries(proof).map(([name, value]) => [name.toLowerCase(), value]))
    const signed = authorizationForm.exec(given.get('authorization') ?? '')?.[1]?.split(';') ?? []
    if (!signed.includes(proofHeader) || given.get(proofHeader) !== digest) return undefined
    const headers = passedOn.flatMap((name) => {
      const value = given.get(name)
      return value === undefined ? [] : [[name, value] as const]
    })
    return await ask(endpoint, Object.fromEntries(headers))
  }
}

async function ask(endpoint: string, headers: Record<string, string>): Promise<string | undefined> {
  const request = { method: 'POST', headers, body: identityQuestion, signal: AbortSignal.timeout(timeoutMs) }
  const response = await fetch(`${endpoint}/`, { ...request, redirect: 'error' }).catch((cause: unknown) => {
    throw new ServiceUnavailable('STS does not answer', { cause })
  })
  const text = await response.text()
  if (response.status >= 500) throw new ServiceUnavailable(`STS answered ${response.status}`)
  const arn = /<Arn>([^<]+)<\/Arn>/.exec(text)?.[1]
  return response.ok ? principalArnSchema.safeParse(arn).data : undefined
}
