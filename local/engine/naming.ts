import { EngineError } from './errors.ts'

export interface MachineArn {
  readonly partition: string
  readonly region: string
  readonly account: string
  readonly name: string
}

export function parseMachineArn(arn: string): MachineArn | undefined {
  const [prefix, partition, service, region, account, kind, name, ...rest] = arn.split(':')
  if (prefix !== 'arn' || service !== 'states' || kind !== 'stateMachine' || rest.length > 0) return undefined
  if (!partition || !region || !account || !name) return undefined
  return { partition, region, account, name }
}

export function executionArn(machine: MachineArn, name: string): string {
  const { partition, region, account, name: machineName } = machine
  return `arn:${partition}:states:${region}:${account}:execution:${machineName}:${name}`
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff]/u

/** Throws InvalidName. */
export function checkExecutionName(name: string): void {
  if (name.length > 0 && name.length <= 80 && !forbidden.test(name)) return
  throw new EngineError('InvalidName', `Invalid Name: '${name}'`)
}
