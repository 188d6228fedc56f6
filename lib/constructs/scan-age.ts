import { Duration } from 'aws-cdk-lib'
import { Metric, type IMetric } from 'aws-cdk-lib/aws-cloudwatch'
import { FilterPattern } from 'aws-cdk-lib/aws-logs'
import { durationMs, type Config } from '../config.ts'
import type { HubFunction } from './hub-function.ts'

/** A long listing of certificates may take more than one sweep's time; an offer of RAM lives at least 12 hours. */
const sweeps = 4
const leastHours = 2

export interface ScanAge {
  /** Seconds since the last complete scan of the place that waits longest; Sweep says it in its log. */
  metric: IMetric
  mostSeconds: number
}

export function oldestScan({ sweepEvery }: Config, sweep: HubFunction): ScanAge {
  const [metricNamespace, metricName] = ['Gatehouse', 'OldestScan']
  sweep.ownLogs.addMetricFilter(metricName, {
    metricNamespace,
    metricName,
    filterPattern: FilterPattern.exists('$.oldestScanSeconds'),
    metricValue: '$.oldestScanSeconds',
  })
  const everySeconds = durationMs(sweepEvery) / 1000
  // Two sweeps, so that at least one has said it in any period.
  const period = Duration.seconds(Math.max(1800, 2 * everySeconds))
  return {
    metric: new Metric({ namespace: metricNamespace, metricName, period, statistic: 'Maximum' }),
    mostSeconds: Math.max(sweeps * everySeconds, leastHours * 3600),
  }
}
