import { readdirSync, readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { App, Duration, Stack } from 'aws-cdk-lib'
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions'
import { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { CfnApiMapping, HttpApi, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam'
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import t from 'tap'
import { buildOrders } from '../../examples/orders-api/app.js'
import { buildCdkApp } from '../../infra/app.js'
import { bundle, FUNCTIONS } from '../../infra/bundle/bundle.js'
import { type FunctionName, functionFolder } from '../../infra/constructs/function-folder.js'
import { Latchkey } from '../../infra/constructs/latchkey.js'
import type { LatchkeySettings } from '../../infra/settings/latchkey-settings.js'
import { tables } from '../../src/dynamodb/tables.js'

const DOMAIN = {
  name: 'auth.example.com',
  certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0a1b',
}

const ORDERS = 'https://orders.example.com'
const APP_ID = `app_${'A'.repeat(22)}`
const APP = { name: 'Orders', public: true, redirectUris: ['https://orders.example.com/callback'] }
const DECLARED = { [ORDERS]: { scopes: { 'orders:read': ['user', 'admin'] } } }

/** As many options at once as go together. */
const FULL = {
  socialSignIn: true,
  throttle: { rate: 7, burst: 9 },
  alarmEmail: 'ops@example.com',
  probe: true,
  provisionedConcurrency: 2,
  customDomain: { ...DOMAIN, hostedZone: { id: 'Z0123456789', name: 'example.com' } },
}

interface Resource {
  readonly Type: string
  readonly Properties: Record<string, unknown>
  readonly DeletionPolicy?: string
  readonly DependsOn?: readonly string[]
  readonly UpdatePolicy?: object
}

const variablesOf = ({ Environment }: Resource['Properties']): Record<string, string> =>
  (Environment as { Variables?: Record<string, string> } | undefined)?.Variables ?? {}

interface Statement {
  readonly Action: string | string[]
  readonly Resource: unknown
  readonly Effect: string
  readonly Condition?: unknown
}

const bundled = Promise.all((Object.keys(FUNCTIONS) as FunctionName[]).map(bundle))
t.before(() => bundled)

const REGION = { CDK_DEFAULT_ACCOUNT: '123456789012', CDK_DEFAULT_REGION: 'eu-west-1' }

interface Synthesized {
  readonly data: Template
  readonly service: Template
  readonly stateful: Stack
  readonly stateless: Stack
}

const made = new Map<string, Synthesized>()

/** The templates for settings, made once: cdk-nag and the validator look at each of them. */
function synthesize(latchkey: object = {}, region: Readonly<Record<string, string>> = {}) {
  const key = JSON.stringify([latchkey, region])
  const known = made.get(key) ?? synthesizeAnew(latchkey, region)
  made.set(key, known)
  return known
}

function synthesizeAnew(latchkey: object, region: Readonly<Record<string, string>>): Synthesized {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: object }
  const app = new App({ context: { ...context, latchkey } })
  const { stateful, stateless } = buildCdkApp(app, region)
  const data = Template.fromStack(stateful)
  return { data, service: Template.fromStack(stateless), stateful, stateless }
}

const resources = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.findResources(type) as Record<string, Resource>)

/** The statements of the roles of functions whose logical id begins so. */
function statementsOf(template: Template, id: string): Statement[] {
  return resources(template, 'AWS::IAM::Policy')
    .filter(([name]) => name.startsWith(id))
    .flatMap(
      ([, { Properties }]) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement,
    )
}

t.test('V14.2.2 V14.2.4 V14.1.2 the tables', async (t) => {
  const { data, stateful } = synthesize()
  t.ok(stateful.terminationProtection, 'their stack can not be deleted by mistake')
  const made = resources(data, 'AWS::DynamoDB::GlobalTable')
  t.equal(made.length, Object.keys(tables).length)
  for (const [name, { Properties, DeletionPolicy }] of made) {
    t.equal(DeletionPolicy, 'Retain', `${name} outlives the stack`)
    t.equal(Properties.BillingMode, 'PAY_PER_REQUEST', name)
    t.match(
      Properties,
      {
        Replicas: [
          {
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          },
        ],
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      },
      name,
    )
  }
  const expiring = made.filter(([, { Properties }]) => Properties.TimeToLiveSpecification)
  t.equal(expiring.length, 5)
  data.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    KeySchema: [
      { AttributeName: 'userId', KeyType: 'HASH' },
      { AttributeName: 'sessionId', KeyType: 'RANGE' },
    ],
  })

  const encryptionKeyArn =
    'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f'
  t.throws(() => synthesize({ encryptionKeyArn }), /can only be deployed to a known region/)
  const own = synthesize({ encryptionKeyArn }, REGION).data
  own.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    Replicas: [Match.objectLike({ SSESpecification: { KMSMasterKeyId: encryptionKeyArn } })],
  })
})

/** A table whose key or logical id changed would be another one, and empty; its users are all there is of it. */
const FOREVER = {
  DataTablesusersE2FC64C2: ['pk', 'byAddress: directory email', 'byCreation: directory listedAs'],
  DataTablesrefreshTokens8255EBD4: ['userId sessionId'],
  DataTablesapiKeys2F62CB6C: ['keyId', 'byOwner: ownerId createdAt'],
  DataTablesrateLimitsDF87F719: ['key'],
  DataTablestickets3BBA2B9D: ['pk'],
  DataTablesclientsE994737C: ['clientId'],
  DataTableseventsE1C1C273: ['userId eventId'],
}

