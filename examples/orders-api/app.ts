import { App, Duration, Stack } from 'aws-cdk-lib'
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { Latchkey, type LatchkeySettings } from '../../infra/constructs/latchkey.js'

/** What Latchkey calls this API: `aud` of its tokens alone. */
const ORDERS = 'https://orders.example.com'

/**
 * Another team's API: people come with Latchkey's tokens, partners with its API keys.
 * @param architecture of Latchkey's functions.
 */
export function buildOrders(
  app = new App(),
  architecture: NonNullable<LatchkeySettings['architecture']> = 'arm64',
): Stack {
  const stack = new Stack(app, 'Orders')
  const orders = new LambdaFunction(stack, 'Function', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline(
      'exports.handler = async (event) => ({ caller: event.requestContext.authorizer })',
    ),
  })
  const integration = new HttpLambdaIntegration('Orders', orders)
  const api = new HttpApi(stack, 'Api')

  const latchkey = new Latchkey(stack, 'Latchkey', {
    architecture,
    resources: { [ORDERS]: { name: 'Orders', scopes: { 'orders:read': ['user', 'admin'] } } },
  })
  const people = latchkey.jwtAuthorizer({ resource: ORDERS })
  // Money goes out: two factors or a passkey, proved within the last five minutes.
  const recently = latchkey.signInAuthorizer({
    resource: ORDERS,
    scopes: ['orders:read'],
    acrValues: ['urn:latchkey:2'],
    maxAge: Duration.minutes(5),
  })
  const partners = latchkey.apiKeyAuthorizer({ scopes: ['data:read'] })
  const methods = [HttpMethod.GET]
  const authorizationScopes = ['orders:read']
  api.addRoutes({ path: '/orders', methods, integration, authorizer: people, authorizationScopes })
  const refund = { path: '/refunds', methods: [HttpMethod.POST], integration }
  api.addRoutes({ ...refund, authorizer: recently })
  api.addRoutes({ path: '/partners/orders', methods, integration, authorizer: partners })
  return stack
}
