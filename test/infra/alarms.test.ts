import { readFileSync } from 'node:fs'
import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda'
import t from 'tap'
import { Latchkey } from '../../infra/constructs/latchkey.js'
import { COUNTED } from '../../src/events/metrics.js'
import { readDocument } from '../support/documents.js'
import { alarmSections, PARTS } from '../support/runbook.js'

// What the functions hold is nothing to these templates, and stacks.test.ts bundles at the same time.
Code.fromAsset = () => Code.fromInline('exports.handler = () => {}') as unknown as AssetCode

interface AlarmMetric {
  readonly Id: string
  readonly Expression?: string
  readonly Period?: number
  readonly MetricStat?: { readonly Stat: string; readonly Period: number; readonly Metric: object }
}

interface AlarmProperties {
  readonly AlarmDescription: string
  readonly Namespace?: string
  readonly MetricName?: unknown
  readonly Dimensions?: readonly object[]
  readonly Metrics?: readonly AlarmMetric[]
  readonly Statistic?: string
  readonly ExtendedStatistic?: string
  readonly Period?: number
  readonly EvaluationPeriods: number
  readonly DatapointsToAlarm?: number
  readonly Threshold: number
  readonly ComparisonOperator: string
  readonly TreatMissingData: string
  readonly EvaluateLowSampleCountPercentile?: string
  readonly AlarmActions?: readonly unknown[]
  readonly OKActions?: readonly unknown[]
  readonly InsufficientDataActions?: readonly unknown[]
}

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Everything that can be watched is there. */
const props = {
  mail: { from: 'auth@example.com' },
  events: {},
  cloudFront: {},
  probe: true,
  alarmEmail: 'ops@example.com',
}

function synthesize(settings: object = props) {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: object }
  const app = new App({ context })
  const env = { account: '123456789012', region: 'us-east-1' }
  const stack = new Stack(app, 'Team', { env })
  const latchkey = new Latchkey(stack, 'Latchkey', settings)
  latchkey.apiKeyAuthorizer({ scopes: ['data:read'] })
  return Template.fromStack(stack)
}

const template = synthesize()

const alarmsOf = (of: Template): [name: string, AlarmProperties][] =>
  Object.entries(of.findResources('AWS::CloudWatch::Alarm')).map(([id, resource]) => [
    /^LatchkeyServiceAlarms(\w+?)[0-9A-F]{8}$/.exec(id)?.[1] ?? id,
    (resource as { Properties: AlarmProperties }).Properties,
  ])

/** When an alarm fires, as one line. */
function definitionOf(alarm: AlarmProperties): string {
  const { Metrics = [], Period, EvaluationPeriods: periods, Threshold: threshold } = alarm
  const expression = Metrics.find(({ Expression }) => Expression !== undefined)
  const stats = new Set(Metrics.flatMap(({ MetricStat }) => MetricStat?.Stat ?? []))
  const seconds = new Set(
    Metrics.flatMap(({ MetricStat }) => MetricStat?.Period ?? []).concat(Period ?? []),
  )
  const value = expression?.Expression ?? nameOf(alarm)
  const statistic = alarm.Statistic ?? alarm.ExtendedStatistic ?? [...stats].join(' and ')
  const sign = { GreaterThanOrEqualToThreshold: '>=', LessThanThreshold: '<' }[
    alarm.ComparisonOperator
  ]
  const rare = alarm.EvaluateLowSampleCountPercentile
  return [
    `${statistic} of ${value} ${sign ?? alarm.ComparisonOperator} ${threshold}`,
    `${periods} x ${[...seconds].join(' and ')} s`,
    `missing: ${alarm.TreatMissingData}`,
    ...(rare === undefined ? [] : [`few samples: ${rare}`]),
  ].join(', ')
}

function nameOf({ Namespace, MetricName }: AlarmProperties): string {
  if (typeof MetricName === 'string') return `${Namespace} ${MetricName}`
  const [, [name]] = (MetricName as { 'Fn::Join': [string, [string]] })['Fn::Join']
  return `${Namespace} ${name.trim()}`
}

const good = 'missing: notBreaching'
const tables = (count: number): string =>
  `SUM([${Array.from({ length: count }, (_, index) => `m${index}`).join(', ')}])`

