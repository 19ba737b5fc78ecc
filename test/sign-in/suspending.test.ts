import t from 'tap'
import { en } from '../../src/pages/texts/en.js'
import { Problem } from '../../src/http/problem.js'
import { Browser } from '../support/browser.js'
import { DAY, HOUR, MINUTE, SECOND } from '../support/clock.js'
import {
  fromOwnPage,
  newSubject,
  startWithOpenProviders,
  type Subject,
} from '../support/identity-provider.js'
import { type Generated, getData, KEYS, newAdmin, statusOf } from '../support/keys.js'
import { MAIL, mailsTo, proveAddress } from '../support/mail.js'
import { machineToken, postForm } from '../support/social.js'
import { jarOf, submit } from '../support/pages.js'
import { type EngineCall, startProxy } from '../support/proxy.js'
import {
  type Account,
  type Answer,
  newAccount,
  type Service,
  type ServiceOptions,
  startService,
} from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const PASSWORD = '/api/auth/password'
const IDENTITIES = '/api/auth/identities'
const LINK = '?link=true'

/** A key that a session makes, which must have begun within 15 minutes. */
async function makeKey(service: Service, token: string, settings = {}): Promise<Generated> {
  const body = { name: 'k', ...settings }
  const answer = await service.post(`${KEYS}/generate`, body, { token })
  if (answer.status !== 201) throw new Error(`the key answered ${answer.status}`)
  return { id: answer.body.key.id, secret: answer.body.apiKey }
}

const signIn = async (service: Service, account: Account): Promise<string> =>
  (await service.signIn(account)).accessToken

interface Changed {
  readonly answer: Answer
  readonly account: Account
}

/** Changes the password in a session. @returns the account with the new one. */
async function changePassword(
  service: Service,
  account: Account,
  token: string,
  fields: object = {},
): Promise<Changed> {
  const { password: newPassword } = newAccount()
  const body = { currentPassword: account.password, newPassword, ...fields }
  const answer = await service.post(PASSWORD, body, { token })
  return { answer, account: { ...account, password: newPassword } }
}

/** An account with a key of last month, a thief with its password and a key, and its owner's new session. */
async function scene(service: Service) {
  const account = await service.signUp()
  const partner = await makeKey(service, await signIn(service, account), { name: 'partner' })
  service.clock.advance(30 * DAY)
  const thief = await signIn(service, account)
  const planted = await makeKey(service, thief, { name: 'planted' })
  service.clock.advance(MINUTE)
  return { account, partner, thief, planted, owner: await signIn(service, account) }
}

async function showKey(service: Service, token: string, { id }: Generated) {
  return (await service.get(`${KEYS}/${id}`, { token })).body.key
}

t.test('a new password suspends the API keys that were made lately', async (t) => {
  const service = await startService(t)
  const other = await startService(t, { beside: service })
  const admin = await newAdmin(service)
  const asker = await admin.generate({ scopes: ['token:introspect'] })
  const { account, partner, thief, planted, owner } = await scene(service)
  const token = await machineToken(service, planted)
  t.equal(await statusOf(service, planted.secret), 200)
  t.equal(await statusOf(other, planted.secret), 200)

  const { answer } = await changePassword(service, account, owner)
  t.equal(answer.status, 204)
  t.equal(answer.text, '')
  t.match(await getData(service, planted.secret), {
    status: 401,
    body: { code: 'API_KEY_DISABLED', detail: /suspended/ },
  })
  t.equal(await statusOf(service, partner.secret), 200, 'an older key goes on')
  t.equal((await service.get(KEYS, { token: thief })).status, 401, 'the thief’s session has ended')

  t.equal(await statusOf(other, planted.secret), 200, 'another instance remembers it')
  service.clock.advance(30 * SECOND)
  t.equal(await statusOf(other, planted.secret), 401, 'for at most 30 seconds')
  const swapped = await postForm(
    service,
    'token',
    { grant_type: 'client_credentials' },
    { client: planted },
  )
  t.equal(swapped.status, 401, 'no further token')
  for (const [text, active] of [
    [token, false],
    [planted.secret, false],
    [partner.secret, true],
  ] as const) {
    const { body } = await postForm(service, 'introspect', { token: text }, { client: asker })
    t.equal(body.active, active)
  }

  t.match(await showKey(service, owner, planted), {
    status: 'suspended',
    suspendedBy: 'service',
    suspendedReason: 'password_changed',
    events: [{ what: 'created' }, { what: 'suspended', by: 'service' }],
  })
  t.match(await showKey(service, owner, partner), { status: 'active', suspendedReason: null })
  const event = { userId: account.id, keyId: planted.id, reason: 'password_changed' }
  t.match(service.events('api_key_suspended'), [event])
  t.equal(service.events('api_key_suspended').length, 1)
})

