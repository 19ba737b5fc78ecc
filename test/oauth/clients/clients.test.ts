import t from 'tap'
import { authenticateApp } from '../../../src/oauth/app-authentication.js'
import { basicOf } from '../../support/apps.js'
import { DAY, HOUR, MINUTE } from '../../support/clock.js'
import { HOSTILE_REDIRECTS } from '../../support/hostile-redirects.js'
import { newAdmin } from '../../support/keys.js'
import { ORDERS, RESOURCES } from '../../support/resources.js'
import { type Answer, type Service, startService } from '../../support/service.js'

const APP = { name: 'Orders', redirectUris: ['https://orders.example.com/callback'] }
const PATH = '/api/admin/clients'
const DECLARED = 'app_AAAAAAAAAAAAAAAAAAAAAA'
const CLIENTS = JSON.stringify({
  [DECLARED]: { ...APP, name: 'Billing', public: true, firstParty: true },
})

/** An administrator who signs in again once the last sign-in is not recent by the service's clock. */
async function administrate(service: Service) {
  const { id, account } = await newAdmin(service)
  let session = { token: '', until: -Infinity }
  return {
    id,
    async call(method: string, path = '', body?: unknown): Promise<Answer> {
      if (service.clock() >= session.until) {
        const { accessToken } = await service.signIn(account)
        session = { token: accessToken, until: service.clock() + 10 * MINUTE }
      }
      return service.call(method, PATH + path, { token: session.token, body })
    },
  }
}

/** Whether the service takes a secret. */
async function isGood(service: Service, id: string, secret: string): Promise<boolean> {
  const { app, clock, services } = service
  const request = { headers: { authorization: basicOf(id, secret) }, log: app.log }
  return authenticateApp(request, {}, { clients: services.clients, clock }).then(
    () => true,
    () => false,
  )
}