t.test('a table is the same one in every version', async (t) => {
  const { data } = synthesize()
  const keysOf = (schema: unknown) =>
    (schema as { AttributeName: string }[]).map(({ AttributeName }) => AttributeName).join(' ')
  const found = resources(data, 'AWS::DynamoDB::GlobalTable').map(([id, { Properties }]) => {
    const indexes = (Properties.GlobalSecondaryIndexes ?? []) as Record<string, unknown>[]
    return [
      id,
      [
        keysOf(Properties.KeySchema),
        ...indexes.map(({ IndexName, KeySchema }) => `${String(IndexName)}: ${keysOf(KeySchema)}`),
      ],
    ]
  })
  t.same(Object.fromEntries(found), FOREVER)
})

t.test('tables that are there already are used by their names', async (t) => {
  const eventsStreamArn =
    'arn:aws:dynamodb:eu-west-1:123456789012:table/other-events/stream/2030-01-31T09:30:00.000'
  const names = { users: 'old-users', apiKeys: 'old-keys', events: 'other-events' }
  const settings = { tables: { ...names, eventsStreamArn }, mail: { from: 'auth@example.com' } }
  const { data, service } = synthesize(settings, REGION)
  const idsOf = (template: Template) =>
    resources(template, 'AWS::DynamoDB::GlobalTable').map(([id]) => id)
  t.same(
    idsOf(data),
    idsOf(synthesize().data).filter((id) => !/users|apiKeys|events/.test(id)),
    'the stack makes the others, and the same ones',
  )
  for (const [name, { Properties }] of resources(service, 'AWS::Lambda::Function')) {
    const { USERS_TABLE = 'old-users', EVENTS_TABLE = 'other-events' } = variablesOf(Properties)
    t.same([USERS_TABLE, EVENTS_TABLE], ['old-users', 'other-events'], name)
  }
  service.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    EventSourceArn: eventsStreamArn,
  })
  const allowed = (id: string, action: string) =>
    JSON.stringify(
      statementsOf(service, id)
        .filter(({ Action }) => [Action].flat().includes(`dynamodb:${action}`))
        .map(({ Resource }) => Resource),
    )
  const arn = 'arn:aws:dynamodb:eu-west-1:123456789012:table'
  t.match(allowed('ServiceApp', 'UpdateItem'), `${arn}/old-users`)
  t.match(allowed('ServiceApp', 'Query'), `${arn}/old-keys/index/byOwner`)
  t.match(allowed('ServiceMail', 'GetRecords'), eventsStreamArn)
  const dashboard = JSON.stringify(resources(service, 'AWS::CloudWatch::Dashboard'))
  for (const name of Object.values(names)) t.ok(dashboard.includes(name), name)
})

t.test('V13.3.1 no secret passes through a template, an output or a variable', async (t) => {
  const { data, service } = synthesize(FULL)
  for (const [name, { Properties, DeletionPolicy }] of resources(
    data,
    'AWS::SecretsManager::Secret',
  )) {
    t.equal(DeletionPolicy, 'RetainExceptOnCreate', name)
    t.match(Properties.GenerateSecretString, { ExcludePunctuation: true }, `${name} is no JSON`)
    t.notOk('SecretString' in Properties, name)
  }
  t.notMatch(JSON.stringify([data.toJSON(), service.toJSON()]), '{{resolve:secretsmanager')
  const outputs = service.toJSON().Outputs as Record<string, { Value: unknown }>
  t.same(Object.keys(outputs).sort(), ['DomainTarget', 'Issuer', 'ProvidersSecret'])
  t.match(
    JSON.stringify(outputs.ProvidersSecret?.Value),
    /DataProviders.*GetStackOutput|GetStackOutput.*DataProviders/,
    'its name',
  )
})

t.test('V13.2.2 V13.3.2 each function may do what it does, and nothing else', async (t) => {
  const { service } = synthesize(FULL)
  for (const { Action, Resource } of statementsOf(service, '')) {
    const actions = [Action].flat()
    for (const action of actions) t.notMatch(action, /\*/, action)
    // Nothing else leads from a person to the tickets that their export and their erase are about.
    if (actions.includes('dynamodb:Scan')) t.match(JSON.stringify(Resource), /Tablestickets/)
  }

  const actionsOf = (id: string) =>
    [...new Set(statementsOf(service, id).flatMap(({ Action }) => [Action].flat()))].sort()
  t.same(actionsOf('ServiceApp'), [
    'dynamodb:BatchGetItem',
    'dynamodb:ConditionCheckItem',
    'dynamodb:DeleteItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'dynamodb:Scan',
    'dynamodb:UpdateItem',
    'secretsmanager:GetSecretValue',
  ])
  t.same(actionsOf('ServiceRotationFunction'), [
    'secretsmanager:GetSecretValue',
    'secretsmanager:PutSecretValue',
    'sqs:SendMessage',
  ])
  for (const { Resource, Action } of statementsOf(service, 'Service')) {
    t.not(Resource, '*', String(Action))
  }
  const withoutProviders = statementsOf(synthesize().service, 'ServiceApp')
  const secrets = withoutProviders.filter(({ Action }) => String(Action).includes('secretsmanager'))
  t.equal(secrets.flatMap(({ Resource }) => [Resource].flat()).length, 3, 'its keys alone')
})