t.test('a new password suspends no API keys where its owner says so', async (t) => {
  const service = await startService(t)
  const { account, planted, owner } = await scene(service)
  const refused = await changePassword(service, account, owner, {
    suspendRecentCredentials: 'false',
  })
  t.match(refused.answer, { status: 400, body: { code: 'VALIDATION_FAILED' } })
  const { answer } = await changePassword(service, account, owner, {
    suspendRecentCredentials: false,
  })
  t.equal(answer.status, 204)
  t.equal(await statusOf(service, planted.secret), 200)
  t.same(service.events('api_key_suspended'), [])
})

t.test('a change of password that is refused suspends no API keys', async (t) => {
  const service = await startService(t)
  const { account, planted, owner } = await scene(service)
  const wrong = await changePassword(service, { ...account, password: 'not this one' }, owner)
  t.equal(wrong.answer.status, 401)
  const short = await service.post(
    PASSWORD,
    { currentPassword: account.password, newPassword: 'short' },
    { token: owner },
  )
  t.equal(short.status, 400)
  t.equal(await statusOf(service, planted.secret), 200)
})

t.test('the API keys that a new password suspends as recent', async (t) => {
  const service = await startService(t)

  t.test(
    'a new password suspends API keys of the last 7 days, where the sessions that end are older',
    async (t) => {
      const account = await service.signUp()
      const token = await signIn(service, account)
      const older = await makeKey(service, token)
      service.clock.advance(1)
      const newer = await makeKey(service, token)
      service.clock.advance(7 * DAY - 1)
      const { answer } = await changePassword(service, account, await signIn(service, account))
      t.equal(answer.status, 204)
      t.equal(await statusOf(service, older.secret), 401, 'to the millisecond')
      t.equal(await statusOf(service, newer.secret), 401)
      const after = await service.signUp()
      const late = await makeKey(service, await signIn(service, after))
      service.clock.advance(7 * DAY + 1)
      await changePassword(service, after, await signIn(service, after))
      t.equal(await statusOf(service, late.secret), 200)
    },
  )

  t.test(
    'a new password suspends API keys since the oldest session that ends, where all are younger',
    async (t) => {
      const account = await service.signUp()
      const first = await service.signIn(account)
      const before = await makeKey(service, first.accessToken)
      const { sessions } = (await service.get('/api/auth/sessions', { token: first.accessToken }))
        .body
      await service.delete(`/api/auth/sessions/${sessions[0].id}`, { token: first.accessToken })
      service.clock.advance(HOUR)
      const oldest = await signIn(service, account)
      const since = await makeKey(service, oldest)
      service.clock.advance(HOUR)
      await signIn(service, account)
      await changePassword(service, account, await signIn(service, account))
      t.equal(await statusOf(service, before.secret), 200)
      t.equal(await statusOf(service, since.secret), 401)
    },
  )

  t.test(
    'the session that goes on after a new password dates no suspension of API keys',
    async (t) => {
      const account = await service.signUp()
      const token = await signIn(service, account)
      const own = await makeKey(service, token)
      service.clock.advance(MINUTE)
      const planted = await makeKey(service, await signIn(service, account))
      await changePassword(service, account, token)
      t.equal(await statusOf(service, own.secret), 200)
      t.equal(await statusOf(service, planted.secret), 401)
    },
  )

  t.test(
    'a new password suspends API keys of 7 days, where all sessions were ended before',
    async (t) => {
      const { account, partner, planted, owner } = await scene(service)
      t.equal((await service.delete('/api/auth/sessions', { token: owner })).status, 204)
      await changePassword(service, account, await signIn(service, account))
      t.equal(await statusOf(service, planted.secret), 401)
      t.equal(await statusOf(service, partner.secret), 200)
    },
  )
})

