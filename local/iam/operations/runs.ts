import * as z from 'zod'
import { reading, type Describe } from './access.ts'

const start = z.object({ stateMachineArn: z.string() })
const token = z.object({ taskToken: z.string() })
const invoke = z.object({ FunctionName: z.string() })

/** `machineOf`: whose run waits with a token; undefined when nobody does, and the call can do nothing. */
export function describeStepFunctions(
  machineOf: (token: string) => string | undefined,
): Readonly<Record<string, Describe>> {
  const onWaiting = (action: string): Describe =>
    reading(token, ({ taskToken }) => {
      const resource = machineOf(taskToken)
      return resource === undefined ? [] : [{ action, resource }]
    })
  return {
    StartExecution: reading(start, ({ stateMachineArn }) => [
      { action: 'states:StartExecution', resource: stateMachineArn },
    ]),
    SendTaskSuccess: onWaiting('states:SendTaskSuccess'),
    SendTaskFailure: onWaiting('states:SendTaskFailure'),
    SendTaskHeartbeat: onWaiting('states:SendTaskHeartbeat'),
  }
}

/** `arnOf`: of a function by its name, ARN or logical id. */
export function describeLambda(arnOf: (reference: string) => string | undefined): Readonly<Record<string, Describe>> {
  return {
    Invoke: reading(invoke, ({ FunctionName: name }, { account, region }) => {
      const resource =
        arnOf(name) ?? (name.startsWith('arn:') ? name : `arn:aws:lambda:${region}:${account}:function:${name}`)
      return [{ action: 'lambda:InvokeFunction', resource }]
    }),
  }
}
