import { decodeJwt, decodeProtectedHeader } from 'jose'
import t, { type Test } from 'tap'
import { MINUTE, SECOND } from '../support/clock.js'
import { forgerFor } from '../support/forge.js'
import {
  type Generated,
  getData,
  newAdmin,
  newOwner,
  type Owner,
  statusOf,
} from '../support/keys.js'
import {
  bare,
  basic,
  type Form,
  machineToken,
  type OAuthEndpoint,
  postForm,
  requestToken,
} from '../support/social.js'
import { startProxy } from '../support/proxy.js'
import { type Answer, type Call, ISSUER, type Service, startService } from '../support/service.js'

const FORM = 'application/x-www-form-urlencoded'
const CACHE = 30 * SECOND
const GRANT = { grant_type: 'client_credentials' }
const SCOPES = ['data:read', 'data:write']
const INACTIVE = { active: false }

t.test('POST /oauth/token', async (t) => {
  const service = await startService(t)
  const owner = await newOwner(service)
  const key = await owner.generate({ scopes: SCOPES })
  const other = await owner.generate()

  t.test('TE-1: /oauth/token answers as RFC 6749 §5.1 wants, for no cache to keep', async (t) => {
    const answer = await requestToken(service, key)
    t.equal(answer.status, 200)
    t.match(answer.headers, {
      'content-type': /^application\/json/,
      'cache-control': 'no-store',
      pragma: 'no-cache',
    })
    const { access_token, ...rest } = answer.body
    t.type(access_token, 'string')
    t.same(rest, { token_type: 'Bearer', expires_in: 900, scope: 'data:read data:write' })
    t.match(service.events('authn_token_created').at(-1), { keyId: key.id })
  })

  t.test(
    'a token of /oauth/token is the machine’s: no person, no session (RFC 9068 §2.2)',
    async (t) => {
      const token = await machineToken(service, key)
      const { kid, ...header } = decodeProtectedHeader(token)
      t.type(kid, 'string')
      t.same(header, { alg: 'RS256', typ: 'at+jwt' })
      const { jti, ...claims } = decodeJwt(token)
      const iat = service.clock() / 1000
      t.same(claims, {
        iss: ISSUER,
        aud: 'latchkey',
        sub: key.id,
        client_id: key.id,
        scope: 'data:read data:write',
        iat,
        exp: iat + 900,
      })
      t.not(jti, decodeJwt(await machineToken(service, key)).jti)
    },
  )

  t.test('/oauth/token gives all scopes of the key, or those asked for', async (t) => {
    const granted: [string, string][] = [
      ['', 'data:read data:write'],
      ['data:write', 'data:write'],
      ['data:write data:read', 'data:write data:read'],
      ['data:read data:read', 'data:read'],
    ]
    for (const [scope, expected] of granted) {
      const { body } = await requestToken(service, key, { scope })
      t.equal(body.scope, expected, JSON.stringify(scope))
      t.equal(decodeJwt(body.access_token).scope, expected)
    }
  })

  t.test('TE-2: /oauth/token says what was wrong (RFC 6749 §5.2)', async (t) => {
    const inBody = { client_id: key.id, client_secret: key.secret }
    const whole = { ...GRANT, ...inBody }
    const authorization = (value: string) => ({ headers: { authorization: value } })
    const refused: Record<string, [what: string, form: Form, call?: Parameters<typeof ask>[1]][]> =
      {
        invalid_request: [
          ['no grant type', inBody],
          ['an empty grant type', { ...whole, grant_type: '' }],
          ['grant type twice', { ...whole, grant_type: ['client_credentials', 'password'] }],
          ['the same grant type twice', { ...whole, grant_type: Array(2).fill(GRANT.grant_type) }],
          ['scope twice', { ...whole, scope: ['data:read', 'data:write'] }],
          ['client id twice', { ...whole, client_id: [key.id, key.id] }],
          ['secret twice', { ...whole, client_secret: [key.secret, 'x'] }],
          ['header and body at once', whole, { client: key }],
          ['an endless secret', { ...whole, client_secret: 'x'.repeat(257) }],
        ],
        invalid_client: [
          ['nobody', GRANT],
          ['an id alone', { ...GRANT, client_id: key.id }],
          ['a secret alone', { ...GRANT, client_secret: key.secret }],
          ['a wrong secret', { ...whole, client_secret: bare(other).secret }],
          ['another key', { ...whole, client_secret: other.secret }],
          ['the id of another key', { ...whole, client_id: other.id }],
          ['an id of nobody', { ...whole, client_id: 'x' }],
          ['an empty secret', { ...whole, client_secret: '' }],
          ['another id in the body', { ...GRANT, client_id: other.id }, { client: key }],
          ['the key as bearer', GRANT, authorization(`Bearer ${key.secret}`)],
          ['the key as x-api-key', GRANT, { headers: { 'x-api-key': key.secret } }],
          ['another scheme', GRANT, authorization('Digest x')],
          ['no base64', GRANT, authorization('Basic %%%')],
          ['no colon', GRANT, authorization(`Basic ${btoa(key.id)}`)],
          ['a broken escape', GRANT, authorization(`Basic ${btoa('%E0%A4%A:x')}`)],
          ['an empty id', GRANT, { client: { id: '', secret: key.secret } }],
        ],
        invalid_scope: [
          ['a scope of nobody', { ...whole, scope: 'admin' }],
          ['a scope of other keys', { ...whole, scope: 'data:read token:introspect' }],
          ['another case', { ...whole, scope: 'DATA:READ' }],
        ],
        // A key has no person's grant; those are for apps.
        unauthorized_client: ['authorization_code', 'refresh_token'].map((grant_type) => [
          grant_type,
          { ...whole, grant_type },
        ]),
        // ASVS V10.4.4: neither the password grant nor the implicit one.
        unsupported_grant_type: [
          'password',
          'implicit',
          'urn:ietf:params:oauth:grant-type:jwt-bearer',
          'CLIENT_CREDENTIALS',
        ].map((grant_type) => [grant_type, { ...whole, grant_type }]),
      }
    const ask = (form: Form, call?: Call & { readonly client?: Generated }) =>
      postForm(service, 'token', form, call)

    for (const [error, rows] of Object.entries(refused)) {
      for (const [what, form, call] of rows) {
        const answer = await ask(form, call)
        isOAuthError(t, answer, error, what)
      }
    }
  })

  t.test('/oauth/token takes its parameters from the body alone (RFC 6749 §2.3.1)', async (t) => {
    const query = new URLSearchParams({ ...GRANT, client_id: key.id, client_secret: 'x' })
    const answer = await service.post(`/oauth/token?${query.toString()}`, '', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    isOAuthError(t, answer, 'invalid_request', 'nothing in the body')
    t.equal((await service.get('/oauth/token')).status, 405)
  })

  t.test('/oauth/token takes a parameter without a value for none (RFC 6749 §3.2)', async (t) => {
    const byHeader = { headers: { authorization: basic(key), 'content-type': FORM } }
    const send = (path: string, body: string, call = byHeader) =>
      service.call('POST', path, { ...call, body })
    const empty = 'client_id=&client_secret=&scope=&token_type_hint=&x='
    t.equal((await send('/oauth/token', `grant_type=client_credentials&${empty}`)).status, 200)
    const noToken = await send('/oauth/revoke', `token=&${empty}`)
    isOAuthError(t, noToken, 'invalid_request', 'a token is needed')
    const token = await machineToken(service, key)
    t.equal((await send('/oauth/revoke', `token=lkr_x&${empty}`)).status, 200)
    const asked = await send('/oauth/introspect', `token=${token}&${empty}`)
    isOAuthError(t, asked, 'insufficient_scope', 'the client is known')
    const anonymous = { headers: { 'content-type': FORM } }
    const silent = await send(
      '/oauth/token',
      `grant_type=client_credentials&${empty}`,
      anonymous as never,
    )
    isOAuthError(t, silent, 'invalid_client', 'no client')
    for (const twice of ['scope=data:read&scope=', 'x=1&x=1', 'x=&x=']) {
      const answer = await send('/oauth/token', `grant_type=client_credentials&${twice}`)
      isOAuthError(t, answer, 'invalid_request', twice)
    }
  })

  t.test('/oauth/token takes JSON for a form, under the same rules', async (t) => {
    const body = { ...GRANT, client_id: key.id, client_secret: key.secret }
    t.equal((await service.post('/oauth/token', body)).status, 200)
    const two = { ...body, grant_type: ['client_credentials'] }
    isOAuthError(t, await service.post('/oauth/token', two), 'invalid_request', 'a list')
    const text = await postForm(service, 'token', GRANT, {
      headers: { 'content-type': 'text/plain' },
    })
    t.match(text, { status: 415, body: { error: 'invalid_request' } }, 'and no text')
  })
})

t.test('a key that is not good gets no token of /oauth/token', async (t) => {
  const service = await startService(t)
  const stop: Record<string, (owner: Owner, id: string) => unknown> = {
    disabled: (owner, id) => owner.patch(id, { status: 'disabled' }),
    deleted: (owner, id) => owner.call('DELETE', `/${id}`),
    expired: () => service.clock.advance(MINUTE),
    'of a disabled owner': ({ id }) =>
      service.services.users.store.change(id, { status: 'disabled' }),
  }
  for (const [how, apply] of Object.entries(stop)) {
    t.test(how, async (t) => {
      const owner = await newOwner(service)
      const expiresAt = new Date(service.clock() + MINUTE).toISOString()
      const key = await owner.generate(how === 'expired' ? { expiresAt } : {})
      t.equal((await requestToken(service, key)).status, 200)
      await apply(owner, key.id)
      service.clock.advance(CACHE)
      isOAuthError(t, await requestToken(service, key), 'invalid_client', how)
    })
  }
})

t.test(
  'a key with limits gets no token of /oauth/token, which would not keep them, and is told so',
  async (t) => {
    const service = await startService(t)
    const [owner, admin] = [await newOwner(service), await newAdmin(service)]
    const limits = {
      allowedCidrs: ['192.0.2.0/24'],
      rateLimit: { limit: 10, windowSeconds: 60 },
      monthlyQuota: 10,
    }
    const ask = (client: Generated, remoteAddress = '192.0.2.7') =>
      postForm(service, 'token', GRANT, { client, remoteAddress })
    for (const [name, limit] of Object.entries(limits)) {
      const key = await owner.generate({ [name]: limit })
      const answer = await ask(key)
      isOAuthError(t, answer, 'unauthorized_client', name)
      t.match(answer.body.error_description, `(${name}). Call with the key itself, in x-api-key.`)
      await owner.patch(key.id, { [name]: null })
      t.equal((await ask(key)).status, 200, 'until the limit is taken away')
      await admin.patch(key.id, { [name]: limit })
      isOAuthError(t, await ask(key), 'unauthorized_client', 'an administrator’s limit too')
    }
    const walled = await owner.generate({ allowedCidrs: limits.allowedCidrs })
    isOAuthError(t, await ask(walled, '198.51.100.7'), 'invalid_client', 'from elsewhere')
    const env = { API_KEY_DEFAULT_MONTHLY_QUOTA: '5' }
    const strict = await startService(t, { beside: service, env })
    const key = await (await newOwner(strict)).generate()
    isOAuthError(t, await ask(key), 'unauthorized_client', 'a limit by setting')
  },
)

t.test(
  'requests to OAuth endpoints from one address are limited, each endpoint apart',
  async (t) => {
    const service = await startService(t, { env: { RATE_LIMIT_PER_ADDRESS: '2' } })
    for (const endpoint of ['token', 'revoke', 'introspect'] as const) {
      const ask = (remoteAddress: string) =>
        postForm(service, endpoint, { ...GRANT, token: 'x' }, { remoteAddress })
      for (let i = 0; i < 2; i++) t.not((await ask('192.0.2.1')).status, 429)
      const answer = await ask('192.0.2.1')
      const slower = {
        status: 429,
        headers: { 'retry-after': /^\d+$/ },
        body: { error: 'slow_down' },
      }
      t.match(answer, slower, endpoint)
      t.same(Object.keys(answer.body).sort(), ['error', 'error_description'])
      t.not((await ask('192.0.2.2')).status, 429, 'another address')
    }
  },
)

t.test('RV-1: POST /oauth/revoke', async (t) => {
  const service = await startService(t)
  const owner = await newOwner(service)
  const revoke = (token: string, client?: Generated) =>
    postForm(service, 'revoke', { token }, client && { client })

  t.test('/oauth/revoke is content with a token that is none, or none any more', async (t) => {
    const key = await owner.generate()
    const deleted = await owner.generate()
    await owner.call('DELETE', `/${deleted.id}`)
    const { refreshToken } = await service.signIn(owner.account)
    for (const token of [
      'unknown',
      `${key.secret}x`,
      `lkr_${'x'.repeat(100)}`,
      refreshToken.slice(1),
    ]) {
      t.equal((await revoke(token)).status, 200)
    }
    t.equal((await revoke(deleted.secret)).status, 200)
    t.equal(await statusOf(service, key.secret), 200)
    t.equal(await refresh(service, refreshToken), 200)
  })

  t.test('/oauth/revoke of a refresh token takes its session along, and no other', async (t) => {
    const [ended, kept] = [await service.signIn(owner.account), await service.signIn(owner.account)]
    for (let i = 0; i < 2; i++) t.equal((await revoke(ended.refreshToken)).status, 200)
    t.equal(await refresh(service, ended.refreshToken), 401)
    t.equal((await service.get('/api/auth/sessions', { token: ended.accessToken })).status, 401)
    t.equal(await refresh(service, kept.refreshToken), 200)
  })

  t.test('/oauth/revoke lets a key give itself up', async (t) => {
    const key = await owner.generate()
    const token = await machineToken(service, key)
    t.equal((await revoke(key.secret, key)).status, 200)
    service.clock.advance(CACHE)
    t.equal(await statusOf(service, key.secret), 401)
    isOAuthError(t, await requestToken(service, key), 'invalid_client', 'nor a token')
    t.match(await owner.show(key.id), {
      status: 'disabled',
      events: [{ what: 'created' }, { what: 'revoked' }],
    })
    const asker = await newAsker(service)
    t.same((await introspect(service, asker, token)).body, INACTIVE, 'its tokens are dead, too')
  })

  t.test('/oauth/revoke lets no one else give a key up', async (t) => {
    const [key, other] = [await owner.generate(), await owner.generate()]
    isOAuthError(t, await revoke(key.secret, other), 'invalid_client', 'another client')
    isOAuthError(t, await revoke(key.secret), 'invalid_client', 'no client')
    const impostor = { id: key.id, secret: other.secret }
    isOAuthError(t, await revoke(key.secret, impostor), 'invalid_client', 'a wrong secret')
    service.clock.advance(CACHE)
    t.equal(await statusOf(service, key.secret), 200)
  })

  t.test('/oauth/revoke lets an access token live out its minutes', async (t) => {
    const key = await owner.generate()
    const { accessToken } = await service.signIn(owner.account)
    for (const token of [accessToken, await machineToken(service, key)]) {
      isOAuthError(t, await revoke(token, key), 'unsupported_token_type', 'an access token')
    }
    t.equal((await service.get('/api/protected', { token: accessToken })).status, 200)
  })

  t.test('/oauth/revoke wants one token', async (t) => {
    for (const form of [{}, { token: '' }, { token: ['a', 'b'] }] as Form[]) {
      const answer = await postForm(service, 'revoke', form)
      isOAuthError(t, answer, 'invalid_request', JSON.stringify(form))
    }
    const hinted = { token: 'x', token_type_hint: 'refresh_token' }
    t.equal((await postForm(service, 'revoke', hinted)).status, 200, 'a hint is taken')
  })
})

t.test('IN-1: POST /oauth/introspect', async (t) => {
  const service = await startService(t)
  const owner = await newOwner(service)
  const asker = await newAsker(service)
  const ask = async (token: string) => (await introspect(service, asker, token)).body

  t.test('/oauth/introspect is for clients who may', async (t) => {
    const { accessToken: token } = await service.signIn(owner.account)
    const plain = await owner.generate({ scopes: SCOPES })
    isOAuthError(t, await postForm(service, 'introspect', { token }), 'invalid_client', 'nobody')
    isOAuthError(
      t,
      await introspect(service, plain, token),
      'insufficient_scope',
      'without the scope',
    )
    const byBearer = { headers: { authorization: `Bearer ${token}` } }
    const answer = await postForm(service, 'introspect', { token }, byBearer)
    isOAuthError(t, answer, 'invalid_client', 'a user')
    const empty = await postForm(service, 'introspect', {}, { client: asker })
    isOAuthError(t, empty, 'invalid_request', 'no token')
  })

  t.test('/oauth/introspect tells what a live token is worth', async (t) => {
    const issued = service.clock() / 1000
    const times = { iat: issued, exp: issued + 900 }
    const { accessToken } = await service.signIn(owner.account)
    const expiresAt = '2031-01-01T00:00:00.000Z'
    const key = await owner.generate({ scopes: SCOPES, expiresAt })
    const unbounded = await owner.generate()
    const scope = SCOPES.join(' ')
    const jwt = { active: true, token_type: 'Bearer', iss: ISSUER, aud: 'latchkey', ...times }
    const keys = { active: true, token_type: 'api_key', sub: owner.id }
    const person = { client_id: 'latchkey', scope: 'user', role: 'user' }
    const signIn = { amr: ['pwd'], acr: 'urn:latchkey:1', auth_time: issued }
    const live: [what: string, token: string, members: object][] = [
      ['a user’s access token', accessToken, { ...jwt, ...person, ...signIn, sub: owner.id }],
      [
        'a machine’s access token',
        await machineToken(service, key),
        { ...jwt, sub: key.id, client_id: key.id, scope },
      ],
      [
        'a key',
        key.secret,
        { ...keys, client_id: key.id, scope, exp: Date.parse(expiresAt) / 1000 },
      ],
      [
        'a key without end',
        unbounded.secret,
        { ...keys, client_id: unbounded.id, scope: 'data:read' },
      ],
    ]
    for (const [what, token, members] of live) {
      const { jti, ...body } = await ask(token)
      t.same(body, members, what)
      if (token.startsWith('eyJ')) t.equal(jti, decodeJwt(token).jti)
    }
  })

  t.test(
    'RFC 9470 §6.2: /oauth/introspect tells of the sign-in that the token was made for',
    async (t) => {
      const { accessToken, refreshToken } = await service.signIn(owner.account)
      const signedIn = { auth_time: service.clock() / 1000 }
      service.clock.advance(MINUTE)
      const { body } = await service.post('/api/auth/refresh', { refreshToken })
      t.match(await ask(body.accessToken), signedIn, 'a refresh is no sign-in')
      const forger = await forgerFor(service, accessToken)
      const strong = { amr: ['pwd', 'otp', 'mfa'], acr: 'urn:latchkey:2' }
      t.match(await ask(forger.forge({ claims: strong })), { ...strong, ...signedIn })
      const earlier = { amr: undefined, acr: undefined, auth_time: undefined }
      const answer = await ask(forger.forge({ claims: earlier }))
      t.equal(answer.active, true, 'a token of an earlier version')
      for (const name of Object.keys(earlier)) t.notOk(name in answer, name)
      t.same(await ask(forger.forge({ claims: { auth_time: 'now' } })), INACTIVE)
    },
  )

  t.test(
    '/oauth/introspect tells of every other token nothing but that it is not live',
    async (t) => {
      const dead: Record<string, () => Promise<string>> = {
        garbage: async () => 'garbage',
        'a token of three parts': async () => 'a.b.c',
        'a refresh token': async () => (await service.signIn(owner.account)).refreshToken,
        'a forged access token': async () => {
          const { accessToken } = await service.signIn(owner.account)
          const forger = await forgerFor(service, accessToken)
          return forger.forge({ sign: () => Buffer.alloc(256) })
        },
        'an ID token of our own key': async () => {
          const { accessToken } = await service.signIn(owner.account)
          return (await forgerFor(service, accessToken)).forge({ header: { typ: 'JWT' } })
        },
        'a token of an ended session': async () => {
          const { accessToken: token } = await service.signIn(owner.account)
          await service.post('/api/auth/logout', undefined, { token })
          return token
        },
        'a token of a disabled user': async () => {
          const account = await service.signUp()
          const { accessToken } = await service.signIn(account)
          await service.services.users.store.change(account.id, { status: 'disabled' })
          return accessToken
        },
        'a token of a deleted key': async () => {
          const key = await owner.generate()
          const token = await machineToken(service, key)
          await owner.call('DELETE', `/${key.id}`)
          return token
        },
        'a token of a disabled key': async () => {
          const key = await owner.generate()
          const token = await machineToken(service, key)
          await owner.patch(key.id, { status: 'disabled' })
          return token
        },
        'a token of a key whose owner is disabled': async () => {
          const stranger = await newOwner(service)
          const token = await machineToken(service, await stranger.generate())
          await service.services.users.store.change(stranger.id, { status: 'disabled' })
          return token
        },
        'a deleted key that was in use': async () => {
          const key = await owner.generate()
          await getData(service, key.secret)
          await owner.call('DELETE', `/${key.id}`)
          return key.secret
        },
        'a wrong secret of a key': async () => {
          const [key, other] = [await owner.generate(), await owner.generate()]
          return key.secret.slice(0, -49) + other.secret.slice(-49)
        },
        'an expired access token': async () => {
          const { accessToken } = await service.signIn(owner.account)
          service.clock.advance(15 * MINUTE)
          return accessToken
        },
        'an expired machine token': async () => {
          const token = await machineToken(service, await owner.generate())
          service.clock.advance(15 * MINUTE)
          return token
        },
      }
      for (const [what, make] of Object.entries(dead)) {
        const { status, text } = await introspect(service, asker, await make())
        t.same([status, text], [200, JSON.stringify(INACTIVE)], what)
      }
    },
  )

  t.test(
    '/oauth/introspect tells why a key is no good, if its right secret was sent',
    async (t) => {
      const inactive = async (token: string) => (await introspect(service, asker, token)).body
      const off = await owner.generate()
      await owner.patch(off.id, { status: 'disabled' })
      t.same(await inactive(off.secret), { active: false, inactive_reason: 'disabled' })
      const other = await owner.generate()
      t.same(await inactive(off.secret.slice(0, -49) + other.secret.slice(-49)), INACTIVE)
      const token = await machineToken(service, other)
      await owner.patch(other.id, { status: 'disabled' })
      t.same(await inactive(token), INACTIVE, 'of a token nothing is said')
      const expiresAt = new Date(service.clock() + SECOND).toISOString()
      const late = await owner.generate({ expiresAt })
      service.clock.advance(SECOND)
      t.same(await inactive(late.secret), { active: false, inactive_reason: 'expired' })
    },
  )

  t.test(
    '/oauth/introspect tells of a key that is bound to the addresses of its holder, too',
    async (t) => {
      const allowedCidrs = ['192.0.2.0/24', '127.0.0.0/8']
      const key = await owner.generate()
      const made = await machineToken(service, key)
      await owner.patch(key.id, { allowedCidrs })
      for (const token of [key.secret, made]) {
        const told = { active: true, client_id: key.id, allowed_cidrs: allowedCidrs }
        t.match(await ask(token), told)
      }
    },
  )

  t.test(
    '/oauth/introspect tells until when the secret of a key that was sent is good',
    async (t) => {
      const [overlap, expiry] = [60, 3600]
      const now = service.clock() / 1000
      const expiresAt = new Date((now + expiry) * 1000).toISOString()
      const key = await owner.generate({ expiresAt })
      const next = await owner.rotate(key.id, overlap)
      t.equal((await ask(key.secret)).exp, now + overlap, 'the old one, to the end of its overlap')
      t.equal((await ask(next)).exp, now + expiry, 'the new one, to the end of the key')

      const leaked = await owner.generate()
      t.notOk('exp' in (await ask(leaked.secret)))
      const withdrawal = { where: 'https://example.com/', action: 'rotate', graceMs: MINUTE }
      await service.services.apiKeys.withdrawLeaked({}, leaked.secret, withdrawal)
      t.equal((await ask(leaked.secret)).exp, now + 60, 'a leaked one, to the end of its term')
      service.clock.advance(MINUTE)
      t.same(await ask(leaked.secret), INACTIVE)
      t.same(await ask(key.secret), INACTIVE)
    },
  )

  t.test(
    '/oauth/introspect tells that a person’s token opens what their role does by now',
    async (t) => {
      const { account } = await newAdmin(service)
      const { accessToken: token } = await service.signIn(account)
      const admin = { active: true, role: 'admin', scope: 'user admin' }
      const user = { active: true, role: 'user', scope: 'user' }
      t.match(await ask(token), admin)
      await service.services.users.store.change(account.id, { role: 'user' })
      t.match(await ask(token), user)
      await service.services.users.store.change(account.id, { role: 'admin' })
      t.match(await ask(token), admin)
    },
  )

  t.test(
    '/oauth/introspect tells that a machine’s token has the scopes that its key still has',
    async (t) => {
      const key = await owner.generate({ scopes: SCOPES })
      const token = await machineToken(service, key)
      const { body } = await requestToken(service, key, { scope: 'data:read' })
      await owner.patch(key.id, { scopes: ['data:write'] })
      t.match(await ask(token), { active: true, scope: 'data:write' })
      t.same(await ask(body.access_token), INACTIVE, 'none of its scopes is left')
    },
  )
})

t.test('who may introspect is counted once; who may not, before a key is read', async (t) => {
  const service = await startService(t, {
    env: { RATE_LIMIT_PER_ADDRESS: '3', VERIFICATION_CACHE_SECONDS: '0' },
  })
  const owner = await newOwner(service)
  const admin = await newAdmin(service)
  const made = await admin.generate({ scopes: ['token:introspect'] })
  const plain = await owner.generate()
  const { secret: token } = plain
  const ask = async (client: Generated) => (await introspect(service, client, token)).status

  for (let i = 0; i < 6; i++) t.equal(await ask(made), 200)
  t.equal(await ask(plain), 403)
  t.equal(await ask({ ...made, secret: plain.secret }), 401)
  const before = service.calls.length
  t.equal(await ask(plain), 429)
  t.notMatch(service.calls.slice(before).join(), /apiKeys|users/, 'no key is read')
  t.equal(await ask(made), 200)

  await admin.patch(made.id, { status: 'disabled' })
  t.equal(await ask(made), 401, 'a key that has ended')
  t.equal(await ask(made), 429, 'counts again')
})

t.test('an outage at /oauth/introspect is no judgement on a token', async (t) => {
  const proxy = await startProxy(t)
  for (const policy of ['refuse', 'allow']) {
    const env = { RATE_LIMIT_ON_OUTAGE: policy, VERIFICATION_CACHE_SECONDS: '0' }
    const service = await startService(t, { endpoint: proxy.endpoint, env })
    const owner = await newAdmin(service)
    const client = await owner.generate({ scopes: ['token:introspect'] })
    const token = await machineToken(service, client)
    const { refreshToken } = await service.signIn(owner.account)
    const asked: [OAuthEndpoint, Form, Generated | undefined][] = [
      ['token', GRANT, client],
      ['introspect', { token }, client],
      ['revoke', { token: client.secret }, client],
      ['revoke', { token: refreshToken }, undefined],
    ]
    proxy.decide(() => 'fail')
    for (const [endpoint, form, client] of asked) {
      const answer = await postForm(service, endpoint, form, client && { client })
      t.match(
        answer,
        {
          status: 503,
          headers: { 'retry-after': /^\d+$/ },
          body: { error: 'temporarily_unavailable' },
        },
        `${endpoint}, limiter: ${policy}`,
      )
      const failure = service.events('dependency_failed').at(-1)
      t.match(failure, { reason: 'STORE_UNAVAILABLE', cause: /\w/ }, 'and the log names its cause')
    }
    proxy.decide(() => 'pass')
    t.equal((await requestToken(service, client)).status, 200, 'nothing was revoked')
    t.equal(await refresh(service, refreshToken), 200)
  }
})

/** A key of an administrator that may introspect. */
const newAsker = async (service: Service): Promise<Generated> =>
  (await newAdmin(service)).generate({ scopes: ['token:introspect'] })

const introspect = (service: Service, client: Generated, token: string): Promise<Answer> =>
  postForm(service, 'introspect', { token }, { client })

async function refresh(service: Service, refreshToken: string): Promise<number> {
  return (await service.post('/api/auth/refresh', { refreshToken })).status
}

const STATUS: Readonly<Record<string, number>> = { invalid_client: 401, insufficient_scope: 403 }

/** 401 with the challenge of the one scheme for `invalid_client`, else 400; never cached. */
function isOAuthError(t: Test, { status, headers, body }: Answer, error: string, what: string) {
  const isClient = error === 'invalid_client'
  const challenge = isClient ? 'Basic realm="latchkey", charset="UTF-8"' : undefined
  t.same([status, body.error], [STATUS[error] ?? 400, error], what)
  t.same(Object.keys(body), ['error', 'error_description'])
  t.equal(headers['www-authenticate'], challenge)
  t.match(headers, { 'content-type': /^application\/json/, 'cache-control': 'no-store' })
}