/** Each alarm, and when it fires. A new one has a row here, and a section in the runbook. */
const ALARMS: Readonly<Record<string, string>> = {
  ServerErrors: `Sum of AWS/ApiGateway 5xx >= 5, 2 x 300 s, ${good}`,
  ClientErrors: `Sum of IF(calls >= 1000, 100 * refused / calls, 0) >= 50, 3 x 300 s, ${good}`,
  Throttled: `Sum of Latchkey Throttled >= 10, 1 x 300 s, ${good}`,
  UnexpectedErrors: `Sum of Latchkey UnexpectedError >= 1, 1 x 300 s, ${good}`,
  StartFailed: `Sum of Latchkey StartFailed >= 1, 1 x 300 s, ${good}`,
  FunctionThrottles: `Sum of AWS/Lambda Throttles >= 1, 1 x 300 s, ${good}`,
  SlowAnswers: `p99 of AWS/ApiGateway Latency >= 3000, 3 x 300 s, ${good}, few samples: ignore`,
  NearTimeout: `Maximum of AWS/Lambda Duration >= 12000, 2 x 300 s, ${good}`,
  TokenReuse: `Sum of Latchkey TokenReuseDetected >= 1, 1 x 300 s, ${good}`,
  SignInFailures: `Sum of IF(failed + good > 100, 100 * failed / (failed + good), 0) >= 50, 2 x 300 s, ${good}`,
  ProviderUnavailable: `Sum of Latchkey ProviderUnavailable >= 5, 2 x 300 s, ${good}`,
  ReadThrottles: `Sum of ${tables(10)} >= 1, 2 x 300 s, ${good}`,
  WriteThrottles: `Sum of ${tables(10)} >= 1, 2 x 300 s, ${good}`,
  ReleaseErrors: `Sum of AWS/Lambda Errors >= 1, 1 x 60 s, ${good}`,
  ReleaseServerErrors: `Sum of AWS/ApiGateway 5xx >= 5, 1 x 60 s, ${good}`,
  RotationFailed: `Sum of AWS/Lambda Errors >= 1, 1 x ${DAY} s, ${good}`,
  RotationUndelivered: `Maximum of AWS/SQS ApproximateNumberOfMessagesVisible >= 1, 1 x 300 s, ${good}`,
  KeysTooOld: `Maximum of Latchkey NewestKeyAge >= 33, 1 x ${DAY} s, ${good}`,
  RotationMissing: `Sum of AWS/Lambda Invocations < 1, 1 x ${DAY} s, missing: missing`,
  MailWorkerErrors: `Sum of AWS/Lambda Errors >= 1, 2 x 300 s, ${good}`,
  MailLate: `Maximum of AWS/SQS ApproximateAgeOfOldestMessage >= 300, 1 x 300 s, ${good}`,
  MailStreamLate: `Maximum of AWS/Lambda IteratorAge >= 300000, 1 x 300 s, ${good}`,
  MailUndelivered: `Maximum of ${tables(2)} >= 1, 1 x 300 s, ${good}`,
  MailRefused: `Sum of Latchkey MailRefused >= 10, 1 x ${HOUR} s, ${good}`,
  MailBounces: `Maximum of AWS/SES Reputation.BounceRate >= 0.05, 1 x ${HOUR} s, ${good}`,
  MailComplaints: `Maximum of AWS/SES Reputation.ComplaintRate >= 0.001, 1 x ${HOUR} s, ${good}`,
  WrongCodes: `Sum of Latchkey WrongCode >= 101, 1 x ${HOUR} s, ${good}`,
  EventsWorkerErrors: `Sum of AWS/Lambda Errors >= 1, 2 x 300 s, ${good}`,
  EventsLate: `Maximum of AWS/SQS ApproximateAgeOfOldestMessage >= 300, 1 x 300 s, ${good}`,
  EventsStreamLate: `Maximum of AWS/Lambda IteratorAge >= 300000, 1 x 300 s, ${good}`,
  EventsUndelivered: `Maximum of ${tables(2)} >= 1, 1 x 300 s, ${good}`,
  FirewallBlocks: `Sum of AWS/WAFV2 BlockedRequests >= 1000, 2 x 300 s, ${good}`,
  Unreachable: 'Minimum of AWS/Route53 HealthCheckStatus < 1, 1 x 60 s, missing: missing',
  KeysUnreachable: 'Minimum of AWS/Route53 HealthCheckStatus < 1, 1 x 60 s, missing: missing',
  AuthorizerErrorsAuthorizerapikeydataread: `Sum of Latchkey Failures >= 5, 1 x 300 s, ${good}`,
  AuthorizerThrottlesAuthorizerapikeydataread: `Sum of AWS/Lambda Throttles >= 1, 1 x 300 s, ${good}`,
}

