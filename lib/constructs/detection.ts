import { Duration } from 'aws-cdk-lib'
import { Rule, type EventPattern, type IEventBus } from 'aws-cdk-lib/aws-events'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { globalRegion, type OfferKind } from '../../lambda/domain/kinds.ts'
import { pascalCase } from '../names.ts'
import { patternsOf } from '../offer-patterns.ts'
import { runOnSchedule } from './on-schedule.ts'
import type { ScanQueue } from './scan-queue.ts'

/** A hint is worth little after an hour: four sweeps have gone by. */
export const hintRetries = { maximumEventAgeInSeconds: Duration.hours(1).toSeconds(), maximumRetryAttempts: 30 }

export interface DetectionProps {
  queue: ScanQueue
  region: string
  /** Those that are answered. */
  kinds: ReadonlySet<OfferKind>
  /** Where members send what hints at offers. To its own account and region the hub listens by itself. */
  hubBus?: IEventBus | undefined
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
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [props.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
    })
    runOnSchedule(this, 'Sweep', { run: props.sweep, every: props.sweepEvery })
  }

  #ruleForEachKind({ queue, region, kinds, hubBus }: DetectionProps): void {
    for (const { name, scope, pattern } of patternsOf(kinds)) {
      if (scope === 'regional' || region === globalRegion) this.#rule(idOf(name), queue, { eventPattern: pattern })
      if (hubBus !== undefined) this.#rule(`Members${idOf(name)}`, queue, { eventPattern: pattern, eventBus: hubBus })
    }
  }

  #rule(
    id: string,
    { hints, deadLetters }: ScanQueue,
    what: { eventPattern: EventPattern; eventBus?: IEventBus },
  ): void {
    const rule = new Rule(this, id, what)
    // CDK's own target would also let the rule read what the queue is like.
    for (const queue of [hints, deadLetters]) queue.addToResourcePolicy(sendFrom(rule, queue))
    rule.addTarget({
      bind: () => ({
        arn: hints.queueArn,
        deadLetterConfig: { arn: deadLetters.queueArn },
        retryPolicy: hintRetries,
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

/** `ram-invitation-1` as a construct's id: `RamInvitation1`. */
function idOf(name: string): string {
  return pascalCase(name).replace(/-(\d+)$/, '$1')
}
