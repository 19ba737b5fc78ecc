import type { IAspect } from 'aws-cdk-lib'
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch'
import { CfnApplication, CfnDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy'
import { CfnApiDestination } from 'aws-cdk-lib/aws-events'
import { CfnAlias, CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda'
import { CfnHealthCheck } from 'aws-cdk-lib/aws-route53'
import { CfnLoggingConfiguration } from 'aws-cdk-lib/aws-wafv2'
import type { IConstruct } from 'constructs'

/** What the emulator refuses and AWS takes. */
export interface LeftOut {
  readonly what: string
  /** How the emulator refuses it. */
  readonly error: RegExp
  /** A resource that it refuses for this alone. When it is taken, the entry must go. */
  readonly example: { readonly Type: string; readonly Properties: object }
  /** Changes a construct, where it is of this kind, into one that the emulator takes. */
  readonly leaveOut: (construct: IConstruct) => void
}

/** All of it. A step tries each example, and fails when one begins to work. */
export const LEFT_OUT: readonly LeftOut[] = [
  {
    what: 'alarms of metric math',
    error: /Properties\.Metrics \(metric math\) is not supported/,
    example: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: 1,
        Threshold: 1,
        Metrics: [
          {
            Id: 'm0',
            ReturnData: false,
            MetricStat: {
              Metric: { Namespace: 'Latchkey', MetricName: 'SignInFailed' },
              Period: 300,
              Stat: 'Sum',
            },
          },
          { Id: 'all', Expression: 'FILL(m0, 0)' },
        ],
      },
    },
    leaveOut(construct) {
      if (!(construct instanceof CfnAlarm) || construct.metrics === undefined) return
      const [first] = construct.metrics as CfnAlarm.MetricDataQueryProperty[]
      construct.metrics = undefined
      // It stays in the template as the alarm of a single metric: others may name it.
      construct.namespace = 'Rehearsal'
      construct.metricName = first?.id ?? 'None'
      construct.statistic = 'Sum'
      construct.period = 300
    },
  },
  {
    what: 'CodeDeploy',
    error: /Unrecognized resource types: \[AWS::CodeDeploy::Application\]/,
    example: { Type: 'AWS::CodeDeploy::Application', Properties: { ComputePlatform: 'Lambda' } },
    leaveOut(construct) {
      if (construct instanceof CfnAlias) delete construct.cfnOptions.updatePolicy
      if (construct instanceof CfnApplication || construct instanceof CfnDeploymentGroup) {
        remove(construct)
      }
    },
  },
  {
    what: 'API destinations',
    error: /Unrecognized resource types: \[AWS::Events::ApiDestination\]/,
    example: {
      Type: 'AWS::Events::ApiDestination',
      Properties: {
        ConnectionArn: 'arn:aws:events:us-east-1:000000000000:connection/ours/0a1b',
        HttpMethod: 'POST',
        InvocationEndpoint: 'https://receiver.example.com/events',
      },
    },
    leaveOut(construct) {
      if (construct instanceof CfnApiDestination) remove(construct)
    },
  },
  {
    what: 'health checks of Route 53',
    error: /Unrecognized resource types: \[AWS::Route53::HealthCheck\]/,
    example: {
      Type: 'AWS::Route53::HealthCheck',
      Properties: {
        HealthCheckConfig: { Type: 'HTTPS', FullyQualifiedDomainName: 'auth.example.com' },
      },
    },
    leaveOut(construct) {
      // An alarm would name a check that is not there.
      const isOfCheck = construct instanceof CfnAlarm && construct.namespace === 'AWS/Route53'
      if (isOfCheck || construct instanceof CfnHealthCheck) remove(construct)
    },
  },
  {
    what: 'the log of AWS WAF',
    error: /Unrecognized resource types: \[AWS::WAFv2::LoggingConfiguration\]/,
    example: {
      Type: 'AWS::WAFv2::LoggingConfiguration',
      Properties: {
        ResourceArn: 'arn:aws:wafv2:us-east-1:000000000000:global/webacl/ours/0a1b',
        LogDestinationConfigs: ['arn:aws:logs:us-east-1:000000000000:log-group:aws-waf-logs-ours'],
      },
    },
    leaveOut(construct) {
      if (construct instanceof CfnLoggingConfiguration) remove(construct)
    },
  },
]

function remove({ node: { scope, id } }: IConstruct): void {
  scope?.node.tryRemoveChild(id)
}

/** What the emulator takes, and does otherwise than AWS. The step `alarms` fails when it does as AWS does. */
export const OTHERWISE = {
  dimensions:
    'AWS judges an alarm by the metric with its dimensions, the emulator by all of that name.',
  periods:
    'AWS waits for as many bad periods in a row as an alarm asks for, the emulator takes them as one.',
  missing:
    'AWS judges a metric without values as the alarm says, the emulator leaves the state as it was.',
  fewSamples:
    'AWS ignores a percentile of few samples where the alarm says so, the emulator judges it.',
} as const

/** Leaves out of every stack what the emulator refuses, and what it would never let through. */
export const leaveOutAll: IAspect = {
  visit(construct) {
    for (const { leaveOut } of LEFT_OUT) leaveOut(construct)
    if (construct instanceof CfnEventSourceMapping) dropAbsence(construct)
  },
}

/**
 * A filter of a stream asks for items that have no `times`. AWS looks for the path `times.N` in the whole item; the emulator
 * wants `times` to be there, and lets nothing through. The worker drops the others itself.
 */
function dropAbsence(mapping: CfnEventSourceMapping): void {
  const { filters = [] } = (mapping.filterCriteria ?? {}) as { filters?: { pattern: string }[] }
  if (filters.length === 0) return
  const without = (pattern: string) =>
    JSON.stringify(JSON.parse(pattern), (_, part: unknown) => (isAbsence(part) ? undefined : part))
  mapping.filterCriteria = {
    filters: filters.map(({ pattern }) => ({ pattern: without(pattern) })),
  }
}

const ABSENT = JSON.stringify([{ exists: false }])

const isAbsence = (part: unknown): boolean =>
  typeof part === 'object' &&
  part !== null &&
  Object.keys(part).length > 0 &&
  Object.values(part).every((rule) => JSON.stringify(rule) === ABSENT)
