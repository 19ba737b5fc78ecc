import { Duration } from 'aws-cdk-lib'
import { type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'

export interface LogMetricProps {
  readonly logGroup: ILogGroup
  /** What keeps it apart from those of other deployments: the name of a function, or the id of an API. */
  readonly of: string
  /**
   * Which lines it counts.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
   */
  readonly pattern: string
}

/** Counts lines of a log. */
export class LogMetric extends Construct {
  /** How many there were in five minutes. It has no value before the first one. */
  readonly sum: Metric

  constructor(scope: Construct, id: string, { logGroup, of, pattern }: LogMetricProps) {
    super(scope, id)
    this.sum = new MetricFilter(this, 'Filter', {
      logGroup,
      filterPattern: FilterPattern.literal(pattern),
      metricNamespace: 'Latchkey',
      // A dimension would have to be in each line.
      metricName: `${id} ${of}`,
    }).metric({ statistic: Stats.SUM, period: Duration.minutes(5) })
  }
}
