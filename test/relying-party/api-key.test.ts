import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import apiKey from '../../src/relying-party/api-key.js'
import { MINUTE, SECOND } from '../support/clock.js'
import { type Issuer, startIssuer } from '../support/issuer.js'
import { type Generated, newAdmin, type Owner } from '../support/keys.js'
import { recordSecret } from '../support/transcript.js'
import { parallel, tally } from '../support/tally.js'

const INTROSPECT = 'POST /oauth/introspect'

interface Bench {
  readonly issuer: Issuer
  readonly owner: Owner
  /** May introspect. */
  readonly own: Generated
  readonly app: FastifyInstance
  readonly logs: string[]
  readonly ask: (key?: string) => Promise<Answer>
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Readonly<Record<string, unknown>>
}

/** Another team's API, and the issuer that it trusts. */
async function startBench(t: Test): Promise<Bench> {
  const issuer = await startIssuer(t, { env: { VERIFICATION_CACHE_SECONDS: '0' } })
  const owner = await newAdmin(issuer.service)
  const own = await owner.generate({ scopes: ['token:introspect'] })
  return { ...(await startApi(t, issuer.url, own.secret)), issuer, owner, own }
}

async function startApi(t: Test, issuer: string, introspectionKey: string) {
  const logs: string[] = []
  const stream = { write: (line: string) => void logs.push(line) }
  const app = Fastify({ logger: { stream } })
  await app.register(apiKey, { issuer, introspectionKey })
  app.get(
    '/data',
    { onRequest: app.requireApiKey({ scopes: ['data:read'] }) },
    async (request) => ({
      key: request.apiKey.keyId,
      owner: request.apiKey.ownerId,
    }),
  )
  t.teardown(() => app.close())
  const ask = async (key?: string): Promise<Answer> => {
    recordSecret('token', key)
    const headers = key === undefined ? {} : { 'x-api-key': key }
    const answer = await app.inject({ url: '/data', headers })
    const body = JSON.parse(answer.body) as Answer['body']
    return { status: answer.statusCode, headers: answer.headers, body }
  }
  return { app, logs, ask }
}

t.test('latchkey/api-key of another team answers as the service itself does', async (t) => {
  const { ask, owner, app, issuer } = await startBench(t)
  const { service } = issuer
  const key = await owner.generate({ scopes: ['data:read'] })
  const off = await owner.generate()
  await owner.patch(off.id, { status: 'disabled' })
  const guess = off.secret.slice(0, -49) + key.secret.slice(-49)
  const deleted = await owner.generate()
  await owner.call('DELETE', `/${deleted.id}`)
  const expiresAt = new Date(service.clock() + 1000).toISOString()
  const late = await owner.generate({ expiresAt })
  service.clock.advance(1000)
  const writer = await owner.generate({ scopes: ['data:write'] })
  const walled = await owner.generate({ allowedCidrs: ['192.0.2.0/24'] })
  const local = await owner.generate({ allowedCidrs: ['127.0.0.0/8'] })
  t.match(await ask(key.secret), { status: 200, body: { key: key.id, owner: owner.id } })
  t.equal((await ask(local.secret)).status, 200)

  const challenge = { 'www-authenticate': /^ApiKey / }
  const refusals: [what: string, answer: Answer, expected: object][] = [
    [
      'no key',
      await ask(),
      { status: 401, headers: challenge, body: { code: 'API_KEY_REQUIRED' } },
    ],
    [
      'no key of ours',
      await ask('nonsense'),
      { status: 401, headers: challenge, body: { code: 'API_KEY_INVALID' } },
    ],
    [
      'a disabled key',
      await ask(off.secret),
      { status: 401, headers: challenge, body: { code: 'API_KEY_DISABLED', detail: String } },
    ],
    [
      'an expired key',
      await ask(late.secret),
      { status: 401, headers: challenge, body: { code: 'API_KEY_EXPIRED' } },
    ],
    ['a wrong secret of a disabled key', await ask(guess), { body: { code: 'API_KEY_INVALID' } }],
    ['a deleted key', await ask(deleted.secret), { body: { code: 'API_KEY_INVALID' } }],
    [
      'another scope',
      await ask(writer.secret),
      { status: 403, body: { code: 'INSUFFICIENT_SCOPE', detail: /data:read/ } },
    ],
    [
      'another address',
      await ask(walled.secret),
      { status: 403, body: { code: 'ADDRESS_NOT_ALLOWED' } },
    ],
  ]
  for (const [what, answer, expected] of refusals) {
    t.match(answer, expected, what)
    t.match(answer.headers, {
      'content-type': /^application\/problem\+json/,
      'cache-control': 'no-store',
    })
    const { code } = answer.body as { code: string }
    t.match(answer.body, { title: String, error: String, requestId: String })
    t.match((answer.body as { type: string }).type, new RegExp(`^http://[^/]+/errors#${code}$`))
  }
  const misplaced = await app.inject({ url: `/data?api_key=${key.secret}` })
  t.equal(misplaced.statusCode, 400)
})

