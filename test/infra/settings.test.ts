import { App, CfnParameter, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { Key } from 'aws-cdk-lib/aws-kms'
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda'
import { CfnSubscription } from 'aws-cdk-lib/aws-sns'
import t from 'tap'
import { buildCdkApp } from '../../infra/app.js'
import { Latchkey } from '../../infra/constructs/latchkey.js'
import { SettingsError } from '../../infra/settings/settings-error.js'
import {
  SETTINGS_DOCUMENT,
  SETTINGS_SCHEMA,
  SETTINGS_TYPES,
  settingsDocument,
  settingsJsonSchema,
  settingsTypes,
} from '../support/settings-documents.js'
import { readDocument } from '../support/documents.js'
import { REFUSALS } from './refusals.js'

// What the functions hold is nothing to these templates, and stacks.test.ts bundles at the same time.
Code.fromAsset = () => Code.fromInline('exports.handler = () => {}') as unknown as AssetCode

const ACCOUNT = '123456789012'

/** Names that belong to a function, a role or a metric, or that several may have. */
const NAMED_ANYHOW = new Set(
  ['ApiGatewayV2::Api', 'CloudWatch::Alarm', 'IAM::Policy', 'Lambda::Alias', 'Logs::MetricFilter']
    .concat(['ApiGatewayV2::Stage', 'CodeDeploy::DeploymentGroup', 'DynamoDB::GlobalTable'])
    .map((type) => `AWS::${type}`),
)

interface Resource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
  readonly DeletionPolicy?: string
}

const resourcesOf = (template: Template): Resource[] =>
  Object.values(template.toJSON().Resources as Record<string, Resource>)

/** The function behind CDK's custom resources, and its role, which take no tags from CDK. */
const isOfCdk = ({ Tags }: NonNullable<Resource['Properties']>): boolean => Tags === undefined

const variablesOf = (environment: unknown): Record<string, string> =>
  (environment as { Variables?: Record<string, string> } | undefined)?.Variables ?? {}

/** Builds the app, without the checks of a synthesis. */
function build(latchkey: unknown, region?: string, file = '/none/latchkey.json') {
  const app = new App({ context: latchkey === undefined ? {} : { latchkey } })
  const env = { CDK_DEFAULT_ACCOUNT: ACCOUNT, CDK_DEFAULT_REGION: region }
  return buildCdkApp(app, region === undefined ? {} : env, file)
}

t.test('settings that can not be deployed are refused in a sentence', async (t) => {
  t.ok(REFUSALS.length >= 60, `${REFUSALS.length} of them`)
  for (const [settings, sentence, region] of REFUSALS) {
    try {
      build(settings, region)
      t.fail(`taken: ${sentence}`)
    } catch (error) {
      const { message } = error as Error
      t.ok(error instanceof SettingsError, `${sentence}: ${String((error as Error).stack)}`)
      t.ok(message.startsWith(sentence), `${message} | ${sentence}`)
      t.match(message, /^[^\n]+\.$|For example [^\n]+$/, 'one line')
    }
  }
})

t.test('what a raised quota allows is taken', async (t) => {
  const quotas = { requestsPerSecond: 40_000, burst: 20_000, concurrency: 5000 }
  const throttle = { rate: 30_000, burst: 15_000 }
  t.doesNotThrow(() => build({ quotas, throttle, provisionedConcurrency: 4900 }, 'eu-south-1'))
})

t.test('what can be deployed is taken', async (t) => {
  const identityArn = 'arn:aws:ses:eu-west-1:123456789012:identity/example.com'
  const from = 'auth@mail.example.com'
  const certificateArn = 'arn:aws-us-gov:acm:us-gov-west-1:123456789012:certificate/0a1b'
  const customDomain = { name: 'auth.example.com', certificateArn }
  for (const [settings, region] of [
    [{ $schema: './latchkey.schema.json' }],
    [{ cloudFront: {} }],
    [{ corsOrigins: ['http://[::1]:5173'] }],
    [{ customDomain }],
    [{ customDomain }, 'us-gov-west-1'],
    [{ mail: { from, identityArn } }, 'eu-west-1'],
    [{ mail: { from, identityArn: identityArn.replace('example.com', from) } }, 'eu-west-1'],
    [{ environment: { BRAND_LOGO: `data:image/png;base64,${'a'.repeat(2900)}` } }, 'eu-west-1'],
  ] as const) {
    t.doesNotThrow(() => build(settings, region), JSON.stringify(settings).slice(0, 80))
  }
})

