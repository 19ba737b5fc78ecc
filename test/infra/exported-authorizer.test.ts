import { App, Stack } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda'
import t from 'tap'
import { buildCdkApp } from '../../infra/app.js'
import { Latchkey } from '../../infra/constructs/latchkey.js'

// What the functions hold is nothing to these templates.
Code.fromAsset = () => Code.fromInline('exports.handler = () => {}') as unknown as AssetCode

const REGION = { CDK_DEFAULT_ACCOUNT: '123456789012', CDK_DEFAULT_REGION: 'eu-west-1' }

interface Resource {
  readonly Type: string
  readonly Properties: Readonly<Record<string, unknown>>
}

const resourcesOf = (template: Template, type: string): Resource[] =>
  Object.values(template.findResources(type) as Record<string, Resource>)

/** The stack of the service, with authorizers for the APIs of other apps. */
function deployed(settings: object): Template {
  const latchkey = {
    apiKeyAuthorizers: { partners: ['data:read', 'data:write'], anyKey: [] },
    ...settings,
  }
  const { stateless } = buildCdkApp(new App({ context: { latchkey } }), REGION, '/none')
  return Template.fromStack(stateless)
}

t.test('a deployment has authorizers of API keys for other apps of the account', async (t) => {
  const template = deployed({})
  const functions = resourcesOf(template, 'AWS::Lambda::Function')
  const variables = functions.map(
    ({ Properties }) =>
      (Properties.Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables,
  )
  const judging = variables.filter((given) => given?.ACCEPTS === 'api-key')
  t.same(
    judging.map((given) => given?.REQUIRED_SCOPES),
    ['data:read data:write', ''],
    'a key needs all of the scopes',
  )
  for (const given of judging) t.ok(given?.USERS_TABLE && given.API_KEYS_TABLE, 'reads the tables')
  template.hasOutput('ApiKeyAuthorizerPartners', {
    Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ServiceApiKeyAuthorizerPartners'), 'Arn'] },
    Export: { Name: 'Latchkey-ApiKeyAuthorizerPartners' },
  })
  const alarms = JSON.stringify(template.findResources('AWS::CloudWatch::Alarm'))
  for (const name of ['Errors', 'Throttles']) t.match(alarms, `#authorizer${name.toLowerCase()}`)
  deployed({ stage: 'staging' }).hasOutput('ApiKeyAuthorizerAnyKey', {
    Export: { Name: 'Latchkey-staging-ApiKeyAuthorizerAnyKey' },
  })
})

t.test('an API of another app takes API keys by such an authorizer', async (t) => {
  const stack = new Stack(new App(), 'Orders', {
    env: { account: REGION.CDK_DEFAULT_ACCOUNT, region: REGION.CDK_DEFAULT_REGION },
  })
  for (const id of ['One', 'Two']) {
    const api = new HttpApi(stack, id)
    const integration = new HttpUrlIntegration('There', 'https://orders.example.com')
    for (const path of ['/a', '/b']) {
      const authorizer = Latchkey.apiKeyAuthorizerOf('partners')
      api.addRoutes({ path, integration, authorizer })
    }
    const authorizer = Latchkey.apiKeyAuthorizerOf('anyKey', { stackName: 'Latchkey-staging' })
    api.addRoutes({ path: '/c', integration, authorizer })
  }
  const authorizer = Latchkey.restApiKeyAuthorizerOf(stack, 'partners')
  for (const id of ['Three', 'Four']) {
    new RestApi(stack, id, { defaultMethodOptions: { authorizer } }).root.addMethod('GET')
  }

  const template = Template.fromStack(stack)
  const ofHttp = resourcesOf(template, 'AWS::ApiGatewayV2::Authorizer')
  t.equal(ofHttp.length, 4, 'one for all routes of an API')
  for (const { Properties } of ofHttp) {
    t.match(Properties, {
      EnableSimpleResponses: true,
      // A verdict is remembered for these: a key may be good from some addresses only.
      IdentitySource: ['$request.header.x-api-key', '$context.identity.sourceIp'],
      AuthorizerResultTtlInSeconds: 30,
    })
    t.match(JSON.stringify(Properties.AuthorizerUri), 'Fn::ImportValue')
  }
  const ofRest = resourcesOf(template, 'AWS::ApiGateway::Authorizer')
  t.equal(ofRest.length, 2, 'and one for a REST API')
  const permissions = resourcesOf(template, 'AWS::Lambda::Permission')
  t.same(
    permissions.map(({ Properties }) => Properties.FunctionName).sort(byText),
    [
      ...Array.from({ length: 2 }, () => imported('Latchkey-staging-ApiKeyAuthorizerAnyKey')),
      ...Array.from({ length: 4 }, () => imported('Latchkey-ApiKeyAuthorizerPartners')),
    ].sort(byText),
    'the stack of the API lets it call the function',
  )
  template.resourceCountIs('AWS::Lambda::Function', 0)
})

const imported = (name: string) => ({ 'Fn::ImportValue': name })

const byText = (one: unknown, other: unknown): number =>
  JSON.stringify(one).localeCompare(JSON.stringify(other))
