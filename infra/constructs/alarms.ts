import { Duration } from 'aws-cdk-lib'
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { TableId } from '../../src/dynamodb/tables.js'
import { AlarmTarget, type AlarmTargetProps } from './alarm-target.js'
import type { AuthorizerFunction } from './authorizer-function.js'
import { INDEXES } from '../permissions/table-actions.js'
import type { KeyRotation } from './key-rotation.js'
import type { Events } from './events.js'
import type { LatchkeyFunction } from './function.js'
import type { Mail } from './mail.js'
import type { Probe } from './probe.js'
import type { Release } from './release.js'
import type { Tables } from './tables.js'
import type { WebAcl } from './web-acl.js'

/** What is watched. */
export interface Watched {
  readonly api: HttpApi
  /** Calls that API Gateway itself refused. */
  readonly throttled: Metric
  readonly app: LatchkeyFunction
  /** Sign-ins that failed for an identity provider. */
  readonly providerUnavailable: Metric
  readonly rotation: KeyRotation
  readonly tables: Tables
  /** Undefined for a service that sends none. */
  readonly mail: Mail | undefined
  /** Undefined for a service that sends none. */
  readonly events: Events | undefined
  readonly release: Release
  /** Undefined without one, and for one of the team's own. */
  readonly webAcl: WebAcl | undefined
  /** Undefined without the setting. */
  readonly probe: Probe | undefined
}

export type AlarmsProps = Watched & AlarmTargetProps

interface AlarmDefinition {
  /** The reason in short. */
  readonly why: string
  /** The section of `docs/runbook.md`. @default - the name, in lower case */
  readonly section?: string
  readonly metric: IMetric
  readonly threshold: number
  /** Periods in a row that must be bad. @default 1 */
  readonly periods?: number
  readonly whenMissing?: TreatMissingData
  /** Whether it calls someone when there are no data any more, too. @default false */
  readonly isDataExpected?: true
  /** Whether a percentile of few samples is left alone: below a thousand, p99 is the slowest one. @default false */
  readonly needsSamples?: true
  readonly comparison?: ComparisonOperator
  /** What must exist before the alarm. */
  readonly after?: Construct
}

const FIVE_MINUTES = Duration.minutes(5)
const ONE_HOUR = Duration.hours(1)
const ONE_DAY = Duration.days(1)
/** At which AWS puts an account under review: https://docs.aws.amazon.com/ses/latest/dg/reputationdashboardmessages.html */
const MAX_BOUNCE_RATE = 0.05
const MAX_COMPLAINT_RATE = 0.001
/** A successor is made after 30 days, at the next daily run. */
const MAX_KEY_AGE_DAYS = 33

/** A metric that the app counts itself (`src/events/metrics.ts`), apart from those of other deployments. */
export const serviceMetric = (
  app: LatchkeyFunction,
  metricName: string,
  period = FIVE_MINUTES,
): Metric =>
  new Metric({
    namespace: 'Latchkey',
    metricName,
    dimensionsMap: { service: app.functionName },
    statistic: Stats.SUM,
    period,
  })

/** Requests of one way that DynamoDB has refused, for each table and index. An alarm takes ten metrics at most. */
export const throttlesOf = (tables: Tables, way: 'Read' | 'Write', period: Duration): Metric[] =>
  Object.entries(tables.byId).flatMap(([id, table]) => {
    const indexes = INDEXES[id as TableId] ?? []
    return [undefined, ...indexes].map((GlobalSecondaryIndexName) =>
      table.metric(`${way}ThrottleEvents`, {
        period,
        statistic: Stats.SUM,
        label: `${GlobalSecondaryIndexName ?? id} ${way.toLowerCase()}s`,
        ...(GlobalSecondaryIndexName !== undefined && {
          dimensionsMap: { TableName: table.tableName, GlobalSecondaryIndexName },
        }),
      }),
    )
  })

/** How many of the mails that were sent have come back so; AWS judges the whole account by them. */
export const reputationOf = (
  { ownConfigurationSet }: Mail,
  rate: 'BounceRate' | 'ComplaintRate',
): Metric =>
  new Metric({
    namespace: 'AWS/SES',
    metricName: `Reputation.${rate}`,
    statistic: Stats.MAXIMUM,
    period: ONE_HOUR,
    ...(ownConfigurationSet !== undefined && {
      dimensionsMap: { 'ses:configuration-set': ownConfigurationSet },
    }),
  })

