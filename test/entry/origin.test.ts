import { randomBytes } from 'node:crypto'
import type { Context } from 'aws-lambda'
import t from 'tap'
import { createClient } from '../../src/dynamodb/client.js'
import { createMissingTables } from '../../src/local/create-tables.js'
import { eventOf, type Format, type GatewayCall, hear } from '../support/lambda.js'
import { startProxy } from '../support/proxy.js'
import { startSecretsManager } from '../support/secrets-manager.js'
import { newAccount } from '../support/service.js'
import { newTableNames, tableVariables } from '../support/tables.js'
import { recordSecret } from '../support/transcript.js'

type Handler = (typeof import('../../src/entry/lambda.js'))['handler']

/** The app behind CloudFront, as it is deployed; the database stands behind a proxy that counts. */
const manager = await startSecretsManager(t)
const proxy = await startProxy(t)
const asked: string[] = []
proxy.decide(({ operation }) => {
  asked.push(operation)
  return 'pass'
})
const tables = newTableNames()
Object.assign(process.env, {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.endpoint,
  ISSUER: 'https://auth.example.com',
  KEY_RING_SECRET: 'key-ring',
  TICKET_KEYS_SECRET: 'ticket-keys',
  DATA_KEYS_SECRET: 'data-keys',
  SPARE_KEY_SECRET: 'spare-key',
  ORIGIN_SECRET: 'origin',
  // Powertools print through the console that is watched here, and not past it.
  POWERTOOLS_DEV: 'true',
  ...tableVariables(tables),
})
const client = createClient({ region: 'us-east-1' })
await createMissingTables(client, tables)
t.teardown(() => client.destroy())

const printed: string[] = []
for (const name of ['log', 'info', 'warn', 'error'] as const) {
  console[name] = (...parts: unknown[]) => void printed.push(parts.join(' '))
}

const SECRET = randomBytes(32).toString('hex')
recordSecret('key', SECRET)
const VIEWER = '2001:db8::7'
const VIA_EDGE = { 'x-origin-verify': SECRET, 'x-latchkey-viewer-address': VIEWER }
const context = { getRemainingTimeInMillis: () => 10_000 } as Context

async function call(handler: Handler, format: Format, given: GatewayCall) {
  const answer = await handler(eventOf(format, given), context)
  hear(given, answer)
  return { ...answer, json: JSON.parse(answer.body) as Record<string, any> }
}

/** Signs somebody up and in. @returns the address that the session's owner is shown. */
async function addressShown(handler: Handler, format: Format, headers: Record<string, string>) {
  const { email, password } = newAccount()
  const body = { email, password }
  const ip = '198.51.100.7'
  await call(handler, format, { method: 'POST', path: '/api/auth/register', headers, body, ip })
  const login = { method: 'POST', path: '/api/auth/login', headers, body, ip }
  const { json: tokens } = await call(handler, format, login)
  const authorization = `Bearer ${tokens.accessToken}`
  const { json } = await call(handler, format, {
    path: '/api/auth/sessions',
    headers: { ...headers, authorization },
    ip,
  })
  return json.sessions[0].ip as string
}

t.test('a Lambda that cannot learn its origin secret answers 503 to everybody', async (t) => {
  const { handler } = await import('../../src/entry/lambda.js')
  const { handler: rotate } = await import('../../src/entry/rotate-keys.js')
  await rotate()
  for (const value of [undefined, '']) {
    if (value !== undefined) manager.versions.set('origin', new Map([['empty', value]]))
    for (const headers of [{}, VIA_EDGE, { ...VIA_EDGE, 'x-origin-verify': '' }]) {
      const answer = await call(handler, '2.0', { path: '/healthz', headers })
      t.match(answer, { statusCode: 503, json: { code: 'SERVICE_UNAVAILABLE' } })
    }
  }
  manager.versions.set('origin', new Map([['made-by-cloudformation', SECRET]]))
  manager.isAway = true
  const away = await call(handler, '2.0', { path: '/healthz', headers: VIA_EDGE })
  t.equal(away.statusCode, 503, 'an outage')
  manager.isAway = false
  const answer = await call(handler, '2.0', { path: '/healthz', headers: VIA_EDGE })
  t.equal(answer.statusCode, 200, 'the next event finds it')
})

