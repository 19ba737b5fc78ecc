import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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
import { checkSettings, type LatchkeySettings } from '../../infra/settings.js'
import { checkRefusals, type Refusal } from './refused.js'
import { tables } from '../../src/dynamodb/tables.js'

const DOMAIN = {
  name: 'auth.example.com',
  certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0a1b',
}

const ORDERS = 'https://orders.example.com'
const DECLARED = { [ORDERS]: { scopes: { 'orders:read': ['user', 'admin'] } } }

/** As many options at once as go together. */
const FULL = {
  socialSignIn: true,
  throttle: { rate: 7, burst: 9 },
  alarmEmail: 'ops@example.com',
  provisionedConcurrency: 2,
  customDomain: { ...DOMAIN, hostedZone: { id: 'Z0123456789', name: 'example.com' } },
}

interface Resource {
  readonly Type: string
  readonly Properties: Record<string, unknown>
  readonly DeletionPolicy?: string
  readonly DependsOn?: readonly string[]
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
  return { data: Template.fromStack(stateful), service: Template.fromStack(stateless), stateful }
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

t.test('V13.3.1 no secret passes through a template, an output or a variable', async (t) => {
  const { data, service } = synthesize(FULL)
  for (const [name, { Properties, DeletionPolicy }] of resources(
    data,
    'AWS::SecretsManager::Secret',
  )) {
    t.equal(DeletionPolicy, 'Retain', name)
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
  const all = statementsOf(service, '').flatMap(({ Action }) => [Action].flat())
  for (const action of all) t.notMatch(action, /\*|Scan/, action)

  const actionsOf = (id: string) =>
    [...new Set(statementsOf(service, id).flatMap(({ Action }) => [Action].flat()))].sort()
  t.same(actionsOf('ServiceApp'), [
    'dynamodb:BatchGetItem',
    'dynamodb:ConditionCheckItem',
    'dynamodb:DeleteItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
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
  const warm = synthesize({ ...FULL, tracing: true }).service
  warm.hasResourceProperties('AWS::Lambda::Alias', {
    ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
  })
  warm.hasResourceProperties('AWS::Lambda::Function', { TracingConfig: { Mode: 'Active' } })
})

t.test('the API is limited, and logs what holds no secret', async (t) => {
  const { service } = synthesize(FULL)
  const [[, stage] = []] = resources(service, 'AWS::ApiGatewayV2::Stage')
  t.match(stage?.Properties.DefaultRouteSettings, {
    ThrottlingRateLimit: 7,
    ThrottlingBurstLimit: 9,
  })
  const { Format } = stage?.Properties.AccessLogSettings as { Format: string }
  const logged = Object.values(JSON.parse(Format) as Record<string, string>)
  t.notMatch(logged.join(' '), /header|query|authorizer|body|cookie|userAgent/i)
  service.resourceCountIs('AWS::ApiGatewayV2::Authorizer', 0)
  for (const [name, { Properties }] of resources(service, 'AWS::Logs::LogGroup')) {
    t.equal(Properties.RetentionInDays, 90, `V16.4.2 ${name}`)
  }
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
  t.notMatch(JSON.stringify(service.toJSON()), /ses:|Mail|EMAIL_VERIFICATION/)
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
    // The most that an alarm may have, and whose value is missing without any one of them.
    const metrics = (Properties.Metrics ?? []) as { Id: string; Expression?: string }[]
    t.ok(metrics.length <= 11, name)
    const expression = metrics.find(({ Expression }) => Expression !== undefined)?.Expression ?? ''
    for (const { Id, Expression } of metrics) {
      if (Expression === undefined) t.ok(expression.includes(`FILL(${Id}, 0)`), Id)
    }
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
    'Lambda::Function',
    'Lambda::Permission',
  ]
  const has = (types: Set<string | undefined>, ...names: string[]) => {
    for (const name of [...always, ...names]) t.ok(types.has(`AWS::${name}`), name)
    t.ok(types.has('Custom::Trigger'), 'the keys')
  }
  has(after({}))
  has(after({ provisionedConcurrency: 1 }), 'Lambda::Alias')
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
  api.addRoutes({ path: '/http', integration, authorizer: latchkey.jwtAuthorizer(target) })
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
    api.addRoutes({ path: '/other', integration, authorizer: other })
    api.addRoutes({
      path: '/third',
      integration,
      authorizer: Latchkey.jwtAuthorizerOf('https://c.example.com', { resource: ORDERS }),
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

t.test('settings may stand in a file', async (t) => {
  const file = join(
    t.testdir({ 'latchkey.json': '{"alarmEmail":"ops@example.com"}' }),
    'latchkey.json',
  )
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: object }
  const { stateless } = buildCdkApp(new App({ context }), {}, file)
  Template.fromStack(stateless).resourceCountIs('AWS::SNS::Subscription', 1)
  const both = new App({ context: { latchkey: {} } })
  t.throws(() => buildCdkApp(both, {}, file), /keep one of them/)
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
    'dynamodb:DeleteItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'dynamodb:Scan',
    'dynamodb:UpdateItem',
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

t.test('settings that can not be deployed are refused in a sentence', async (t) => {
  const rows: Refusal[] = [
    [{ corsOrigin: [] }, undefined, 'corsOrigin is no setting'],
    [{ audience: ORDERS }, undefined, `audience ${ORDERS} names an API. Move it to \`resources\``],
    [
      { resources: { orders: {} } },
      undefined,
      'resources: orders must be an absolute https:// URI',
    ],
    [
      { customDomain: DOMAIN, resources: { 'https://auth.example.com/orders': {} } },
      undefined,
      'resources: https://auth.example.com/orders must not be at the issuer',
    ],
    [
      { corsOrigins: ['https://*.example.com'] },
      undefined,
      'corsOrigins has https://*.example.com',
    ],
    [
      { corsOrigins: ['http://app.example.com'] },
      undefined,
      'corsOrigins has http://app.example.com',
    ],
    [{ corsOrigins: ['ftp://localhost'] }, undefined, 'corsOrigins has ftp://localhost'],
    [{ customDomain: { ...DOMAIN, name: 'https://auth' } }, undefined, 'customDomain.name must be'],
    [
      { customDomain: { ...DOMAIN, name: 'example.com/auth' } },
      undefined,
      'customDomain.name must be',
    ],
    [
      { customDomain: { ...DOMAIN, certificateArn: '' } },
      undefined,
      'customDomain.certificateArn must be the ARN',
    ],
    [
      { customDomain: DOMAIN },
      'us-east-1',
      'customDomain.certificateArn must be of a certificate in us-east-1',
    ],
    [
      { customDomain: { ...DOMAIN, hostedZone: { id: 'Z', name: 'example.org' } } },
      undefined,
      'customDomain.hostedZone.name must be a zone that auth.example.com is in',
    ],
    [{ provisionedConcurrency: -1 }, undefined, 'provisionedConcurrency must be a whole number'],
    [{ throttle: { rate: 0.5, burst: 1 } }, undefined, 'throttle.rate must be a whole number'],
    [{ logRetentionDays: 42 }, undefined, 'logRetentionDays must be one of'],
    [
      { passkeys: true },
      undefined,
      'passkeys can only be true with `customDomain`: a passkey belongs',
    ],
    [
      { passkeys: true, cloudFront: {} },
      undefined,
      'passkeys can only be true with `customDomain`',
    ],
    [{ passkeys: 'off' }, undefined, 'passkeys must be true or false'],
    [{ environment: { PASSKEYS: 'on' } }, undefined, 'environment.PASSKEYS is set by the stack'],
    [{ alarmEmail: 'ops' }, undefined, 'alarmEmail must be an e-mail address'],
    [{ environment: { ISSUER: 'x' } }, undefined, 'environment.ISSUER is set by the stack itself'],
  ]
  checkRefusals(t, rows)
  t.doesNotThrow(() => checkSettings({ customDomain: DOMAIN }, 'eu-west-1'))
  t.doesNotThrow(
    () => checkSettings({ corsOrigins: ['http://[::1]:5173'] }),
    'as the service has it',
  )
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
