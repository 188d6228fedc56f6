import { CfnCondition, Duration, Fn, Stack, Token } from 'aws-cdk-lib'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal, type PrincipalBase } from 'aws-cdk-lib/aws-iam'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { globalRegion, type OfferKind } from '../../lambda/domain/kinds.ts'
import { acknowledge } from '../acknowledge.ts'
import { pascalCase } from '../names.ts'
import { patternsOf, type OfferPattern } from '../offer-patterns.ts'
import { forwarderRoleName, ruleNamePrefix } from '../spoke/names.ts'
import { hintRetries } from './detection.ts'

export interface ForwardingProps {
  hubBusArn: string
  /** Of these kinds. */
  kinds: ReadonlySet<OfferKind>
}

/**
 * Sends to the hub what hints at offers in this account and region, as it is: a bus in another account takes no input
 * transformer, and the hub reads everything anew.
 */
export class Forwarding extends Construct {
  constructor(scope: Construct, id: string, { hubBusArn, kinds }: ForwardingProps) {
    super(scope, id)
    const target: CfnRule.TargetProperty = {
      id: 'Hub',
      arn: hubBusArn,
      roleArn: this.#forwarder(hubBusArn).roleArn,
      deadLetterConfig: { arn: this.#deadLetters().queueArn },
      retryPolicy: hintRetries,
    }
    for (const offerPattern of patternsOf(kinds)) this.#forward(offerPattern, target)
  }

  #forward({ name, scope, pattern }: OfferPattern, target: CfnRule.TargetProperty): void {
    const { region } = Stack.of(this)
    const isElsewhere = scope === 'global' && region !== globalRegion
    if (isElsewhere && !Token.isUnresolved(region)) return
    const { detailType, ...others } = pattern
    const rule = new CfnRule(this, pascalCase(name), {
      name: `${ruleNamePrefix}${name}`,
      eventPattern: { ...others, 'detail-type': detailType },
      targets: [target],
    })
    if (isElsewhere) rule.cfnOptions.condition = this.#inGlobalRegion()
  }

  /** One template serves every region, and events of global services are in one. */
  #inGlobalRegion(): CfnCondition {
    const known = this.node.tryFindChild('InGlobalRegion')
    if (known instanceof CfnCondition) return known
    const expression = Fn.conditionEquals(Stack.of(this).region, globalRegion)
    return new CfnCondition(this, 'InGlobalRegion', { expression })
  }

  #forwarder(hubBusArn: string): Role {
    const send = new PolicyStatement({ actions: ['events:PutEvents'], resources: [hubBusArn] })
    return new Role(this, 'Forwarder', {
      roleName: forwarderRoleName(Stack.of(this).region),
      assumedBy: this.#ourRules(),
      inlinePolicies: { forward: new PolicyDocument({ statements: [send] }) },
    })
  }

  /** Nobody works them off: the sweep has found by then what they hint at. They show that the way to the hub is shut. */
  #deadLetters(): Queue {
    const queue = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    acknowledge(queue, 'it is the dead-letter queue of rules', ['AwsSolutions-SQS3'])
    queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [this.#ourRules()],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
      }),
    )
    return queue
  }

  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html */
  #ourRules(): PrincipalBase {
    const rules = Stack.of(this).formatArn({ service: 'events', resource: 'rule', resourceName: `${ruleNamePrefix}*` })
    return new ServicePrincipal('events.amazonaws.com').withConditions({ ArnLike: { 'aws:SourceArn': rules } })
  }
}