t.test('a suspension of API keys by a new password is lifted', async (t) => {
  const service = await startService(t)
  const admin = await newAdmin(service)
  const { account, planted, owner } = await scene(service)
  const { account: changed } = await changePassword(service, account, owner)
  const enable = (token: string) =>
    service.call('PATCH', `${KEYS}/${planted.id}`, { token, body: { status: 'active' } })

  t.test(
    'a suspension of API keys by a new password is lifted after a recent sign-in',
    async (t) => {
      const { refreshToken } = await service.signIn(changed)
      service.clock.advance(15 * MINUTE)
      const renewed = await service.post('/api/auth/refresh', { refreshToken })
      t.match(await enable(renewed.body.accessToken), {
        status: 401,
        body: { code: 'RECENT_SIGN_IN_REQUIRED' },
      })
      t.equal(await statusOf(service, planted.secret), 401)
      const token = await signIn(service, changed)
      t.match(await enable(token), {
        status: 200,
        body: {
          key: { status: 'active', suspendedReason: null, events: [{}, {}, { what: 'lifted' }] },
        },
      })
      t.equal(await statusOf(service, planted.secret), 200, 'at once')
      const event = { userId: account.id, keyId: planted.id, ownerId: account.id }
      t.match(service.events('api_key_suspension_lifted'), [event])
    },
  )

  t.test('a suspension of API keys by a new password is lifted by an administrator', async (t) => {
    const { account, planted, owner } = await scene(service)
    await changePassword(service, account, owner)
    t.equal(await statusOf(service, planted.secret), 401)
    await admin.patch(planted.id, { status: 'active' })
    t.equal(await statusOf(service, planted.secret), 200)
    t.match(service.events('authz_admin').at(-1), { action: 'update_key', keyId: planted.id })
  })
})

t.test(
  'an API key that an administrator disabled stays so when a new password’s suspension is lifted',
  async (t) => {
    const service = await startService(t)
    const admin = await newAdmin(service)
    const account = await service.signUp()
    const token = await signIn(service, account)
    const scopes = ['data:read', 'data:write']
    const [narrowed, disabled, later] = [
      await makeKey(service, token, { scopes }),
      await makeKey(service, token),
      await makeKey(service, token),
    ]
    await admin.patch(narrowed.id, { scopes: ['data:read'] })
    await admin.patch(disabled.id, { status: 'disabled' })
    await changePassword(service, account, token)
    await admin.patch(later.id, { status: 'disabled' })
    const enable = async ({ id }: Generated) =>
      (await service.call('PATCH', `${KEYS}/${id}`, { token, body: { status: 'active' } })).status
    t.equal(await enable(narrowed), 200)
    t.same((await showKey(service, token, narrowed)).scopes, ['data:read'])
    t.match(await showKey(service, token, disabled), { suspendedBy: 'administrator' })
    t.equal(await enable(disabled), 403)
    t.match(await showKey(service, token, later), { suspendedBy: 'administrator' })
    t.equal(await enable(later), 403)
  },
)

