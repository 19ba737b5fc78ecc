import { createHash } from 'node:crypto'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose'
import t from 'tap'
import { readIdTokenHint } from '../../src/oauth/id-token.js'
import { signInToApp } from '../support/app-tokens.js'
import { basicOf, registeredApp } from '../support/apps.js'
import { MINUTE, SECOND } from '../support/clock.js'
import { newAdmin } from '../support/keys.js'
import { BILLING, ORDERS, RESOURCES } from '../support/resources.js'
import { ISSUER, type Service, startService } from '../support/service.js'
import { postForm } from '../support/social.js'

const USERINFO = `${ISSUER}/oauth/userinfo`
const INVALID_GRANT = { status: 400, body: { error: 'invalid_grant' } }
const env = { RESOURCES }

const userinfo = (service: Service, token: string) => service.get('/oauth/userinfo', { token })

t.test('an app renews its tokens (RFC 6749 §6)', async (t) => {
  const service = await startService(t, { env })
  const app = await signInToApp(service)

  t.test(
    'an app that renews its tokens gets an ID token again, where it had one, without the nonce',
    async (t) => {
      const first = await app.tokens({ scopes: ['openid'], nonce: 'once' })
      t.equal(decodeJwt(String(first.id_token)).nonce, 'once')
      service.clock.advance(MINUTE)
      const { status, body } = await app.refresh(first.refresh_token)
      t.equal(status, 200)
      t.not(body.refresh_token, first.refresh_token)
      const { nonce, iat, exp, at_hash, ...again } = decodeJwt(body.id_token)
      t.equal(nonce, undefined)
      t.equal(Number(exp) - Number(iat), 900)
      t.equal(at_hash, leftHalf(body.access_token))
      t.match(decodeJwt(String(first.id_token)), again, 'of the same sign-in (Core §12.2)')
      const without = await app.tokens({ scopes: ['orders:read'], resources: [ORDERS] })
      t.equal(without.id_token, undefined)
      t.notOk('id_token' in (await app.refresh(without.refresh_token)).body)
    },
  )

  t.test(
    'a renewal of an app’s tokens repeated by the same page yields the same successor',
    async (t) => {
      const { refresh_token } = await app.tokens()
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => app.refresh(refresh_token)),
      )
      t.same([...new Set(answers.map(({ status }) => status))], [200])
      t.equal(new Set(answers.map(({ body }) => body.refresh_token)).size, 1)
    },
  )

  t.test('another client that presents an app’s refresh token is told to look again', async (t) => {
    const call = (remoteAddress: string, agent: string) => ({
      remoteAddress,
      headers: { 'user-agent': agent },
    })
    const { refresh_token } = await app.tokens()
    t.equal((await app.refresh(refresh_token, {}, call('192.0.2.1', 'one'))).status, 200)
    service.clock.advance(2 * SECOND)
    t.match(await app.refresh(refresh_token, {}, call('198.51.100.1', 'another')), {
      status: 429,
      headers: { 'retry-after': '2' },
      body: { error: 'temporarily_unavailable' },
    })
  })

  t.test('a spent refresh token of an app ends its session', async (t) => {
    const { refresh_token } = await app.tokens()
    const { body } = await app.refresh(refresh_token)
    service.clock.advance(MINUTE)
    t.match(await app.refresh(refresh_token), INVALID_GRANT)
    t.match(await app.refresh(body.refresh_token), INVALID_GRANT)
  })

  t.test(
    'an app renews its tokens with no other client than its own, and at no other door',
    async (t) => {
      const other = await signInToApp(service, {}, app.account)
      const confidential = await signInToApp(service, { isPublic: false }, app.account)
      const { refresh_token } = await app.tokens()
      t.match(await other.refresh(refresh_token), INVALID_GRANT)
      t.match(await confidential.refresh(refresh_token), INVALID_GRANT)
      const bare = { grant_type: 'refresh_token', refresh_token }
      t.match(await postForm(service, 'token', bare), { status: 401 })
      const { clientId } = confidential.client
      const unproved = { grant_type: 'refresh_token', client_id: clientId, client_secret: '' }
      t.match(await postForm(service, 'token', unproved), {
        status: 401,
        body: { error: 'invalid_client' },
      })
      t.equal(
        (await service.post('/api/auth/refresh', { refreshToken: refresh_token })).status,
        401,
      )
      t.match(await app.refresh(app.browser.refreshToken), INVALID_GRANT, 'nor with Latchkey’s own')

      const secret = await confidential.tokens()
      const authorization = basicOf(confidential.client.clientId, 'another')
      const wrong = await confidential.refresh(
        secret.refresh_token,
        {},
        { headers: { authorization } },
      )
      t.match(wrong, { status: 401, body: { error: 'invalid_client' } })
      t.ok(await app.isAlive(refresh_token), 'and the session lives')
      t.ok(await confidential.isAlive(secret.refresh_token))
    },
  )

  t.test('a wrong wish at /oauth/token costs an app no refresh token', async (t) => {
    const granted = { scopes: ['openid', 'orders:read'], resources: [ORDERS] }
    const { refresh_token } = await app.tokens(granted)
    t.match(await app.refresh(refresh_token, { resource: BILLING }), {
      status: 400,
      body: { error: 'invalid_target' },
    })
    t.match(await app.refresh(refresh_token, { scope: 'orders:write' }), {
      status: 400,
      body: { error: 'invalid_scope' },
    })
    service.clock.advance(MINUTE)
    t.equal((await app.refresh(refresh_token)).status, 200)
  })

  t.test(
    'a refresh token at /oauth/token that no one here made costs nothing, however often',
    async (t) => {
      const strict = await startService(t, {
        env: { ...env, RATE_LIMIT_PER_ADDRESS: '1' },
        beside: service,
      })
      const form = { grant_type: 'refresh_token', client_id: app.client.clientId }
      const { refresh_token } = await app.tokens()
      const forged = `${refresh_token.slice(0, -4)}AAAA`
      strict.calls.length = 0
      for (let i = 0; i < 10; i++) {
        t.match(await postForm(strict, 'token', { ...form, refresh_token: forged }), INVALID_GRANT)
      }
      t.same(strict.calls, [])
      let token = refresh_token
      for (let i = 0; i < 10; i++) {
        const { status, body } = await postForm(strict, 'token', { ...form, refresh_token: token })
        t.equal(status, 200, 'and an office renews as often as it has people')
        token = body.refresh_token
      }
    },
  )
})

