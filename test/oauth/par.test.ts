import { ScanCommand } from '@aws-sdk/client-dynamodb'
import t from 'tap'
import { basicOf, registeredApp } from '../support/apps.js'
import {
  answeredTo,
  type Asked,
  CALLBACK,
  encode,
  FROM_APP,
  newApp,
  newPerson,
  requestOf,
  returnToOf,
  signedIn,
} from '../support/authorization.js'
import { HOUR } from '../support/clock.js'
import { jarOf } from '../support/pages.js'
import { type Answer, type Call, ISSUER, type Service, startService } from '../support/service.js'

const REQUEST_URI = /^urn:ietf:params:oauth:request_uri:[\w-]{43}$/

const push = (service: Service, asked: Asked, { headers, ...call }: Call = {}) =>
  service.call('POST', '/oauth/par', {
    ...call,
    body: encode(asked),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })

/** A browser goes to what was pushed, as the app sends it. */
const go = (service: Service, { body }: Answer, asked: Asked, call: Call = {}) =>
  service.get(`/oauth/authorize?${encode({ request_uri: body.request_uri, ...asked })}`, {
    ...call,
    headers: FROM_APP,
  })

t.test('an app says ahead at /oauth/par what it will ask for', async (t) => {
  const service = await startService(t)
  const client = await newApp(service)
  const { account, cookies } = await newPerson(service)
  const { clientId: client_id } = client

  t.test('after /oauth/par the app’s person goes on with a code, once', async (t) => {
    const pushed = await push(service, requestOf(client))
    t.equal(pushed.status, 201)
    t.match(pushed.body, { request_uri: REQUEST_URI, expires_in: 3600 })
    t.match(pushed.headers['cache-control'], /no-store/)
    // RFC 9126 §4: what stands beside it in the URL counts for nothing.
    const beside = { client_id, redirect_uri: 'https://evil.example', scope: 'admin', state: 'x' }
    const answer = await go(service, pushed, beside, { cookies })
    t.ok(String(answer.headers.location).startsWith(`${CALLBACK}?`))
    t.match(answeredTo(answer), { code: String, state: 'a state', iss: ISSUER })
    const jar = { ...cookies, ...jarOf(answer) }
    const again = await go(service, pushed, { client_id }, { cookies: jar })
    t.equal(again.status, 400)
    t.notOk(again.headers.location)
  })

  t.test('/oauth/par takes a form, too', async (t) => {
    const goOn = async (asked: Asked) => {
      const { body } = await push(service, requestOf(client))
      const answer = await service.call('POST', '/oauth/authorize', {
        headers: { ...FROM_APP, 'content-type': 'application/x-www-form-urlencoded' },
        body: encode({ request_uri: body.request_uri, state: 'x', ...asked }),
      })
      t.equal(answer.status, 303)
      return service.get(String(answer.headers.location), { cookies, headers: FROM_APP })
    }
    t.equal((await goOn({ client_id: [client_id, client_id] })).status, 400)
    t.equal((await goOn({ client_id: 'app_AAAAAAAAAAAAAAAAAAAAAA' })).status, 400)
    t.match(answeredTo(await goOn({ client_id })), { code: String, state: 'a state' })
  })

  t.test('a request of /oauth/par is for the first browser that comes with it', async (t) => {
    const pushed = await push(service, requestOf(client))
    const first = await go(service, pushed, { client_id })
    t.match(first.headers.location, /^\/login\?returnTo=/)
    const stolen = await go(service, pushed, { client_id }, { cookies })
    t.equal(stolen.status, 400, 'another browser')
    const jar = { ...jarOf(first), ...(await signedIn(service, account)) }
    t.match(answeredTo(await service.get(returnToOf(first), { cookies: jar })), { code: String })
  })

  t.test('a request of /oauth/par is for one of many browsers that come at once', async (t) => {
    const pushed = await push(service, requestOf(client))
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => go(service, pushed, { client_id }, { cookies })),
    )
    t.equal(answers.filter((answer) => 'code' in answeredTo(answer)).length, 1)
    t.ok(answers.every(({ status }) => [303, 400].includes(status)))
  })

  t.test('a request of /oauth/par is for its own app, for an hour', async (t) => {
    const pushed = await push(service, requestOf(client))
    const other = await newApp(service)
    const foreign = await go(service, pushed, { client_id: other.clientId }, { cookies })
    t.equal(foreign.status, 400)
    t.notOk(foreign.headers.location)
    service.clock.advance(HOUR)
    const late = { ...jarOf(foreign), ...(await signedIn(service, account)) }
    t.equal((await go(service, pushed, { client_id }, { cookies: late })).status, 400)
  })

  t.test('a sign-in after /oauth/par is one that prompt=login asks for', async (t) => {
    const pushed = await push(service, requestOf(client, { prompt: 'login' }))
    service.clock.advance(1)
    const later = await signedIn(service, account)
    t.match(answeredTo(await go(service, pushed, { client_id }, { cookies: later })), {
      code: String,
    })
  })
})