t.test('a new password suspends 60 API keys at once', async (t) => {
  const service = await startService(t, { env: { API_KEYS_PER_OWNER: '80' } })
  const account = await service.signUp()
  const token = await signIn(service, account)
  const keys: Generated[] = []
  for (let count = 0; count < 60; count++) keys.push(await makeKey(service, token))
  const { answer } = await changePassword(service, account, token)
  t.equal(answer.status, 204)
  const statuses = await Promise.all(keys.map(({ secret }) => statusOf(service, secret)))
  t.same(tally(statuses), { 401: 60 })
  const { body } = await service.get(KEYS, { token })
  t.same(tally(body.keys.map(({ status }: { status: string }) => status)), { suspended: 60 })
  t.equal(service.events('api_key_suspended').length, 60)
})

t.test('two new passwords at once: one stays, and the API key stops', async (t) => {
  const service = await startService(t)
  const { account, planted, partner, owner } = await scene(service)
  const changes = await parallel(2, () => changePassword(service, account, owner))
  t.same(tally(changes.map(({ answer }) => answer.status)), { 204: 1, 401: 1 })
  const [done] = changes.filter(({ answer }) => answer.status === 204)
  t.ok(await signIn(service, done?.account as Account))
  t.equal(await statusOf(service, planted.secret), 401)
  t.equal(await statusOf(service, partner.secret), 200)
})

/** The code of the problem that a call ends with. */
const refusalOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'none',
    (error: unknown) => (error instanceof Problem ? error.type.code : error),
  )

t.test('a session that a new password ended makes and enables no API key', async (t) => {
  const service = await startService(t)
  const { account, planted, owner } = await scene(service)
  const before = await service.services.users.store.findById(account.id)
  if (!before) throw new Error('the account is gone')
  await changePassword(service, account, owner)
  const making = service.services.apiKeys.generate({}, before, { name: 'late' })
  t.equal(await refusalOf(making), 'TOKEN_INVALID', 'makes no key')
  const enabling = service.services.apiKeys.update(
    {},
    before,
    planted.id,
    { status: 'active' },
    () => undefined,
  )
  t.equal(await refusalOf(enabling), 'TOKEN_INVALID', 'lifts nothing')
  const profile = {
    ...{ provider: 'acme', issuer: 'https://idp.example', subject: account.id },
    ...{ emailVerified: false, domains: [] },
  }
  const linking = service.services.identities.link({ language: 'en' }, before, profile)
  t.equal(await refusalOf(linking), 'SIGN_IN_REQUIRED', 'links no identity')
})