for (const format of ['1.0', '2.0'] as const) {
  t.test(`a Lambda refuses unread who comes past CloudFront, in format ${format}`, async (t) => {
    const { handler } = await import('../../src/entry/lambda.js')
    const rows: Record<string, Record<string, string>> = {
      'no header': {},
      'a viewer alone': { 'x-latchkey-viewer-address': VIEWER },
      'another value': { ...VIA_EDGE, 'x-origin-verify': SECRET.replace(/^./, 'x') },
      'the beginning of it': { ...VIA_EDGE, 'x-origin-verify': SECRET.slice(0, -1) },
      'the value and more': { ...VIA_EDGE, 'x-origin-verify': `${SECRET},${SECRET}` },
      'no value': { ...VIA_EDGE, 'x-origin-verify': '' },
      'letters of two bytes': { ...VIA_EDGE, 'x-origin-verify': 'é'.repeat(SECRET.length) },
      'the header twice': { ...VIA_EDGE, 'X-Origin-Verify': 'x' },
      'no viewer': { 'x-origin-verify': SECRET },
      'a viewer that is no address': {
        ...VIA_EDGE,
        'x-latchkey-viewer-address': '6.6.6.6, 1.1.1.1',
      },
    }
    const { email, password } = newAccount()
    const body = { email, password }
    for (const [name, headers] of Object.entries(rows)) {
      asked.length = 0
      const answer = await call(handler, format, {
        method: 'POST',
        path: '/api/auth/register',
        headers,
        body,
      })
      const { requestId, ...rest } = answer.json
      t.equal(answer.statusCode, 403, name)
      t.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8', name)
      t.equal(answer.headers['cache-control'], 'no-store', name)
      const title = 'Forbidden'
      t.same(
        rest,
        {
          type: 'https://auth.example.com/errors#FORBIDDEN',
          title,
          status: 403,
          code: 'FORBIDDEN',
          error: title,
        },
        name,
      )
      t.type(requestId, 'string', name)
      t.same(asked, [], `${name}: the database is not asked`)
    }
    const register = { method: 'POST', path: '/api/auth/register', headers: VIA_EDGE, body }
    t.equal((await call(handler, format, register)).statusCode, 201, 'nothing was written before')
    t.not(asked.length, 0, 'what is let through does ask')
  })

  t.test(
    `the address of a Lambda call is the one that CloudFront saw, in format ${format}`,
    async (t) => {
      const { handler } = await import('../../src/entry/lambda.js')
      t.equal(await addressShown(handler, format, VIA_EDGE), VIEWER)
      const upper = { 'X-Origin-Verify': SECRET, 'X-Latchkey-Viewer-Address': '203.0.113.9' }
      t.equal(await addressShown(handler, format, upper), '203.0.113.9', 'names in any letters')
    },
  )
}

t.test(
  'of an origin header that comes twice to a Lambda in format 1.0 neither value counts',
  async (t) => {
    const { handler } = await import('../../src/entry/lambda.js')
    for (const [name, value] of Object.entries(VIA_EDGE)) {
      const event = eventOf('1.0', { path: '/healthz', headers: VIA_EDGE })
      Object.assign(event, {
        multiValueHeaders: {
          ...Object.fromEntries(Object.entries(VIA_EDGE).map(([key, one]) => [key, [one]])),
          [name]: ['203.0.113.66', value],
        },
      })
      t.equal((await handler(event, context)).statusCode, 403, name)
    }
  },
)

t.test('API Gateway may leave origin headers out of a Lambda event', async (t) => {
  const { handler } = await import('../../src/entry/lambda.js')
  const lists = Object.fromEntries(Object.entries(VIA_EDGE).map(([key, one]) => [key, [one]]))
  const bare = { ...eventOf('1.0', { path: '/healthz' }), headers: null, multiValueHeaders: null }
  t.equal((await handler(bare as never, context)).statusCode, 403)
  const listed = { ...bare, multiValueHeaders: lists }
  t.equal((await handler(listed as never, context)).statusCode, 200)
})

t.test('the Lambda’s log names the viewer, not CloudFront', async (t) => {
  const lines = printed.filter((line) => /"event":\s*"authn_login_success"/.test(line))
  t.ok(lines.length > 0)
  const clients = lines.map((line) => JSON.parse(line) as { ip: string; userAgent: string })
  t.ok(clients.some(({ ip }) => ip === VIEWER))
  t.notOk(clients.some(({ ip, userAgent }) => ip === '198.51.100.7' || userAgent === ''))
})

t.test('where no CloudFront stands in front of the Lambda, its headers mean nothing', async (t) => {
  delete process.env.ORIGIN_SECRET
  const anew = '../../src/entry/lambda.js?without-edge'
  const { handler } = (await import(anew)) as { handler: Handler }
  for (const format of ['1.0', '2.0'] as const) {
    for (const headers of [{}, VIA_EDGE]) {
      t.equal(await addressShown(handler, format, headers), '198.51.100.7', format)
    }
  }
})

t.test('the origin secret of the Lambda is in no line that is printed', async (t) => {
  t.not(printed.length, 0)
  t.notOk(printed.some((line) => line.includes(SECRET)))
})
