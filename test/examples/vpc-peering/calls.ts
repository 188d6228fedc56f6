import * as z from 'zod'
import { parseAnswer } from '../../../lambda/kinds/answer.ts'
import type { KindContext } from '../../../lambda/kinds/kind.ts'
import { answerOf, callAws, type Answer } from '../../../lambda/kinds/reactions.ts'

/** What EC2's errors mean here; the rest is in the common table. */
export const ec2Errors = {
  DescribeVpcPeeringConnections: {},
  AcceptVpcPeeringConnection: { InvalidStateTransition: { look: true } },
  RejectVpcPeeringConnection: { InvalidStateTransition: { look: true } },
} as const

const vpcSchema = z.object({ OwnerId: z.string(), VpcId: z.string(), CidrBlock: z.string() })
const listedSchema = z.object({
  VpcPeeringConnections: z.array(
    z.object({
      VpcPeeringConnectionId: z.string(),
      Status: z.string(),
      RequesterVpcInfo: vpcSchema,
      AccepterVpcInfo: vpcSchema,
    }),
  ),
})
export type Listed = z.infer<typeof listedSchema>['VpcPeeringConnections'][number]

/** EC2 by hand, as its SDK client is no dependency of the project; a kind of the app uses that client. */
export class Ec2Calls {
  readonly #context: KindContext

  constructor(context: KindContext) {
    this.#context = context
  }

  async list(id?: string): Promise<Listed[]> {
    const input = id === undefined ? {} : { VpcPeeringConnectionIds: [id] }
    const answer = answerOf(await this.call('DescribeVpcPeeringConnections', input))
    return parseAnswer(listedSchema, answer, 'DescribeVpcPeeringConnections').VpcPeeringConnections
  }

  call(operation: keyof typeof ec2Errors, input: object): Promise<Answer<unknown>> {
    return callAws({ table: ec2Errors, operation }, () => this.#send(operation, input))
  }

  async #send(operation: string, input: object): Promise<unknown> {
    const { accessKeyId } = await this.#context.credentials()
    const scope = `${accessKeyId}/20261120/${this.#context.target.region}/ec2/aws4_request`
    const response = await fetch(process.env.AWS_ENDPOINT_URL ?? '', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `ec2.${operation}`,
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=00`,
      },
      body: JSON.stringify(input),
    })
    const text = await response.text()
    if (response.ok) return text === '' ? {} : JSON.parse(text)
    const { __type: name } = z.object({ __type: z.string() }).parse(JSON.parse(text))
    throw Object.assign(new Error(`${operation} failed`), { name: name.split('#').at(-1) })
  }
}
