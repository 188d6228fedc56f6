import * as z from 'zod'
import type { Functions } from '../../functions.ts'
import type { Service } from '../service.ts'
import { AwsError } from '../service.ts'

const invokeInput = z.object({
  FunctionName: z.string(),
  InvocationType: z.enum(['Event', 'RequestResponse', 'DryRun']).default('RequestResponse'),
  Payload: z.instanceof(Uint8Array).optional(),
})

/** Invoke only. A function is found by its logical id, its name, or an ARN that ends in one of them. */
export function createLambda({ functions, account }: { functions: Functions; account: string }): Service {
  return {
    model: 'lambda',
    operations: {
      Invoke: async ({ input, caller, region }) => {
        const { FunctionName, InvocationType, Payload } = invokeInput.parse(input)
        const spec = caller.account === account ? functions.find(FunctionName) : undefined
        if (spec === undefined)
          throw new AwsError(
            'ResourceNotFoundException',
            `Function not found: ${FunctionName.startsWith('arn:') ? FunctionName : `arn:aws:lambda:${region}:${caller.account}:function:${FunctionName}`}`,
            { Type: 'User' },
          )
        const event = readEvent(Payload)
        if (InvocationType === 'DryRun') return { StatusCode: 204 }
        const running = functions.invoke(spec.id, event)
        if (InvocationType === 'Event') return { StatusCode: 202 }
        const outcome = await running
        return outcome.ok
          ? { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: outcome.payload }
          : {
              StatusCode: 200,
              ExecutedVersion: '$LATEST',
              FunctionError: 'Unhandled',
              Payload: JSON.stringify(outcome.error),
            }
      },
    },
  }
}

function readEvent(payload: Uint8Array | undefined): string {
  const text = Buffer.from(payload ?? []).toString()
  if (text === '') return '{}'
  try {
    JSON.parse(text)
    return text
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json', { Type: 'User' })
  }
}
