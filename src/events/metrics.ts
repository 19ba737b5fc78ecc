import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { CATALOGUE } from './catalogue.js'

/** The events that a metric counts, and its name. */
export const COUNTED: ReadonlyMap<string, string> = new Map(
  Object.entries(CATALOGUE).flatMap(([event, { metric }]) =>
    metric === undefined ? [] : [[event, metric]],
  ),
)

/**
 * Counts log events as CloudWatch metrics in the embedded metric format, one line an invocation: the logs
 * and the curves can't disagree.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html
 */
export class EventMetrics {
  readonly #counts = new Map<string, number>([['ColdStart', 1]])
  #metrics: Metrics | undefined

  count(event: string): void {
    const name = COUNTED.get(event)
    if (name !== undefined) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }

  /**
   * At the end of an invocation: writes what was counted, and with the first the cold start.
   * @param functionName dimension `service`, which keeps deployments of one account apart.
   */
  publish(functionName: string): void {
    if (this.#counts.size === 0) return
    this.#metrics ??= new Metrics({ namespace: 'Latchkey', serviceName: functionName })
    for (const [name, count] of this.#counts) {
      this.#metrics.addMetric(name, MetricUnit.Count, count)
    }
    this.#counts.clear()
    this.#metrics.publishStoredMetrics()
  }
}
