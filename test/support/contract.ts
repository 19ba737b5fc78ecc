import type { Test } from 'tap'
import type { ApiEvent } from '../../src/aws/events.js'
import {
  cookiesOf,
  eventOf,
  type Format,
  type GatewayAnswer,
  type GatewayCall,
  hear,
} from './lambda.js'
import { newAccount } from './service.js'

export const ISSUER = 'https://auth.example.com'
const OWN = { origin: ISSUER }

/**
 * What clients rely on, asked as API Gateway asks. The service behind `invoke` is `ISSUER`, has every table
 * and no limit per address that is in the way.
 */
export async function contract(
  t: Test,
  format: Format,
  invoke: (event: ApiEvent) => Promise<GatewayAnswer>,
): Promise<void> {
  const call = async (given: GatewayCall) => {
    const answer = await invoke(eventOf(format, given))
    hear(given, answer)
    const json = answer.headers['content-type']?.includes('json') === true
    const body = json ? (JSON.parse(answer.body) as Record<string, any>) : {}
    return { ...answer, json: body }
  }
  const { email, password } = newAccount()
  const credentials = { email, password }
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

  await t.test('sign-up, sign-in, refresh, profile, logout', async (t) => {
    const name = 'Zoë 🔑'
    const registration = { ...credentials, name }
    const made = await call({
      method: 'POST',
      path: '/api/auth/register',
      body: registration,
      isBase64Encoded: true,
    })
    t.match(made, { statusCode: 201, json: { user: { email, name } } }, 'F24 a base64 body')
    const login = { method: 'POST', path: '/api/auth/login', body: credentials, ip: '198.51.100.7' }
    const { json: tokens } = await call({
      ...login,
      headers: { 'x-forwarded-for': '6.6.6.6', forwarded: 'for=6.6.6.6' },
    })
    const profile = await call({ path: '/api/profile', ...bearer(tokens.accessToken) })
    t.match(profile, { statusCode: 200, json: { user: { email, name } } })
    const sessions = await call({ path: '/api/auth/sessions', ...bearer(tokens.accessToken) })
    t.equal(sessions.json.sessions[0].ip, '198.51.100.7', 'F25 the address that the gateway saw')
    const body = { refreshToken: tokens.refreshToken }
    const refreshed = await call({ method: 'POST', path: '/api/auth/refresh', body })
    t.equal(refreshed.statusCode, 200)
    const out = { method: 'POST', path: '/api/auth/logout', ...bearer(tokens.accessToken) }
    t.equal((await call(out)).statusCode, 200)
    t.equal((await call({ path: '/api/protected' })).statusCode, 401)
  })

  await t.test('F22 F29 cookies, two at once', async (t) => {
    const login = { ...credentials, useCookies: true }
    const signedIn = await call({
      method: 'POST',
      path: '/api/auth/login',
      headers: OWN,
      body: login,
    })
    const cookies = cookiesOf(signedIn)
    t.same(cookies.map((cookie) => cookie.split('=')[0]).sort(), [
      '__Host-latchkey_access',
      '__Host-latchkey_device',
      '__Host-latchkey_refresh',
    ])
    const profile = await call({ path: '/api/profile', cookies })
    t.match(profile, { statusCode: 200, json: { user: { email } } })
    const refreshed = await call({
      method: 'POST',
      path: '/api/auth/refresh',
      headers: OWN,
      cookies,
    })
    t.equal(refreshed.statusCode, 200)
    t.equal(cookiesOf(refreshed).length, 2)
    const twice = await call({ path: '/api/profile', cookies: [...cookies, cookies[0] ?? ''] })
    t.match(twice, { statusCode: 400, json: { code: 'DUPLICATE_COOKIE' } })
  })

  await t.test('API keys, machine tokens and what others need', async (t) => {
    const { json } = await call({ method: 'POST', path: '/api/auth/login', body: credentials })
    const { json: made } = await call({
      method: 'POST',
      path: '/api/apikeys/generate',
      body: { name: 'k', scopes: ['data:read'] },
      ...bearer(json.accessToken),
    })
    const data = await call({ path: '/api/data', headers: { 'x-api-key': made.apiKey } })
    t.match(data, { statusCode: 200, json: { data: { keyId: made.key.id } } })
    const basic = Buffer.from(`${made.key.id}:${made.apiKey}`).toString('base64')
    const token = await call({
      method: 'POST',
      path: '/oauth/token',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${basic}`,
      },
      body: 'grant_type=client_credentials',
    })
    t.match(token, { statusCode: 200, json: { token_type: 'Bearer', scope: 'data:read' } })
    for (const path of [
      '/.well-known/jwks.json',
      '/.well-known/openid-configuration',
      '/openapi.json',
      '/healthz',
    ]) {
      t.equal((await call({ path })).statusCode, 200, path)
    }
    t.match(await call({ path: '/nowhere' }), { statusCode: 404, json: { code: 'NOT_FOUND' } })
    t.match(await call({ path: '/api/auth/login' }), {
      statusCode: 405,
      headers: { allow: 'POST' },
    })
  })

  await t.test('F20 F23 F27 F28 what is odd is refused', async (t) => {
    const huge = { email, password: 'x'.repeat(20_000) }
    const posted = await call({ method: 'POST', path: '/api/auth/login', body: huge })
    t.equal(posted.statusCode, 413)
    const twice = { authorization: 'Bearer a,Bearer b' }
    t.equal((await call({ path: '/api/protected', headers: twice })).statusCode, 400)
    const forged = { 'x-apigateway-event': '%7B%22isForged%22%3Atrue%7D' }
    t.equal((await call({ path: '/api/protected', headers: forged })).statusCode, 401)
    const paths = [
      '//api/admin',
      '/api//admin',
      '/api%2Fadmin',
      '/x%2F..%2Fapi/admin',
      '/api/admin/',
    ]
    for (const path of paths) t.match((await call({ path })).statusCode, /^40[014]$/, path)
    const login = { method: 'POST', path: '/api/auth/login', body: credentials }
    const { json: tokens } = await call(login)
    const keys = { path: '/api/apikeys', ...bearer(tokens.accessToken) }
    t.equal((await call({ ...keys, query: 'ownerId=A%2CB' })).statusCode, 200, 'a comma is no list')
    const two = { ...keys, query: 'ownerId=A&ownerId=B' }
    t.equal((await call(two)).statusCode, 400, 'two values are two')
  })
}