t.test('settings may be in a file', async (t) => {
  const folder = t.testdir({
    'good.json': '{"alarmEmail":"ops@example.com"}',
    'broken.json': '{\n  "tracing": true,\n}',
  })
  const { stateless } = build(undefined, undefined, `${folder}/good.json`)
  t.equal(
    stateless.node.findAll().filter((child) => CfnSubscription.isCfnSubscription(child)).length,
    1,
  )
  t.throws(() => build({}, undefined, `${folder}/good.json`), /keep one of them/)
  t.throws(
    () => build(undefined, undefined, `${folder}/broken.json`),
    /broken\.json must be JSON, and is none at line 3, column 1\.$/,
  )
})

t.test('the construct checks its settings in the same way', async (t) => {
  const build = (settings: object, env: object = {}) =>
    new Latchkey(new Stack(new App(), 'Team', env), 'Latchkey', settings)
  const inIreland = { env: { region: 'eu-west-1', account: ACCOUNT } }
  t.throws(() => build({ tracing: 'no' }), /^tracing must be true or false\.$/)
  t.throws(() => build({ stage: 'staging' }), /^stage is no setting\./)
  const encryptionKey = Key.fromKeyArn(
    new Stack(),
    'Key',
    'arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f',
  )
  t.throws(() => build({ encryptionKey }), /^encryptionKey can only be used in a stack of a known/)
  t.throws(() => build({ encryptionKey }, inIreland), /^encryptionKey must be a key in eu-west-1,/)
  t.throws(() => build({ throttle: { rate: 1 } }), /^throttle\.burst is missing/)
  t.throws(
    () => build({ environment: { PASSWORD_MIN_LENGTH: '3' } }),
    /^environment\.PASSWORD_MIN_LENGTH: must be >= 8/,
  )
  t.throws(() => build({ cloudFront: {} }, inIreland), /^cloudFront\.webAclArn must be given/)
  t.doesNotThrow(() => build({ alarmEmail: undefined, throttle: undefined }))
})

t.test('what is known only at deployment is not looked at', async () => {
  const stack = new Stack(new App(), 'Team')
  const parameter = (id: string) => new CfnParameter(stack, id).valueAsString
  new Latchkey(stack, 'Latchkey', {
    audience: parameter('Audience'),
    corsOrigins: [parameter('Origin')],
    customDomain: {
      name: parameter('Name'),
      certificateArn: parameter('Certificate'),
      hostedZone: { id: parameter('ZoneId'), name: parameter('ZoneName') },
    },
    mail: { from: parameter('From'), identityArn: parameter('Identity') },
    provisionedConcurrency: new CfnParameter(stack, 'Warm', { type: 'Number' }).valueAsNumber,
    resources: { [parameter('Orders')]: { name: 'Orders' } },
    clients: {},
    alarmEmail: parameter('Email'),
    environment: { BRAND_NAME: parameter('Brand') },
  })
  Template.fromStack(stack).hasResourceProperties('AWS::SNS::Subscription', {
    Endpoint: { Ref: 'Email' },
  })
})

t.test('types, the schema of editors and the table are those of the settings', async (t) => {
  t.equal(readDocument(SETTINGS_TYPES), await settingsTypes(), 'npm run generate')
  t.equal(readDocument(SETTINGS_SCHEMA), await settingsJsonSchema(), 'npm run generate')
  t.equal(readDocument(SETTINGS_DOCUMENT), await settingsDocument(), 'npm run generate')
})

