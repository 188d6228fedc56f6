import { Duration } from 'aws-cdk-lib'
import { Rule, type EventPattern } from 'aws-cdk-lib/aws-events'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { spokeRoles } from '../../lambda/contract/env.ts'
import type { OfferKind } from '../../lambda/domain/offer.ts'
import { kindSpecs } from '../../lambda/kinds/specs.ts'
import { pascalCase } from '../names.ts'
import { runOnSchedule } from './on-schedule.ts'
import type { ScanQueue } from './scan-queue.ts'

/** IAM is global and speaks in this region only. */
export const globalRegion = 'us-east-1'

type KindPattern = (typeof kindSpecs)[OfferKind]['eventPatterns'][number]

export interface DetectionProps {
  queue: ScanQueue
  region: string
  sweep: IFunction
  sweepEvery: Duration
  stateMachineArn: string
}

/** What makes Gatehouse look: events of offers, runs that failed, and the sweep, which is the only sure one. */
export class Detection extends Construct {
  constructor(scope: Construct, id: string, props: DetectionProps) {
    super(scope, id)
    this.#ruleForEachKind(props)
    this.#rule('FailedRuns', props.queue, {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [props.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
    })
    runOnSchedule(this, 'Sweep', { run: props.sweep, every: props.sweepEvery })
  }

  #ruleForEachKind({ queue, region }: DetectionProps): void {
    for (const { kind, scope, eventPatterns } of Object.values(kindSpecs)) {
      if (scope === 'global' && region !== globalRegion) continue
      for (const [index, pattern] of eventPatterns.entries())
        this.#rule(`${pascalCase(kind)}${index + 1}`, queue, withoutOurOwn(pattern))
    }
  }

  #rule(id: string, { hints, deadLetters }: ScanQueue, eventPattern: EventPattern): void {
    const rule = new Rule(this, id, { eventPattern })
    // CDK's own target would also let the rule read what the queue is like.
    for (const queue of [hints, deadLetters]) queue.addToResourcePolicy(sendFrom(rule, queue))
    rule.addTarget({
      bind: () => ({
        arn: hints.queueArn,
        deadLetterConfig: { arn: deadLetters.queueArn },
        // A hint is worth little after an hour: four sweeps have gone by.
        retryPolicy: { maximumEventAgeInSeconds: Duration.hours(1).toSeconds(), maximumRetryAttempts: 30 },
      }),
    })
  }
}

function sendFrom(rule: Rule, queue: IQueue): PolicyStatement {
  return new PolicyStatement({
    principals: [new ServicePrincipal('events.amazonaws.com')],
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
    conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
  })
}

/** Our own answers raise events, too; they would only make us look at what we have just done. */
function withoutOurOwn({ source, detail, ...rest }: KindPattern): EventPattern {
  const detailType = rest['detail-type']
  if (!detailType.includes('AWS API Call via CloudTrail'))
    return { source, detailType, ...(detail === undefined ? {} : { detail }) }
  const userName = [{ 'anything-but': Object.values(spokeRoles) }, { exists: false }]
  return {
    source,
    detailType,
    detail: { ...detail, userIdentity: { sessionContext: { sessionIssuer: { userName } } } },
  }
}
