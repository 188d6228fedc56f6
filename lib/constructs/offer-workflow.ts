import { Stack } from 'aws-cdk-lib'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { stateMachineName } from '../../lambda/contract/env.ts'
import { acknowledge, wildcardFinding } from '../acknowledge.ts'
import { delegateFunction, offerWorkflow, stepFunctions, type StepFunction } from '../workflow/definition.ts'

type AlwaysThere = (typeof stepFunctions)[number]

export interface OfferWorkflowProps {
  functions: Record<AlwaysThere, IFunction>
  /** Only where the delegator role is configured. */
  delegate: IFunction | undefined
}

/** The state machine of lib/workflow/definition.ts, allowed to invoke its functions and nothing else. */
export class OfferWorkflow extends Construct {
  readonly stateMachine: StateMachine

  constructor(scope: Construct, id: string, { functions, delegate }: OfferWorkflowProps) {
    super(scope, id)
    const arnOf = (step: StepFunction): string => {
      const made = step === delegateFunction ? delegate : functions[step]
      if (made === undefined) throw new TypeError(`expected a function for \`${step}\`, got none`)
      return made.functionArn
    }
    const definition = offerWorkflow(arnOf, { delegates: delegate !== undefined })
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'Logs', { retention: RetentionDays.THREE_MONTHS }),
        level: LogLevel.ALL,
        // Execution data would hold task tokens.
        includeExecutionData: false,
      },
    })
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [...stepFunctions.map(arnOf), ...(delegate === undefined ? [] : [delegate.functionArn])],
      }),
    )
    acknowledge(this, 'delivering logs and traces has no resource to narrow to', [wildcardFinding('*')])
  }
}
