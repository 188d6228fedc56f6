import type { TableSpec } from '../assembly/specs.ts'
import type { Caller, Service } from '../aws/service.ts'
import type { OrganizationTree } from '../aws/services/organization-tree.ts'
import { isAdministrator, type Authority } from './authority.ts'
import type { Access, Describe } from './operations/access.ts'
import { Undescribable } from './operations/access.ts'
import { describeOrganizations, sts } from './operations/accounts.ts'
import { describeDynamoDb } from './operations/dynamodb.ts'
import { events, secretsmanager, sesv2, sqs } from './operations/messaging.ts'
import { describeLambda, describeStepFunctions } from './operations/runs.ts'

export interface GateCall {
  /** The model's name: `ram`, `stepfunctions`, `dynamodb`, … */
  service: string
  operation: string
  input: Readonly<Record<string, unknown>>
  caller: Caller
  region: string
}

/** Lets a call through or throws `NotAuthorized`. */
export type Gate = (call: GateCall) => void

export interface GateOptions {
  authority: Pick<Authority, 'check' | 'deny' | 'guards'>
  tables: readonly TableSpec[]
  /** Those that say themselves what their operations need. */
  offerServices: readonly Pick<Service, 'model' | 'rights'>[]
  organization?: OrganizationTree | undefined
  functionArnOf: (reference: string) => string | undefined
  machineOf: (token: string) => string | undefined
}

/** Stands before every operation of the endpoint: says what the call needs, and asks whether its caller has it. */
export function createGate(options: GateOptions): Gate {
  const { authority, tables, offerServices, organization, functionArnOf, machineOf } = options
  const services: Readonly<Record<string, Readonly<Record<string, Describe>>>> = {
    dynamodb: describeDynamoDb(tables),
    events,
    lambda: describeLambda(functionArnOf),
    organizations: describeOrganizations(organization),
    secretsmanager,
    sesv2,
    sqs,
    stepfunctions: describeStepFunctions(machineOf),
    sts,
    ...Object.fromEntries(offerServices.map(({ model, rights = {} }) => [model, rights])),
  }

  function accessesOf(call: GateCall): readonly Access[] {
    const { service, operation, input, caller, region } = call
    const describe = services[service]?.[operation]
    if (describe === undefined)
      throw new Undescribable(`the local run does not know what ${service} ${operation} needs`)
    return describe({ input, account: caller.account, region })
  }

  return (call) => {
    if (!isAdministrator(call.caller) || call.service === 'sts' || call.service === 'events') {
      for (const access of describe(call)) authority.check(call.caller, access, call.region)
      return
    }
    // An administrator may do everything in its own account that no service control policy denies.
    if (!authority.guards(call.caller.account)) return
    for (const access of named(call)) authority.check(call.caller, access, call.region)
  }

  /** What the app never calls is known by name only. */
  function named(call: GateCall): readonly Access[] {
    const { service, operation } = call
    const isDescribed = services[service]?.[operation] !== undefined
    return isDescribed ? describe(call) : [{ action: `${service}:${operation}`, resource: '*' }]
  }

  function describe(call: GateCall): readonly Access[] {
    try {
      return accessesOf(call)
    } catch (error) {
      if (!(error instanceof Undescribable)) throw error
      const { caller, service, operation } = call
      const what = `User: ${caller.arn} is not authorized to perform: ${service}:${operation}`
      return authority.deny(`${what} because ${error.message}`)
    }
  }
}