t.test(
  'each renewal of an app’s tokens is for one API of the grant, as things are by now',
  async (t) => {
    const service = await startService(t, { env })
    const admin = await newAdmin(service)
    const scopes = ['openid', 'orders:read', 'orders:write', 'billing:read']
    const granted = { scopes, resources: [ORDERS, BILLING] }
    const clientIds = new Set<string>()
    const renew = async (
      app: Awaited<ReturnType<typeof signInToApp>>,
      refreshToken: string,
      form: Record<string, string>,
    ) => {
      const { status, body } = await app.refresh(refreshToken, form)
      if (status !== 200) return body.error
      const { aud, scope, role } = decodeJwt(body.access_token)
      clientIds.add(String(decodeJwt(body.access_token).client_id))
      return [aud, scope, role, body.expires_in]
    }

    t.test('an app renews two tokens at a time for two APIs, from one refresh token', async (t) => {
      const app = await signInToApp(service, {}, admin.account)
      const { status, body } = await app.redeem(await app.newCode(granted), { resource: ORDERS })
      t.equal(status, 200)
      const [one, other] = await Promise.all(
        [ORDERS, BILLING].map((resource) => app.refresh(body.refresh_token, { resource })),
      )
      t.equal(one?.body.refresh_token, other?.body.refresh_token, 'one successor')
      t.same(
        [one, other].map((answer) => decodeJwt(answer?.body.access_token).aud),
        [ORDERS, BILLING],
      )
    })

    t.test('a renewal of an app’s token is narrower where the app asks for less', async (t) => {
      const app = await signInToApp(service, {}, admin.account)
      const { body } = await app.redeem(await app.newCode(granted), { resource: ORDERS })
      const token = body.refresh_token
      const narrow = { resource: ORDERS, scope: 'openid orders:read' }
      t.same(await renew(app, token, narrow), [ORDERS, 'orders:read', undefined, 900])
      const all = { resource: ORDERS, scope: scopes.join(' ') }
      t.same(await renew(app, token, all), [ORDERS, 'orders:read orders:write', undefined, 900])
      t.same(await renew(app, token, { resource: BILLING }), [
        BILLING,
        'billing:read',
        undefined,
        60,
      ])
      t.same(await renew(app, token, { resource: USERINFO }), [USERINFO, 'openid', undefined, 900])
      t.equal(await renew(app, token, {}), 'invalid_target')
      t.same([...clientIds], [app.client.clientId])
    })

    t.test(
      'a renewal of an app’s token lacks what its person, or its registration, has lost',
      async (t) => {
        const { clients, users } = service.services
        const store = DynamoDBDocumentClient.from(service.client)
        const person = await service.signUp()
        await users.store.change(person.id, { role: 'admin' })
        const app = await signInToApp(service, { isFirstParty: true }, person)
        const { body } = await app.redeem(await app.newCode({ ...granted, epoch: 0 }), {
          resource: ORDERS,
        })
        t.equal(body.scope, 'user admin orders:read orders:write')
        const registered = async (changes: object) => {
          const Item = { ...app.client, ...changes }
          await store.send(new PutCommand({ TableName: service.config.tables.clients, Item }))
          clients.forget(app.client.clientId)
        }
        const token = body.refresh_token
        await registered({ scopes: ['orders:read'] })
        t.same(await renew(app, token, { resource: ORDERS }), [
          ORDERS,
          'user admin orders:read',
          'admin',
          900,
        ])
        await registered({ isFirstParty: false })
        t.same(await renew(app, token, { resource: ORDERS }), [
          ORDERS,
          'orders:read orders:write',
          undefined,
          900,
        ])
        await registered({ resources: [BILLING] })
        t.equal(await renew(app, token, { resource: ORDERS }), 'invalid_target')
        await registered({})
        await users.store.change(person.id, { role: 'user' })
        t.same(await renew(app, token, { resource: ORDERS }), [
          ORDERS,
          'user orders:read',
          'user',
          900,
        ])
      },
    )

    t.test(
      'an app’s tokens are renewed while the account lives, and the browser’s session if it must',
      async (t) => {
        for (const [scopes, outlives] of [
          [['openid'], false],
          [['openid', 'offline_access'], true],
        ] as const) {
          const app = await signInToApp(service)
          const { refresh_token } = await app.tokens({ scopes })
          await service.post('/api/auth/logout', undefined, { token: app.browser.accessToken })
          t.equal(await app.isAlive(refresh_token), outlives)
        }
        const app = await signInToApp(service)
        const { refresh_token } = await app.tokens({ scopes: ['openid', 'offline_access'] })
        await service.services.users.store.change(app.account.id, { status: 'disabled' })
        t.match(await app.refresh(refresh_token), INVALID_GRANT)
      },
    )
  },
)