t.test(
  'each secret of keys has its own readers, and only the rotation has the spare',
  async (t) => {
    const encryptionKeyArn =
      'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f'
    const { data, service } = synthesize({ ...FULL, encryptionKeyArn }, REGION)
    const secretsOf = (id: string, action: string) =>
      statementsOf(service, id)
        .filter(({ Action }) => [Action].flat().includes(`secretsmanager:${action}`))
        .flatMap(({ Resource }) => [Resource].flat())
        .map((resource) => /Data(\w+?)[0-9A-F]{8}/.exec(JSON.stringify(resource))?.[1])
        .sort()
    const all = ['DataKeys', 'KeyRing', 'SpareKey', 'TicketKeys']
    t.same(secretsOf('ServiceApp', 'GetSecretValue'), [
      'DataKeys',
      'KeyRing',
      'Providers',
      'TicketKeys',
    ])
    t.same(secretsOf('ServiceApp', 'PutSecretValue'), [])
    t.same(secretsOf('ServiceRotationFunction', 'GetSecretValue'), all)
    t.same(secretsOf('ServiceRotationFunction', 'PutSecretValue'), all)
    const [, app] = resources(service, 'AWS::Lambda::Function').find(([name]) =>
      name.startsWith('ServiceApp'),
    ) as [string, Resource]
    t.notOk('SPARE_KEY_SECRET' in variablesOf(app.Properties))
    t.equal(resources(data, 'AWS::SecretsManager::Secret').length, 5, 'and the providers')
  },
)

t.test('a customer’s key serves through DynamoDB and Secrets Manager alone', async (t) => {
  const encryptionKeyArn =
    'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f'
  const { service } = synthesize({ ...FULL, encryptionKeyArn }, REGION)
  const statements = statementsOf(service, '').filter(({ Action }) =>
    JSON.stringify(Action).includes('kms:'),
  )
  t.ok(statements.length >= 2)
  for (const { Condition } of statements) {
    const via = (Condition as Record<string, Record<string, string>>).StringEquals
    t.match(via?.['kms:ViaService'], /^(dynamodb|secretsmanager)\.eu-west-1\.amazonaws\.com$/)
  }
})

t.test('V13.4.1 V15.2.3 nothing is deployed but code of the functions', async (t) => {
  for (const { inputs, outputs } of await bundled) {
    // What the bundle puts in the place of a library is part of it.
    const foreign = Object.keys(inputs).filter((path) =>
      /^(test|bench|examples|infra\/(?!bundle\/))/.test(path),
    )
    t.same(foreign, [])
    t.same(
      Object.keys(outputs).filter((path) => !/\.[mc]js$/.test(path)),
      [],
    )
  }
  for (const name of Object.keys(FUNCTIONS) as FunctionName[]) {
    for (const file of readdirSync(functionFolder(name))) t.match(file, /^[\w.-]+\.(mjs|cjs|node)$/)
  }
})