t.test('an app that has a secret proves it at /oauth/par', async (t) => {
  const service = await startService(t)
  const { client, secret } = await registeredApp(service, { redirectUris: [CALLBACK] })
  const { clientId } = client
  const asked = requestOf(client)
  const basic = (text: string) => ({ headers: { authorization: basicOf(clientId, text) } })

  t.equal((await push(service, asked, basic(secret))).status, 201)
  t.equal((await push(service, { ...asked, client_id: undefined }, basic(secret))).status, 201)
  t.equal((await push(service, { ...asked, client_secret: secret })).status, 201)
  for (const [what, answer] of Object.entries({
    wrong: await push(service, asked, basic('wrong')),
    missing: await push(service, asked),
    'for another app': await push(
      service,
      { ...asked, client_id: (await newApp(service)).clientId },
      basic(secret),
    ),
    'for none': await push(service, { ...asked, client_id: undefined }),
  })) {
    t.equal(answer.status, 401, what)
    t.equal(answer.body.error, 'invalid_client', what)
    t.ok(answer.headers['www-authenticate'], what)
  }
  const both = await push(service, { ...asked, client_secret: secret }, basic(secret))
  t.match(both, { status: 400, body: { error: 'invalid_request' } })

  const { Items = [] } = await service.client.send(
    new ScanCommand({ TableName: service.config.tables.tickets }),
  )
  t.equal(Items.length, 3)
  t.notMatch(JSON.stringify(Items), secret, 'which is not kept with the request')
})

t.test('/oauth/par tells a program what is wrong', async (t) => {
  const service = await startService(t)
  const client = await newApp(service)
  const cases: readonly [string, Asked][] = [
    ['invalid_request', { request_uri: `urn:ietf:params:oauth:request_uri:${'A'.repeat(43)}` }],
    ['invalid_request', { redirect_uri: 'https://evil.example' }],
    ['invalid_request', { redirect_uri: undefined }],
    ['invalid_request', { code_challenge: undefined }],
    ['invalid_request', { nonce: ['a', 'a'] }],
    ['invalid_request', { client_id: [client.clientId, client.clientId] }],
    ['unsupported_response_type', { response_type: 'token' }],
    ['invalid_scope', { scope: 'unknown:read' }],
    ['invalid_target', { resource: 'https://unknown.example.com' }],
    ['request_not_supported', { request: 'e30.e30.' }],
  ]
  for (const [error, asked] of cases) {
    const what = JSON.stringify(asked)
    const answer = await push(service, requestOf(client, asked))
    t.equal(answer.status, 400, what)
    t.equal(answer.body.error, error, what)
    t.type(answer.body.error_description, 'string', what)
    t.notOk(answer.headers.location, what)
  }
  const json = { headers: { 'content-type': 'application/json' } }
  t.equal((await push(service, requestOf(client), json)).status, 415)
})
