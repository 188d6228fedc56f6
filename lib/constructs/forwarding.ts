import { Aws, CfnCondition, CfnResource, Duration, Fn, Stack, Token, type ICfnConditionExpression } from 'aws-cdk-lib'
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
  /** Has rules of its own there, with a shorter way. */
  hub: { account: string; region: string }
  /** Of these kinds. */
  kinds: ReadonlySet<OfferKind>
}

/**
 * Sends to the hub what hints at offers in this account and region, as it is: a bus in another account takes no input
 * transformer, and the hub reads everything anew.
 */
export class Forwarding extends Construct {
  readonly #hub: ForwardingProps['hub']

  constructor(scope: Construct, id: string, { hubBusArn, hub, kinds }: ForwardingProps) {
    super(scope, id)
    this.#hub = hub
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
    if (Token.isUnresolved(region)) rule.cfnOptions.condition = isElsewhere ? this.#inGlobalRegion() : this.#notAtHub()
  }

  /** One template serves every account and region, and events of global services are in one. */
  #inGlobalRegion(): CfnCondition {
    return this.#condition('InGlobalRegion', () =>
      Fn.conditionAnd(Fn.conditionEquals(Aws.REGION, globalRegion), this.#notAtHub()),
    )
  }

  #notAtHub(): CfnCondition {
    const { account, region } = this.#hub
    return this.#condition('NotAtHub', () =>
      Fn.conditionNot(
        Fn.conditionAnd(Fn.conditionEquals(Aws.ACCOUNT_ID, account), Fn.conditionEquals(Aws.REGION, region)),
      ),
    )
  }

  #condition(id: string, express: () => ICfnConditionExpression): CfnCondition {
    const known = this.node.tryFindChild(id)
    return known instanceof CfnCondition ? known : new CfnCondition(this, id, { expression: express() })
  }

  #forwarder(hubBusArn: string): Role {
    const send = new PolicyStatement({ actions: ['events:PutEvents'], resources: [hubBusArn] })
    const role = new Role(this, 'Forwarder', {
      roleName: forwarderRoleName(Stack.of(this).region),
      assumedBy: this.#ourRules(),
      inlinePolicies: { forward: new PolicyDocument({ statements: [send] }) },
    })
    const { defaultChild } = role.node
    if (Token.isUnresolved(Stack.of(this).region) && defaultChild instanceof CfnResource)
      defaultChild.cfnOptions.condition = this.#notAtHub()
    return role
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