t.test('F21 F25 V4.2.1 V13.2.1 the functions', async (t) => {
  const { service } = synthesize()
  const functions = resources(service, 'AWS::Lambda::Function').filter(([name]) =>
    /^Service(App|RotationFunction)/.test(name),
  )
  t.equal(functions.length, 2)
  for (const [name, { Properties }] of functions) {
    t.match(
      Properties,
      { Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' },
      name,
    )
  }
  service.resourceCountIs('AWS::Lambda::Url', 0)
  service.resourceCountIs('AWS::IAM::User', 0)
  service.resourceCountIs('AWS::IAM::AccessKey', 0)
  service.hasResourceProperties('AWS::Lambda::Function', {
    Timeout: 15,
    Environment: { Variables: Match.objectLike({ AUDIENCE: 'latchkey', CORS_ORIGINS: '' }) },
  })
  const warm = synthesize({ ...FULL, tracing: true, architecture: 'x86_64' }).service
  warm.hasResourceProperties('AWS::Lambda::Alias', {
    ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
  })
  warm.hasResourceProperties('AWS::Lambda::Function', {
    TracingConfig: { Mode: 'Active' },
    Architectures: ['x86_64'],
  })
})

const only = (template: Template, type: string, id = ''): [string, Resource] => {
  const [found, ...others] = resources(template, type).filter(([name]) => name.startsWith(id))
  if (!found || others.length > 0) throw new Error(`There is not one ${type}.`)
  return found
}

t.test('a new version is checked, and then gets a tenth of the calls for five minutes', (t) => {
  const { service } = synthesize()
  const all = service.toJSON().Resources as Record<string, Resource>
  const [versionId, version] = only(service, 'AWS::Lambda::Version', 'ServiceApp')
  t.equal(version.DeletionPolicy, 'RetainExceptOnCreate', 'it stays, unless it never worked')
  t.match(version.Properties.FunctionName, { Ref: /^ServiceApp/ })
  const [aliasId, alias] = only(service, 'AWS::Lambda::Alias')
  t.match(alias.Properties, {
    Name: 'live',
    FunctionVersion: { 'Fn::GetAtt': [versionId, 'Version'] },
  })
  const checks = (alias.DependsOn ?? []).filter((id) => all[id]?.Type === 'Custom::Trigger')
  t.equal(checks.length, 1)
  const check = all[checks[0] ?? '']
  t.match(check?.Properties, { HandlerArn: { Ref: versionId }, InvocationType: 'RequestResponse' })
  t.match(check?.DependsOn, [/^ServiceRotationFirstKeys/], 'after the first keys')

  const [groupId, group] = only(service, 'AWS::CodeDeploy::DeploymentGroup')
  t.match(alias.UpdatePolicy, {
    CodeDeployLambdaAliasUpdate: { DeploymentGroupName: { Ref: groupId } },
  })
  t.ok(alias.DependsOn?.includes(groupId))
  t.match(group.Properties, {
    DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
    AutoRollbackConfiguration: {
      Enabled: true,
      Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
    },
  })
  const { Alarms } = group.Properties.AlarmConfiguration as { Alarms: { Name: { Ref: string } }[] }
  const named = Alarms.map(({ Name }) => all[Name.Ref]?.Properties ?? {})
  t.same(named.map(({ MetricName }) => MetricName).sort(), ['5xx', 'Errors', 'StartFailed'])
  const errors = named.find(({ MetricName }) => MetricName === 'Errors')
  t.match(
    errors?.Dimensions,
    [
      { Name: 'ExecutedVersion', Value: { 'Fn::GetAtt': [versionId, 'Version'] } },
      { Name: 'FunctionName' },
      { Name: 'Resource', Value: { 'Fn::Join': ['', [{}, ':live']] } },
    ],
    'of the new version alone',
  )

  const [integrationId, integration] = only(service, 'AWS::ApiGatewayV2::Integration')
  t.same(integration.Properties.IntegrationUri, { Ref: aliasId })
  const [permissionId, permission] = resources(service, 'AWS::Lambda::Permission').find(
    ([, { Properties }]) => Properties.Principal === 'apigateway.amazonaws.com',
  ) as [string, Resource]
  t.ok(integration.DependsOn?.includes(permissionId), 'it calls nothing that it may not call yet')
  const warm = synthesize(FULL).service.toJSON().Resources as Record<string, Resource>
  t.same(warm[integrationId], integration, 'warm instances change nothing of it')
  t.same(warm[permissionId], permission)
  t.end()
})

t.test('the API is limited, and logs what holds no secret', async (t) => {
  const { service } = synthesize(FULL)
  const [[, stage] = []] = resources(service, 'AWS::ApiGatewayV2::Stage')
  t.match(stage?.Properties.DefaultRouteSettings, {
    ThrottlingRateLimit: 7,
    ThrottlingBurstLimit: 9,
  })
  t.notOk(
    JSON.stringify(stage?.Properties).includes('DetailedMetricsEnabled'),
    'no metrics of routes, which cost and which nothing reads',
  )
  const { RouteSettings } = stage?.Properties as { RouteSettings: Record<string, object> }
  t.same(RouteSettings, {
    'GET /.well-known/{proxy+}': { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
  })
  const routes = resources(service, 'AWS::ApiGatewayV2::Route')
  t.same(routes.map(([, { Properties }]) => Properties.RouteKey).sort(), [
    '$default',
    ...Object.keys(RouteSettings),
  ])
  for (const [id, { Properties }] of routes) {
    const isLimited = String(Properties.RouteKey) in RouteSettings
    t.equal(stage?.DependsOn?.includes(id) ?? false, isLimited, 'it is there before its limit')
  }
  const { Format } = stage?.Properties.AccessLogSettings as { Format: string }
  const logged = Object.values(JSON.parse(Format) as Record<string, string>)
  t.notMatch(logged.join(' '), /header|query|authorizer|body|cookie|userAgent/i)
  service.resourceCountIs('AWS::ApiGatewayV2::Authorizer', 0)
  for (const [name, { Properties }] of resources(service, 'AWS::Logs::LogGroup')) {
    t.equal(Properties.RetentionInDays, 90, `V16.4.2 ${name}`)
  }
  service.hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: {
      'Fn::Join': [
        '',
        Match.arrayWith([Match.stringLikeRegexp('^/aws/vendedlogs/latchkey/latchkey-[\\w-]+-$')]),
      ],
    },
  })
})

t.test('V12.1.1 V12.2.1 V12.2.2 V4.1.2 a custom domain is the only way in', async () => {
  const { service } = synthesize(FULL)
  service.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
    DomainName: DOMAIN.name,
    DomainNameConfigurations: [
      Match.objectLike({ SecurityPolicy: 'TLS_1_2', CertificateArn: DOMAIN.certificateArn }),
    ],
  })
  service.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true })
  service.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ ISSUER: 'https://auth.example.com' }) },
  })
  service.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'auth.example.com.' })
})