t.test('latchkey/api-key asks the issuer about keys seldom', async (t) => {
  const { ask, owner, issuer } = await startBench(t)
  const { asked, service } = issuer
  const key = await owner.generate()
  t.same(asked, [], 'nothing at boot')

  await t.test(
    'latchkey/api-key asks the issuer once for a burst, and again after 30 seconds',
    async (t) => {
      t.same(tally((await parallel(50, () => ask(key.secret))).map(({ status }) => status)), {
        200: 50,
      })
      t.same(asked, [INTROSPECT])
      service.clock.advance(30 * SECOND - 1)
      await ask(key.secret)
      t.equal(asked.length, 1)
      service.clock.advance(1)
      await ask(key.secret)
      t.equal(asked.length, 2)
    },
  )

  await t.test('latchkey/api-key never asks the issuer about what is mistyped', async (t) => {
    asked.length = 0
    const { secret } = key
    const typo = secret.slice(0, -1) + (secret.endsWith('a') ? 'b' : 'a')
    for (const wrong of [typo, secret.slice(1), `${secret}x`]) {
      t.equal((await ask(wrong)).status, 401)
    }
    t.same(asked, [])
  })

  await t.test(
    'latchkey/api-key asks the issuer about a key that is no good every 10 seconds',
    async (t) => {
      const disabled = await owner.generate()
      await owner.patch(disabled.id, { status: 'disabled' })
      asked.length = 0
      const answers = await parallel(20, () => ask(disabled.secret))
      t.same(tally(answers.map(({ status }) => status)), { 401: 20 })
      t.equal(asked.length, 1)
      await owner.patch(disabled.id, { status: 'active' })
      t.equal((await ask(disabled.secret)).status, 401)
      service.clock.advance(10 * SECOND)
      t.equal((await ask(disabled.secret)).status, 200)
      t.equal(asked.length, 2)
    },
  )
})

t.test('latchkey/api-key and the end of a key', async (t) => {
  const { ask, owner, issuer } = await startBench(t)
  const { clock } = issuer.service

  await t.test(
    'latchkey/api-key stops taking a key at most 30 seconds after it was revoked',
    async (t) => {
      const key = await owner.generate()
      t.equal((await ask(key.secret)).status, 200)
      await owner.patch(key.id, { status: 'disabled' })
      t.equal((await ask(key.secret)).status, 200, 'from memory')
      clock.advance(30 * SECOND)
      t.equal((await ask(key.secret)).status, 401)
    },
  )

  await t.test(
    'latchkey/api-key stops taking a key at its own end, whatever is remembered',
    async (t) => {
      const expiresAt = new Date(clock() + MINUTE).toISOString()
      const key = await owner.generate({ expiresAt })
      clock.advance(50 * SECOND)
      t.equal((await ask(key.secret)).status, 200)
      clock.advance(10 * SECOND)
      t.equal((await ask(key.secret)).status, 401)
    },
  )

  await t.test(
    'latchkey/api-key stops taking an old secret with the overlap of its rotation',
    async (t) => {
      const key = await owner.generate()
      const next = await owner.rotate(key.id, 10)
      t.equal((await ask(key.secret)).status, 200)
      clock.advance(10 * SECOND)
      t.equal((await ask(key.secret)).status, 401)
      t.equal((await ask(next)).status, 200)
    },
  )
})

t.test('latchkey/api-key fails closed while the issuer can’t tell', async (t) => {
  const { ask, owner, own, issuer, logs } = await startBench(t)
  const { clock } = issuer.service
  const [known, unknown] = [await owner.generate(), await owner.generate()]
  t.equal((await ask(known.secret)).status, 200)
  const unavailable = {
    status: 503,
    headers: { 'retry-after': /^\d+$/ },
    body: { code: 'STORE_UNAVAILABLE' },
  }

  await t.test('latchkey/api-key fails closed because the issuer is away', async (t) => {
    issuer.away = true
    t.equal((await ask(known.secret)).status, 200, 'from memory')
    t.match(await ask(unknown.secret), unavailable)
    clock.advance(30 * SECOND)
    t.match(await ask(known.secret), unavailable)
    issuer.away = false
    t.equal((await ask(known.secret)).status, 200)
    t.equal((await ask(unknown.secret)).status, 200, 'an outage is not remembered')
  })

  await t.test(
    'latchkey/api-key fails closed because its own key may not ask, which the log says',
    async (t) => {
      const plain = await owner.generate()
      const other = await startApi(t, issuer.url, plain.secret)
      t.match(await other.ask(known.secret), unavailable)
      t.match(other.logs.join(''), /"cause":"IntrospectionRefused"/)
      await owner.patch(own.id, { status: 'disabled' })
      clock.advance(30 * SECOND)
      t.match(await ask(known.secret), unavailable)
      t.match(logs.join(''), /"cause":"IntrospectionRefused"/)
    },
  )

  await t.test(
    'latchkey/api-key fails closed because the issuer is no Latchkey service',
    async (t) => {
      const answers = [
        () => new Response('<html>'),
        () => Response.json({}),
        () =>
          Response.json({
            active: true,
            token_type: 'Bearer',
            client_id: 'c',
            sub: 's',
            scope: 'data:read',
          }),
        () => new Response('', { status: 429, headers: { 'retry-after': '7' } }),
      ]
      for (const answer of answers) {
        const { ask } = await startApi(t, issuer.url, own.secret)
        t.intercept(globalThis, 'fetch', { value: async () => answer() })
        t.match(await ask(known.secret), unavailable)
      }
      t.match(await ask(unknown.secret), { headers: { 'retry-after': '7' } })
    },
  )

  const secrets = [known, unknown, own].map(({ secret }) => secret)
  t.notOk(
    secrets.some((secret) => logs.join('').includes(secret)),
    'no key is logged',
  )
})

t.test('latchkey/api-key stops the boot with wrong options', async (t) => {
  const { issuer, own } = await startBench(t)
  await t.rejects(startApi(t, `${issuer.url}/`, own.secret), /^issuer: /)
  await t.rejects(
    startApi(t, issuer.url, own.secret.slice(1)),
    /^introspectionKey: must be a whole API key/,
  )
})
