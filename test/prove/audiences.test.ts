import { spawnSync } from 'node:child_process'
import Fastify from 'fastify'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import t from 'tap'
import jwt from '../../src/relying-party/jwt.js'
import { installExamples, realClock, ROOT, startExample } from '../support/example.js'
import { signInToApp } from '../support/app-tokens.js'
import { startIssuer } from '../support/issuer.js'
import { newAdmin } from '../support/keys.js'
import { requestToken } from '../support/social.js'
import { API_KEY_SCOPES, BILLING, ORDERS, signInTo } from '../support/resources.js'

/** Whether a verifier lets a token in. */
type Verifier = (token: string) => Promise<boolean>

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** Debian's own Python, which has Flask; other machines prove the rest. */
const PYTHON = '/usr/bin/python3'
const hasFlask = spawnSync(PYTHON, ['-c', 'import cryptography, flask, jwt']).status === 0

t.test('each verifier takes the tokens that are for it, and no other', async (t) => {
  const issuer = await startIssuer(t, { clock: realClock(), env: { API_KEY_SCOPES } })
  const { service, url } = issuer
  const admin = await newAdmin(service)

  const swap = async (...scopes: string[]): Promise<string> =>
    (await requestToken(service, await admin.generate({ scopes }))).body.access_token
  const app = await signInToApp(service, {}, admin.account)
  const own = await signInToApp(service, { isFirstParty: true }, admin.account)
  const plain = await app.tokens()
  const ofOrders = { scopes: ['openid', 'orders:read'], resources: [ORDERS] }
  const tokens = {
    'ID token': String(plain.id_token),
    app: plain.access_token,
    'app for orders': (await app.tokens(ofOrders)).access_token,
    'our own app for orders': (await own.tokens(ofOrders)).access_token,
    latchkey: (await service.signIn(admin.account)).accessToken,
    orders: (await signInTo(service, ORDERS, admin.account)).accessToken,
    billing: (await signInTo(service, BILLING, admin.account)).accessToken,
    'machine of orders': await swap('orders:read'),
    'machine of billing': await swap('billing:read'),
    'machine of none': await swap('data:write'),
  }
  type Token = keyof typeof tokens

  const ofService =
    (path: string): Verifier =>
    async (token) => {
      const byToken = (await service.get(path, { token })).status === 200
      const headers = { origin: url, 'sec-fetch-site': 'same-origin' }
      const cookies = { latchkey_access: token }
      const byCookie = (await service.get(path, { headers, cookies })).status === 200
      if (byToken !== byCookie) throw new Error(`${path} tells a cookie from a token`)
      return byToken
    }
  const answersUserinfo = async (token: string) =>
    (await service.get('/oauth/userinfo', { token })).status === 200
  const plugin = async (resource: string, guard: 'requireUser' | 'requireAccessToken') => {
    const app = Fastify()
    t.teardown(() => app.close())
    await app.register(jwt, { issuer: url, resource })
    app.get('/', { onRequest: app[guard]() }, async () => ({}))
    return async (token: string) =>
      (await app.inject({ url: '/', headers: bearer(token) })).statusCode === 200
  }
  const authorizer = async (resource: string, scopes = ''): Promise<Verifier> => {
    Object.assign(process.env, {
      ISSUER: url,
      ACCEPTS: 'jwt',
      RESOURCE: resource,
      REQUIRED_SCOPES: scopes,
      POWERTOOLS_LOG_LEVEL: 'SILENT',
    })
    const module = `../../src/entry/authorizer.js?audiences ${resource} ${scopes}`
    const { handler } = (await import(module)) as { handler: (event: object) => Promise<any> }
    return async (token) => {
      const http = { method: 'GET', path: '/', sourceIp: '192.0.2.1' }
      const event = { version: '2.0', type: 'REQUEST', routeArn: 'arn', headers: bearer(token) }
      return (await handler({ ...event, requestContext: { http } })).isAuthorized as boolean
    }
  }
  const jwks = (await service.get('/.well-known/jwks.json')).body as JSONWebKeySet
  const example =
    (base: string, path = '/orders'): Verifier =>
    async (token) =>
      (await fetch(base + path, { headers: bearer(token) })).status === 200

  const folder = await installExamples()
  const fastify = await startExample(
    t,
    { args: ['--import', 'tsx', 'examples/fastify/main.ts'], cwd: ROOT },
    { ISSUER: url },
  )
  const start = async (name: string) =>
    (await startExample(t, { args: [`${name}/main.mjs`], cwd: folder }, { ISSUER: url })).url

  const people: Token[] = ['our own app for orders', 'orders']
  /** Apps of others have what their people have allowed, and get in where that is named. */
  const readers: Token[] = ['app for orders', ...people, 'machine of orders']
  const matrix: [verifier: string, verify: Verifier, takes: readonly Token[]][] = [
    ['/api/profile', ofService('/api/profile'), ['latchkey']],
    ['/api/protected', ofService('/api/protected'), ['latchkey']],
    ['/api/admin', ofService('/api/admin'), ['latchkey']],
    ['/api/auth/sessions', ofService('/api/auth/sessions'), ['latchkey']],
    ['/api/apikeys', ofService('/api/apikeys'), ['latchkey']],
    ['/oauth/userinfo', (token) => answersUserinfo(token), ['app']],
    ['latchkey/jwt: requireUser', await plugin(ORDERS, 'requireUser'), people],
    ['latchkey/jwt: requireAccessToken', await plugin(ORDERS, 'requireAccessToken'), readers],
    [
      'latchkey/jwt of billing',
      await plugin(BILLING, 'requireAccessToken'),
      ['billing', 'machine of billing'],
    ],
    ['the Lambda authorizer', await authorizer(ORDERS), [...people, 'machine of orders']],
    ['the Lambda authorizer, by a scope', await authorizer(ORDERS, 'orders:read'), readers],
    ['the Lambda authorizer for people', await authorizer(ORDERS, 'user'), people],
    ['the Lambda authorizer of billing', await authorizer(BILLING, 'user'), ['billing']],
    ['API Gateway, for people', apiGateway(jwks, url, ORDERS, ['user']), people],
    ['API Gateway, by a scope', apiGateway(jwks, url, ORDERS, ['orders:read']), readers],
    ['API Gateway of billing', apiGateway(jwks, url, BILLING, ['user']), ['billing']],
    [
      'API Gateway with the id of an app as audience, by a scope',
      apiGateway(jwks, url, app.client.clientId, ['openid', 'user']),
      [],
    ],
    ['the example in Fastify', example(fastify.url), people],
    ['the example in Express', example(await start('express')), people],
    ['the example in Hono', example(await start('hono')), people],
  ]
  if (hasFlask) {
    const command = { program: PYTHON, args: ['-B', 'app.py'], cwd: `${ROOT}/examples/flask` }
    const flask = await startExample(t, command, { ISSUER: url })
    matrix.push(['the example in Flask', example(flask.url, '/api/protected'), people])
  }
  for (const [name, verify, takes] of matrix) {
    const taken: Token[] = []
    for (const [kind, token] of Object.entries(tokens)) {
      if (await verify(token)) taken.push(kind as Token)
    }
    t.same(taken, takes, name)
  }
})

/**
 * What a JWT authorizer of an HTTP API checks: signature, `iss`, `aud`, `exp`, `nbf`, `iat`, and that the token has
 * at least one of the route's scopes; it does not look at `typ`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
function apiGateway(
  jwks: JSONWebKeySet,
  issuer: string,
  audience: string,
  scopes: readonly string[],
): Verifier {
  const keys = createLocalJWKSet(jwks)
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience, algorithms: ['RS256'] })
      const held = String(payload.scope).split(' ')
      return scopes.some((scope) => held.includes(scope))
    } catch {
      return false
    }
  }
}