t.test('keys are made at deployment, and looked after every day', async () => {
  const { service } = synthesize()
  service.hasResourceProperties('Custom::Trigger', { ExecuteOnHandlerChange: true })
  service.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)' })
  service.hasResourceProperties('AWS::Logs::MetricFilter', {
    MetricTransformations: [Match.objectLike({ MetricValue: '$.newestKeyAgeDays' })],
  })
  service.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'NewestKeyAge',
    Threshold: 33,
  })
  service.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'TokenReuseDetected',
    Threshold: 1,
  })
})

t.test('without the setting there is nothing that sends mail', async (t) => {
  const { service } = synthesize()
  for (const type of ['SES::ConfigurationSet', 'Lambda::EventSourceMapping']) {
    service.resourceCountIs(`AWS::${type}`, 0)
  }
  t.notMatch(JSON.stringify(service.toJSON()), /ses:|Mail|EMAIL_VERIFICATION|events:PutEvents/)
})

t.test('alarms say why, and whom they call', async (t) => {
  const { service } = synthesize(FULL)
  const runbook = readFileSync('docs/runbook.md', 'utf8')
  const alarms = resources(service, 'AWS::CloudWatch::Alarm')
  t.ok(alarms.length >= 10)
  for (const [name, { Properties }] of alarms) {
    const { AlarmDescription: description } = Properties
    t.match(description, /^.+\. Runbook: docs\/runbook\.md#[a-z]+$/, name)
    const section = String(description).split('#').at(-1)
    t.ok(runbook.includes(`\n## ${section}\n`), `${section} is in the runbook`)
    t.equal((Properties.AlarmActions as unknown[]).length, 1, name)
  }
  service.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: Match.objectLike({
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'sns:Publish',
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
        }),
      ]),
    }),
  })
  service.hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'email',
    Endpoint: 'ops@example.com',
  })
  service.resourceCountIs('AWS::CloudWatch::Dashboard', 1)
})

t.test('the probe asks from outside by the name that people use', async (t) => {
  const { service, stateless } = synthesize(FULL)
  const checks = resources(service, 'AWS::Route53::HealthCheck')
  t.same(
    checks.map(([, { Properties }]) => Properties.HealthCheckConfig),
    [
      ['/healthz', '"status":"ok"'],
      ['/.well-known/jwks.json', '"keys"'],
    ].map(([ResourcePath, SearchString]) => ({
      Type: 'HTTPS_STR_MATCH',
      FullyQualifiedDomainName: 'auth.example.com',
      EnableSNI: true,
      Port: 443,
      ResourcePath,
      SearchString,
      Regions: ['us-east-1', 'eu-west-1', 'ap-southeast-1'],
      RequestInterval: 30,
      FailureThreshold: 3,
      Inverted: false,
      MeasureLatency: false,
    })),
  )
  for (const [id, { DependsOn = [] }] of checks) {
    t.ok(
      DependsOn.some((other) => other.startsWith('ServiceDomainRecord')),
      `${id}: after the record that leads to the service`,
    )
  }
  const alarms = JSON.stringify(service.findResources('AWS::CloudWatch::Alarm'))
  t.notMatch(alarms, 'AWS/Route53', 'no alarm, for the region may be another')
  Annotations.fromStack(stateless).hasWarning(
    '*',
    Match.stringLikeRegexp('The probe has no alarms: its metrics are in us-east-1 alone'),
  )
})

t.test('another API is protected by both authorizers', async (t) => {
  const orders = Template.fromStack(buildOrders())
  orders.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
    AuthorizerType: 'JWT',
    JwtConfiguration: Match.objectLike({ Audience: ['https://orders.example.com'] }),
  })
  orders.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
    AuthorizerType: 'REQUEST',
    EnableSimpleResponses: true,
    // A verdict is remembered for these: a key may be good from some addresses only.
    IdentitySource: ['$request.header.x-api-key', '$context.identity.sourceIp'],
    AuthorizerResultTtlInSeconds: 30,
  })
  orders.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: Match.objectLike({ ACCEPTS: 'api-key', REQUIRED_SCOPES: 'data:read' }),
    },
  })
  const statements = statementsOf(orders, 'LatchkeyAuthorizerapikey')
  t.same(statements.flatMap(({ Action }) => [Action].flat()).sort(), [
    'dynamodb:BatchGetItem',
    'dynamodb:BatchGetItem',
    'dynamodb:GetItem',
    'dynamodb:GetItem',
  ])
})

t.test('a route with an authorizer of tokens and no scopes fails at synth', async (t) => {
  for (const scopes of [{}, { authorizationScopes: [] }]) {
    const stack = new Stack(new App(), 'Team', { env: { region: 'us-east-1' } })
    const api = new HttpApi(stack, 'Api')
    const integration = new HttpUrlIntegration('There', ORDERS)
    const authorizer = Latchkey.jwtAuthorizerOf('https://auth.example.com', { resource: ORDERS })
    api.addRoutes({ path: '/orders', integration, authorizer, ...scopes })
    t.throws(() => Template.fromStack(stack), /authorizationScopes.*ID token/s)
  }
})

