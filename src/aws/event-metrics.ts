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
  readonly #metrics = new Metrics({ namespace: 'Latchkey', serviceName: 'latchkey' })
  #isCold = true

  count(event: string): void {
    const name = COUNTED[event]
    if (name !== undefined) this.#metrics.addMetric(name, MetricUnit.Count, 1)
  }

  /** At the end of an invocation: writes what was counted, and the cold start of the first. */
  publish(): void {
    if (this.#isCold) this.#metrics.addMetric('ColdStart', MetricUnit.Count, 1)
    this.#isCold = false
    if (this.#metrics.hasStoredMetrics()) this.#metrics.publishStoredMetrics()
  }
}