/**
 * Of metrics that may have no value, or never have had one: a queue that was never used, a table that was never throttled.
 * `+` would be missing then, and `FILL` has nothing to fill.
 */
const sumOf = (metrics: readonly Metric[], label: string, period: Duration): MathExpression =>
  new MathExpression({
    expression: `SUM([${metrics.map((_, i) => `m${i}`).join(', ')}])`,
    usingMetrics: Object.fromEntries(metrics.map((metric, i) => [`m${i}`, metric])),
    label,
    period,
  })

/** Alarms that stop a release under way. */
const OF_RELEASES = ['ReleaseErrors', 'ReleaseServerErrors', 'StartFailed']

/** Alarms that a person should get up for, each with its section in `docs/runbook.md`. */
export class Alarms extends Construct {
  /** Those that stop a release under way. */
  readonly ofReleases: Alarm[] = []
  readonly #target: AlarmTarget

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id)
    this.#target = new AlarmTarget(this, props)
    const all = {
      ...definitions(props),
      ...releaseDefinitions(props),
      ...mailDefinitions(props),
      ...eventDefinitions(props),
      ...edgeDefinitions(props),
      ...probeDefinitions(props),
    }
    for (const [name, definition] of Object.entries(all)) this.#add(name, definition)
  }

  /** Watches a function that judges calls of other APIs, which is made after all of the service. */
  watchAuthorizer(authorizer: AuthorizerFunction): void {
    const { id } = authorizer.node
    for (const [name, definition] of Object.entries(authorizerDefinitions(authorizer))) {
      this.#add(`${name} ${id}`, { section: name.toLowerCase(), ...definition })
    }
  }

  #add(name: string, definition: AlarmDefinition): void {
    const { why, section = name.toLowerCase(), metric, threshold, periods = 1 } = definition
    const alarm = new Alarm(this, name, {
      alarmDescription: `${why} Runbook: docs/runbook.md#${section}`,
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator:
        definition.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: definition.whenMissing ?? TreatMissingData.NOT_BREACHING,
      ...(definition.needsSamples && { evaluateLowSampleCountPercentile: 'ignore' }),
    })
    this.#target.tell(alarm, { isDataExpected: definition.isDataExpected ?? false })
    if (OF_RELEASES.includes(name)) this.ofReleases.push(alarm)
    if (definition.after) alarm.node.addDependency(definition.after)
  }
}

