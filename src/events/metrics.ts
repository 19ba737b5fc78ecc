import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'

/** The events of the log that are worth a curve, and the metrics that count them. */
export const COUNTED: Readonly<Record<string, string>> = {
  user_created: 'SignUp',
  authn_login_success: 'SignInSucceeded',
  authn_login_fail: 'SignInFailed',
  authn_token_refresh: 'TokenRefreshed',
  authn_token_reuse: 'TokenReuseDetected',
  authn_token_created: 'MachineTokenCreated',
  api_key_allowed: 'ApiKeyAllowed',
  excess_rate_limit_exceeded: 'RateLimitExceeded',
  malicious_csrf: 'ForeignOrigin',
  dependency_failed: 'DependencyFailed',
  unexpected_error: 'UnexpectedError',
  start_fail: 'StartFailed',
}

/**
 * Counts log events as CloudWatch metrics in the embedded metric format, one line an invocation: the logs
 * and the curves can't disagree.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html
 */
export class EventMetrics {
  readonly #counts = new Map<string, number>([['ColdStart', 1]])
  #metrics: Metrics | undefined

  count(event: string): void {
    const name = COUNTED[event]
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