/** Alarms that call when their metric ends, too. */
const DATA_EXPECTED = ['RotationMissing', 'Unreachable', 'KeysUnreachable']

t.test('each alarm fires when it should, and calls when it is over', async (t) => {
  const alarms = alarmsOf(template)
  t.same(
    Object.fromEntries(alarms.map(([name, alarm]) => [name, definitionOf(alarm)])),
    ALARMS,
    'the table has all of them',
  )
  for (const [name, alarm] of alarms) {
    t.equal(alarm.AlarmActions?.length, 1, name)
    t.same(alarm.OKActions, alarm.AlarmActions, name)
    const expected = DATA_EXPECTED.includes(name) ? alarm.AlarmActions : undefined
    t.same(alarm.InsufficientDataActions, expected, name)
    t.equal(alarm.DatapointsToAlarm, undefined, name)
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    const metrics = (alarm.Metrics ?? []).filter(({ MetricStat }) => MetricStat)
    t.ok(metrics.length <= 10, name)
    const [period = alarm.Period ?? 0] = metrics.map(({ MetricStat }) => MetricStat?.Period ?? 0)
    t.ok(period * alarm.EvaluationPeriods <= (period >= HOUR ? 7 * DAY : DAY), name)
  }
})

t.test('each alarm has a section of the runbook, by which a person on call can act', async (t) => {
  const sections = alarmSections()
  const alarms = alarmsOf(template)
  const led = alarms.map(([, { AlarmDescription: text }]) => text.split('runbook.md#')[1])
  t.same([...new Set(led)].sort(), sections.map(({ name }) => name).sort(), 'and no other has one')
  for (const { name, text, commands } of sections) {
    const parts = [...text.matchAll(/^\*\*([\w ]+?)\.?\*\*/gm)].map(([, part]) => part)
    t.same(parts, PARTS, name)
    t.ok(commands.filter((command) => !command.startsWith('since ')).length >= 3, name)
    const [, shown = ''] = /^alarm (\w+)/.exec(commands[0] ?? '') ?? []
    t.equal(shown.toLowerCase(), name, 'the first command shows the alarm')
    t.ok(
      alarms.some(([alarm]) => alarm.startsWith(shown)),
      shown,
    )
  }
})

t.test(
  'each alarm of the probe watches a check of its own, of the name of CloudFront',
  async (t) => {
    const checks = template.findResources('AWS::Route53::HealthCheck')
    const watched = alarmsOf(template)
      .filter(([, { Namespace }]) => Namespace === 'AWS/Route53')
      .map(([, { Dimensions }]) => Dimensions)
    t.same(
      watched,
      Object.keys(checks).map((Ref) => [{ Name: 'HealthCheckId', Value: { Ref } }]),
    )
    for (const [id, check] of Object.entries(checks)) {
      t.match(JSON.stringify(check), /"FullyQualifiedDomainName":\{[^}]*EdgeDistribution/, id)
    }
  },
)

t.test('an alarm of several metrics fires where one of them never had a value', async (t) => {
  for (const [name, { Metrics = [] }] of alarmsOf(template)) {
    const expressions = Metrics.flatMap(({ Expression = [] }) => Expression)
    for (const expression of expressions) {
      t.notMatch(expression, 'FILL', `${name}: which has nothing to fill then`)
      const isSum = /^SUM\(\[m\d+(, m\d+)*\]\)$/.test(expression)
      t.ok(isSum || ['ClientErrors', 'SignInFailures'].includes(name), `${name}: counted together`)
    }
  }
})

/** Alarms that a setting adds. */
const OF_SETTINGS = {
  mail: /^(Mail|WrongCodes)/,
  events: /^Events/,
  probe: /Unreachable$/,
  cloudFront: /^Firewall/,
  authorizer: /^Authorizer/,
}
const OF_MAIL = /^(Mail|WrongCode)/

