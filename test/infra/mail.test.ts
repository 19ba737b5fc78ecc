import { readFileSync } from 'node:fs'
import { App } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda'
import t from 'tap'
import { buildCdkApp } from '../../infra/app.js'

// What the functions hold is nothing to these templates, and stacks.test.ts bundles at the same time.
Code.fromAsset = () => Code.fromInline('exports.handler = () => {}') as unknown as AssetCode

const FROM = 'auth@example.com'
const IDENTITY = 'arn:aws:ses:eu-west-1:123456789012:identity/example.com'
const REGION = { CDK_DEFAULT_ACCOUNT: '123456789012', CDK_DEFAULT_REGION: 'eu-west-1' }

interface Resource {
  readonly Properties: Record<string, any>
}

interface Statement {
  readonly Action: string | string[]
  readonly Resource: unknown
  readonly Condition?: unknown
}

/** The service's template; cdk-nag and the validator have looked at it, and a finding is an error. */
function synthesize(latchkey: object) {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: object }
  const app = new App({ context: { ...context, latchkey } })
  return Template.fromStack(buildCdkApp(app, REGION).stateless)
}

const resources = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.findResources(type) as Record<string, Resource>)

function only(template: Template, type: string, id = ''): Record<string, any> {
  const found = resources(template, type).filter(([name]) => name.startsWith(id))
  const [[, resource] = []] = found
  if (!resource || found.length > 1) throw new Error(`${found.length} resources are ${type} ${id}`)
  return resource.Properties
}

const statementsOf = (template: Template, id: string): Statement[] =>
  resources(template, 'AWS::IAM::Policy')
    .filter(([name]) => name.startsWith(id))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[])

const mail = synthesize({ mail: { from: FROM }, environment: { BRAND_NAME: 'Orders' } })
const own = synthesize({
  mail: { from: 'auth@mail.example.com', identityArn: IDENTITY, configurationSet: 'ours' },
  environment: { EMAIL_VERIFICATION: 'optional' },
  tracing: true,
  encryptionKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f',
})

const variablesOf = (template: Template, id: string) =>
  only(template, 'AWS::Lambda::Function', id).Environment.Variables as Record<string, unknown>

t.test('with it an address is proved, unless the environment says otherwise', async (t) => {
  t.match(variablesOf(mail, 'ServiceApp'), { MAIL_FROM: FROM, EMAIL_VERIFICATION: 'required' })
  t.match(variablesOf(own, 'ServiceApp'), { EMAIL_VERIFICATION: 'optional' })
  t.match(variablesOf(mail, 'ServiceMailWorker'), { MAIL_FROM: FROM, BRAND_NAME: 'Orders' })
})

t.test('V13.2.2 V13.3.2 what sends mail may do that, and nothing else', async (t) => {
  for (const template of [mail, own]) {
    const statements = statementsOf(template, 'ServiceMailWorker').filter(
      ({ Action }) => !JSON.stringify(Action).includes('xray:'),
    )
    const actions = [...new Set(statements.flatMap(({ Action }) => [Action].flat()))].sort()
    t.same(
      actions.filter((action) => !action.startsWith('kms:')),
      [
        'dynamodb:DeleteItem',
        'dynamodb:DescribeStream',
        'dynamodb:GetItem',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
        'dynamodb:UpdateItem',
        'secretsmanager:GetSecretValue',
        'ses:SendEmail',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ],
    )
    const resourcesOf = (service: string) =>
      statements
        .filter(({ Action }) => [Action].flat().every((action) => action.startsWith(service)))
        .map(({ Resource }) => JSON.stringify(Resource))
    for (const resource of resourcesOf('secretsmanager:')) t.match(resource, /TicketKeys/)
    for (const resource of resourcesOf('dynamodb:')) t.match(resource, /Tablesevents/)
    const all = JSON.stringify(statements)
    t.notMatch(all, /KeyRing|DataKeys|SpareKey|Providers|Tablesusers|TablesrefreshTokens/)
    for (const { Resource } of statements) t.not(Resource, '*')
    const variables = Object.keys(variablesOf(template, 'ServiceMailWorker'))
    t.same(
      variables.filter((name) => /_(TABLE|SECRET)$/.test(name)),
      ['EVENTS_TABLE', 'TICKET_KEYS_SECRET'],
    )
  }
})