t.test('an authorizer reads no variable that only the service can', async (t) => {
  const mail = { from: 'auth@example.com' }
  const environment = { SECOND_FACTOR: 'required', API_KEY_PREFIX: 'acme', SIGN_UP: 'closed' }
  const stack = new Stack(new App(), 'Team', { env: { region: 'eu-west-1', account: ACCOUNT } })
  const latchkey = new Latchkey(stack, 'Latchkey', { mail, environment })
  const authorizerOfApi = latchkey.restAuthorizer('Partners', { accepts: 'api-key' })
  const api = new RestApi(stack, 'Api', { defaultMethodOptions: { authorizer: authorizerOfApi } })
  api.root.addMethod('GET')
  const authorizer = resourcesOf(Template.fromStack(stack))
    .map(({ Properties }) => variablesOf(Properties?.Environment))
    .find(({ ACCEPTS }) => ACCEPTS !== undefined)
  t.equal(authorizer?.API_KEY_PREFIX, 'acme')
  t.notOk('SECOND_FACTOR' in (authorizer ?? {}))
})

const KEY_ARN = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f'

t.test('stages stand beside each other, with tags and one key for all that is kept', async (t) => {
  const { context } = JSON.parse(readDocument('cdk.json')) as { context: object }
  const tags = { team: 'identity', 'cost centre': '7' }
  const shared = { tags, encryptionKeyArn: KEY_ARN, alarmEmail: 'ops@example.com' }
  const synthesize = (stage: string) => {
    const latchkey = { ...shared, mail: { from: 'auth@example.com' }, stage }
    const app = new App({ context: { ...context, latchkey } })
    const env = { CDK_DEFAULT_ACCOUNT: ACCOUNT, CDK_DEFAULT_REGION: 'eu-west-1' }
    const { stateful, stateless } = buildCdkApp(app, env, '/none/latchkey.json')
    return { names: [stateful.stackName, stateless.stackName], stateful, stateless }
  }
  const [staging, production] = [synthesize('staging'), synthesize('production')]
  t.same(staging.names, ['LatchkeyData-staging', 'Latchkey-staging'])

  const namesOf = ({ stateful, stateless }: typeof staging) =>
    [stateful, stateless]
      .flatMap((stack) => resourcesOf(Template.fromStack(stack)))
      .filter(({ Type }) => !NAMED_ANYHOW.has(Type))
      .flatMap(({ Type, Properties = {} }) =>
        Object.entries(Properties)
          .filter(([property, value]) => property.endsWith('Name') && typeof value === 'string')
          .map(([, value]) => `${Type} ${String(value)}`),
      )
  const taken = namesOf(production)
  t.same(
    namesOf(staging).filter((name) => taken.includes(name)),
    [],
    'CloudFormation names what an account has once',
  )

  const service = resourcesOf(Template.fromStack(staging.stateless))
  for (const { Properties = {} } of service.filter(({ Type }) => Type === 'AWS::Logs::LogGroup')) {
    t.equal(Properties.KmsKeyId, KEY_ARN, 'logs')
  }
  const [topic] = service.filter(({ Type }) => Type === 'AWS::SNS::Topic')
  t.equal(topic?.Properties?.KmsMasterKeyId, KEY_ARN, 'alarms')
  const TAGGED = ['Lambda::Function', 'Logs::LogGroup', 'SQS::Queue', 'SNS::Topic', 'IAM::Role']
  for (const { Type, Properties = {} } of service) {
    if (!TAGGED.includes(Type.replace('AWS::', '')) || isOfCdk(Properties)) continue
    const given = [Properties.Tags].flat() as { Key: string; Value: string }[]
    t.same(Object.fromEntries(given.map(({ Key, Value }) => [Key, Value])), tags, Type)
  }
  t.match(staging.stateful.tags.tagValues(), tags, 'CloudFormation tags what CDK does not')
})

t.test('the function that CDK invokes others by keeps its lines as long as they do', async (t) => {
  const all = resourcesOf(Template.fromStack(build({ logRetentionDays: 30 }).stateless))
  const groups = all.filter(({ Type }) => Type === 'AWS::Logs::LogGroup')
  for (const { Properties, DeletionPolicy } of groups) {
    t.equal(Properties?.RetentionInDays, 30)
    t.equal(DeletionPolicy, 'RetainExceptOnCreate')
  }
  const functions = all.filter(({ Type }) => Type === 'AWS::Lambda::Function')
  for (const { Properties } of functions) t.ok(Properties?.LoggingConfig, 'a group of its own')
})
