import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, Metric, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch'
import { FilterPattern, type IFilterPattern } from 'aws-cdk-lib/aws-logs'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { cancelLost, censusFailed, floodOfOffers, nobodyReachable } from '../../lambda/contract/log-lines.ts'
import type { HubFunction } from './hub-function.ts'
import type { ScanAge } from './scan-age.ts'
import type { ScanQueue } from './scan-queue.ts'
import { throttledVotesNearDeadline, type ThrottledVotesProps } from './throttled-votes.ts'

export interface AlarmsProps {
  queue: ScanQueue
  stateMachine: StateMachine
  /** Functions whose error lines somebody has to read. */
  watched: readonly HubFunction[]
  /** Who asks people. */
  asks: HubFunction
  /** Who records how cases end. */
  closes: HubFunction
  throttledVotes: ThrottledVotesProps
  /** Who lists the organization. */
  sweep: HubFunction
  scanAge: ScanAge
}

const period = Duration.minutes(5)

/** What a person has to look at. Each alarm is a heading of docs/runbook.md. */
export class Alarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { queue, stateMachine, watched, asks, closes, throttledVotes, sweep, scanAge }: AlarmsProps,
  ) {
    super(scope, id)
    this.#alarm('HintsNotFollowed', queue.deadLetters.metricApproximateNumberOfMessagesVisible({ period }))
    this.#alarm('RunsFailed', stateMachine.metricFailed({ period, statistic: 'Sum' }))
    this.#alarm('ErrorsLogged', errorLinesOf(watched))
    this.#alarm(
      'NobodyReachable',
      linesOf([asks], 'NobodyReachable', FilterPattern.stringValue('$.message', '=', nobodyReachable)),
    )
    this.#alarm('VotesThrottled', throttledVotesNearDeadline(throttledVotes))
    this.#alarm(
      'FloodOfOffers',
      linesOf([asks], 'FloodOfOffers', FilterPattern.stringValue('$.message', '=', floodOfOffers)),
    )
    this.#alarm('CancelLost', linesOf([closes], 'CancelLost', FilterPattern.stringValue('$.message', '=', cancelLost)))
    this.#alarm(
      'CensusFailed',
      linesOf([sweep], 'CensusFailed', FilterPattern.stringValue('$.message', '=', censusFailed)),
    )
    // Where nobody says anything, nobody sweeps.
    this.#alarm('ScansOld', scanAge.metric, { most: scanAge.mostSeconds, missing: TreatMissingData.BREACHING })
  }

  #alarm(id: string, metric: IMetric, { most = 0, missing = TreatMissingData.NOT_BREACHING } = {}): void {
    new Alarm(this, id, {
      alarmDescription: `docs/runbook.md#${id.toLowerCase()}`,
      metric,
      threshold: most,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: missing,
    })
  }
}

function errorLinesOf(watched: readonly HubFunction[]): IMetric {
  return linesOf(watched, 'ErrorLines', FilterPattern.stringValue('$.level', '=', 'ERROR'))
}

function linesOf(functions: readonly HubFunction[], metricName: string, filterPattern: IFilterPattern): IMetric {
  const metricNamespace = 'Gatehouse'
  for (const { ownLogs } of functions)
    ownLogs.addMetricFilter(metricName, { metricNamespace, metricName, filterPattern })
  return new Metric({ namespace: metricNamespace, metricName, period, statistic: 'Sum' })
}
