import { decodeJwt, decodeProtectedHeader } from 'jose'
import t from 'tap'
import { signInToApp } from '../support/app-tokens.js'
import { basicOf, registeredApp } from '../support/apps.js'
import { SECOND } from '../support/clock.js'
import { newAdmin } from '../support/keys.js'
import { BILLING, ORDERS, RESOURCES } from '../support/resources.js'
import { ISSUER, startService } from '../support/service.js'

const USERINFO = `${ISSUER}/oauth/userinfo`
const INVALID_GRANT = { status: 400, body: { error: 'invalid_grant' } }
const env = { RESOURCES }

t.test('an app swaps its code for tokens (RFC 6749 §4.1.3)', async (t) => {
  const service = await startService(t, { env })
  const app = await signInToApp(service)

  t.test(
    'an app swaps a code for a token of its own for userinfo alone, where no API was granted',
    async (t) => {
      const held = await app.newCode({ scopes: ['openid', 'email', 'offline_access'] })
      const answer = await app.redeem(held)
      t.equal(answer.status, 200, answer.text)
      t.match(answer.headers, { 'cache-control': 'no-store', pragma: 'no-cache' })
      const { access_token, refresh_token, id_token, ...rest } = answer.body
      t.same(rest, {
        token_type: 'Bearer',
        expires_in: 900,
        scope: 'openid email offline_access',
      })
      t.match(refresh_token, /^lkr_/)
      t.equal(decodeProtectedHeader(access_token).typ, 'at+jwt')
      const { jti, iat, exp, sid, ...claims } = decodeJwt(access_token)
      t.same(claims, {
        iss: ISSUER,
        aud: USERINFO,
        sub: app.account.id,
        client_id: app.client.clientId,
        amr: ['pwd'],
        acr: 'urn:latchkey:1',
        auth_time: held.record.authTime / 1000,
        scope: 'openid email offline_access',
      })
      t.ok(jti)
      t.equal(Number(exp) - Number(iat), 900)
      t.not(sid, held.record.sessionId, 'its session is its own')
      t.match(service.events('authn_app_login').at(-1), {
        userId: app.account.id,
        sessionId: sid,
        clientId: app.client.clientId,
      })
      t.equal(decodeJwt(id_token).sid, sid)
    },
  )

  t.test('PK-1: an app’s verifier is proved as RFC 7636 Appendix B has it', async (t) => {
    const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
    const held = await app.newCode({ challenge })
    t.equal((await app.redeem(held, { code_verifier: verifier })).status, 200)
    const other = await app.newCode({ challenge })
    const changed = await app.redeem(other, { code_verifier: verifier.toLowerCase() })
    t.match(changed, INVALID_GRANT)
  })

  t.test('an app swaps a code once: of twenty at a time, one gets tokens', async (t) => {
    const held = await app.newCode()
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.redeem(held)))
    const [first, ...others] = answers.filter(({ status }) => status === 200)
    t.same(others, [])
    t.equal(answers.filter(({ body }) => body.error === 'invalid_grant').length, 19)
    t.ok(await app.isAlive(first?.body.refresh_token), 'a page that sends twice ends nothing')
  })

  t.test('an app swaps a code for 60 seconds', async (t) => {
    const early = await app.newCode()
    const late = await app.newCode()
    service.clock.advance(60 * SECOND - 1)
    t.equal((await app.redeem(early)).status, 200)
    service.clock.advance(1)
    t.match(await app.redeem(late), INVALID_GRANT)
  })

  t.test('an app’s code is spent on the first request to /oauth/token that is wrong', async (t) => {
    const { client: other } = await registeredApp(service, { isPublic: true })
    const verifier = 'x'.repeat(43)
    for (const [what, form] of [
      ['another verifier', { code_verifier: verifier }],
      ['a short verifier', { code_verifier: 'x'.repeat(42) }],
      ['a long verifier', { code_verifier: 'x'.repeat(129) }],
      ['another client', { client_id: other.clientId }],
      ['another redirect URI', { redirect_uri: 'https://orders.example.com/callback2' }],
      ['another spelling', { redirect_uri: 'https://ORDERS.example.com/callback' }],
    ] as const) {
      const held = await app.newCode()
      t.match(await app.redeem(held, form), INVALID_GRANT, what)
      t.match(await app.redeem(held), INVALID_GRANT, `right after ${what}`)
    }
    const challenge = await app.newCode({ challenge: 'plain'.repeat(10) })
    const plain = { code_verifier: 'plain'.repeat(10) }
    t.match(await app.redeem(challenge, plain), INVALID_GRANT, 'a challenge is never the verifier')
  })

  t.test(
    'an app’s code is not spent on a token request that lacks a part, or that is of no app',
    async (t) => {
      const held = await app.newCode()
      for (const name of ['code', 'redirect_uri', 'code_verifier']) {
        const { status, body } = await app.redeem(held, { [name]: '' })
        t.match({ status, body }, { status: 400, body: { error: 'invalid_request' } }, name)
      }
      const unknown = await app.redeem(held, { client_id: `app_${'x'.repeat(22)}` })
      t.match(unknown, { status: 401, body: { error: 'invalid_client' } })
      const target = await app.redeem(held, { resource: ORDERS })
      t.match(target, { status: 400, body: { error: 'invalid_target' } })
      t.equal((await app.redeem(held)).status, 200)
    },
  )

  t.test('/oauth/token refuses what is no code, and asks for nothing', async (t) => {
    const held = await app.newCode()
    const { userId } = held.record
    await app.tokens()
    for (const code of ['x', userId, `${held.code}x`, `${held.code.slice(0, -1)}!`]) {
      service.calls.length = 0
      t.match(await app.redeem({ ...held, code }), INVALID_GRANT, code)
      t.same(service.calls, [])
    }
    const [other] = [held.code.slice(0, 22) + 'A'.repeat(42)]
    t.match(await app.redeem({ ...held, code: other }), INVALID_GRANT)
  })
})

