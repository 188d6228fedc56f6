import { ArnFormat, Duration, type Stack } from 'aws-cdk-lib'
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, Function, LoggingFormat, Runtime, Tracing, type Code } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

export interface HubFunctionProps {
  code: Code
  timeoutSeconds: number
  memoryMb?: number
  environment: Record<string, string>
  /** For the roles that spoke roles trust by name; the others get a name of CloudFormation's making. */
  roleName?: string
  /** For the one that people invoke by name. */
  functionName?: string
}

/** A Lambda function with its own log group and a role that may at first do nothing but write there. */
export class HubFunction extends Function {
  readonly ownRole: Role
  readonly ownLogs: LogGroup

  constructor(
    scope: Construct,
    id: string,
    { code, timeoutSeconds, memoryMb, environment, roleName, functionName }: HubFunctionProps,
  ) {
    const logGroup = new LogGroup(scope, `${id}Logs`, { retention: RetentionDays.THREE_MONTHS })
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      ...(roleName === undefined ? {} : { roleName }),
    })
    logGroup.grantWrite(role)
    super(scope, id, {
      code,
      handler: 'index.handler',
      ...(functionName === undefined ? {} : { functionName }),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(timeoutSeconds),
      memorySize: memoryMb ?? 512,
      environment,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.DISABLED,
    })
    this.ownRole = role
    this.ownLogs = logGroup
  }

  allow(actions: string[], resources: string[], conditions: Record<string, Record<string, unknown>> = {}): this {
    this.addToRolePolicy(new PolicyStatement({ effect: Effect.ALLOW, actions, resources, conditions }))
    return this
  }
}

/** ARN of a role by its name, known before the role is there; in the stack's own account, another, or `*`. */
export function roleArn(stack: Stack, roleName: string, account: string): string {
  return stack.formatArn({ service: 'iam', region: '', account, resource: 'role', resourceName: roleName })
}

export function stateMachineArn(stack: Stack, name: string): string {
  return stack.formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: name,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
}