t.test('an authorizer of tokens is made when the issuer answers', async (t) => {
  const after = (settings: LatchkeySettings) => {
    const stack = new Stack(new App(), 'Team', { env: { region: 'us-east-1' } })
    const latchkey = new Latchkey(stack, 'Latchkey', { ...settings, resources: DECLARED })
    const api = new HttpApi(stack, 'Api')
    const integration = new HttpUrlIntegration('There', 'https://orders.example.com')
    for (const path of ['/a', '/b']) {
      const authorizer = latchkey.jwtAuthorizer({ resource: ORDERS })
      api.addRoutes({ path, integration, authorizer, authorizationScopes: ['user'] })
    }
    const template = Template.fromStack(stack)
    const [[, made] = [], ...others] = resources(template, 'AWS::ApiGatewayV2::Authorizer')
    t.same(others, [], 'one for both routes')
    const all = template.toJSON().Resources as Record<string, Resource>
    return new Set((made?.DependsOn ?? []).map((id) => all[id]?.Type))
  }
  const always = [
    'ApiGatewayV2::Route',
    'ApiGatewayV2::Stage',
    'Lambda::Alias',
    'Lambda::Function',
    'Lambda::Permission',
  ]
  const has = (types: Set<string | undefined>, ...names: string[]) => {
    for (const name of [...always, ...names]) t.ok(types.has(`AWS::${name}`), name)
    t.ok(types.has('Custom::Trigger'), 'the keys')
  }
  has(after({}))
  const certificateArn = DOMAIN.certificateArn.replace('eu-west-1', 'us-east-1')
  const customDomain = { ...FULL.customDomain, certificateArn }
  has(after({ customDomain }), 'ApiGatewayV2::ApiMapping', 'Route53::RecordSet')
  has(after({ customDomain, cloudFront: {} }), 'CloudFront::Distribution', 'Route53::RecordSet')
})

t.test('an authorizer takes the tokens of one API, which this Latchkey declares', async (t) => {
  const declare = (resources?: LatchkeySettings['resources']) => {
    const stack = new Stack(new App(), 'Team')
    return { stack, latchkey: new Latchkey(stack, 'Latchkey', resources ? { resources } : {}) }
  }
  const { stack, latchkey } = declare(DECLARED)
  const unknown = 'https://billing.example.com'
  const wrong = new RegExp(`resource ${unknown} is not declared in .*There is ${ORDERS}`)
  t.throws(() => latchkey.jwtAuthorizer({ resource: unknown }), wrong)
  t.throws(() => latchkey.restAuthorizer('Wrong', { accepts: 'jwt', resource: unknown }), wrong)
  t.throws(() => declare().latchkey.jwtAuthorizer({ resource: ORDERS }), /There is none/)
  for (const resource of ['latchkey', 'https://auth.example.com', `${ORDERS}#`]) {
    t.throws(
      () => Latchkey.jwtAuthorizerOf('https://auth.example.com', { resource }),
      /^resource: /,
    )
  }
  const api = new HttpApi(stack, 'Api')
  const integration = new HttpUrlIntegration('There', ORDERS)
  const target = { resource: ORDERS, legacyAudience: 'latchkey' }
  api.addRoutes({
    path: '/http',
    integration,
    authorizer: latchkey.jwtAuthorizer(target),
    authorizationScopes: ['user'],
  })
  const authorizer = latchkey.restAuthorizer('Rest', { accepts: 'jwt', ...target })
  new RestApi(stack, 'RestApi', { defaultMethodOptions: { authorizer } }).root.addMethod('GET')
  const template = Template.fromStack(stack)
  template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
    JwtConfiguration: Match.objectLike({ Audience: [ORDERS, 'latchkey'] }),
  })
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: Match.objectLike({ RESOURCE: ORDERS, LEGACY_AUDIENCE: 'latchkey' }),
    },
  })
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ RESOURCES: JSON.stringify(DECLARED) }) },
  })
  const warnings = Annotations.fromStack(stack).findWarning(
    '*',
    Match.stringLikeRegexp('legacyAudience'),
  )
  t.equal(warnings.length, 2, 'each authorizer warns at synth')
})

t.test('apps of the settings are a variable of the function', async (t) => {
  const stack = new Stack(new App(), 'Team')
  const clients = { [APP_ID]: { ...APP, resources: [ORDERS], scopes: ['orders:read'] } }
  new Latchkey(stack, 'Latchkey', { resources: DECLARED, clients })
  const functions = resources(Template.fromStack(stack), 'AWS::Lambda::Function')
  const given = functions.map(([, { Properties }]) => variablesOf(Properties).CLIENTS)
  t.same(given.filter(Boolean), [JSON.stringify(clients)])
})