t.test('a code that comes to /oauth/token a second time (RFC 6749 §4.1.2)', async (t) => {
  const service = await startService(t, { env })
  const app = await signInToApp(service)
  const from = (remoteAddress: string, agent = 'the app') => ({
    remoteAddress,
    headers: { 'user-agent': agent },
  })
  const HOME = from('192.0.2.1')

  const twice = async (afterMs: number, call = HOME, form = {}) => {
    const held = await app.newCode()
    const first = await app.redeem(held, {}, HOME)
    service.clock.advance(afterMs)
    const second = await app.redeem(held, form, call)
    return { second, isAlive: await app.isAlive(first.body.refresh_token) }
  }

  t.test(
    'an app’s code that comes again within 5 seconds from the same place ends nothing',
    async (t) => {
      for (const ms of [10, 5 * SECOND - 1]) {
        const { second, isAlive } = await twice(ms)
        t.match(second, INVALID_GRANT)
        t.ok(isAlive, `${ms} ms`)
      }
      t.same(service.events('authn_token_reuse'), [])
    },
  )

  t.test(
    'an app’s code that comes again later, or from elsewhere, ends the session that it made',
    async (t) => {
      for (const [what, ms, call] of [
        ['at 5 s', 5 * SECOND, HOME],
        ['at 6 s', 6 * SECOND, HOME],
        ['by another address', 10, from('198.51.100.1')],
        ['by another agent', 10, from('192.0.2.1', 'a thief')],
        ['after its minute', 90 * SECOND, HOME],
      ] as const) {
        const { second, isAlive } = await twice(ms, call)
        t.match(second, INVALID_GRANT, what)
        t.notOk(isAlive, what)
        t.match(service.events('authn_token_reuse').at(-1), {
          reason: 'AUTHORIZATION_CODE',
          userId: app.account.id,
        })
      }
    },
  )

  t.test(
    'an app’s code that comes again without the proof of the first ends nothing',
    async (t) => {
      const { client: other } = await registeredApp(service, { isPublic: true })
      const thief = from('198.51.100.1')
      for (const form of [
        { code_verifier: 'x'.repeat(43) },
        { redirect_uri: 'https://evil.example/' },
        { client_id: other.clientId },
      ]) {
        const { second, isAlive } = await twice(6 * SECOND, thief, form)
        t.match(second, INVALID_GRANT)
        t.ok(isAlive, JSON.stringify(form))
      }
    },
  )

  t.test(
    'an app’s code that comes again without the secret that the app has ends nothing',
    async (t) => {
      const confidential = await signInToApp(service, { isPublic: false })
      const held = await confidential.newCode()
      const first = await confidential.redeem(held)
      service.clock.advance(6 * SECOND)
      const authorization = basicOf(confidential.client.clientId, 'another')
      t.match(await confidential.redeem(held, {}, { headers: { authorization } }), { status: 401 })
      t.ok(await confidential.isAlive(first.body.refresh_token))
    },
  )
})

