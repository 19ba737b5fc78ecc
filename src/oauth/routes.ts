import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import * as Type from 'typebox'
import { report } from '../events/report.js'
import { INTROSPECTION_SCOPE } from '../access-tokens/scopes.js'
import { type Resources, targetOf } from '../access-tokens/resources.js'
import type { Clock } from '../lib/clock.js'
import { readParameters } from '../http/oauth-parameters.js'
import type { VerifiedKey } from '../api-keys/verification/record.js'
import type { AccessTokenSigner } from '../access-tokens/signer.js'
import { acceptForms } from '../http/body.js'
import { newId, type Random } from '../lib/random.js'
import { authenticateClient, optionalClient } from './client-authentication.js'
import { OAuthError, renderOAuthError } from './errors.js'
import { grantTo } from './client-credentials.js'
import { introspect } from './introspect.js'
import { ProvenClients } from './proven-clients.js'
import { revoke } from './revoke.js'
import type { OAuthServices } from './services.js'
import {
  IntrospectionAnswer,
  OAuthErrorAnswer,
  PresentedTokenBody,
  TokenAnswer,
  TokenBody,
} from './schemas.js'

export interface MachineTokenOptions {
  readonly services: OAuthServices
  readonly resources: Resources
  readonly signer: AccessTokenSigner
  readonly clock: Clock
  readonly random: Random
}

const FAILURES = {
  400: OAuthErrorAnswer,
  401: OAuthErrorAnswer,
  403: OAuthErrorAnswer,
  415: OAuthErrorAnswer,
  429: OAuthErrorAnswer,
  503: OAuthErrorAnswer,
}
const TAGS = ['For machines']

/** OAuth 2.0 for partners: a key buys a short-lived token; tokens are revoked and asked about. */
const machineTokenRoutes: FastifyPluginAsyncTypebox<MachineTokenOptions> = async (
  app,
  { services, resources, signer, clock, random },
) => {
  const proven = new ProvenClients(clock)

  acceptForms(app)
  app.setErrorHandler(renderOAuthError)
  app.addHook('preValidation', async (request) => {
    const parameters = readParameters(request.body)
    if (!parameters) throw new OAuthError('invalid_request', 'Send each parameter once')
    request.body = parameters
  })

  app.post(
    '/oauth/token',
    {
      config: { rateLimit: {} },
      schema: {
        tags: TAGS,
        summary: 'Swap an API key for an access token (RFC 6749 §4.4)',
        description:
          'For one API: that of `resource`, or else the one that all scopes belong to; scopes of several APIs, or of an API and of none, get `invalid_target`. While no API in `RESOURCES` has any of the scopes, the token keeps `AUDIENCE`, which opens nothing at Latchkey itself. A key with a rate limit, a quota or address ranges cannot be swapped, because an API that verifies a token by its signature would enforce none of them.',
        security: [{ client: [] }],
        consumes: ['application/x-www-form-urlencoded'],
        body: TokenBody,
        response: { 200: TokenAnswer, ...FAILURES },
      },
    },
    async (request, reply) => {
      const key = await authenticateClient(request, request.body, services)
      if (request.body.grant_type !== 'client_credentials') {
        throw new OAuthError('unsupported_grant_type', 'Only client_credentials is supported')
      }
      assertSwappable(key)
      const { resource, scopes } = grantTo(key.scopes, request.body, resources)
      const { seconds, ...target } = targetOf(resource)
      const scope = scopes.join(' ')
      const iat = Math.floor(clock() / 1000)
      const claims = { sub: key.keyId, client_id: key.keyId, jti: newId(random), scope }
      const token = await signer.sign({ ...target, ...claims, iat, exp: iat + seconds })
      report(request.log, 'authn_token_created', { keyId: key.keyId })
      // RFC 6749 §5.1 wants both; `Cache-Control: no-store` is on every answer.
      reply.header('pragma', 'no-cache')
      return {
        access_token: token,
        token_type: 'Bearer' as const,
        expires_in: seconds,
        scope,
      }
    },
  )

  app.post(
    '/oauth/revoke',
    {
      config: { rateLimit: {} },
      schema: {
        tags: TAGS,
        summary: 'Revoke a refresh token or a key (RFC 7009)',
        description:
          'A client may revoke its own key, and a holder of a refresh token that token. An unknown token gets a 200, too.',
        security: [],
        consumes: ['application/x-www-form-urlencoded'],
        body: PresentedTokenBody,
        response: { 200: Type.Object({}), ...FAILURES },
      },
    },
    async (request) => {
      const client = await optionalClient(request, request.body, services)
      await revoke(request, services, client, request.body.token)
      return {}
    },
  )

  app.post(
    '/oauth/introspect',
    {
      config: {
        rateLimit: {
          // An API asks about each of its callers from one address. The count comes before the key is read, so
          // that a guess beyond the limit costs no read.
          allowList: ({ headers }: FastifyRequest) => proven.has(headers.authorization),
        },
      },
      schema: {
        tags: TAGS,
        summary: 'Is this token live (RFC 7662)',
        description: `For keys with the scope ${INTROSPECTION_SCOPE}.`,
        security: [{ client: [] }],
        consumes: ['application/x-www-form-urlencoded'],
        body: PresentedTokenBody,
        response: { 200: IntrospectionAnswer, ...FAILURES },
      },
    },
    async (request) => {
      const { authorization } = request.headers
      proven.remove(authorization)
      const key = await authenticateClient(request, request.body, services)
      if (!key.scopes.includes(INTROSPECTION_SCOPE)) {
        throw new OAuthError('insufficient_scope', `The key needs: ${INTROSPECTION_SCOPE}`)
      }
      proven.add(authorization)
      return introspect(services, request.body.token)
    },
  )
}

export default machineTokenRoutes

/**
 * A token is verified by its signature, far from the counters and the ranges of its key. So a key that has any
 * is used as it is.
 */
function assertSwappable({ allowedCidrs, rateLimit, monthlyQuota }: VerifiedKey): void {
  const limits = { allowedCidrs, rateLimit, monthlyQuota }
  const names = Object.entries(limits).filter(([, limit]) => limit !== undefined)
  if (names.length === 0) return
  const list = names.map(([name]) => name).join(', ')
  throw new OAuthError(
    'unauthorized_client',
    `A token would not keep the limits of this key (${list}). Call with the key itself, in x-api-key.`,
  )
}