t.test('an API says in a document who gives out its tokens', async (t) => {
  const stack = new Stack(new App(), 'Team')
  const resource = 'https://notes.example.com/mcp'
  const latchkey = new Latchkey(stack, 'Latchkey', {
    resources: { [resource]: { name: 'Notes', scopes: { 'notes:read': ['user'] } } },
  })
  const api = new HttpApi(stack, 'Api', {
    defaultAuthorizer: latchkey.jwtAuthorizer({ resource }),
    defaultAuthorizationScopes: ['notes:read'],
  })
  latchkey.protectedResource(api, { resource, scopes: ['notes:read'] })
  const template = Template.fromStack(stack)
  template.hasResourceProperties('AWS::ApiGatewayV2::Route', {
    RouteKey: 'GET /.well-known/oauth-protected-resource/mcp',
    AuthorizationType: 'NONE',
  })
  const [, { Properties }] = resources(template, 'AWS::Lambda::Function').find(
    ([, { Properties }]) => 'DOCUMENT' in variablesOf(Properties),
  ) as [string, Resource]
  const document = JSON.stringify(variablesOf(Properties).DOCUMENT)
  for (const words of [
    resource,
    'Notes',
    'scopes_supported',
    'notes:read',
    'authorization_servers',
  ]) {
    t.match(document, words)
  }
  const { ZipFile } = Properties.Code as { ZipFile: string }
  const exported: { handler?: () => Promise<object> } = {}
  runInNewContext(ZipFile, { exports: exported, process: { env: { DOCUMENT: '{}' } } })
  t.match(await exported.handler?.(), { statusCode: 200, body: '{}' })
  t.throws(
    () => latchkey.protectedResource(api, { resource: ORDERS }),
    /is not declared in .*There is/,
  )
})

t.test('authorizers for REST APIs, and for several APIs at once', async (t) => {
  const stack = new Stack(new App(), 'Team')
  const latchkey = new Latchkey(stack, 'Latchkey', { resources: DECLARED })
  for (const [id, options] of [
    ['People', { accepts: 'jwt', resource: ORDERS }],
    ['Partners', { accepts: 'api-key' }],
  ] as const) {
    const authorizer = latchkey.restAuthorizer(id, options)
    new RestApi(stack, `${id}Api`, { defaultMethodOptions: { authorizer } }).root.addMethod('GET')
  }
  for (const id of ['One', 'Two']) {
    const api = new HttpApi(stack, id)
    const integration = new HttpUrlIntegration('There', 'https://orders.example.com')
    const other = Latchkey.jwtAuthorizerOf('https://auth.example.com', { resource: ORDERS })
    const authorizationScopes = ['user']
    api.addRoutes({ path: '/other', integration, authorizer: other, authorizationScopes })
    api.addRoutes({
      path: '/third',
      integration,
      authorizer: Latchkey.jwtAuthorizerOf('https://c.example.com', { resource: ORDERS }),
      authorizationScopes,
    })
    api.addRoutes({ path: '/keys', integration, authorizer: latchkey.apiKeyAuthorizer() })
  }
  const template = Template.fromStack(stack)
  template.resourceCountIs('AWS::ApiGatewayV2::Authorizer', 6)
  const sources = resources(template, 'AWS::ApiGateway::Authorizer').map(([, { Properties }]) => [
    Properties.Type,
    Properties.IdentitySource,
  ])
  t.same(sources, [
    ['REQUEST', 'method.request.header.Authorization'],
    ['REQUEST', 'method.request.header.x-api-key,context.identity.sourceIp'],
  ])
  const accepts = resources(template, 'AWS::Lambda::Function').flatMap(
    ([, { Properties }]) => variablesOf(Properties).ACCEPTS ?? [],
  )
  t.same(accepts.sort(), ['api-key', 'jwt'], 'one function for all that want the same')
  t.same(statementsOf(template, 'LatchkeyAuthorizerjwt'), [], 'tokens need no table')
})

t.test('an authorizer asks for a strong or a recent sign-in', async (t) => {
  const stack = new Stack(new App(), 'Team')
  const latchkey = new Latchkey(stack, 'Latchkey', { resources: DECLARED })
  const target = { resource: ORDERS }
  const strong = { ...target, acrValues: ['urn:latchkey:2'] }
  const recent = { ...strong, maxAge: Duration.minutes(5) }
  const api = new HttpApi(stack, 'Api')
  const integration = new HttpUrlIntegration('There', ORDERS)
  for (const [path, options] of Object.entries({
    '/strong': strong,
    '/recent': recent,
    '/recent-too': recent,
    '/scoped': { ...recent, scopes: ['orders:read'] },
  })) {
    api.addRoutes({ path, integration, authorizer: latchkey.signInAuthorizer(options) })
  }
  const authorizer = latchkey.restAuthorizer('Rest', { accepts: 'jwt', ...recent })
  new RestApi(stack, 'RestApi', { defaultMethodOptions: { authorizer } }).root.addMethod('GET')
  const template = Template.fromStack(stack)
  template.resourceCountIs('AWS::ApiGatewayV2::Authorizer', 3)
  template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
    AuthorizerType: 'REQUEST',
    EnableSimpleResponses: true,
    IdentitySource: ['$request.header.Authorization'],
  })
  const wanted = resources(template, 'AWS::Lambda::Function')
    .map(([, { Properties }]) => variablesOf(Properties))
    .filter(({ ACCEPTS }) => ACCEPTS === 'jwt')
    .map(({ ACR_VALUES, MAX_AGE, REQUIRED_SCOPES }) => [ACR_VALUES, MAX_AGE, REQUIRED_SCOPES])
  t.same(
    wanted.sort(),
    [
      ['urn:latchkey:2', undefined, ''],
      ['urn:latchkey:2', '300', ''],
      ['urn:latchkey:2', '300', 'orders:read'],
    ],
    'one function for all that want the same',
  )
  for (const [options, why] of [
    [target, /^signInAuthorizer needs acrValues, maxAge or both/],
    [{ ...target, acrValues: [] }, /^acrValues: must be a list/],
    [{ ...target, acrValues: ['a b'] }, /^acrValues: must be a list/],
    [{ ...strong, resource: 'https://billing.example.com' }, /is not declared/],
  ] as const) {
    t.throws(() => latchkey.signInAuthorizer(options), why)
  }
})

