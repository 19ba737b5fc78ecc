import {
  type ClientAuth,
  clientCredentialsGrant,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  customFetch,
  discovery,
  None,
  tokenIntrospection,
  tokenRevocation,
} from 'openid-client'
import t from 'tap'
import { type Generated, newAdmin } from '../support/keys.js'
import { bare } from '../support/social.js'
import { ISSUER, type Service, startService } from '../support/service.js'
import { listen } from '../support/socket.js'
import { recordSecret } from '../support/transcript.js'

const SCOPES = ['data:read', 'data:write']

t.test('a client library that knows nothing but the issuer', async (t) => {
  const service = await startService(t)
  const { url } = await listen(service)
  // TLS ends before the service, as it does at API Gateway.
  const fetchBehindTls: CustomFetch = (target, options) =>
    fetch(target.replace(ISSUER, url), options as RequestInit)
  const owner = await newAdmin(service)
  const key = await owner.generate({ scopes: [...SCOPES, 'token:introspect'] })
  const connect = (client: Generated, authentication: ClientAuth) =>
    discovery(new URL(ISSUER), client.id, undefined, authentication, {
      [customFetch]: fetchBehindTls,
    })

  t.test('finds the endpoints', async (t) => {
    const metadata = (await connect(key, None())).serverMetadata()
    t.match(metadata, {
      issuer: ISSUER,
      jwks_uri: `${ISSUER}/.well-known/jwks.json`,
      token_endpoint: `${ISSUER}/oauth/token`,
      revocation_endpoint: `${ISSUER}/oauth/revoke`,
      introspection_endpoint: `${ISSUER}/oauth/introspect`,
      authorization_endpoint: `${ISSUER}/oauth/authorize`,
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    })
    const scopes = new Set(metadata.scopes_supported)
    t.ok([...SCOPES, 'token:introspect', 'openid'].every((scope) => scopes.has(scope)))
  })

  const methods = { client_secret_basic: ClientSecretBasic, client_secret_post: ClientSecretPost }
  const spellings = { 'the whole key': key, 'its secret alone': bare(key) }
  for (const [method, authentication] of Object.entries(methods)) {
    for (const [spelling, client] of Object.entries(spellings)) {
      t.test(`${method}, ${spelling}: gets, asks about and gives up tokens`, async (t) => {
        const configuration = await connect(client, authentication(client.secret))
        const { access_token: token, ...rest } = await grant(configuration, { scope: 'data:read' })
        t.match(rest, { token_type: 'bearer', expires_in: 900, scope: 'data:read' })
        const { active, client_id } = await tokenIntrospection(configuration, token)
        t.match({ active, client_id }, { active: true, client_id: key.id })

        const { refreshToken } = await service.signIn(owner.account)
        await tokenRevocation(configuration, refreshToken)
        t.equal(await refresh(service, refreshToken), 401)
        const refusal = await tokenRevocation(configuration, token).catch(identity)
        t.match(refusal, { error: 'unsupported_token_type', status: 400 })
      })
    }
  }

  t.test('hears in its own words why it was refused', async (t) => {
    const wrong = await connect(key, ClientSecretBasic('wrong'))
    t.match(await grant(wrong).catch(identity), {
      status: 401,
      cause: [{ scheme: 'basic', parameters: { realm: 'latchkey' } }],
    })
    const right = await connect(key, ClientSecretBasic(key.secret))
    t.match(await grant(right, { scope: 'admin' }).catch(identity), {
      status: 400,
      error: 'invalid_scope',
    })
  })
})

type CustomFetch = NonNullable<Configuration[typeof customFetch]>

const identity = (error: unknown): unknown => error

async function grant(configuration: Configuration, parameters: Record<string, string> = {}) {
  const tokens = await clientCredentialsGrant(configuration, parameters)
  recordSecret('token', tokens.access_token)
  return tokens
}

async function refresh(service: Service, refreshToken: string): Promise<number> {
  return (await service.post('/api/auth/refresh', { refreshToken })).status
}