t.test('it sends from one address of one identity', async (t) => {
  const sendingOf = (template: Template) =>
    statementsOf(template, 'ServiceMailWorker').filter(({ Action }) => Action === 'ses:SendEmail')
  const [statement, ...others] = sendingOf(mail)
  t.same(others, [])
  t.same(statement?.Condition, { StringEquals: { 'ses:FromAddress': FROM } })
  const [set, identity, ...more] = (statement?.Resource as unknown[])
    .map((resource) => JSON.stringify(resource))
    .sort((one, other) => one.indexOf('identity') - other.indexOf('identity'))
  t.match(identity, ':ses:eu-west-1:123456789012:identity/example.com')
  t.match(set, /configuration-set.*ServiceMailConfigurationSet/)
  t.same(more, [])
  const [given] = sendingOf(own).map(({ Resource }) => [...(Resource as string[])].sort())
  t.same(given, ['arn:aws:ses:eu-west-1:123456789012:configuration-set/ours', IDENTITY])
})

t.test('its own configuration set needs TLS, tracks nothing, and heeds bounces', async (t) => {
  t.same(only(mail, 'AWS::SES::ConfigurationSet'), {
    DeliveryOptions: { TlsPolicy: 'REQUIRE' },
    ReputationOptions: { ReputationMetricsEnabled: true },
    SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
  })
  mail.resourceCountIs('AWS::SES::ConfigurationSetEventDestination', 0)
  own.resourceCountIs('AWS::SES::ConfigurationSet', 0)
  t.match(variablesOf(own, 'ServiceMailWorker'), { SES_CONFIGURATION_SET: 'ours' })
})

t.test(
  'new messages alone come from the stream, and go on until they are in the queue',
  async () => {
    mail.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      StartingPosition: 'TRIM_HORIZON',
      FilterCriteria: {
        Filters: [
          {
            Pattern: JSON.stringify({
              eventName: ['INSERT'],
              dynamodb: { Keys: { userId: { S: [{ prefix: 'MAIL#' }] } } },
            }),
          },
        ],
      },
      BatchSize: 10,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRecordAgeInSeconds: 82_800,
      MaximumRetryAttempts: 10_000,
      DestinationConfig: {
        OnFailure: {
          Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ServiceMailUnread'), 'Arn'] },
        },
      },
    })
  },
)

t.test(
  'the queue brings each mail for half an hour, then keeps its key for two weeks',
  async (t) => {
    mail.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ServiceMailQueue'), 'Arn'] },
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 5 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    })
    const queue = only(mail, 'AWS::SQS::Queue', 'ServiceMailQueue')
    const { Timeout } = only(mail, 'AWS::Lambda::Function', 'ServiceMailWorker')
    t.ok(queue.VisibilityTimeout >= 6 * Timeout)
    t.equal(queue.VisibilityTimeout * queue.RedrivePolicy.maxReceiveCount, 1800)
    t.match(queue.RedrivePolicy.deadLetterTargetArn['Fn::GetAtt'][0], /^ServiceMailUndelivered/)
    for (const [name, { Properties }] of resources(mail, 'AWS::SQS::Queue')) {
      t.equal(Properties.SqsManagedSseEnabled, true, name)
      t.equal(Properties.MessageRetentionPeriod, 1_209_600, name)
    }
    for (const [name, { Properties }] of resources(mail, 'AWS::SQS::QueuePolicy')) {
      const [statement] = Properties.PolicyDocument.Statement as Statement[]
      t.match(statement?.Condition, { Bool: { 'aws:SecureTransport': 'false' } }, name)
    }
  },
)

t.test('an alarm fires for mail that does not arrive', async (t) => {
  const runbook = readFileSync('docs/runbook.md', 'utf8')
  const added = resources(mail, 'AWS::CloudWatch::Alarm').filter(([name]) =>
    /^ServiceAlarms(Mail|WrongCodes)/.test(name),
  )
  t.same(added.map(([name]) => /^ServiceAlarms(\w+?)[0-9A-F]{8}$/.exec(name)?.[1]).sort(), [
    'MailBounces',
    'MailComplaints',
    'MailLate',
    'MailRefused',
    'MailStreamLate',
    'MailUndelivered',
    'MailWorkerErrors',
    'WrongCodes',
  ])
  for (const [name, { Properties }] of added) {
    const section = String(Properties.AlarmDescription).split('#').at(-1)
    t.ok(runbook.includes(`\n## ${section}\n`), `${section} is in the runbook`)
    t.ok(Properties.Threshold > 0, name)
  }
  mail.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'Reputation.BounceRate',
    Dimensions: [Match.objectLike({ Name: 'ses:configuration-set' })],
  })
  own.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'Reputation.BounceRate',
    Dimensions: Match.absent(),
  })
  mail.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'WrongCode',
    Threshold: 101,
    Period: 3600,
  })
  const { DashboardBody } = only(mail, 'AWS::CloudWatch::Dashboard')
  t.match(JSON.stringify(DashboardBody), 'MailSent')
})
