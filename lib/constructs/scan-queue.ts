import { Duration } from 'aws-cdk-lib'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import type { HubFunction } from './hub-function.ts'

export interface ScanQueueProps {
  /** How long one scan may take. */
  scanSeconds: number
}

/** Hints of where to look, and those that could not be followed. */
export class ScanQueue extends Construct {
  readonly hints: Queue
  readonly deadLetters: Queue

  constructor(scope: Construct, id: string, { scanSeconds }: ScanQueueProps) {
    super(scope, id)
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    this.hints = new Queue(this, 'Hints', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // Six times the function's timeout: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
      visibilityTimeout: Duration.seconds(6 * scanSeconds),
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
    })
  }

  /**
   * Has a function work off the hints. CDK's own event source would grant more than Lambda needs:
   * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   */
  feed(scan: HubFunction): void {
    scan.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [this.hints.queueArn])
    new EventSourceMapping(this, 'Feed', {
      target: scan,
      eventSourceArn: this.hints.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      maxConcurrency: 5,
    })
  }
}