t.test('OAuth clients, the apps that sign people in', async (t) => {
  const service = await startService(t, { env: { RESOURCES, CLIENTS } })
  const admin = await administrate(service)
  const { clients } = service.services

  t.test(
    'OAuth clients are registered by administrators, with a secret that is shown once',
    async (t) => {
      const made = await admin.call('POST', '', APP)
      t.match(made, { status: 201, headers: { 'cache-control': 'no-store' } })
      const { client, clientSecret } = made.body
      t.match(client.id, /^app_[\w-]{22}$/)
      t.match(clientSecret, /^lkcs_[\w-]{43}$/)
      t.same(client, {
        id: client.id,
        ...APP,
        public: false,
        firstParty: false,
        declared: false,
        postLogoutRedirectUris: [],
        resources: null,
        scopes: null,
        status: 'active',
        suspendedReason: null,
        secrets: [{ addedAt: new Date(service.clock()).toISOString(), until: null }],
        createdAt: new Date(service.clock()).toISOString(),
        createdBy: admin.id,
      })
      t.ok(await isGood(service, client.id, clientSecret))
      const shown = await admin.call('GET', `/${client.id}`)
      t.same(shown.body, { client })
      t.match(shown.headers, { 'cache-control': 'no-store' })
      const { body, text } = await admin.call('GET')
      t.same(
        body.clients.map(({ name }: { name: string }) => name),
        ['Billing', 'Orders'],
      )
      t.notMatch(text, /lkcs_|hash/)
      t.match(service.events('client_registered').at(-1), { userId: admin.id, clientId: client.id })
    },
  )

  t.test('OAuth clients get no secret where they are public', async (t) => {
    const { body } = await admin.call('POST', '', { ...APP, public: true, firstParty: true })
    t.match(body, { client: { public: true, firstParty: true, secrets: [] } })
    t.notOk('clientSecret' in body)
    t.match(await clients.find(body.client.id), { isPublic: true, isFirstParty: true })
    const rotated = await admin.call('POST', `/${body.client.id}/secret`)
    t.match(rotated, { status: 409, body: { code: 'CLIENT_PUBLIC' } })
  })

  t.test(
    'OAuth clients have no hostile redirect URI, neither from the start nor later',
    async (t) => {
      const { body } = await admin.call('POST', '', APP)
      const path = `/${body.client.id}`
      for (const uri of HOSTILE_REDIRECTS) {
        const uris = [...APP.redirectUris, uri]
        const made = await admin.call('POST', '', { ...APP, redirectUris: uris })
        t.match(made, { status: 400, body: { code: 'VALIDATION_FAILED' } }, uri)
        t.match(made.body.errors, [{ field: '/redirectUris/1' }], uri)
        const changed = await admin.call('PATCH', path, { postLogoutRedirectUris: [uri] })
        t.match(changed.body.errors, [{ field: '/postLogoutRedirectUris/0' }], uri)
      }
      t.same((await admin.call('GET', path)).body, { client: body.client })
    },
  )

  t.test('OAuth clients have names, URIs and restrictions within bounds', async (t) => {
    const many = Array.from({ length: 21 }, (_, index) => `https://a.example/${index}`)
    const refused: [object, string][] = [
      [{ name: '' }, '/name'],
      [{ name: 'a\u202eb' }, '/name'],
      [{ name: 'a'.repeat(101) }, '/name'],
      [{ redirectUris: [] }, '/redirectUris'],
      [{ redirectUris: many }, '/redirectUris'],
      [{ redirectUris: 'https://a.example/' }, '/redirectUris'],
      [{ redirectUris: ['https://a.example/', 'https://a.example/'] }, '/redirectUris'],
      [{ public: 'yes' }, '/public'],
      [{ resources: ['https://unknown.example'] }, '/resources/0'],
      [{ scopes: ['unknown:read'] }, '/scopes/0'],
      [{ resources: [ORDERS], scopes: ['billing:read'] }, '/scopes/0'],
      [{ isFirstParty: true }, '/isFirstParty'],
    ]
    for (const [settings, field] of refused) {
      const answer = await admin.call('POST', '', { ...APP, ...settings })
      t.match(answer, { status: 400, body: { errors: [{ field }] } }, JSON.stringify(settings))
    }
    const restricted = { ...APP, resources: [ORDERS], scopes: ['orders:read'] }
    t.match((await admin.call('POST', '', restricted)).body.client, restricted)
  })

  t.test('OAuth clients are changed at once, and in what the change names alone', async (t) => {
    const { body } = await admin.call('POST', '', { ...APP, resources: [ORDERS] })
    const { id } = body.client
    await clients.find(id)
    const changes = { name: 'New', redirectUris: ['com.example.app:/cb'], firstParty: true }
    const changed = await admin.call('PATCH', `/${id}`, changes)
    t.same(changed.body.client, { ...body.client, ...changes })
    t.match(await clients.find(id), { name: 'New', isFirstParty: true, secrets: [{}] })
    t.match(service.events('client_changed').at(-1), { userId: admin.id, clientId: id })
    const wrong = await admin.call('PATCH', `/${id}`, { scopes: ['billing:read'] })
    t.match(wrong.body.errors, [{ field: '/scopes/0' }], 'of its own APIs')
    const freed = await admin.call('PATCH', `/${id}`, { resources: null })
    t.equal(freed.body.client.resources, null)
    for (const body of [{}, { public: true }, { name: null }, { secrets: [] }, { clientId: 'x' }]) {
      t.match(await admin.call('PATCH', `/${id}`, body), { status: 400 }, JSON.stringify(body))
    }
  })

  t.test(
    'OAuth clients get a new secret, beside which the old one works for the overlap',
    async (t) => {
      const { body } = await admin.call('POST', '', APP)
      const { id } = body.client
      const path = `/${id}/secret`
      const rotated = await admin.call('POST', path, { overlapSeconds: 3600 })
      t.match(rotated, { status: 201, headers: { 'cache-control': 'no-store' } })
      const until = new Date(service.clock() + HOUR).toISOString()
      t.match(rotated.body.client.secrets, [{ until: null }, { until }])
      const [first, second] = [body.clientSecret, rotated.body.clientSecret]
      t.match(service.events('client_secret_rotated').at(-1), { userId: admin.id, clientId: id })

      const third = (await admin.call('POST', path, { overlapSeconds: 7200 })).body.clientSecret
      for (const secret of [first, second, third]) t.ok(await isGood(service, id, secret))
      service.clock.advance(HOUR)
      t.notOk(await isGood(service, id, first), 'which a later rotation does not make longer')
      t.ok(await isGood(service, id, second))

      const last = (await admin.call('POST', path, { overlapSeconds: 0 })).body.clientSecret
      for (const secret of [first, second, third]) t.notOk(await isGood(service, id, secret))
      t.ok(await isGood(service, id, last))
      const byDefault = await admin.call('POST', path)
      t.match(byDefault.body.client.secrets, [
        { until: null },
        { until: new Date(service.clock() + DAY).toISOString() },
      ])
      for (const overlapSeconds of [-1, 1.5, 2_592_001, '60']) {
        t.match(await admin.call('POST', path, { overlapSeconds }), { status: 400 })
      }
    },
  )

  t.test('OAuth clients keep one of two secrets that are made at the same time', async (t) => {
    const { body } = await admin.call('POST', '', APP)
    const path = `/${body.client.id}/secret`
    const answers = await Promise.all(Array.from({ length: 10 }, () => admin.call('POST', path)))
    t.ok(answers.every(({ status }) => status === 201 || status === 404))
    const made = answers.filter(({ status }) => status === 201)
    t.ok(made.length > 0)
    for (const answer of made.slice(-5)) {
      t.ok(await isGood(service, body.client.id, answer.body.clientSecret))
    }
  })

  t.test('OAuth clients are unknown once they are removed', async (t) => {
    const { body } = await admin.call('POST', '', APP)
    const { id } = body.client
    t.ok(await isGood(service, id, body.clientSecret))
    t.match(await admin.call('DELETE', `/${id}`), { status: 204 })
    t.notOk(await isGood(service, id, body.clientSecret))
    t.match(service.events('client_removed').at(-1), { userId: admin.id, clientId: id })
    t.notMatch((await admin.call('GET')).text, id)
    const calls: [string, string, object?][] = [
      ['GET', ''],
      ['PATCH', '', { name: 'x' }],
      ['POST', '/secret'],
      ['DELETE', ''],
    ]
    for (const [method, below, sent] of calls) {
      for (const unknown of [id, 'LIST', 'x', `app_${'A'.repeat(22)}x`]) {
        const answer = await admin.call(method, `/${unknown}${below}`, sent)
        t.match(answer, { status: 404, body: { code: 'CLIENT_NOT_FOUND' } }, `${method} ${unknown}`)
      }
    }
  })

  t.test('OAuth clients of the settings are listed and used, and not changed', async (t) => {
    t.match((await admin.call('GET', `/${DECLARED}`)).body.client, {
      ...{ id: DECLARED, name: 'Billing', declared: true, public: true, firstParty: true },
      ...{ createdAt: null, createdBy: 'settings' },
    })
    t.match(await clients.find(DECLARED), { name: 'Billing', isPublic: true })
    const calls: [string, string, object?][] = [
      ['PATCH', '', { name: 'x' }],
      ['POST', '/secret'],
      ['DELETE', ''],
    ]
    for (const [method, below, sent] of calls) {
      const answer = await admin.call(method, `/${DECLARED}${below}`, sent)
      t.match(answer, { status: 409, body: { code: 'CLIENT_DECLARED' } }, method)
    }
  })

  t.test(
    'OAuth clients are the business of administrators who have signed in lately',
    async (t) => {
      const { body } = await admin.call('POST', '', APP)
      const one = `${PATH}/${body.client.id}`
      const calls: [string, string, object?][] = [
        ['POST', PATH, APP],
        ['PATCH', one, { name: 'x' }],
        ['POST', `${one}/secret`],
        ['DELETE', one],
      ]
      const { account } = await newAdmin(service)
      const { refreshToken } = await service.signIn(account)
      const user = await service.signIn(await service.signUp())
      service.clock.advance(14 * MINUTE)
      const { body: fresh } = await service.post('/api/auth/refresh', { refreshToken })
      service.clock.advance(2 * MINUTE)
      const code = 'RECENT_SIGN_IN_REQUIRED'
      for (const [method, path, sent] of calls) {
        const late = await service.call(method, path, { token: fresh.accessToken, body: sent })
        t.match(late, { status: 401, body: { code } }, `${method} ${path}`)
      }
      t.match(await service.get(PATH, { token: fresh.accessToken }), { status: 200 }, 'but to look')
      const { body: other } = await service.post('/api/auth/refresh', {
        refreshToken: user.refreshToken,
      })
      for (const [method, path, sent] of [...calls, ['GET', PATH], ['GET', one]] as typeof calls) {
        const refused = await service.call(method, path, { token: other.accessToken, body: sent })
        t.match(refused, { status: 403 }, `${method} ${path}`)
        t.match(await service.call(method, path, { body: sent }), { status: 401 })
      }
      t.match(await clients.find(body.client.id), { name: 'Orders' })
    },
  )
})

t.test('as many OAuth clients are kept as one read finds', async (t) => {
  const service = await startService(t)
  const admin = await administrate(service)
  const { accessToken: token } = await service.signIn((await newAdmin(service)).account)
  for (let made = 0; made < 100; made += 20) {
    const post = () => service.post(PATH, { ...APP, public: true }, { token })
    const answers = await Promise.all(Array.from({ length: 20 }, post))
    t.ok(answers.every(({ status }) => status === 201))
  }
  const full = await admin.call('POST', '', APP)
  t.match(full, { status: 409, body: { code: 'TOO_MANY_CLIENTS' } })
  const { body } = await admin.call('GET')
  t.equal(body.clients.length, 100)
  await admin.call('DELETE', `/${body.clients[0].id}`)
  t.match(await admin.call('POST', '', APP), { status: 201 })
})
