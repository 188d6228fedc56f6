import type { Duration } from 'aws-cdk-lib'
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnSchedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import type { Construct } from 'constructs'

/** By the plain resource: its richer construct lets the scheduler invoke every version of the function. */
export function runOnSchedule(scope: Construct, id: string, { run, every }: { run: IFunction; every: Duration }): void {
  const invoke = new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [run.functionArn] })
  const role = new Role(scope, `${id}ScheduleRole`, {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
    inlinePolicies: { [id.toLowerCase()]: new PolicyDocument({ statements: [invoke] }) },
  })
  new CfnSchedule(scope, `${id}Schedule`, {
    scheduleExpression: ScheduleExpression.rate(every).expressionString,
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: run.functionArn,
      roleArn: role.roleArn,
      retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 300 },
    },
  })
}
