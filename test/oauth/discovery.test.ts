import t from 'tap'
import { RESOURCES } from '../support/resources.js'
import { ISSUER, startService } from '../support/service.js'

const OIDC = '/.well-known/openid-configuration'
const OAUTH = '/.well-known/oauth-authorization-server'
const APP = { origin: 'https://any.example' }

t.test('an app finds all that it needs in the discovery document (RFC 8414 §2)', async (t) => {
  const service = await startService(t, { env: { RESOURCES } })
  const { status, body, headers } = await service.get(OAUTH)
  t.equal(status, 200)
  t.equal(headers['cache-control'], 'public, max-age=300')
  t.match(body, {
    issuer: ISSUER,
    authorization_endpoint: `${ISSUER}/oauth/authorize`,
    pushed_authorization_request_endpoint: `${ISSUER}/oauth/par`,
    userinfo_endpoint: `${ISSUER}/oauth/userinfo`,
    end_session_endpoint: `${ISSUER}/oauth/logout`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    authorization_response_iss_parameter_supported: true,
    request_uri_parameter_supported: false,
  })
  t.match(body.scopes_supported, ['openid', 'profile', 'email', 'offline_access'])
  t.same((await service.get(OIDC)).body, body, 'the same in both places')
  for (const [name, url] of Object.entries(body)) {
    if (!/_(endpoint|uri)$/.test(name)) continue
    const { pathname } = new URL(String(url))
    t.not((await service.get(pathname)).status, 404, `${name} is there`)
  }
})

t.test(
  'pages of any origin call OAuth endpoints that read no cookie, without credentials',
  async (t) => {
    const listed = 'https://app.example.com'
    for (const env of [{}, { CORS_ORIGINS: listed }]) {
      const service = await startService(t, { env })
      for (const [method, path] of [
        ['GET', OIDC],
        ['GET', OAUTH],
        ['GET', '/.well-known/jwks.json'],
        ['POST', '/oauth/token'],
        ['POST', '/oauth/revoke'],
        ['POST', '/oauth/par'],
        ['GET', '/oauth/userinfo'],
        ['POST', '/oauth/userinfo'],
      ] as const) {
        for (const origin of [APP.origin, listed]) {
          const asked = { origin, 'access-control-request-method': method }
          const preflight = await service.call('OPTIONS', path, { headers: asked })
          t.equal(preflight.status, 204, `${method} ${path}`)
          t.match(preflight.headers, {
            'access-control-allow-origin': '*',
            'access-control-allow-methods': new RegExp(method),
            'access-control-allow-headers': /authorization, content-type/,
          })
          const answer = await service.call(method, path, { headers: { origin } })
          t.equal(answer.headers['access-control-allow-origin'], '*', 'failures are read as well')
          for (const { headers } of [preflight, answer]) {
            t.equal(headers['access-control-allow-credentials'], undefined)
          }
        }
      }
      for (const path of [
        '/oauth/authorize',
        '/oauth/introspect',
        '/api/auth/refresh',
        '/api/profile',
        '/login',
        '/healthz',
      ]) {
        const { headers } = await service.get(path, { headers: APP })
        t.equal(headers['access-control-allow-origin'], undefined, path)
      }
    }
  },
)