t.test(
  'a new password suspends API keys together or not at all while the store fails half-way',
  async (t) => {
    const start = async (t: Test, options: ServiceOptions = {}) => {
      const proxy = await startProxy(t)
      const service = await startService(t, { endpoint: proxy.endpoint, ...options })
      return { proxy, service, ...(await scene(service)) }
    }
    const writes = (table: string, service: Service) => (call: EngineCall) =>
      ['UpdateItem', 'TransactWriteItems'].includes(call.operation) &&
      call.body.includes(service.config.tables[table as 'users' | 'apiKeys'])
    const isPasswordWrite = (call: EngineCall) => call.body.includes('suspendingKeys = :keys')

    t.test(
      'a new password that the store refuses leaves the old one and the API keys',
      async (t) => {
        const { proxy, service, account, owner, planted } = await start(t)
        proxy.decide((call) => (isPasswordWrite(call) ? 'fail' : 'pass'))
        const { answer } = await changePassword(service, account, owner)
        t.equal(answer.status, 503)
        proxy.decide(() => 'pass')
        t.ok(await signIn(service, account))
        t.equal(await statusOf(service, planted.secret), 200)
        t.match(await showKey(service, owner, planted), { status: 'active' })
      },
    )

    t.test(
      'a new password’s suspension of API keys is found again after a lost answer',
      async (t) => {
        const { proxy, service, account, owner, planted } = await start(t)
        let isFirst = true
        proxy.decide((call) => {
          if (!isPasswordWrite(call) || !isFirst) return 'pass'
          isFirst = false
          return 'lose-answer'
        })
        const { answer, account: changed } = await changePassword(service, account, owner)
        t.equal(answer.status, 204)
        t.ok(await signIn(service, changed))
        t.equal(await statusOf(service, planted.secret), 401)
      },
    )

    t.test(
      'a new password that was set is told with its suspended keys, whatever fails after it',
      async (t) => {
        const { proxy, service, account, owner } = await start(t)
        proxy.decide(({ body }) => (body.includes('DELETE attempts') ? 'fail' : 'pass'))
        const { account: changed } = await changePassword(service, account, owner)
        proxy.decide(() => 'pass')
        t.ok(await signIn(service, changed))
        t.match(service.events('authn_password_change'), [{ userId: account.id }])
      },
    )

    t.test('a new password suspends API keys before they can be written again', async (t) => {
      const { proxy, service, account, owner, planted, partner } = await start(t)
      const isKeyWrite = writes('apiKeys', service)
      proxy.decide((call) => (isKeyWrite(call) ? 'fail' : 'pass'))
      const { answer, account: changed } = await changePassword(service, account, owner)
      t.equal(answer.status, 204)
      t.match(service.events('api_key_suspension_delayed'), [{ userId: account.id }])
      const other = await startService(t, { beside: service })
      for (const instance of [service, other]) {
        t.equal(await statusOf(instance, planted.secret), 401)
        t.equal(await statusOf(instance, partner.secret), 200)
      }
      t.equal((await service.get(KEYS, { token: owner })).status, 503, 'the list would be wrong')
      t.equal(
        (await changePassword(service, changed, owner)).answer.status,
        503,
        'another change would forget the first',
      )
      proxy.decide(() => 'pass')
      t.match(await showKey(service, owner, planted), {
        status: 'suspended',
        events: [{ what: 'created' }, { what: 'suspended' }],
      })
      service.clock.advance(MINUTE)
      const fresh = await makeKey(service, owner)
      t.equal(await statusOf(service, fresh.secret), 200, 'and it is over')
    })

    t.test(
      'an administrator who looks at API keys first finds the new password’s suspension done',
      async (t) => {
        const { proxy, service, account, owner, planted } = await start(t)
        const admin = await newAdmin(service)
        await admin.call('GET')
        const isKeyWrite = writes('apiKeys', service)
        proxy.decide((call) => (isKeyWrite(call) ? 'fail' : 'pass'))
        await changePassword(service, account, owner)
        proxy.decide(() => 'pass')
        await admin.patch(planted.id, { status: 'active' })
        t.equal(await statusOf(service, planted.secret), 200, 'and lifts it')
        t.match(await admin.show(planted.id), {
          events: [{}, { what: 'suspended' }, { what: 'lifted', by: 'administrator' }],
        })
      },
    )
  },
)

t.test('a new password suspends an API key that the index does not list yet', async (t) => {
  const proxy = await startProxy(t)
  const service = await startService(t, { endpoint: proxy.endpoint })
  const { account, planted, owner } = await scene(service)
  proxy.decide(({ operation, body }) =>
    operation === 'Query' && body.includes('byOwner')
      ? { status: 200, answer: { Items: [], Count: 0, ScannedCount: 0 } }
      : 'pass',
  )
  await changePassword(service, account, owner)
  t.match(await showKey(service, owner, planted), { status: 'suspended' })
})

