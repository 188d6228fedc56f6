import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import type { ScanQueue } from './scan-queue.ts'

export interface AlarmsProps {
  queue: ScanQueue
  stateMachine: StateMachine
}

/** What a person has to look at. Each alarm is a heading of docs/runbook.md. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { queue, stateMachine }: AlarmsProps) {
    super(scope, id)
    const period = Duration.minutes(5)
    this.#alarm('HintsNotFollowed', queue.deadLetters.metricApproximateNumberOfMessagesVisible({ period }))
    this.#alarm('RunsFailed', stateMachine.metricFailed({ period, statistic: 'Sum' }))
  }

  #alarm(id: string, metric: IMetric): void {
    new Alarm(this, id, {
      alarmDescription: `docs/runbook.md#${id.toLowerCase()}`,
      metric,
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
  }
}