t.test('an ID token (OpenID Connect Core §2)', async (t) => {
  const service = await startService(t, { env })
  const app = await signInToApp(service)
  const { keyRing } = service.services
  const named = async (scopes: string[]) => {
    const { id_token } = await app.tokens({ scopes, nonce: 'n-1' })
    return String(id_token)
  }

  t.test('an ID token says who has signed in to the app, how and when', async (t) => {
    const authTime = service.clock() - 5 * MINUTE
    const answer = await app.tokens({ amr: ['pwd', 'otp', 'mfa'], authTime, nonce: 'n-1' })
    const jwks = (await service.get('/.well-known/jwks.json')).body as JSONWebKeySet
    const { payload, protectedHeader } = await jwtVerify(
      String(answer.id_token),
      createLocalJWKSet(jwks),
      { currentDate: new Date(service.clock()) },
    )
    const { kid, ...header } = protectedHeader
    t.type(kid, 'string')
    t.same(header, { alg: 'RS256', typ: 'JWT' })
    const iat = Math.floor(service.clock() / 1000)
    t.same(payload, {
      iss: ISSUER,
      aud: app.client.clientId,
      sub: app.account.id,
      iat,
      exp: iat + 900,
      auth_time: Math.floor(authTime / 1000),
      nonce: 'n-1',
      acr: 'urn:latchkey:2',
      amr: ['pwd', 'otp', 'mfa'],
      sid: decodeJwt(answer.access_token).sid,
      at_hash: leftHalf(answer.access_token),
    })
  })

  t.test('an ID token has the person’s address and name, for the scopes of these', async (t) => {
    const { email } = app.account
    const token = await named(['openid', 'email', 'profile'])
    t.match(decodeJwt(token), { email, email_verified: false })
    t.notOk('name' in decodeJwt(token), 'who has none')
    t.notOk('email' in decodeJwt(await named(['openid'])))
  })

  t.test('an ID token opens nothing', async (t) => {
    const token = await named(['openid'])
    for (const path of [
      '/oauth/userinfo',
      '/api/profile',
      '/api/protected',
      '/api/auth/sessions',
    ]) {
      t.equal((await service.get(path, { token })).status, 401, path)
    }
  })

  t.test('an ID token comes back to /oauth/authorize as a hint, expired or not', async (t) => {
    const token = await named(['openid'])
    const read = (text: string) => readIdTokenHint(text, { issuer: ISSUER, keys: keyRing })
    const hint = {
      clientId: app.client.clientId,
      userId: app.account.id,
      sessionId: decodeJwt(token).sid,
    }
    t.same(await read(token), hint)
    service.clock.advance(60 * MINUTE)
    t.same(await read(token), hint)
    const { access_token } = await app.tokens()
    const [head = '', body = '', signature = ''] = token.split('.')
    const forged = { ...decodeJwt(token), aud: 'app_another' }
    for (const wrong of [
      access_token,
      app.browser.accessToken,
      `${head}.${Buffer.from(JSON.stringify(forged)).toString('base64url')}.${signature}`,
      `${head}.${body}.`,
      `${head}.${body}`,
      `${token} `,
      'x'.repeat(5000),
      '',
    ]) {
      t.equal(await read(wrong), undefined)
    }
    t.equal(await readIdTokenHint(token, { issuer: 'https://x.example', keys: keyRing }), undefined)
  })
})