t.test('nothing is closed to callers before there is another way in', async (t) => {
  const env = { CDK_DEFAULT_ACCOUNT: '123456789012', CDK_DEFAULT_REGION: 'us-east-1' }
  const certificateArn = DOMAIN.certificateArn.replace('eu-west-1', 'us-east-1')
  const customDomain = { ...FULL.customDomain, certificateArn }
  const { service } = synthesize({ customDomain, cloudFront: {} }, env)
  const [[, app] = []] = resources(service, 'AWS::Lambda::Function').filter(([name]) =>
    name.startsWith('ServiceApp'),
  )
  const all = service.toJSON().Resources as Record<string, Resource>
  const types = (app?.DependsOn ?? []).map((id) => all[id]?.Type)
  t.ok(types.includes('AWS::CloudFront::Distribution'))
  t.ok(types.includes('AWS::Route53::RecordSet'))
})

t.test('a release goes to all at once where the settings say so', async (t) => {
  const template = synthesize({ release: 'all-at-once' }).service
  template.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', 0)
  t.notOk(only(template, 'AWS::Lambda::Alias')[1].UpdatePolicy, 'the alias moves by itself')
})

t.test('others are granted what they need, and nothing else', async (t) => {
  const stack = new Stack(new App(), 'Team')
  const latchkey = new Latchkey(stack, 'Latchkey')
  latchkey.grantAdminister(new Role(stack, 'Operations', { assumedBy: new AccountRootPrincipal() }))
  const verifier = new LambdaFunction(stack, 'Verifier', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {}'),
  })
  latchkey.grantVerifyApiKeys(verifier)
  const template = Template.fromStack(stack)
  const actionsOf = (id: string) =>
    statementsOf(template, id).flatMap(({ Action }) => [Action].flat())
  t.same([...new Set(actionsOf('Operations'))].sort(), [
    'cloudformation:ListStackResources',
    'dynamodb:BatchGetItem',
    'dynamodb:ConditionCheckItem',
    'dynamodb:DeleteItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'dynamodb:Scan',
    'dynamodb:UpdateItem',
    'lambda:GetFunctionConfiguration',
    'secretsmanager:GetSecretValue',
  ])
  const secrets = statementsOf(template, 'Operations')
    .filter(({ Action }) => [Action].flat().includes('secretsmanager:GetSecretValue'))
    .flatMap(({ Resource }) => [Resource].flat())
  t.equal(secrets.length, 1)
  t.match(JSON.stringify(secrets), /DataKeys/, 'of all secrets it reads the data keys')
  t.same([...new Set(actionsOf('Verifier'))], ['dynamodb:BatchGetItem', 'dynamodb:GetItem'])
  template.hasResourceProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Environment: {
      Variables: { USERS_TABLE: Match.anyValue(), API_KEYS_TABLE: Match.anyValue() },
    },
  })
})

t.test('people can have passkeys where the service has a domain of its own', async (t) => {
  const setting = (template: Template) =>
    resources(template, 'AWS::Lambda::Function')
      .map(([, { Properties }]) => variablesOf(Properties).PASSKEYS)
      .filter((value) => value !== undefined)
  t.same(setting(synthesize().service), ['off'])
  t.same(setting(synthesize(FULL).service), ['on'])
})

t.test('a named stage and a base path stop the synthesis with a sentence', async (t) => {
  const synth = (add: (stack: Stack, latchkey: Latchkey) => unknown) => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } })
    const stack = new Stack(app, 'Team', { env: { region: 'eu-west-1', account: '123456789012' } })
    add(stack, new Latchkey(stack, 'Latchkey'))
    return () => app.synth()
  }
  const domain = { domainName: 'auth.example.com', apiMappingKey: 'v1', stage: '$default' }
  const sentence = /at the root of its domain: use the stage \$default, and no base path/
  t.throws(
    synth((stack, { api }) => new HttpStage(stack, 'Prod', { httpApi: api, stageName: 'prod' })),
    sentence,
  )
  t.throws(
    synth((stack, { api }) => new CfnApiMapping(stack, 'V1', { ...domain, apiId: api.apiId })),
    sentence,
  )
  t.doesNotThrow(
    synth((stack) => {
      const httpApi = new HttpApi(stack, 'Orders')
      return new HttpStage(stack, 'Prod', { httpApi, stageName: 'prod' })
    }),
    'of another API',
  )
  t.throws(
    () => Latchkey.jwtAuthorizerOf('https://auth.example.com/prod', { resource: ORDERS }),
    sentence,
  )
})