t.test('an app’s code ends with what it was made of', async (t) => {
  const service = await startService(t, { env })

  t.test('an app’s code ends with the browser’s session, offline_access or not', async (t) => {
    for (const scopes of [['openid'], ['openid', 'offline_access']]) {
      const app = await signInToApp(service)
      const held = await app.newCode({ scopes })
      await service.post('/api/auth/logout', undefined, { token: app.browser.accessToken })
      t.match(await app.redeem(held), INVALID_GRANT)
    }
  })

  t.test('an app’s code ends with all sessions of its person', async (t) => {
    const app = await signInToApp(service)
    const held = await app.newCode()
    await service.delete('/api/auth/sessions', { token: app.browser.accessToken })
    t.match(await app.redeem(held), INVALID_GRANT)
  })

  t.test('an app’s code ends with the account', async (t) => {
    const app = await signInToApp(service)
    const held = await app.newCode()
    await service.services.users.store.change(app.account.id, { status: 'disabled' })
    t.match(await app.redeem(held), INVALID_GRANT)
  })

  t.test('an app’s code survives a new password in the session that chose it', async (t) => {
    const app = await signInToApp(service)
    const held = await app.newCode()
    const body = { currentPassword: app.account.password, newPassword: 'quite another 4711' }
    const call = { token: app.browser.accessToken }
    t.equal((await service.post('/api/auth/password', body, call)).status, 204)
    t.equal((await app.redeem(held)).status, 200)
  })
})

t.test('the token for an app’s code is for what was granted (RFC 8707 §2.2)', async (t) => {
  const service = await startService(t, { env })
  const admin = await newAdmin(service)
  const ask = async (
    record: { scopes: string[]; resources: string[] },
    resource?: string | string[],
    overrides = {},
  ) => {
    const app = await signInToApp(service, overrides, admin.account)
    const { status, body } = await app.redeem(
      await app.newCode(record),
      resource === undefined ? {} : { resource },
    )
    if (status !== 200) return body.error
    const { aud, scope, role } = decodeJwt(body.access_token)
    t.equal(scope, body.scope)
    return { aud, scope, ...(role !== undefined && { role }) }
  }
  const both = { scopes: ['openid', 'orders:read', 'billing:read'], resources: [ORDERS, BILLING] }
  const orders = { aud: ORDERS, scope: 'orders:read' }

  t.same(await ask({ scopes: ['openid', 'orders:read'], resources: [ORDERS] }), orders)
  t.same(await ask(both, ORDERS), orders)
  t.same(await ask(both, BILLING), { aud: BILLING, scope: 'billing:read' })
  t.same(await ask(both, USERINFO), { aud: USERINFO, scope: 'openid' })
  t.equal(await ask(both), 'invalid_target', 'one of several has to be named')
  t.equal(await ask(both, [ORDERS, BILLING]), 'invalid_target', 'and one alone')
  t.equal(await ask({ ...both, resources: [ORDERS] }, BILLING), 'invalid_target')
  t.equal(await ask(both, 'latchkey'), 'invalid_target', 'never Latchkey itself')
  t.equal(await ask(both, ISSUER), 'invalid_target')
  t.equal(await ask({ scopes: ['orders:read'], resources: [ORDERS] }, USERINFO), 'invalid_target')
  const gone = { scopes: ['openid'], resources: ['https://gone.example.com'] }
  t.equal(await ask(gone), 'invalid_target', 'an API that is no longer declared')

  const own = { isFirstParty: true }
  const all = 'user admin orders:read orders:write shared:read'
  t.same(await ask({ scopes: ['openid'], resources: [ORDERS] }, undefined, own), {
    aud: ORDERS,
    scope: all,
    role: 'admin',
  })
  t.same(
    await ask({ scopes: ['orders:read'], resources: [ORDERS] }, undefined, own),
    { aud: ORDERS, scope: 'user admin orders:read', role: 'admin' },
    'narrowed to what was asked for',
  )
  t.same(
    await ask({ scopes: ['openid'], resources: [ORDERS] }, undefined, {
      ...own,
      scopes: ['orders:read'],
    }),
    { aud: ORDERS, scope: 'user admin orders:read', role: 'admin' },
    'and to what the app may ever have',
  )
})

t.test('grant types at /oauth/token are those of the client', async (t) => {
  const service = await startService(t, { env })
  const app = await signInToApp(service)
  const { clientId: client_id } = app.client
  for (const [grant_type, error] of [
    ['client_credentials', 'unauthorized_client'],
    ['password', 'unsupported_grant_type'],
    ['urn:ietf:params:oauth:grant-type:device_code', 'unsupported_grant_type'],
  ] as const) {
    t.match(await app.ask({ grant_type, client_id }), { status: 400, body: { error } })
  }
})