t.test('a refresh by an app may ask for less of userinfo as well (RFC 6749 §6)', async (t) => {
  const service = await startService(t, { env })
  const app = await signInToApp(service)
  const { refresh_token } = await app.tokens({ scopes: ['openid', 'email'] })
  const { body: less } = await app.refresh(refresh_token, { scope: 'openid' })
  t.equal(less.scope, 'openid')
  t.same((await userinfo(service, less.access_token)).body, { sub: app.account.id })
  const { body: all } = await app.refresh(less.refresh_token)
  t.equal(all.scope, 'openid email', 'and the next for all again')
})

t.test('userinfo (OpenID Connect Core §5.3)', async (t) => {
  const service = await startService(t, { env })
  const app = await signInToApp(service)
  const all = ['openid', 'email', 'profile', 'offline_access']

  t.test('userinfo says what the scopes allow, by GET and POST', async (t) => {
    const { id: sub, email } = app.account
    const { access_token: token } = await app.tokens({ scopes: all })
    const answer = await userinfo(service, token)
    t.match(answer, { status: 200, headers: { 'cache-control': 'no-store' } })
    t.same(answer.body, { sub, email, email_verified: false })
    t.same((await service.post('/oauth/userinfo', undefined, { token })).body, answer.body)
    const { access_token: bare } = await app.tokens({ scopes: ['openid'] })
    t.same((await userinfo(service, bare)).body, { sub })
  })

  t.test('userinfo refuses every other token (RFC 6750 §3)', async (t) => {
    const { access_token: ofApi } = await app.tokens({
      scopes: ['openid', 'orders:read'],
      resources: [ORDERS],
    })
    for (const [what, token] of Object.entries({
      'for an API': ofApi,
      'Latchkey’s own': app.browser.accessToken,
      'a refresh token': app.browser.refreshToken,
      rubbish: 'x',
    })) {
      const answer = await userinfo(service, token)
      t.match(
        answer,
        {
          status: 401,
          headers: { 'www-authenticate': /^Bearer .*error="invalid_token"/ },
          body: { error: 'invalid_token' },
        },
        what,
      )
    }
    const none = await service.get('/oauth/userinfo')
    t.equal(none.status, 401)
    t.equal(none.headers['www-authenticate'], 'Bearer realm="latchkey"')
    const { access_token: closed } = await app.tokens({ scopes: ['email'] })
    t.match(await userinfo(service, closed), {
      status: 403,
      headers: { 'www-authenticate': /error="insufficient_scope".*scope="openid"/ },
      body: { error: 'insufficient_scope' },
    })
    const { access_token } = await app.tokens()
    const inForm = await service.call('POST', '/oauth/userinfo', {
      token: access_token,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `access_token=${access_token}`,
    })
    t.match(inForm, { status: 400, body: { error: 'invalid_request' } }, 'RFC 6750 §2: not twice')
    const inQuery = await service.get(`/oauth/userinfo?access_token=${access_token}`)
    t.equal(inQuery.status, 400)
  })

  t.test('userinfo stops with the session, at once', async (t) => {
    const ended = await app.tokens({ scopes: all })
    await postForm(service, 'revoke', {
      token: ended.refresh_token,
      client_id: app.client.clientId,
    })
    t.equal((await userinfo(service, ended.access_token)).status, 401)
    const { access_token } = await app.tokens({ scopes: ['openid'] })
    await service.post('/api/auth/logout', undefined, { token: app.browser.accessToken })
    t.equal((await userinfo(service, access_token)).status, 401, 'or with that of the browser')
  })
})

