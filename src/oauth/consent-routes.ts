import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import type { Consents, ListedConsent } from './consents.js'

export interface ConsentRoutesOptions {
  readonly consents: Late<Consents>
}

const ConsentsAnswer = Type.Object({
  consents: Type.Array(
    Type.Object({
      clientId: Type.String({ examples: ['app_4Vt1yHqgJ0mJ0JvVw5R1xg'] }),
      name: Type.String({ description: 'What the app is called', examples: ['Orders'] }),
      scopes: Type.Array(Type.String({ examples: ['orders:read'] })),
      resources: Type.Array(Type.String({ examples: ['https://orders.example.com'] }), {
        description: 'Identifiers of the APIs that the scopes are of',
      }),
      redirectHost: Type.Union([Type.String({ examples: ['app.example.com'] }), Type.Null()], {
        description:
          'The host that the app is on; null for one that asks each time, of which only its sessions are kept',
      }),
      at: Type.String({ format: 'date-time' }),
    }),
  ),
})

const ConsentParams = Type.Object(
  { clientId: Type.String({ minLength: 1, maxLength: 2048 }) },
  { additionalProperties: false },
)

const TAGS = ['Apps']

/** What a person has allowed apps. */
const consentRoutes: FastifyPluginAsyncTypebox<ConsentRoutesOptions> = async (
  app,
  { consents },
) => {
  const common = { config: { rateLimit: {} }, onRequest: app.requireSession() }

  app.get(
    '/api/auth/consents',
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'List what I have allowed apps',
        response: { 200: ConsentsAnswer, ...problems(401, 403, 429, 503) },
      },
    },
    async ({ session }) => ({ consents: (await consents.list(session.account)).map(present) }),
  )

  app.delete(
    '/api/auth/consents/:clientId',
    {
      ...common,
      schema: {
        tags: TAGS,
        summary: 'Take back what I have allowed an app',
        description: 'Its sessions end, and it asks again before it gets anything.',
        params: ConsentParams,
        response: { 204: Type.Null(), ...problems(400, 401, 403, 404, 429, 503) },
      },
    },
    async (request, reply) => {
      const { session, params } = request
      await consents.withdraw(callerOf(request), session.account, params.clientId)
      return reply.code(204).send(null)
    },
  )
}

export default consentRoutes

const present = ({ at, redirectHost, ...consent }: ListedConsent) => ({
  ...consent,
  redirectHost: redirectHost ?? null,
  scopes: [...consent.scopes],
  resources: [...consent.resources],
  at: new Date(at).toISOString(),
})