function definitions(watched: Watched): Record<string, AlarmDefinition> {
  const { api, throttled, app, providerUnavailable, rotation, tables } = watched
  const period = FIVE_MINUTES
  const counted = (name: string) => serviceMetric(app, name)
  return {
    ServerErrors: {
      why: 'Callers get 5xx: the service or its store does not work.',
      metric: api.metricServerError({ period, statistic: Stats.SUM }),
      threshold: 5,
      periods: 2,
    },
    ClientErrors: {
      why: 'More than half of many calls get 4xx: a client is broken, or someone tries many things.',
      metric: new MathExpression({
        // The API counts both with each call.
        expression: 'IF(calls >= 1000, 100 * refused / calls, 0)',
        usingMetrics: {
          refused: api.metricClientError({ period, statistic: Stats.SUM }),
          calls: api.metricCount({ period, statistic: Stats.SUM }),
        },
        label: 'Calls that get 4xx, per cent',
        period,
      }),
      threshold: 50,
      periods: 3,
    },
    Throttled: {
      why: 'API Gateway answers 429 to all callers: together they send more than `throttle` lets through.',
      metric: throttled,
      threshold: 10,
    },
    UnexpectedErrors: {
      why: 'The service met something that it has no answer for: a bug.',
      metric: counted('UnexpectedError'),
      threshold: 1,
    },
    StartFailed: {
      why: 'Instances can not start: settings, the key ring or a permission is wrong.',
      metric: counted('StartFailed'),
      threshold: 1,
    },
    FunctionThrottles: {
      why: 'Lambda refuses calls: the concurrency of the account is used up.',
      metric: app.metricThrottles({ period }),
      threshold: 1,
    },
    SlowAnswers: {
      why: 'One answer in a hundred takes over three seconds.',
      metric: api.metricLatency({ period, statistic: Stats.percentile(99) }),
      threshold: 3000,
      periods: 3,
      needsSamples: true,
    },
    NearTimeout: {
      why: 'Calls come near the timeout, after which callers get 503.',
      metric: app.metricDuration({ period, statistic: Stats.MAXIMUM }),
      threshold: 12_000,
      periods: 2,
    },
    TokenReuse: {
      why: 'Refresh tokens are replayed: tokens were stolen, or a client keeps old ones.',
      metric: counted('TokenReuseDetected'),
      threshold: 1,
    },
    SignInFailures: {
      why: 'More than half of many sign-ins fail: an attacker tries passwords, or sign-in is broken.',
      metric: new MathExpression({
        // Each line that has the one has the other, be it 0 (`src/events/metrics.ts`).
        expression: 'IF(failed + good > 100, 100 * failed / (failed + good), 0)',
        usingMetrics: { failed: counted('SignInFailed'), good: counted('SignInSucceeded') },
        label: 'Failed sign-ins, per cent',
        period,
      }),
      threshold: 50,
      periods: 2,
    },
    ProviderUnavailable: {
      why: 'An identity provider does not answer, or refuses the service itself: people can not sign in by it.',
      metric: providerUnavailable,
      threshold: 5,
      periods: 2,
    },
    ReadThrottles: {
      why: 'DynamoDB refuses reads: a partition is hot, or the account is at its limit.',
      metric: sumOf(throttlesOf(tables, 'Read', period), 'Throttled reads', period),
      threshold: 1,
      periods: 2,
    },
    WriteThrottles: {
      why: 'DynamoDB refuses writes: a partition is hot, or the account is at its limit.',
      metric: sumOf(throttlesOf(tables, 'Write', period), 'Throttled writes', period),
      threshold: 1,
      periods: 2,
    },
    RotationFailed: {
      why: 'Keys could not be looked after. Tokens are signed with the old ones until it works.',
      metric: rotation.function.metricErrors({ period: ONE_DAY }),
      threshold: 1,
    },
    KeysTooOld: {
      why: 'The newest signing key is older than it may be: rotation runs and has no effect.',
      metric: rotation.keyAge,
      threshold: MAX_KEY_AGE_DAYS,
    },
    RotationUndelivered: {
      why: 'A run of the key rotation was given up after all its tries.',
      metric: rotation.failed.metricApproximateNumberOfMessagesVisible({ period }),
      threshold: 1,
    },
    RotationMissing: {
      why: 'The key rotation has not run for more than a day.',
      metric: rotation.function.metricInvocations({ period: ONE_DAY }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      // It never has a bad value, but none at all. Were that bad, it would fire at every first deployment, some minutes
      // before the metric of the first run is there.
      whenMissing: TreatMissingData.MISSING,
      isDataExpected: true,
      after: rotation.firstKeys,
    },
  }
}

/** A release gives them five minutes to fire. */
function releaseDefinitions({ api, release }: Watched): Record<string, AlarmDefinition> {
  const period = Duration.minutes(1)
  return {
    ReleaseErrors: {
      why: 'The newest version of the function ends without an answer.',
      metric: release.errors,
      threshold: 1,
    },
    ReleaseServerErrors: {
      why: 'Callers get several 5xx in a minute. A release under way is taken back.',
      metric: api.metricServerError({ period, statistic: Stats.SUM }),
      threshold: 5,
    },
  }
}

function edgeDefinitions({ webAcl }: Watched): Record<string, AlarmDefinition> {
  if (!webAcl) return {}
  return {
    FirewallBlocks: {
      why: 'AWS WAF blocks many calls: an attack, or a rule that refuses what is good.',
      metric: webAcl.blocked,
      threshold: 1000,
      periods: 2,
    },
  }
}

/** Route 53 has waited for three failures in a row already. */
function probeDefinitions({ probe }: Watched): Record<string, AlarmDefinition> {
  if (!probe?.hasAlarms) return {}
  const isUnhealthy = {
    threshold: 1,
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    // A check that is gone has no value, and a new one has none for some minutes.
    whenMissing: TreatMissingData.MISSING,
    isDataExpected: true,
  } as const
  return {
    Unreachable: {
      why: 'From outside, /healthz does not answer as it should: people may not reach the service.',
      metric: probe.health,
      ...isUnhealthy,
    },
    KeysUnreachable: {
      why: 'From outside, the public keys can not be read: APIs that start now refuse all tokens.',
      metric: probe.keys,
      ...isUnhealthy,
    },
  }
}

function authorizerDefinitions(authorizer: AuthorizerFunction): Record<string, AlarmDefinition> {
  return {
    AuthorizerErrors: {
      why: 'The function that judges callers of another API can not tell: they get 500 there.',
      metric: authorizer.failures,
      threshold: 5,
    },
    AuthorizerThrottles: {
      why: 'Lambda refuses calls of the function that judges callers of another API: they get 500 there.',
      metric: authorizer.metricThrottles({ period: FIVE_MINUTES }),
      threshold: 1,
    },
  }
}

function mailDefinitions({ app, mail }: Watched): Record<string, AlarmDefinition> {
  if (!mail) return {}
  const { function: worker, queue, undelivered, unread } = mail
  const period = FIVE_MINUTES
  const visible = (of: Queue) => of.metricApproximateNumberOfMessagesVisible({ period })
  return {
    MailWorkerErrors: {
      why: 'The function that sends mail can not start, or ends without an answer.',
      metric: worker.metricErrors({ period }),
      threshold: 1,
      periods: 2,
    },
    MailLate: {
      why: 'Mail waits for more than five minutes: SES takes none, or too little.',
      metric: queue.metricApproximateAgeOfOldestMessage({ period }),
      threshold: 300,
    },
    MailStreamLate: {
      why: 'New mail does not reach its queue: the function can not read the stream, or SQS is unavailable.',
      metric: worker.metric('IteratorAge', { period, statistic: Stats.MAXIMUM }),
      threshold: 300_000,
    },
    MailUndelivered: {
      why: 'Mail was given up after half an hour of tries. It can be sent later.',
      metric: sumOf([visible(undelivered), visible(unread)], 'Messages given up', period),
      threshold: 1,
    },
    MailRefused: {
      why: 'SES refuses mails for good, and they are not sent.',
      metric: serviceMetric(worker, 'MailRefused', ONE_HOUR),
      threshold: 10,
    },
    MailBounces: {
      why: 'Too much mail bounces: at this rate AWS looks into an account, and may stop its mail.',
      metric: reputationOf(mail, 'BounceRate'),
      threshold: MAX_BOUNCE_RATE,
    },
    MailComplaints: {
      why: 'Too many receivers call the mail spam: AWS may stop the mail of the account.',
      metric: reputationOf(mail, 'ComplaintRate'),
      threshold: MAX_COMPLAINT_RATE,
    },
    WrongCodes: {
      why: 'More than a hundred codes of mails an hour are wrong: an attacker guesses them.',
      metric: serviceMetric(app, 'WrongCode', ONE_HOUR),
      threshold: 101,
    },
  }
}

function eventDefinitions({ events }: Watched): Record<string, AlarmDefinition> {
  if (!events) return {}
  const { function: worker, queue, undelivered, unread } = events
  const period = FIVE_MINUTES
  const visible = (of: Queue) => of.metricApproximateNumberOfMessagesVisible({ period })
  return {
    EventsWorkerErrors: {
      why: 'The function that sends events can not start, or ends without an answer.',
      metric: worker.metricErrors({ period }),
      threshold: 1,
      periods: 2,
    },
    EventsLate: {
      why: 'Events wait for more than five minutes: EventBridge takes none, or too few.',
      metric: queue.metricApproximateAgeOfOldestMessage({ period }),
      threshold: 300,
    },
    EventsStreamLate: {
      why: 'New events do not reach their queue: the function can not read the stream, or a store is unavailable.',
      metric: worker.metric('IteratorAge', { period, statistic: Stats.MAXIMUM }),
      threshold: 300_000,
    },
    EventsUndelivered: {
      why: 'Events were given up after an hour of tries. They can be sent later.',
      metric: sumOf([visible(undelivered), visible(unread)], 'Events given up', period),
      threshold: 1,
    },
  }
}
