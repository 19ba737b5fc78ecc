import { App, Stack } from 'aws-cdk-lib'
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { Latchkey } from '../../infra/latchkey.js'

/** Another team's API: people come with Latchkey's tokens, partners with its API keys. */
export function buildOrders(app = new App()): Stack {
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

  const latchkey = new Latchkey(stack, 'Latchkey')
  const people = latchkey.jwtAuthorizer()
  const partners = latchkey.apiKeyAuthorizer({ scopes: ['data:read'] })
  const methods = [HttpMethod.GET]
  const authorizationScopes = ['user']
  api.addRoutes({ path: '/orders', methods, integration, authorizer: people, authorizationScopes })
  api.addRoutes({ path: '/partners/orders', methods, integration, authorizer: partners })
  return stack
}
