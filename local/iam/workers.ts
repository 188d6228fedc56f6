import type { Assembly, FunctionSpec } from '../assembly/specs.ts'
import type { InvokeResult } from '../engine/run/host.ts'
import type { Authority } from './authority.ts'
import { NotAuthorized } from './refusal.ts'

/** Every role has to trust the service that works under it; AWS refuses to make the function, machine or schedule else. */
export function checkWorkers({ functions, stateMachines, schedules }: Assembly, authority: Authority): void {
  const users = [
    ...functions.map(({ id, arn, roleArn }) => ({ id, arn, roleArn, service: 'lambda.amazonaws.com' })),
    ...stateMachines.map(({ id, arn, roleArn }) => ({ id, arn, roleArn, service: 'states.amazonaws.com' })),
    ...schedules.map(({ id, arn, roleArn }) => ({ id, arn, roleArn, service: 'scheduler.amazonaws.com' })),
  ]
  for (const { id, arn: sourceArn, roleArn, service } of users) {
    try {
      authority.checkTrust({ service, roleArn, sourceArn })
    } catch (error) {
      throw new Error(`${id}: its role does not trust ${service}`, { cause: error })
    }
  }
}

/** Step Functions invokes under the role of the state machine; what a task fails with when it may not. */
export function invokeAsMachine(
  { assembly, authority }: { assembly: Assembly; authority: Authority },
  { machineArn, spec }: { machineArn: string; spec: FunctionSpec | undefined },
): InvokeResult | undefined {
  const roleArn = assembly.stateMachines.find(({ arn }) => arn === machineArn)?.roleArn
  if (spec === undefined || roleArn === undefined) return undefined
  try {
    authority.checkService({
      service: 'states.amazonaws.com',
      sourceArn: machineArn,
      roleArn,
      action: 'lambda:InvokeFunction',
      resource: spec.arn,
    })
    return undefined
  } catch (error) {
    if (!(error instanceof NotAuthorized)) throw error
    return { ok: false, errorType: 'Lambda.AWSLambdaException', errorMessage: error.message }
  }
}

/** Lambda reads a queue for a function under the function's role. */
export function pollAsFunction(
  authority: Authority,
  { spec, queueArn }: { spec: FunctionSpec; queueArn: string },
): (action: string) => void {
  return (action) => {
    const { arn: sourceArn, roleArn } = spec
    authority.checkService({ service: 'lambda.amazonaws.com', sourceArn, roleArn, action, resource: queueArn })
  }
}
