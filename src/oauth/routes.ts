import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import * as Type from 'typebox'
import { report } from '../events/report.js'
import { INTROSPECTION_SCOPE } from '../access-tokens/scopes.js'
import { type Resources, targetOf } from '../access-tokens/resources.js'
import type { Clock } from '../lib/clock.js'
import { callerOf } from '../http/caller.js'
import { readParameters } from '../http/oauth-parameters.js'
import type { VerifiedKey } from '../api-keys/verification/record.js'
import type { AccessTokenSigner } from '../access-tokens/signer.js'
import { acceptForms } from '../http/body.js'
import { newId, type Random } from '../lib/random.js'
import { authenticateClient, optionalClient } from './client-authentication.js'
import { isAppId } from './clients/client.js'
import { type ClientBody, credentialsOf } from './credentials.js'
import { OAuthError, refusedGrant, renderOAuthError } from './errors.js'
import { grantTo } from './client-credentials.js'
import { ProvenClients } from './proven-clients.js'
import userinfoRoutes from './userinfo-routes.js'
import type { OAuthServices } from './services.js'
import {
  IntrospectionAnswer,
  oauthFailures,
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

const FAILURES = oauthFailures(400, 401, 403, 415, 429, 503)
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
      config: {
        isForAnyOrigin: true,
        rateLimit: {
          // The body tells an app that renews its tokens: its sessions have limits of their own, and many people may
          // share an address.
          hook: 'preValidation',
          allowList: ({ body }: FastifyRequest) => isRefreshOfApp(body),
        },
      },
      schema: {
        tags: TAGS,
        summary: 'Swap a code, a refresh token or an API key for tokens (RFC 6749)',
        description:
          'Apps swap the code of an authorization (`authorization_code`, with `code`, `redirect_uri` and `code_verifier`), and then each refresh token for the next (`refresh_token`). A code works once, for 60 seconds. Their tokens are for one of the APIs of the authorization, which `resource` names if there are several, or for userinfo if there is none.\n\nAPI keys (`client_credentials`) get a token for one API: that of `resource`, or else the one that all scopes belong to; scopes of several APIs, or of an API and of none, get `invalid_target`. While no API in `RESOURCES` has any of the scopes, the token keeps `AUDIENCE`, which opens nothing at Latchkey itself. A key with a rate limit, a quota or address ranges cannot be swapped, because an API that verifies a token by its signature would enforce none of them.',
        security: [{ client: [] }, {}],
        consumes: ['application/x-www-form-urlencoded'],
        body: TokenBody,
        response: { 200: TokenAnswer, ...FAILURES },
      },
    },
    async (request, reply) => {
      // RFC 6749 §5.1 wants both; `Cache-Control: no-store` is on every answer.
      reply.header('pragma', 'no-cache')
      const { id } = credentialsOf(request.headers.authorization, request.body)
      if (isAppId(id)) {
        const { body } = request
        return services.appTokens.answer(callerOf(request), request, { body, clientId: id })
      }
      const key = await authenticateClient(request, request.body, services)
      if (request.body.grant_type !== 'client_credentials') throw refusedGrant(request.body)
      assertSwappable(key)
      const { resource, scopes } = grantTo(key.scopes, request.body, resources)
      const { seconds, ...target } = targetOf(resource)
      const scope = scopes.join(' ')
      const iat = Math.floor(clock() / 1000)
      const claims = { sub: key.keyId, client_id: key.keyId, jti: newId(random), scope }
      const token = await signer.sign({ ...target, ...claims, iat, exp: iat + seconds })
      report(request.log, 'authn_token_created', { keyId: key.keyId })
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
      config: { rateLimit: {}, isForAnyOrigin: true },
      schema: {
        tags: TAGS,
        summary: 'Revoke a refresh token or a key (RFC 7009)',
        description:
          'A client may revoke its own key, an app its refresh tokens, and a holder of a refresh token of Latchkey itself that token; its session ends. An unknown token gets a 200, too.',
        security: [{ client: [] }, {}],
        consumes: ['application/x-www-form-urlencoded'],
        body: PresentedTokenBody,
        response: { 200: Type.Object({}), ...FAILURES },
      },
    },
    async (request) => {
      const { body } = request
      const { presentedTokens } = services
      if (isFromApp(request, body)) {
        await presentedTokens.revokeByApp(callerOf(request), request, body)
      } else {
        const client = await optionalClient(request, body, services)
        await presentedTokens.revoke(callerOf(request), client, body.token)
      }
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
      return services.presentedTokens.introspect(request.body.token)
    },
  )

  await app.register(userinfoRoutes, {
    tokens: services.userinfoTokens,
    current: services.current,
  })
}

export default machineTokenRoutes

/** A holder of a key, or of nothing but a token, need not name a client. */
const isFromApp = ({ headers }: FastifyRequest, body: ClientBody): boolean =>
  (headers.authorization !== undefined || body.client_id !== undefined) &&
  isAppId(credentialsOf(headers.authorization, body).id)

const isRefreshOfApp = (body: unknown): boolean =>
  (body as { readonly grant_type?: unknown } | undefined)?.grant_type === 'refresh_token'

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
