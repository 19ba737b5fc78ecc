import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { CATALOGUE } from './catalogue.js'

/** The events that a metric counts, and its name. */
export const COUNTED: ReadonlyMap<string, string> = new Map(
  Object.entries(CATALOGUE).flatMap(([event, { metric }]) =>
    metric === undefined ? [] : [[event, metric]],
  ),
)

/** What is counted with which: an alarm divides the one by both, and has no value where one of them has none. */
const COUNTERPARTS: ReadonlyMap<string, string> = new Map([
  ['SignInSucceeded', 'SignInFailed'],
  ['SignInFailed', 'SignInSucceeded'],
])

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
    if (name === undefined) return
    this.#add(name, 1)
    const other = COUNTERPARTS.get(name)
    if (other !== undefined) this.#add(other, 0)
  }

  #add(name: string, count: number): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count)
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