t.test('docs/costs.md counts alarms, metrics and rules as the templates do', async (t) => {
  const costs = readDocument('docs/costs.md').replaceAll(/ +/g, ' ')
  const kindOf = (name: string) =>
    Object.entries(OF_SETTINGS).find(([, pattern]) => pattern.test(name))?.[0] ?? 'always'
  const watched = (kind: string) => {
    const alarms = alarmsOf(template).filter(([name]) => kindOf(name) === kind)
    const metrics = alarms.map(([, { Metrics }]) => {
      return Metrics ? Metrics.filter(({ MetricStat }) => MetricStat).length : 1
    })
    return { alarms: alarms.length, metrics: metrics.reduce((sum, count) => sum + count, 0) }
  }
  const own = [...COUNTED.values(), 'ColdStart']
  const ofMail = [...own.filter((name) => OF_MAIL.test(name)), 'ColdStart of what sends mail']
  const filters = Object.keys(template.findResources('AWS::Logs::MetricFilter'))
  const ofLogs = filters.filter((id) => !id.includes('Authorizer'))
  const always = own.length + ofLogs.length - (ofMail.length - 1)
  const [acl] = Object.values(template.findResources('AWS::WAFv2::WebACL'))
  const rules = (acl as { Properties: { Rules: unknown[] } }).Properties.Rules.length

  const [all, mail, events, authorizer, edge, probe] = [
    ...['always', 'mail', 'events', 'authorizer', 'cloudFront', 'probe'],
  ].map(watched)
  for (const row of [
    `| metrics of our own: ${always} of them |`,
    `| alarms: ${all?.alarms} of them | 0.10 for each of the ${all?.metrics} metrics they watch |`,
    `| \`mail\`: ${mail?.alarms} more alarms, for ${mail?.metrics} metrics; ${ofMail.length} more metrics of our own |`,
    `| \`events\`: ${events?.alarms} more alarms, for ${events?.metrics} metrics; 1 more metric of our own |`,
    `| each authorizer: ${authorizer?.alarms} more alarms, for ${authorizer?.metrics} metrics; ${filters.length - ofLogs.length} more metric of our own |`,
    `| \`cloudFront\`: AWS WAF with ${rules} rules; ${edge?.alarms} more alarm, for ${edge?.metrics} metric | ${5 + rules}.00,`,
    `string matching; ${probe?.alarms} more alarms;`,
  ]) {
    t.ok(costs.includes(row), row)
  }
})

t.test('no queue of what was given up is without an alarm', async (t) => {
  const queues = template.findResources('AWS::SQS::Queue') as Record<
    string,
    { Properties: { RedrivePolicy?: { deadLetterTargetArn: { 'Fn::GetAtt': [string] } } } }
  >
  const feeding = Object.values(queues).filter(({ Properties }) => Properties.RedrivePolicy)
  const dead = Object.keys(queues).filter((id) => !queues[id]?.Properties.RedrivePolicy)
  t.equal(dead.length, 5)
  t.equal(feeding.length, 2)
  const watched = JSON.stringify(
    alarmsOf(template).filter(([, alarm]) =>
      JSON.stringify(alarm).includes('ApproximateNumberOfMessagesVisible'),
    ),
  )
  for (const id of dead) t.ok(watched.includes(id), id)
})

t.test('alarms call whom the team has', async (t) => {
  const topicArn = 'arn:aws:sns:us-east-1:123456789012:pager'
  const both = synthesize({ alarmEmail: 'ops@example.com', alarmTopicArn: topicArn })
  for (const [name, { AlarmActions = [], OKActions }] of alarmsOf(both)) {
    t.equal(AlarmActions.length, 2, name)
    t.ok(AlarmActions.includes(topicArn), name)
    t.same(OKActions, AlarmActions, name)
  }
  both.resourceCountIs('AWS::SNS::Topic', 1)
  const pager = synthesize({ alarmTopicArn: topicArn })
  pager.resourceCountIs('AWS::SNS::Topic', 0)
  for (const [name, { AlarmActions }] of alarmsOf(pager)) t.same(AlarmActions, [topicArn], name)
})
