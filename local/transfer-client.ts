import { createHash } from 'node:crypto'
import { InvokeCommand, LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda'
import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts'
import * as z from 'zod'

/** What is asked for: that a certificate of an account goes to another one. */
export interface AskedTransfer {
  account: string
  region: string
  certificateId: string
  to: string
  message: string
}

/** Where, and as whom; what is left out the SDK finds as ever. */
export type CallerConfig = Pick<LambdaClientConfig & STSClientConfig, 'endpoint' | 'region' | 'credentials'>

const replySchema = z.discriminatedUnion('result', [
  z.object({ result: z.enum(['asked', 'standing']), offerId: z.string() }),
  z.object({ result: z.literal('refused'), problem: z.string() }),
])
export type TransferAnswer = z.infer<typeof replySchema>

const functionName = 'gatehouse-transfer'
const proofHeader = 'x-gatehouse-request'

/** The function could not be asked, or did not answer as it should. */
export class TransferFailed extends Error {
  override readonly name = 'TransferFailed'
}

/** Asks Gatehouse for a transfer, with a proof of who asks that is good for nothing else. */
export async function askForTransfer(config: CallerConfig, asked: AskedTransfer): Promise<TransferAnswer> {
  const proof = await proveCaller(config, digestOf(asked))
  const lambda = new LambdaClient({ ...config })
  try {
    const Payload = JSON.stringify({ ...asked, proof })
    const reply = await lambda.send(new InvokeCommand({ FunctionName: functionName, Payload }))
    const text = Buffer.from(reply.Payload ?? []).toString('utf8')
    if (reply.FunctionError !== undefined) throw new TransferFailed(`the function failed: ${text.slice(0, 300)}`)
    const parsed = replySchema.safeParse(JSON.parse(text))
    if (!parsed.success) throw new TransferFailed('expected a reply about the transfer, got something else')
    return parsed.data
  } finally {
    lambda.destroy()
  }
}

/** The account of whoever asks. */
export async function ownAccount(config: CallerConfig): Promise<string> {
  const sts = new STSClient({ ...config })
  try {
    return (await sts.send(new GetCallerIdentityCommand({}))).Account ?? ''
  } finally {
    sts.destroy()
  }
}

function digestOf({ account, region, certificateId, to, message }: AskedTransfer): string {
  return createHash('sha256').update([account, region, certificateId, to, message].join('\n')).digest('hex')
}

/** Carries a signed request out of the SDK, which does not send it. */
class Signed extends Error {
  readonly headers: Record<string, string>

  constructor(headers: Record<string, string>) {
    super('signed')
    this.headers = headers
  }
}

const requestSchema = z.object({ headers: z.record(z.string(), z.string()) })

/** The headers of a `GetCallerIdentity` that is signed together with the digest, and not sent. */
export async function proveCaller(config: CallerConfig, digest: string): Promise<Record<string, string>> {
  const handle = (request: unknown): Promise<never> => Promise.reject(new Signed(requestSchema.parse(request).headers))
  const sts = new STSClient({ ...config, maxAttempts: 1, requestHandler: { handle } })
  sts.middlewareStack.add(
    (next) => async (args) => {
      const { request } = z.object({ request: requestSchema.loose() }).parse(args)
      Object.assign(args.request ?? {}, { headers: { ...request.headers, [proofHeader]: digest } })
      return await next(args)
    },
    { step: 'build' },
  )
  const signed: unknown = await sts.send(new GetCallerIdentityCommand({})).catch((error: unknown) => error)
  if (signed instanceof Signed) return signed.headers
  throw signed instanceof Error ? signed : new TransferFailed('nothing was signed')
}