t.test('the mail about a new password names all that it suspends', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'], MAIL)
  const admin = await newAdmin(service)
  const { account } = admin
  await proveAddress(service, admin.id)
  await makeKey(service, await signIn(service, account), { name: 'partner' })
  service.clock.advance(30 * DAY)
  const browser = new Browser(service)
  const { email, password } = account
  const entered = await service.post('/api/auth/login', { email, password, useCookies: true })
  browser.setCookies(jarOf(entered))
  await providers.north.signIn(browser, newSubject(), LINK)
  const thief = await signIn(service, account)
  await makeKey(service, thief, { name: 'planted' })
  const app = { name: 'Orders', redirectUris: ['https://orders.example.com/callback'] }
  t.match(await service.post('/api/admin/clients', app, { token: thief }), { status: 201 })
  service.clock.advance(MINUTE)
  const names = {
    suspendedKeys: ['planted'],
    suspendedIdentities: ['north'],
    suspendedApps: ['Orders'],
  }
  const noticeTo = async () =>
    (await mailsTo(service, email)).filter(({ kind }) => kind === 'password-changed').at(-1)

  const owner = await signIn(service, account)
  const changed = await changePassword(service, account, owner)
  t.equal(changed.answer.status, 204)
  t.match((await noticeTo())?.facts, names)

  service.clock.advance(MINUTE)
  const next = await signIn(service, changed.account)
  const kept = { suspendRecentCredentials: false }
  t.match((await changePassword(service, changed.account, next, kept)).answer, { status: 204 })
  t.same(
    Object.keys((await noticeTo())?.facts ?? {}),
    ['userAgent'],
    'no more, if it suspends none',
  )
})

