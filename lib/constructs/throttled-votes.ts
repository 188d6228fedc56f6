import { Duration } from 'aws-cdk-lib'
import { MathExpression, Metric, type IMetric } from 'aws-cdk-lib/aws-cloudwatch'
import { FilterPattern, type LogGroup } from 'aws-cdk-lib/aws-logs'
import { durationMs, type Config } from '../config.ts'
import type { HubFunction } from './hub-function.ts'

const nearHours = 2

/** Due within two hours at any time until the next sweep counts again. */
export function dueSoonSeconds({ sweepEvery }: Config): number {
  return nearHours * 3600 + durationMs(sweepEvery) / 1000
}

export interface ThrottledVotesProps {
  config: Config
  accessLogs: LogGroup
  /** Says in its log how many asks are due soon. */
  sweep: HubFunction
}

/** 1 where a vote, or what leads to one, was throttled while an ask is near its deadline; else 0. */
export function throttledVotesNearDeadline({ config, accessLogs, sweep }: ThrottledVotesProps): IMetric {
  const metricNamespace = 'Gatehouse'
  accessLogs.addMetricFilter('ThrottledPosts', {
    metricNamespace,
    metricName: 'ThrottledPosts',
    filterPattern: FilterPattern.all(
      FilterPattern.stringValue('$.status', '=', '429'),
      FilterPattern.any(...votingRoutes(config).map((route) => FilterPattern.stringValue('$.route', '=', route))),
    ),
  })
  sweep.ownLogs.addMetricFilter('AsksDueSoon', {
    metricNamespace,
    metricName: 'AsksDueSoon',
    filterPattern: FilterPattern.exists('$.dueSoon'),
    metricValue: '$.dueSoon',
  })
  // Two sweeps, so that at least one has counted in any period.
  const period = Duration.minutes(Math.max(30, (2 * durationMs(config.sweepEvery)) / 60_000))
  const metric = (metricName: string, statistic: string): Metric =>
    new Metric({ namespace: metricNamespace, metricName, period, statistic })
  return new MathExpression({
    // Where nothing was counted, the sweep is in trouble: better one alarm too many.
    expression: 'IF(FILL(throttled, 0) > 0 AND FILL(due, 1) > 0, 1, 0)',
    usingMetrics: { throttled: metric('ThrottledPosts', 'Sum'), due: metric('AsksDueSoon', 'Maximum') },
    label: 'votes throttled near a deadline',
    period,
  })
}

/** Who has to sign in votes only after coming back from the provider. */
function votingRoutes({ approvals }: Config): string[] {
  return ['POST *', ...(approvals.signIn === undefined ? [] : ['GET /sign-in/callback'])]
}
