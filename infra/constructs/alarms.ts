import { Duration, Stack } from 'aws-cdk-lib'
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
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Topic } from 'aws-cdk-lib/aws-sns'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import type { TableId } from '../../src/dynamodb/tables.js'
import { acknowledge } from './acknowledge.js'
import { APP_INDEXES } from '../permissions/table-actions.js'
import type { KeyRotation } from './key-rotation.js'
import type { LatchkeyFunction } from './function.js'
import type { Mail } from './mail.js'
import type { Tables } from './tables.js'

/** What is watched. */
export interface Watched {
  readonly api: HttpApi
  readonly app: LatchkeyFunction
  readonly rotation: KeyRotation
  readonly tables: Tables
  /** Undefined for a service that sends none. */
  readonly mail: Mail | undefined
}

export interface AlarmsProps extends Watched {
  /** The address that they are sent to. */
  readonly email?: string | undefined
}

interface AlarmDefinition {
  /** The section of `docs/runbook.md`, and the reason in short. */
  readonly why: string
  readonly metric: IMetric
  readonly threshold: number
  /** Periods in a row that must be bad. @default 1 */
  readonly periods?: number
  readonly whenMissing?: TreatMissingData
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
    const indexes = APP_INDEXES[id as TableId] ?? []
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

/** In an expression a metric without a value would make the whole one missing. */
const filled = (name: string): string => `FILL(${name}, 0)`

const sumOf = (metrics: readonly Metric[], label: string, period: Duration): MathExpression =>
  new MathExpression({
    expression: metrics.map((_, i) => filled(`m${i}`)).join(' + '),
    usingMetrics: Object.fromEntries(metrics.map((metric, i) => [`m${i}`, metric])),
    label,
    period,
  })

/** Alarms that a person should get up for, each with its section in `docs/runbook.md`. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { email, ...watched }: AlarmsProps) {
    super(scope, id)
    const topic = email === undefined ? undefined : this.#topic(email)
    const all = { ...definitions(watched), ...mailDefinitions(watched) }
    for (const [name, definition] of Object.entries(all)) {
      const { why, metric, threshold, periods = 1 } = definition
      const alarm = new Alarm(this, name, {
        alarmDescription: `${why} Runbook: docs/runbook.md#${name.toLowerCase()}`,
        metric,
        threshold,
        evaluationPeriods: periods,
        comparisonOperator:
          definition.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: definition.whenMissing ?? TreatMissingData.NOT_BREACHING,
      })
      if (topic) alarm.addAlarmAction(new SnsAction(topic))
      if (definition.after) alarm.node.addDependency(definition.after)
    }
  }

  #topic(email: string): Topic {
    const topic = new Topic(this, 'Topic', { enforceSSL: true })
    topic.addSubscription(new EmailSubscription(email))
    // A policy of one's own takes the place of the default one, by which alarms of the account may publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sns:Publish'],
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
    acknowledge(topic, {
      'Serverless-SNSRedrivePolicy': 'A letter that can not be sent is shown by the console.',
    })
    return topic
  }
}

function definitions({ api, app, rotation, tables }: Watched): Record<string, AlarmDefinition> {
  const period = FIVE_MINUTES
  const all = `${filled('failed')} + ${filled('good')}`
  const counted = (name: string) => serviceMetric(app, name)
  return {
    ServerErrors: {
      why: 'Callers get 5xx: the service or its store does not work.',
      metric: api.metricServerError({ period, statistic: Stats.SUM }),
      threshold: 5,
      periods: 2,
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
        expression: `IF(${all} > 100, 100 * ${filled('failed')} / (${all}), 0)`,
        usingMetrics: { failed: counted('SignInFailed'), good: counted('SignInSucceeded') },
        label: 'Failed sign-ins, per cent',
        period,
      }),
      threshold: 50,
      periods: 2,
    },
    WrongCodes: {
      why: 'Many codes of mails are typed wrong: an attacker guesses them.',
      metric: serviceMetric(app, 'WrongCode', Duration.hours(1)),
      threshold: 100,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
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
    RotationMissing: {
      why: 'The key rotation has not run for more than a day.',
      metric: rotation.function.metricInvocations({ period: ONE_DAY }),
      threshold: 1,
      periods: 2,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      whenMissing: TreatMissingData.BREACHING,
      after: rotation.firstKeys,
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
    MailCodesGuessed: {
      why: 'More than a hundred codes of mails an hour are wrong: an attacker guesses them.',
      metric: serviceMetric(app, 'WrongCode', ONE_HOUR),
      threshold: 101,
    },
  }
}