t.test('an app revokes its refresh token (RFC 7009)', async (t) => {
  const service = await startService(t, { env })
  const app = await signInToApp(service)
  const confidential = await signInToApp(service, { isPublic: false })
  const { clientId: client_id } = app.client

  t.test('the revocation of an app’s refresh token ends its session', async (t) => {
    const { refresh_token: token } = await app.tokens()
    t.equal((await postForm(service, 'revoke', { token, client_id })).status, 200)
    t.notOk(await app.isAlive(token))
    t.equal((await postForm(service, 'revoke', { token, client_id })).status, 200, 'again')
    const rubbish = { token: 'rubbish', client_id }
    t.equal((await postForm(service, 'revoke', rubbish)).status, 200)
  })

  t.test('an app revokes a refresh token of its own alone', async (t) => {
    const { refresh_token: token } = await app.tokens()
    const { client: other } = await registeredApp(service, { isPublic: true })
    t.match(await postForm(service, 'revoke', { token, client_id: other.clientId }), INVALID_GRANT)
    t.equal((await postForm(service, 'revoke', { token })).status, 200, 'unknown without a client')
    t.ok(await app.isAlive(token))
    const { refreshToken } = app.browser
    t.match(await postForm(service, 'revoke', { token: refreshToken, client_id }), INVALID_GRANT)
    t.equal((await service.post('/api/auth/refresh', { refreshToken })).status, 200)
  })

  t.test('an app revokes its refresh token with its client secret, if it has one', async (t) => {
    const { refresh_token: token } = await confidential.tokens()
    const id = confidential.client.clientId
    for (const [form, headers] of [
      [{ token, client_id: id }, {}],
      [{ token }, { authorization: basicOf(id, 'another') }],
    ] as const) {
      t.match(await postForm(service, 'revoke', form, { headers }), {
        status: 401,
        body: { error: 'invalid_client' },
      })
    }
    t.ok(await confidential.isAlive(token))
  })

  t.test('an app revokes no access token', async (t) => {
    const { access_token: token } = await app.tokens()
    t.match(await postForm(service, 'revoke', { token, client_id }), {
      status: 400,
      body: { error: 'unsupported_token_type' },
    })
  })
})

t.test('introspection says what an app’s token is worth by now (RFC 7662)', async (t) => {
  const service = await startService(t, { env })
  const asker = await newAdmin(service)
  const client = await asker.generate({ scopes: ['token:introspect'] })
  const ask = async (token: string) =>
    (await postForm(service, 'introspect', { token }, { client })).body
  const granted = { scopes: ['openid', 'orders:read'], resources: [ORDERS] }

  const app = await signInToApp(service)
  const { access_token: token } = await app.tokens(granted)
  const { exp, iat, jti, ...told } = await ask(token)
  t.ok(exp && iat && jti)
  t.same(told, {
    active: true,
    token_type: 'Bearer',
    iss: ISSUER,
    aud: ORDERS,
    sub: app.account.id,
    client_id: app.client.clientId,
    scope: 'orders:read',
    amr: ['pwd'],
    acr: 'urn:latchkey:1',
    auth_time: Math.floor(service.clock() / 1000),
  })
  const { access_token: other } = await app.tokens({ scopes: ['openid'] })
  t.match(await ask(other), { active: true, aud: USERINFO, scope: 'openid' })
  await service.post('/api/auth/logout', undefined, { token: app.browser.accessToken })
  t.same(await ask(token), { active: false }, 'its session ends with that of the browser')
  t.same(await ask(other), { active: false })

  const person = await service.signUp()
  await service.services.users.store.change(person.id, { role: 'admin' })
  const own = await signInToApp(service, { isFirstParty: true }, person)
  const both = await own.tokens({ scopes: ['openid'], resources: [ORDERS] })
  const { body } = await own.refresh(both.refresh_token, { scope: 'orders:read orders:write' })
  t.match(await ask(body.access_token), { scope: 'user admin orders:read orders:write' })
  await service.services.users.store.change(person.id, { role: 'user' })
  t.match(await ask(body.access_token), { scope: 'user orders:read', role: 'user' })
  const narrow = await own.refresh(body.refresh_token, { scope: 'orders:read' })
  await service.services.users.store.change(person.id, { role: 'admin' })
  t.match(
    await ask(narrow.body.access_token),
    { scope: 'user orders:read' },
    'and never more than the token says',
  )
})

function leftHalf(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url')
}