t.test('identities that a new password suspends', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north', 'south'])
  const { north, south } = providers
  const identitiesOf = async (token: string) =>
    (await service.get(IDENTITIES, { token })).body.identities as {
      readonly id: string
      readonly provider: string
      readonly status: string
    }[]
  const browserOf = async (account: Account): Promise<Browser> => {
    const browser = new Browser(service)
    const { email, password } = account
    const answer = await service.post('/api/auth/login', { email, password, useCookies: true })
    browser.setCookies(jarOf(answer))
    return browser
  }
  const placeOf = async (provider: typeof north, person: Subject) => {
    const browser = new Browser(service)
    const { headers } = await provider.signIn(browser, person)
    return {
      place: headers.get('location'),
      isIn: '__Host-latchkey_refresh' in browser.cookies(),
    }
  }
  /** An account with an old identity, and one that a thief has linked. */
  const plant = async () => {
    const account = await service.signUp()
    const [own, thief] = [newSubject(), newSubject()]
    await north.signIn(await browserOf(account), own, LINK)
    service.clock.advance(30 * DAY)
    await south.signIn(await browserOf(account), thief, LINK)
    service.clock.advance(MINUTE)
    return { account, own, thief, owner: await signIn(service, account) }
  }
  const SUSPENDED = { place: '/login?error=IDENTITY_SUSPENDED', isIn: false }
  const IN = { place: '/dashboard', isIn: true }

  t.test('a new password suspends a thief’s identity, and an older one signs in', async (t) => {
    const { account, own, thief, owner } = await plant()
    t.same(await placeOf(south, thief), IN)
    const { answer } = await changePassword(service, account, owner)
    t.equal(answer.status, 204)
    t.same(await placeOf(south, thief), SUSPENDED)
    t.same(await placeOf(north, own), IN)
    t.match(await identitiesOf(owner), [
      { provider: 'north', status: 'active', suspendedReason: null },
      { provider: 'south', status: 'suspended', suspendedReason: 'password_changed' },
    ])
    const [, identity] = await identitiesOf(owner)
    const event = { userId: account.id, identityId: identity?.id, reason: 'password_changed' }
    t.match(service.events('identity_suspended').at(-1), event)
    const page = await service.get('/login?error=IDENTITY_SUSPENDED')
    t.match(page.text, en['error.IDENTITY_SUSPENDED'])
    t.match(page.text, 'name="password"', 'the way on')
  })

  t.test('a new password suspends no identity where its owner says so', async (t) => {
    const { account, thief, owner } = await plant()
    await changePassword(service, account, owner, { suspendRecentCredentials: false })
    t.same(await placeOf(south, thief), IN)
  })

  t.test('linking an identity once more does not lift a new password’s suspension', async (t) => {
    const { account, thief, owner } = await plant()
    const { account: changed } = await changePassword(service, account, owner)
    const { headers } = await south.signIn(await browserOf(changed), thief, LINK)
    t.equal(headers.get('location'), '/dashboard?error=IDENTITY_SUSPENDED')
    t.same(await placeOf(south, thief), SUSPENDED)
  })

  t.test(
    'a suspended identity signs in once its owner enables it after a recent sign-in',
    async (t) => {
      const { account, thief, owner } = await plant()
      const { account: changed } = await changePassword(service, account, owner)
      const [, identity] = await identitiesOf(owner)
      const enable = (id = identity?.id, body: object = { status: 'active' }) =>
        service.call('PATCH', `${IDENTITIES}/${id}`, { token: owner, body })
      t.match(await enable('A'.repeat(22)), { status: 404, body: { code: 'IDENTITY_NOT_FOUND' } })
      t.match(await enable(identity?.id, { status: 'suspended' }), { status: 400 })
      service.clock.advance(14 * MINUTE)
      const enabled = await enable()
      t.match(enabled, { status: 200, body: { identity: { id: identity?.id, status: 'active' } } })
      t.same(await placeOf(south, thief), IN)
      t.equal((await enable()).status, 200, 'once more')
      const event = { userId: account.id, identityId: identity?.id }
      const lifts = service
        .events('identity_suspension_lifted')
        .filter(({ identityId }) => identityId === identity?.id)
      t.match(lifts, [event], 'one lift is reported, and none where nothing was suspended')
      t.equal(lifts.length, 1)
      const { refreshToken } = await service.signIn(changed)
      service.clock.advance(15 * MINUTE)
      const renewed = await service.post('/api/auth/refresh', { refreshToken })
      const late = await service.call('PATCH', `${IDENTITIES}/${identity?.id}`, {
        token: renewed.body.accessToken,
        body: { status: 'active' },
      })
      t.match(late, { status: 401, body: { code: 'RECENT_SIGN_IN_REQUIRED' } })
    },
  )

  t.test('an administrator enables an identity that a new password suspended', async (t) => {
    const admin = await newAdmin(service)
    const { account, thief, owner } = await plant()
    await changePassword(service, account, owner)
    const found = await admin.admin('GET', `/${account.id}`)
    t.match(found.body.user, {
      providers: ['north'],
      identities: [{ status: 'active' }, { provider: 'south', status: 'suspended' }],
    })
    const path = `/${account.id}/identities/${found.body.user.identities[1].id}`
    const body = { status: 'active' }
    const nobody = await admin.admin('PATCH', `/nobody/identities/${'A'.repeat(22)}`, body)
    t.match(nobody, { status: 404, body: { code: 'USER_NOT_FOUND' } })
    const byOwner = await service.call('PATCH', `/api/admin/users${path}`, { token: owner, body })
    t.equal(byOwner.status, 403)
    const enabled = await admin.admin('PATCH', path, body)
    t.match(enabled, { status: 200, body: { user: { providers: ['north', 'south'] } } })
    t.same(await placeOf(south, thief), IN)
    t.match(service.events('authz_admin').at(-1), {
      ...{ userId: admin.id, targetId: account.id, action: 'enable_identity' },
    })
  })

  t.test('an identity that a new password suspended can be unlinked', async (t) => {
    const { account, thief, owner } = await plant()
    await changePassword(service, account, owner)
    const [, identity] = await identitiesOf(owner)
    const removed = await service.delete(`${IDENTITIES}/${identity?.id}`, { token: owner })
    t.equal(removed.status, 204)
    t.equal((await identitiesOf(owner)).length, 1)
    t.same((await placeOf(south, thief)).isIn, true, 'and is a stranger’s from then on')
  })

  t.test(
    'the identity that an account was made with stays, also with a first password',
    async (t) => {
      const [founder, added] = [newSubject(), newSubject()]
      const browser = new Browser(service)
      await north.signIn(browser, founder)
      service.clock.advance(MINUTE)
      await south.signIn(browser, added, LINK)
      service.clock.advance(MINUTE)
      const { password: newPassword } = newAccount()
      const set = await service.post(PASSWORD, { newPassword }, fromOwnPage(browser))
      t.equal(set.status, 204)
      t.same(await placeOf(north, founder), IN)
      t.same(await placeOf(south, added), SUSPENDED)
    },
  )

  t.test('the account page lists a suspended identity, and lifts the suspension', async (t) => {
    const { account, thief } = await plant()
    const { email, password } = account
    const entered = await submit(service, '/login', { email, password })
    const cookies = jarOf(entered)
    const page = await service.get('/dashboard', { cookies })
    t.match(
      page.text,
      /<input type="checkbox" name="suspendRecentCredentials" value="true" checked/,
    )
    const { password: newPassword } = newAccount()
    const fields = {
      currentPassword: password,
      newPassword,
      suspendRecentCredentials: ['false', 'true'],
    }
    const done = await submit(service, '/dashboard/password', fields, { cookies })
    t.equal(done.headers.location, '/dashboard?done=PASSWORD_CHANGED')
    const shown = await service.get('/dashboard', { cookies })
    t.match(shown.text, en['account.identities.enable.about'])
    const [path = ''] = /\/dashboard\/identities\/[\w-]+\/enable/.exec(shown.text) ?? []
    const enabled = await submit(service, path, {}, { cookies })
    t.equal(enabled.headers.location, '/dashboard?done=IDENTITY_ENABLED')
    t.notMatch((await service.get('/dashboard', { cookies })).text, '/enable')
    t.same(await placeOf(south, thief), IN)
  })
})

