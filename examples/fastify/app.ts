import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import apiKey from 'latchkey/api-key'
import jwt from 'latchkey/jwt'
import securityHeaders from 'latchkey/security-headers'

export interface OrdersOptions {
  /** Base URL of the Latchkey service. */
  readonly issuer: string
  /** Identifier of this API, as `RESOURCES` of the service has it: what a token must be for. */
  readonly resource: string
  /** An API key with the scope `token:introspect`, which an administrator gives; without one there is no route for partners. */
  readonly introspectionKey?: string | undefined
}

/** Another team's API: people come with Latchkey's tokens, partners with its API keys. */
export async function buildOrders(
  { issuer, resource, introspectionKey }: OrdersOptions,
  settings: FastifyServerOptions = {},
): Promise<FastifyInstance> {
  const app = Fastify(settings)
  await app.register(securityHeaders)
  await app.register(jwt, { issuer, resource })

  app.get('/orders', { onRequest: app.requireUser() }, async (request) => ({
    customer: request.user.sub,
    orders: [],
  }))
  app.get(
    '/orders/all',
    { onRequest: [app.requireUser(), app.requireRole('admin')] },
    async () => ({
      orders: [],
    }),
  )
  // Money goes out: two factors or a passkey, proved within the last five minutes.
  const recently = app.requireAuthentication({ acrValues: ['urn:latchkey:2'], maxAge: 300 })
  app.post('/refunds', { onRequest: [app.requireUser(), recently] }, async (request) => ({
    customer: request.user.sub,
    refunded: true,
  }))

  if (introspectionKey !== undefined) {
    await app.register(apiKey, { issuer, introspectionKey })
    app.get(
      '/partners/orders',
      { onRequest: app.requireApiKey({ scopes: ['data:read'] }) },
      async (request) => ({ partner: request.apiKey.ownerId, orders: [] }),
    )
  }
  return app
}
