import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { ACR_VALUES } from '../access-tokens/authentication.js'
import { userinfoOf } from '../access-tokens/claims.js'
import type { Resources } from '../access-tokens/resources.js'
import { OPENID_SCOPES } from '../access-tokens/scopes.js'
import type { CachedKeyRing } from '../keyring/cached-ring.js'
import { problems } from '../http/openapi/problems.js'
import { PROMPTS } from './authorization/request.js'

export interface DiscoveryOptions {
  readonly issuer: string
  readonly keyRing: CachedKeyRing
  readonly resources: Resources
  /** Scopes of API keys, and so of machine tokens. */
  readonly scopes: readonly string[]
}

/** A key that was taken out is trusted no longer than this, seconds. */
const CACHE_CONTROL = 'public, max-age=300'

/** What ID tokens, access tokens and userinfo say of a person and of their sign-in. */
const CLAIMS = [
  ...['iss', 'aud', 'sub', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'amr', 'sid', 'at_hash'],
  ...['email', 'email_verified', 'name', 'role'],
]

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

/** What a name does not say by itself. */
const NOTES: Readonly<Record<string, { readonly description: string }>> = {
  request_uri_parameter_supported: {
    description: 'Of URIs that are fetched; those of `/oauth/par` are taken',
  },
  acr_values_supported: {
    description: 'Levels of a sign-in, the weakest first (RFC 9470 §4)',
  },
  protected_resources: {
    description: 'What `resource` may name (RFC 9728 §4)',
  },
}

/** The schema of a document: every field is always there. */
function schemaOf(metadata: Readonly<Record<string, string | boolean | readonly string[]>>) {
  const fields = Object.entries(metadata).map(([name, value]): [string, Type.TSchema] => {
    const note = NOTES[name] ?? {}
    if (typeof value === 'string') return [name, Type.String(note)]
    const isFlag = typeof value === 'boolean'
    return [name, isFlag ? Type.Boolean(note) : Type.Array(Type.String(), note)]
  })
  return Type.Object(Object.fromEntries(fields))
}

/**
 * What a verifier needs to trust our tokens: API Gateway's JWT authorizer reads `issuer` and `jwks_uri`
 * (OpenID Connect Discovery 1.0 §3), and what an app needs to sign people in (RFC 8414 §2). Nothing is listed that the
 * service does not do.
 */
const discoveryRoutes: FastifyPluginAsyncTypebox<DiscoveryOptions> = async (
  app,
  { issuer, keyRing, resources, scopes },
) => {
  const clientAuthentication = ['client_secret_basic', 'client_secret_post']
  const metadata = {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    pushed_authorization_request_endpoint: `${issuer}/oauth/par`,
    userinfo_endpoint: userinfoOf(issuer),
    end_session_endpoint: `${issuer}/oauth/logout`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    code_challenge_methods_supported: ['S256'],
    prompt_values_supported: [...PROMPTS],
    authorization_response_iss_parameter_supported: true,
    request_parameter_supported: false,
    // Left out, it would mean that they are (Discovery §3).
    request_uri_parameter_supported: false,
    client_id_metadata_document_supported: true,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint: `${issuer}/oauth/token`,
    revocation_endpoint: `${issuer}/oauth/revoke`,
    introspection_endpoint: `${issuer}/oauth/introspect`,
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_methods_supported: [...clientAuthentication, 'none'],
    revocation_endpoint_auth_methods_supported: [...clientAuthentication, 'none'],
    introspection_endpoint_auth_methods_supported: clientAuthentication,
    scopes_supported: [
      ...new Set([
        ...OPENID_SCOPES,
        ...scopes,
        ...resources.all.flatMap((resource) => Object.keys(resource.scopes)),
      ]),
    ],
    acr_values_supported: [...ACR_VALUES],
    claims_supported: [...CLAIMS],
    protected_resources: resources.all.map(({ identifier }) => identifier),
  }

  const schema = schemaOf(metadata)
  // Clients of OpenID Connect look at the one, those of OAuth alone at the other (RFC 8414 §3).
  for (const name of ['openid-configuration', 'oauth-authorization-server']) {
    app.get(
      `/.well-known/${name}`,
      {
        config: { isForAnyOrigin: true },
        schema: {
          tags: ['For machines'],
          summary: 'Discovery document',
          security: [],
          response: { 200: schema },
        },
      },
      async (_request, reply) => {
        reply.header('cache-control', CACHE_CONTROL)
        return metadata
      },
    )
  }

  app.get(
    '/.well-known/jwks.json',
    {
      config: { isForAnyOrigin: true },
      schema: {
        tags: ['For machines'],
        summary: 'Public keys of access tokens and ID tokens',
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
