import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda'
import t from 'tap'
import { Latchkey } from '../../infra/constructs/latchkey.js'

// What the functions hold is nothing to these templates.
Code.fromAsset = () => Code.fromInline('exports.handler = () => {}') as unknown as AssetCode

const ORDERS = 'https://orders.example.com'
const ENV = { account: '123456789012', region: 'eu-west-1' }

interface Resource {
  readonly Type: string
  readonly Properties: Readonly<Record<string, unknown>>
}

const resourcesOf = (stack: Stack): [string, Resource][] =>
  Object.entries(Template.fromStack(stack).toJSON().Resources as Record<string, Resource>)

t.test('an authorizer of REST APIs is for several, in stacks of their own', async (t) => {
  const app = new App()
  const auth = new Stack(app, 'Auth', { env: ENV })
  const latchkey = new Latchkey(auth, 'Latchkey', { resources: { [ORDERS]: {} } })
  const people = latchkey.restAuthorizer('People', { accepts: 'jwt', resource: ORDERS })
  const partners = latchkey.restAuthorizer('Partners', { accepts: 'api-key' })
  const stacks = ['Orders', 'Billing'].map((name) => {
    const stack = new Stack(app, name, { env: ENV })
    for (const id of ['One', 'Two']) {
      const { root } = new RestApi(stack, id, { defaultMethodOptions: { authorizer: people } })
      root.addMethod('GET')
      root.addMethod('POST')
      root.addMethod('PUT', undefined, { authorizer: partners })
    }
    return stack
  })
  t.doesNotThrow(() => app.synth(), 'no stack needs the other first')
  for (const stack of stacks) {
    const all = resourcesOf(stack)
    const made = all.filter(([, { Type }]) => Type === 'AWS::ApiGateway::Authorizer')
    t.equal(made.length, 4, 'two for each API')
    const apis = new Map(made.map(([id, { Properties }]) => [id, Properties.RestApiId]))
    for (const [, { Properties }] of all.filter(([, { Type }]) => Type.endsWith('::Method'))) {
      const { Ref } = Properties.AuthorizerId as { Ref: string }
      t.same(apis.get(Ref), Properties.RestApiId, 'a method has that of its own API')
      t.equal(Properties.AuthorizationType, 'CUSTOM')
    }
    const permissions = all.filter(([, { Type }]) => Type === 'AWS::Lambda::Permission')
    t.equal(permissions.length, 4, 'and what lets it be called')
  }
  const functions = resourcesOf(auth).filter(([id]) => /^LatchkeyAuthorizer.*[^g]$/.test(id))
  t.equal(functions.filter(([, { Type }]) => Type === 'AWS::Lambda::Function').length, 2)
})