t.test('the password form of the account page', async (t) => {
  const service = await startService(t)
  const enter = async ({ email, password }: Account) =>
    jarOf(await submit(service, '/login', { email, password }))
  const change = async (account: Account, choice: readonly string[] | undefined) => {
    const cookies = await enter(account)
    const { password: newPassword } = newAccount()
    const fields = {
      currentPassword: account.password,
      newPassword,
      ...(choice && { suspendRecentCredentials: choice }),
    }
    const answer = await submit(service, '/dashboard/password', fields, { cookies })
    t.equal(answer.headers.location, '/dashboard?done=PASSWORD_CHANGED')
    return cookies
  }

  t.test(
    'the account page’s password form lists the suspended API keys, each with a button',
    async (t) => {
      const { account, planted } = await scene(service)
      const cookies = await change(account, ['false', 'true'])
      const page = await service.get('/dashboard?done=PASSWORD_CHANGED', { cookies })
      t.match(page.text, en['account.suspended.about'])
      t.match(page.text, `/dashboard/keys/${planted.id}`)
      t.notMatch(page.text, '>partner<')
      const enabled = await submit(service, `/dashboard/keys/${planted.id}/enable`, {}, { cookies })
      t.equal(enabled.headers.location, `/dashboard/keys/${planted.id}?done=KEY_ENABLED`)
      t.equal(await statusOf(service, planted.secret), 200)
      t.notMatch((await service.get('/dashboard', { cookies })).text, en['account.suspended.about'])
    },
  )

  t.test(
    'the account page suspends nothing without the tick, and all by a form without the box',
    async (t) => {
      const unticked = await scene(service)
      await change(unticked.account, ['false'])
      t.equal(await statusOf(service, unticked.planted.secret), 200)
      const old = await scene(service)
      await change(old.account, undefined)
      t.equal(await statusOf(service, old.planted.secret), 401)
    },
  )

  t.test(
    'the account page keeps the choice to suspend when the password form comes back',
    async (t) => {
      const account = await service.signUp()
      const cookies = await enter(account)
      const fields = { currentPassword: 'not this one', newPassword: newAccount().password }
      const unticked = { ...fields, suspendRecentCredentials: 'false' }
      const back = await submit(service, '/dashboard/password', unticked, { cookies })
      t.equal(back.status, 401)
      t.notMatch(back.text, /name="suspendRecentCredentials" value="true" checked/)
    },
  )
})

type Test = Parameters<typeof startService>[0]
