import { Annotations, Duration, Fn, Stack } from 'aws-cdk-lib'
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { HealthCheck, HealthCheckType } from 'aws-cdk-lib/aws-route53'
import { Construct, type IDependable } from 'constructs'
import { PROBED } from './probed.js'

export interface ProbeProps {
  readonly issuer: string
  /** When these are there, the issuer answers. */
  readonly answering: readonly IDependable[]
}

/** Route 53 checks from these, on three continents; it takes no fewer than three. */
const FROM = ['us-east-1', 'eu-west-1', 'ap-southeast-1']
/** Route 53 writes its metrics to this region alone, and an alarm reads none of another one. */
const REGION_OF_METRICS = 'us-east-1'

/**
 * Asks the service from outside, as its callers do: by its name, through DNS, TLS and CloudFront. What the service
 * counts itself can not say that no call reaches it.
 */
export class Probe extends Construct {
  /** 1 while `/healthz` answers that the service works, else 0. */
  readonly health: Metric
  /** 1 while verifiers can read the public keys, else 0. */
  readonly keys: Metric
  /** Whether alarms of the stack can read the two. */
  readonly hasAlarms: boolean

  constructor(scope: Construct, id: string, { issuer, answering }: ProbeProps) {
    super(scope, id)
    const metricOf = (
      name: string,
      { path, answer }: (typeof PROBED)[keyof typeof PROBED],
    ): Metric => {
      const check = new HealthCheck(this, name, {
        type: HealthCheckType.HTTPS_STR_MATCH,
        fqdn: Fn.parseDomainName(issuer),
        enableSNI: true,
        resourcePath: path,
        searchString: answer,
        regions: FROM,
        requestInterval: Duration.seconds(30),
        failureThreshold: 3,
      })
      check.node.addDependency(...answering)
      return new Metric({
        namespace: 'AWS/Route53',
        metricName: 'HealthCheckStatus',
        dimensionsMap: { HealthCheckId: check.healthCheckId },
        statistic: Stats.MINIMUM,
        period: Duration.minutes(1),
      })
    }
    this.health = metricOf('Health', PROBED.health)
    this.keys = metricOf('Keys', PROBED.keys)
    this.hasAlarms = Stack.of(this).region === REGION_OF_METRICS
    if (this.hasAlarms) return
    Annotations.of(this).addWarningV2(
      'latchkey:probeAlarms',
      `The probe has no alarms: its metrics are in ${REGION_OF_METRICS} alone, and the stack is in another region. docs/deploy.md, “A probe from outside”, has the command that makes them.`,
    )
  }
}
