import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { ACR_VALUES } from '../access-tokens/authentication.js'
import type { Resources } from '../access-tokens/resources.js'
import type { CachedKeyRing } from '../keyring/cached-ring.js'
import { problems } from '../http/openapi/problems.js'

export interface DiscoveryOptions {
  readonly issuer: string
  readonly keyRing: CachedKeyRing
  readonly resources: Resources
  /** Scopes of API keys, and so of machine tokens. */
  readonly scopes: readonly string[]
}

/** A key that was taken out is trusted no longer than this, seconds. */
const CACHE_CONTROL = 'public, max-age=300'

/** What tokens say of a person and of their sign-in. */
const CLAIMS = ['iss', 'aud', 'sub', 'role', 'amr', 'acr', 'auth_time']

const Jwks = Type.Object({
  keys: Type.Array(
    Type.Object({
      kty: Type.Literal('RSA'),
      kid: Type.String(),
      alg: Type.Literal('RS256'),
      use: Type.Literal('sig'),
      n: Type.String(),
      e: Type.String(),
    }),
  ),
})

const Metadata = Type.Object({
  issuer: Type.String(),
  jwks_uri: Type.String(),
  response_types_supported: Type.Array(Type.String()),
  subject_types_supported: Type.Array(Type.String()),
  id_token_signing_alg_values_supported: Type.Array(Type.String()),
  token_endpoint: Type.String(),
  revocation_endpoint: Type.String(),
  introspection_endpoint: Type.String(),
  grant_types_supported: Type.Array(Type.String()),
  token_endpoint_auth_methods_supported: Type.Array(Type.String()),
  revocation_endpoint_auth_methods_supported: Type.Array(Type.String()),
  introspection_endpoint_auth_methods_supported: Type.Array(Type.String()),
  scopes_supported: Type.Array(Type.String()),
  acr_values_supported: Type.Array(Type.String(), {
    description: 'Levels of a sign-in, the weakest first (RFC 9470 §4)',
  }),
  claims_supported: Type.Array(Type.String()),
  protected_resources: Type.Array(Type.String(), {
    description: 'What `resource` may name (RFC 9728 §4)',
  }),
})

/**
 * What a verifier needs to trust our tokens: API Gateway's JWT authorizer reads `issuer` and `jwks_uri`
 * (OpenID Connect Discovery 1.0 §3). Nothing is listed that the service does not do: the three arrays are
 * required by the specification, and no authorization endpoint exists, so no response type is supported.
 */
const discoveryRoutes: FastifyPluginAsyncTypebox<DiscoveryOptions> = async (
  app,
  { issuer, keyRing, resources, scopes },
) => {
  const clientAuthentication = ['client_secret_basic', 'client_secret_post']
  const metadata = {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint: `${issuer}/oauth/token`,
    revocation_endpoint: `${issuer}/oauth/revoke`,
    introspection_endpoint: `${issuer}/oauth/introspect`,
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: clientAuthentication,
    revocation_endpoint_auth_methods_supported: [...clientAuthentication, 'none'],
    introspection_endpoint_auth_methods_supported: clientAuthentication,
    scopes_supported: [
      ...new Set([...scopes, ...resources.all.flatMap((resource) => Object.keys(resource.scopes))]),
    ],
    acr_values_supported: [...ACR_VALUES],
    claims_supported: [...CLAIMS],
    protected_resources: resources.all.map(({ identifier }) => identifier),
  }

  app.get(
    '/.well-known/openid-configuration',
    {
      schema: {
        tags: ['For machines'],
        summary: 'Discovery document',
        security: [],
        response: { 200: Metadata },
      },
    },
    async (_request, reply) => {
      reply.header('cache-control', CACHE_CONTROL)
      return metadata
    },
  )

  app.get(
    '/.well-known/jwks.json',
    {
      schema: {
        tags: ['For machines'],
        summary: 'Public keys of access tokens',
        security: [],
        response: { 200: Jwks, ...problems(503) },
      },
    },
    async (_request, reply) => {
      const jwks = await keyRing.jwks()
      reply.header('cache-control', CACHE_CONTROL)
      return { keys: [...jwks.keys] }
    },
  )
}

export default discoveryRoutes
