import { createVerify, createPublicKey, type JsonWebKey } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import t from 'tap'
import { MINUTE } from '../support/clock.js'
import { newAdmin } from '../support/keys.js'
import { jarOf } from '../support/pages.js'
import { ISSUER, startService } from '../support/service.js'

t.test('protected resources', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const { accessToken: token } = await service.signIn(account)
  const admin = await service.signUp()
  await service.services.users.store.change(admin.id, { role: 'admin' })
  const { accessToken: adminToken } = await service.signIn(admin)

  t.test('protected resources answer the holder of a valid token', async (t) => {
    const profile = await service.get('/api/profile', { token })
    t.match(profile, { status: 200, headers: { 'cache-control': 'no-store' } })
    const { id, email } = account
    t.same(profile.body, { user: { id, email, emailVerified: false, role: 'user' } })
    t.same((await service.get('/api/protected', { token })).body, { userId: account.id })
    t.same((await service.get('/api/admin', { token: adminToken })).body, { message: 'Admin data' })
  })

  t.test('protected resources refuse everybody else with the contract’s words', async (t) => {
    const refused: [string, string | undefined, number, string, string, RegExp][] = [
      [
        '/api/profile',
        undefined,
        401,
        'Access token required',
        'ACCESS_TOKEN_REQUIRED',
        /^Bearer realm="latchkey"$/,
      ],
      [
        '/api/protected',
        undefined,
        401,
        'Access token required',
        'ACCESS_TOKEN_REQUIRED',
        /^Bearer/,
      ],
      ['/api/admin', undefined, 401, 'Access token required', 'ACCESS_TOKEN_REQUIRED', /^Bearer/],
      ['/api/profile', 'a.b.c', 401, 'Invalid token', 'TOKEN_INVALID', /error="invalid_token"/],
      ['/api/admin', token, 403, 'Forbidden', 'FORBIDDEN', /error="insufficient_scope"/],
    ]
    for (const [url, sent, status, error, code, challenge] of refused) {
      const answer = await service.get(url, sent === undefined ? {} : { token: sent })
      t.match(answer, { status, body: { error, code, title: error, status } })
      t.match(answer.headers['www-authenticate'], challenge)
    }
  })

  t.test('protected resources know an expired token from a bad one, cached or not', async (t) => {
    const other = await startService(t, { beside: service })
    service.clock.advance(15 * MINUTE - 1)
    t.equal((await service.get('/api/profile', { token })).status, 200)
    service.clock.advance(1)
    for (const instance of [service, other]) {
      t.match(await instance.get('/api/profile', { token }), {
        status: 401,
        body: { error: 'Token expired', code: 'TOKEN_EXPIRED' },
        headers: { 'www-authenticate': /error="invalid_token", error_description="Token expired"/ },
      })
    }
  })
})

t.test(
  'a change of role counts at once at protected resources where the store is asked: by cookie',
  async (t) => {
    const service = await startService(t)
    const administrator = await newAdmin(service)
    const { accessToken: token } = await service.signIn(administrator.account)
    const { id, email, password } = await service.signUp()
    const give = (role: string) =>
      service.call('PATCH', `/api/admin/users/${id}`, { token, body: { role } })
    const byCookie = { email, password, useCookies: true }
    const signedIn = await service.post('/api/auth/login', byCookie, {
      headers: { origin: ISSUER },
    })
    const cookies = jarOf(signedIn)
    for (const [role, status] of [
      ['user', 403],
      ['admin', 200],
      ['user', 403],
    ] as const) {
      t.equal((await give(role)).status, 200)
      t.equal((await service.get('/api/admin', { cookies })).status, status, role)
    }
  },
)

t.test('an access token is RFC 9068 and verifies with the published keys', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const { accessToken } = await service.signIn(account)

  const { body: metadata } = await service.get('/.well-known/openid-configuration')
  t.match(metadata, { issuer: ISSUER, jwks_uri: `${ISSUER}/.well-known/jwks.json` })
  const jwks = await service.get('/.well-known/jwks.json')
  t.match(jwks.headers['cache-control'], /^public, max-age=300$/)

  const header = decodeProtectedHeader(accessToken)
  t.same(Object.keys(header).sort(), ['alg', 'kid', 'typ'])
  t.match(header, { alg: 'RS256', typ: 'at+jwt' })
  const [key] = jwks.body.keys
  t.same(Object.keys(key).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use'], 'and no private part')
  t.equal(key.kid, header.kid)
  const [head, payload, signature = ''] = accessToken.split('.')
  const publicKey = createPublicKey({ key: key as JsonWebKey, format: 'jwk' })
  const verifier = createVerify('RSA-SHA256').update(`${head}.${payload}`)
  t.ok(verifier.verify(publicKey, Buffer.from(signature, 'base64url')))

  const claims = decodeJwt(accessToken)
  const now = service.clock() / 1000
  t.match(claims, {
    iss: ISSUER,
    aud: 'latchkey',
    sub: account.id,
    client_id: 'latchkey',
    iat: now,
    exp: now + 900,
    jti: String,
    sid: String,
    role: 'user',
    scope: 'user',
    amr: ['pwd'],
    acr: 'urn:latchkey:1',
    auth_time: now,
  })
  t.equal(Object.keys(claims).length, 13, 'no e-mail, no name')
})

t.test('GET /api/profile shows the user from memory for a bounded time', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const { accessToken: token } = await service.signIn(account)
  const reads = () => service.calls.filter((call) => call === 'GetItem users').length
  const before = reads()
  await Promise.all(Array.from({ length: 20 }, () => service.get('/api/profile', { token })))
  t.equal(reads(), before + 1, 'a burst is one read')

  const other = await startService(t, { beside: service })
  t.equal((await other.get('/api/profile', { token })).status, 200)
  await service.services.users.store.change(account.id, { status: 'disabled' })
  const refused = { status: 401, body: { code: 'TOKEN_INVALID' } }
  t.match(await service.get('/api/profile', { token }), refused, 'at once where it was changed')
  service.clock.advance(29_999)
  t.equal((await other.get('/api/profile', { token })).status, 200)
  service.clock.advance(1)
  t.match(await other.get('/api/profile', { token }), refused)

  const careful = await startService(t, {
    beside: service,
    env: { VERIFICATION_CACHE_SECONDS: '0' },
  })
  t.equal((await careful.get('/api/profile', { token })).status, 401)
})
