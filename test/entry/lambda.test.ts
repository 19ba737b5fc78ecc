import type { Context } from 'aws-lambda'
import t from 'tap'
import { PROBED } from '../../infra/constructs/probed.js'
import { SecretRingStore } from '../../src/aws/secret-ring-store.js'
import { Secrets } from '../../src/aws/secrets.js'
import { createClient } from '../../src/dynamodb/client.js'
import { CachedKeyRing } from '../../src/keyring/cached-ring.js'
import type { KeyRing } from '../../src/keyring/ring.js'
import { createMissingTables } from '../../src/local/create-tables.js'
import { systemRandom } from '../../src/lib/random.js'
import { contract, ISSUER } from '../support/contract.js'
import { eventOf, type GatewayCall, hear } from '../support/lambda.js'
import { foreignPart } from '../support/own-answers.js'
import { startProxy } from '../support/proxy.js'
import { GENERATED, startSecretsManager } from '../support/secrets-manager.js'
import { newAccount } from '../support/service.js'
import { newTableNames, tableVariables } from '../support/tables.js'
import { parallel } from '../support/tally.js'

const APP = 'https://app.example.com'

/** The functions as they are deployed: they read the environment once, when they are loaded. */
const manager = await startSecretsManager(t)
const proxy = await startProxy(t)
const tables = newTableNames()
Object.assign(process.env, {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.endpoint,
  ISSUER,
  CORS_ORIGINS: APP,
  KEY_RING_SECRET: 'key-ring',
  TICKET_KEYS_SECRET: 'ticket-keys',
  DATA_KEYS_SECRET: 'data-keys',
  SPARE_KEY_SECRET: 'spare-key',
  // Powertools print through the console that is watched here, and not past it.
  POWERTOOLS_DEV: 'true',
  POWERTOOLS_METRICS_DISABLED: 'false',
  ...tableVariables(tables),
  RATE_LIMIT_PER_ADDRESS: '100000',
})
const client = createClient({ region: 'eu-west-1' })
await createMissingTables(client, tables)
t.teardown(() => client.destroy())

const printed: string[] = []
for (const name of ['log', 'info', 'warn', 'error'] as const) {
  console[name] = (...parts: unknown[]) => void printed.push(parts.join(' '))
}

const contextFor = (milliseconds: number) =>
  ({ getRemainingTimeInMillis: () => milliseconds, functionName: 'latchkey-app' }) as Context

t.test('many first key rotations by Lambda at once make one key ring', async (t) => {
  const { handler } = await import('../../src/entry/rotate-keys.js')
  manager.versions.set('key-ring', new Map([['made-by-cloudformation', GENERATED]]))
  await parallel(20, () => handler())
  const versions = [...(manager.versions.get('key-ring')?.keys() ?? [])]
  t.same(versions, ['made-by-cloudformation', 'latchkey-key-ring-r-000000000001'])
  manager.denials = 1
  await handler()
  t.ok(manager.denials < 0, 'a role that is not known yet is waited for')
  t.equal(manager.versions.get('key-ring')?.size, 2, 'one that is not due changes nothing')
})

t.test(
  'the function of entry/rotate-keys replaces the keys, and takes no other action',
  async (t) => {
    const { handler } = await import('../../src/entry/rotate-keys.js')
    const ringOf = () => {
      const current = [...(manager.versions.get('key-ring')?.values() ?? [])].at(-1) ?? ''
      return (JSON.parse(current) as { ring: KeyRing }).ring
    }
    const before = ringOf()
    const data = [...(manager.versions.get('data-keys')?.values() ?? [])]
    await t.rejects(handler({ action: 'replace' }), /the only action is "replace-now"/)
    t.same(ringOf(), before)
    await handler({ action: 'replace-now' })
    const { signing, spare } = ringOf()
    t.same(
      signing.map(({ kid }) => kid),
      [before.spare?.kid],
    )
    t.not(spare?.kid, before.spare?.kid)
    t.same([...(manager.versions.get('data-keys')?.values() ?? [])], data)
    t.match(printed.join('\n'), /"keys_replaced"/)
    t.match(printed.at(-1), /"newestKeyAgeDays":/)
  },
)

t.test(
  'F33 a key ring that a Lambda cannot read is 503, and no reason to start anew',
  async (t) => {
    manager.isAway = true
    const { handler } = await import('../../src/entry/lambda.js')
    for (const format of ['1.0', '2.0'] as const) {
      const answer = await handler(eventOf(format, { path: '/healthz' }), contextFor(10_000))
      t.equal(answer.statusCode, 503)
      t.equal(answer.headers['retry-after'], '2')
      t.match(JSON.parse(answer.body), { code: 'SERVICE_UNAVAILABLE', status: 503 })
    }
    manager.isAway = false
    const answer = await handler(eventOf('2.0', { path: '/healthz' }), contextFor(10_000))
    t.equal(answer.statusCode, 200, 'the next event finds it working')
    t.equal(manager.versions.get('key-ring')?.size, 3)
  },
)

for (const format of ['1.0', '2.0'] as const) {
  t.test(
    `Lambda answers the contract in payload format ${format}, with no work left after an answer`,
    async (t) => {
      const { handler } = await import('../../src/entry/lambda.js')
      const left: string[] = []
      await contract(t, format, async (event) => {
        const answer = await handler(event, contextFor(10_000))
        // F15: Lambda freezes the instance now.
        const asked = proxy.asked()
        await new Promise((resolve) => setImmediate(resolve))
        if (proxy.pending() > 0 || proxy.asked() !== asked) left.push(JSON.stringify(event))
        return answer
      })
      t.same(left, [])
    },
  )
}

t.test('F16 10,000 calls of 20 people through one Lambda instance never meet', async (t) => {
  const { handler } = await import('../../src/entry/lambda.js')
  const before = printed.length
  const addresses = new Map<string, string>()
  const people = await parallel(20, async (index) => {
    const { email, password } = newAccount()
    const ip = `198.51.100.${index}`
    const credentials = { method: 'POST', body: { email, password }, ip }
    const call = async (path: string) => {
      const answer = await handler(eventOf('2.0', { ...credentials, path }), contextFor(60_000))
      return JSON.parse(answer.body) as { accessToken: string; user: { id: string } }
    }
    await call('/api/auth/register')
    const signedIn = await call('/api/auth/login')
    addresses.set(signedIn.user.id, ip)
    return signedIn
  })
  const lines = printed.slice(before).filter((line) => line.includes('"authn_login_success"'))
  const logged = lines.map((line) => JSON.parse(line) as { userId: string; ip: string })
  t.same(new Map(logged.map(({ userId, ip }) => [userId, ip])), addresses, 'nor in the log')
  const answers = await parallel(10_000, async (index) => {
    const { accessToken, user } = people[index % people.length] as (typeof people)[number]
    const headers = { authorization: `Bearer ${accessToken}` }
    const event = eventOf('2.0', { path: '/api/protected', headers })
    const { body } = await handler(event, contextFor(10_000))
    return { expected: user.id, body }
  })
  t.same(
    answers.filter(({ expected, body }) => body !== JSON.stringify({ userId: expected })),
    [],
  )
})

t.test('F17 a slow store is answered for before Lambda ends the call', async (t) => {
  const { handler } = await import('../../src/entry/lambda.js')
  const late = await handler(eventOf('2.0', { path: '/healthz' }), contextFor(0))
  t.match(late, { statusCode: 503, headers: { 'retry-after': '2' } })
  const next = await handler(eventOf('2.0', { path: '/healthz' }), contextFor(10_000))
  t.equal(next.statusCode, 200)
})

const CALLER = { origin: APP }
const READABLE = {
  'access-control-allow-origin': APP,
  vary: 'Origin',
  'x-frame-options': 'DENY',
  'content-security-policy': /default-src 'none'/,
  'cache-control': 'no-store',
  'content-type': /^application\/problem\+json/,
}

t.test(
  'edge answers that the app has no part in can be read by an app of another origin',
  async (t) => {
    for (const format of ['1.0', '2.0'] as const) {
      manager.isAway = true
      const url = `../../src/entry/lambda.js?readable${format}`
      const { handler } = (await import(url)) as typeof import('../../src/entry/lambda.js')
      const ask = (call: object, milliseconds = 10_000) =>
        handler(
          eventOf(format, { path: '/healthz', headers: CALLER, ...call }),
          contextFor(milliseconds),
        )
      t.match(await ask({}), { statusCode: 503, headers: READABLE }, 'no start')
      manager.isAway = false
      t.match(await ask({}, 0), { statusCode: 503, headers: READABLE }, 'no time')
      t.match(await ask({ path: '/%' }), { statusCode: 400, headers: READABLE }, 'no URL')
      for (const method of ['FOO', 'VERSION-CONTROL', 'get', '']) {
        t.match(await ask({ method }), { statusCode: 501, headers: READABLE }, method)
      }
    }
    t.notMatch(printed.join('\n'), /unexpected_error/)
  },
)

t.test(
  'a person who comes before the Lambda’s app has started gets a page with a way on',
  async (t) => {
    const person = { accept: 'text/html', 'sec-fetch-mode': 'navigate' }
    for (const format of ['1.0', '2.0'] as const) {
      manager.isAway = true
      const url = `../../src/entry/lambda.js?person${format}`
      const { handler } = (await import(url)) as typeof import('../../src/entry/lambda.js')
      const ask = (headers: Record<string, string>, call: object = {}) =>
        handler(eventOf(format, { path: '/login', headers, ...call }), contextFor(10_000))
      for (const [language, word] of [
        ['en', 'Try again'],
        ['de-AT', 'Noch einmal versuchen'],
      ] as const) {
        const { statusCode, headers, body } = await ask({ ...person, 'accept-language': language })
        t.match(headers, { 'retry-after': '2', 'content-type': 'text/html; charset=utf-8' })
        t.equal(
          foreignPart(
            { method: 'GET', path: '/login', isForPerson: true },
            { status: statusCode, headers, text: body },
          ),
          undefined,
        )
        t.ok(body.includes(`<a class="button" href="">${word}</a>`), body)
      }
      const unknown = await ask(person, { method: 'FOO' })
      t.match(unknown, { statusCode: 501, body: /href="\/dashboard"/ })
      const key = { accept: '*/*, text/html', authorization: 'Bearer x' }
      t.match((await ask(key)).headers, { 'content-type': /problem\+json/ }, 'a program')
      manager.isAway = false
    }
  },
)

t.test(
  'a Lambda event that is no call of an API is answered, and warms the instance',
  async (t) => {
    const url = '../../src/entry/lambda.js?warmed'
    const { handler } = (await import(url)) as typeof import('../../src/entry/lambda.js')
    for (const [event, source] of [
      [{ source: 'serverless-plugin-warmup' }, 'serverless-plugin-warmup'],
      [{ source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }, 'aws.events'],
      [{ key1: 'value1', key2: 'value2' }, 'unknown'],
      [{ Records: [{ eventSource: 'aws:sqs', body: 'x' }] }, 'aws:sqs'],
      [{ Records: [{ EventSource: 'aws:sns' }] }, 'aws:sns'],
      [{ Records: [] }, 'unknown'],
      [{ source: 'a secret\n' }, 'unknown'],
      [null, 'null'],
      [undefined, 'undefined'],
      ['ping', 'string'],
      [[], 'object'],
      [7, 'number'],
    ] as const) {
      const before = printed.length
      const answer = await handler(event, contextFor(10_000))
      t.equal(answer.statusCode, 200, source)
      const lines = printed.slice(before).filter((line) => line.includes('"event"'))
      t.equal(lines.length, 1)
      t.match(JSON.parse(lines[0] ?? ''), { event: 'instance_warmed', source })
    }
    const { statusCode } = await handler(eventOf('2.0', { path: '/login' }), contextFor(10_000))
    t.equal(statusCode, 200)
  },
)

t.test('a closed Lambda service answers 503, and lets tokens be verified', async (t) => {
  process.env.CLOSED = 'true'
  t.teardown(() => delete process.env.CLOSED)
  const url = '../../src/entry/lambda.js?closed'
  const { handler } = (await import(url)) as typeof import('../../src/entry/lambda.js')
  for (const format of ['1.0', '2.0'] as const) {
    const ask = (call: GatewayCall) => handler(eventOf(format, call), contextFor(10_000))
    for (const path of ['/login', '/api/auth/refresh', '/api/data', '/oauth/token', '/healthz/']) {
      const answer = await ask({ path, headers: { accept: 'application/json' } })
      t.match(answer, { statusCode: 503, headers: { 'retry-after': '60' } }, path)
    }
    const person = { accept: 'text/html', 'sec-fetch-mode': 'navigate' }
    t.match(await ask({ path: '/login', headers: person }), { statusCode: 503, body: /<html/ })
    for (const path of [
      '/.well-known/jwks.json',
      '/.well-known/openid-configuration',
      '/healthz',
    ]) {
      t.equal((await ask({ path })).statusCode, 200, path)
    }
    for (const { path, answer } of Object.values(PROBED)) {
      const { body } = await ask({ path })
      t.ok(body.slice(0, 5120).includes(answer), `the probe is content with ${path}`)
    }
  }
  t.equal((await handler({}, contextFor(10_000))).statusCode, 200, 'a deployment can check it')
})

t.test('a Lambda version that is invoked without an event says whether it can work', async (t) => {
  const load = async (name: string) =>
    (await import(
      `../../src/entry/lambda.js?${name}`
    )) as typeof import('../../src/entry/lambda.js')
  const good = await load('checked')
  for (const event of [{}, undefined, null]) {
    t.match(await good.handler(event, contextFor(10_000)), { statusCode: 200 })
  }
  process.env.PASSWORD_MIN_LENGTH = '3'
  t.teardown(() => delete process.env.PASSWORD_MIN_LENGTH)
  const bad = await load('misconfigured')
  const before = printed.length
  await t.rejects(
    bad.handler({}, contextFor(10_000)),
    /^This version can.t work and gets no calls: PASSWORD_MIN_LENGTH/,
  )
  t.notMatch(printed.slice(before).join('\n'), /start_fail/, 'no alarm, since no caller saw it')
  await t.rejects(good.handler({}, contextFor(0)), /did not start in time/)
})

t.test('a Lambda event in a shape that is not known is named', async (t) => {
  const { handler } = await import('../../src/entry/lambda.js')
  const known = eventOf('2.0', { path: '/healthz' })
  const old = eventOf('1.0', { path: '/healthz' })
  for (const [event, shape] of [
    [{ requestContext: { connectionId: 'x', eventType: 'CONNECT' } }, 'websocket'],
    [{ ...old, requestContext: { elb: { targetGroupArn: 'x' } } }, 'alb'],
    [{ requestContext: {} }, 'no method'],
    [{ ...known, rawPath: undefined }, 'no path'],
    [{ ...known, rawPath: '/\ud800' }, 'rawPath'],
    [{ ...known, body: 7 }, 'body'],
    [{ ...known, body: '{"email":"\udc00"}' }, 'body'],
    [{ ...known, headers: { a: ['b'] } }, 'headers'],
    [{ ...old, multiValueHeaders: { a: null } }, 'multiValueHeaders'],
    [{ ...old, queryStringParameters: { a: '\ud800' } }, 'queryStringParameters'],
    [{ ...known, cookies: 'a=b' }, 'cookies'],
  ] as const) {
    const before = printed.length
    t.match(await handler(event, contextFor(10_000)), { statusCode: 400 }, shape)
    t.match(JSON.parse(printed[before] ?? ''), { event: 'event_unknown', shape })
  }
})

t.test(
  'a Lambda event that lacks something or has too much is answered, and no alarm fires',
  async (t) => {
    const { handler } = await import('../../src/entry/lambda.js')
    const v1 = eventOf('1.0', { path: '/healthz' })
    const v2 = eventOf('2.0', { path: '/healthz' })
    const post = { method: 'POST', path: '/api/auth/login', body: '{}' }
    const [post1, post2] = [eventOf('1.0', post), eventOf('2.0', post)]
    const deep = (depth: number): unknown => (depth === 0 ? [] : { a: [deep(depth - 1)] })
    const context = (event: object, changes: object) => ({
      ...event,
      requestContext: { ...(event as { requestContext: object }).requestContext, ...changes },
    })
    const http = (changes: object) => ({
      http: { method: 'GET', path: '/healthz', sourceIp: '192.0.2.1', ...changes },
    })
    const rows: readonly [what: string, event: unknown, status: number][] = [
      ...[v1, v2].flatMap((event): [string, unknown, number][] => [
        ['headers null', { ...event, headers: null }, 200],
        ['headers a list', { ...event, headers: [] }, 400],
        ['headers a text', { ...event, headers: 'host: a' }, 400],
        ['an empty name of a header', { ...event, headers: { '': 'x', 'a b': 'y', ä: 'z' } }, 200],
        ['a header with a line break', { ...event, headers: { a: 'b\r\nc: d' } }, 200],
        ['a header __proto__', JSON.parse(`{"headers":{"__proto__":"x","constructor":"y"}}`), 200],
        ['multiValueHeaders null', { ...event, multiValueHeaders: null }, 200],
        ['multiValueHeaders of texts', { ...event, multiValueHeaders: { a: 'b' } }, 400],
        ['queryStringParameters null', { ...event, queryStringParameters: null }, 200],
        ['queryStringParameters of numbers', { ...event, queryStringParameters: { a: 1 } }, 400],
        ['pathParameters odd', { ...event, pathParameters: [null] }, 200],
        ['stageVariables odd', { ...event, stageVariables: 7 }, 200],
        ['body null', { ...event, body: null }, 200],
        ['body an object', { ...event, body: {} }, 400],
        [
          'a body without isBase64Encoded',
          { ...event, body: 'x', isBase64Encoded: undefined },
          200,
        ],
        ['isBase64Encoded a text', { ...event, body: 'x', isBase64Encoded: 'false' }, 200],
        ['no id of the request', context(event, { requestId: undefined }), 200],
        ['an odd id of the request', context(event, { requestId: { a: [1] } }), 200],
        ['an odd stage', context(event, { stage: { a: 1 } }), 200],
        ['an odd authorizer', context(event, { authorizer: 'x', authentication: null }), 200],
        ['no context', { ...event, requestContext: null }, 200],
        ['a context that is a list', { ...event, requestContext: [] }, 200],
        ['an odd version', { ...event, version: 2 }, event === v1 ? 200 : 400],
        ['deep fields', { ...event, other: deep(500) }, 200],
        ['deep headers', { ...event, headers: { a: deep(500) } }, 400],
      ]),
      ['both formats at once', { ...v1, ...v2, httpMethod: 'FOO', path: '/nowhere' }, 200],
      ['format 1 that says it is 2', { ...v1, version: '2.0' }, 400],
      ['format 2 that says it is 1', { ...v2, version: '1.0' }, 400],
      ['no http', context(v2, { http: undefined }), 400],
      ['http null', context(v2, { http: null }), 400],
      ['http a text', context(v2, { http: 'GET' }), 400],
      ['no address', context(v2, http({ sourceIp: undefined })), 200],
      ['an odd address', context(v2, http({ sourceIp: { a: 1 } })), 400],
      ['an address that is none', context(v2, http({ sourceIp: 'x' })), 200],
      ['no identity', context(v1, { identity: null }), 200],
      ['an odd identity', context(v1, { identity: { sourceIp: 7 } }), 400],
      ['no rawPath', { ...v2, rawPath: undefined }, 400],
      ['rawPath null', { ...v2, rawPath: null }, 400],
      ['an empty rawPath', { ...v2, rawPath: '' }, 404],
      ['no rawQueryString', { ...v2, rawQueryString: undefined }, 200],
      ['rawQueryString null', { ...v2, rawQueryString: null }, 200],
      [
        'two queries',
        { ...v2, rawQueryString: 'a=1', queryStringParameters: { access_token: 'x' } },
        200,
      ],
      ['cookies null', { ...v2, cookies: null }, 200],
      ['cookies of nothing', { ...v2, cookies: [''] }, 200],
      ['cookies of numbers', { ...v2, cookies: [1] }, 400],
      ['a body that is no base64', { ...post2, body: '{"!', isBase64Encoded: true }, 400],
      ['the same in format 1', { ...post1, body: '€', isBase64Encoded: true }, 400],
      [
        'a Function URL',
        {
          ...context(v2, {
            domainName: 'x.lambda-url.eu-west-1.on.aws',
            apiId: 'x',
            authentication: null,
          }),
          routeKey: '$default',
        },
        200,
      ],
      ['a load balancer', { ...v1, requestContext: { elb: { targetGroupArn: 'x' } } }, 400],
      [
        'a load balancer with lists',
        {
          requestContext: { elb: {} },
          httpMethod: 'GET',
          path: '/',
          multiValueHeaders: { host: ['x'] },
        },
        400,
      ],
      [
        'a WebSocket',
        {
          requestContext: {
            routeKey: '$connect',
            connectionId: 'x',
            eventType: 'CONNECT',
            apiId: 'a',
          },
          isBase64Encoded: false,
        },
        400,
      ],
      [
        'an authorizer of requests',
        {
          type: 'REQUEST',
          methodArn: 'x',
          httpMethod: 'GET',
          path: '/healthz',
          requestContext: { path: '/' },
        },
        200,
      ],
      ['an authorizer of tokens', { type: 'TOKEN', methodArn: 'x', authorizationToken: 'x' }, 200],
      ['SQS', { Records: [{ messageId: 'x', body: '{}', eventSource: 'aws:sqs' }] }, 200],
      ['S3', { Records: [{ eventSource: 'aws:s3', s3: { object: { key: 'x' } } }] }, 200],
      ['records that are none', { Records: [null, 7, []] }, 200],
      ['records a text', { Records: 'x' }, 200],
      ['DynamoDB', { Records: [{ eventSource: 'aws:dynamodb', dynamodb: {} }] }, 200],
      ['Kinesis', { Records: [{ eventSource: 'aws:kinesis', kinesis: { data: '' } }] }, 200],
      ['SNS', { Records: [{ EventSource: 'aws:sns', Sns: { Message: 'x' } }] }, 200],
      [
        'Cognito',
        {
          version: '1',
          triggerSource: 'PreSignUp_SignUp',
          userPoolId: 'x',
          request: {},
          response: {},
        },
        200,
      ],
      ['AppSync', { arguments: {}, info: { fieldName: 'x' }, request: { headers: {} } }, 200],
      ['a text', 'x', 200],
      ['a number', Number.NaN, 200],
      ['true', true, 200],
      ['null', null, 200],
      ['nothing', undefined, 200],
      ['a list', [v2], 200],
      ['an empty object', {}, 200],
      ['a deep one', deep(2_000), 200],
    ]
    const before = printed.length
    for (const [what, event, status] of rows) {
      const answer = await handler(event, contextFor(10_000))
      t.equal(answer.statusCode, status, what)
      const asked = { method: 'GET', path: '/' }
      const given = { status: answer.statusCode, headers: answer.headers, text: answer.body }
      t.equal(foreignPart(asked, given), undefined, what)
    }
    t.notMatch(printed.slice(before).join('\n'), /unexpected_error|start_fail/)
  },
)

t.test('the path of a Lambda event is no host, however a URL parser reads it', async (t) => {
  const { handler } = await import('../../src/entry/lambda.js')
  const paths = [
    '/\\[',
    '/\\evil.example/healthz',
    '/\t/[x',
    '/\n/evil.example/healthz',
    '//[',
    '/healthz ',
  ]
  for (const format of ['1.0', '2.0'] as const) {
    for (const path of paths) {
      const { statusCode } = await handler(eventOf(format, { path }), contextFor(10_000))
      t.equal(statusCode, 404, JSON.stringify(path))
    }
    const whole = eventOf(format, { path: 'http://evil.example/healthz' })
    t.equal((await handler(whole, contextFor(10_000))).statusCode, 400)
  }
})

t.test('a body of a Lambda event in base64 that is not UTF-8 is refused', async (t) => {
  const { handler } = await import('../../src/entry/lambda.js')
  const call = { method: 'POST', path: '/api/auth/login', body: '' }
  for (const format of ['1.0', '2.0'] as const) {
    const body = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]).toString('base64')
    const event = { ...eventOf(format, call), body, isBase64Encoded: true }
    const answer = await handler(event, contextFor(10_000))
    t.match(JSON.parse(answer.body), { status: 400, code: 'MALFORMED_JSON' })
    const encoded = Buffer.from('{"email":"ada@example.com","password":"x"}').toString('base64')
    const unmarked = { ...eventOf(format, call), body: encoded, isBase64Encoded: false }
    const plain = await handler(unmarked, contextFor(10_000))
    const what = 'F24: base64 is read as such where the event says so'
    t.match(JSON.parse(plain.body), { status: 400, code: 'MALFORMED_JSON' }, what)
  }
})

t.test('under a stage or a base path the Lambda says why nothing is there', async (t) => {
  const { handler } = await import('../../src/entry/lambda.js')
  const inStage = { ...eventOf('2.0', { path: '/prod/anything' }) } as { requestContext: object }
  inStage.requestContext = { ...inStage.requestContext, stage: 'prod' }
  for (const [event, prefix] of [
    [inStage, '/prod'],
    [eventOf('2.0', { path: '/prod/healthz' }), '/prod'],
    [eventOf('1.0', { path: '/prod/healthz' }), '/prod'],
    [eventOf('1.0', { path: '/auth/v1/.well-known/jwks.json' }), '/auth/v1'],
    [eventOf('2.0', { path: '/auth/login' }), '/auth'],
  ] as const) {
    const before = printed.length
    const { statusCode, body } = await handler(event, contextFor(10_000))
    t.equal(statusCode, 404)
    t.match(JSON.parse(body), { code: 'NOT_FOUND', detail: /stage \$default, and no base path/ })
    t.match(JSON.parse(printed[before] ?? ''), { event: 'not_at_root', prefix })
  }
  for (const path of ['/nowhere', '/api/nowhere', '/api/api/profile', '/login/x']) {
    const { body } = await handler(eventOf('2.0', { path }), contextFor(10_000))
    t.equal(JSON.parse(body).detail, undefined, path)
  }
})

t.test('what happens in the Lambda is counted as metrics', async (t) => {
  manager.isAway = true
  const before = printed.length
  const url = '../../src/entry/lambda.js?counted'
  const { handler } = (await import(url)) as typeof import('../../src/entry/lambda.js')
  const call = async (given: GatewayCall) => {
    const answer = await handler(eventOf('2.0', given), contextFor(10_000))
    hear(given, answer)
    return answer
  }
  t.equal((await call({ path: '/healthz' })).statusCode, 503)
  manager.isAway = false

  const { email, password } = newAccount()
  const signIn = (body: object) => call({ method: 'POST', path: '/api/auth/login', body })
  await call({ method: 'POST', path: '/api/auth/register', body: { email, password } })
  await signIn({ email, password: `not ${password}` })
  await signIn({ email, password: `nor ${password}` })
  const { accessToken } = JSON.parse((await signIn({ email, password })).body)
  const headers = { authorization: `Bearer ${accessToken}` }
  const body = { name: 'counted' }
  const made = await call({ method: 'POST', path: '/api/apikeys/generate', headers, body })
  const { apiKey } = JSON.parse(made.body)
  await call({ path: '/api/data', headers: { 'x-api-key': apiKey } })

  const lines = printed.slice(before).filter((line) => line.includes('CloudWatchMetrics'))
  for (const line of lines) t.match(JSON.parse(line), { service: 'latchkey-app' })
  const counted = lines.map((line) => JSON.parse(line) as Record<string, number | number[]>)
  const total = (name: string) =>
    counted.reduce((sum, line) => sum + [line[name] ?? 0].flat().reduce((a, b) => a + b, 0), 0)
  const expected = {
    ColdStart: 1,
    StartFailed: 1,
    SignUp: 1,
    SignInFailed: 2,
    SignInSucceeded: 1,
    ApiKeyAllowed: 1,
  }
  t.same(Object.fromEntries(Object.keys(expected).map((name) => [name, total(name)])), expected)
  const ofSignIns = counted.filter((line) => 'SignInFailed' in line || 'SignInSucceeded' in line)
  t.equal(ofSignIns.length, 3)
  for (const line of ofSignIns) {
    t.ok('SignInFailed' in line && 'SignInSucceeded' in line, 'neither is ever without a value')
  }
})

t.test('the Lambda prints no secret', async (t) => {
  t.notMatch(printed.join('\n'), /BEGIN PRIVATE KEY|lk_live_|eyJ|@example\.com/)
})

t.test('a key ring in AWS Secrets Manager is written once for each revision', async (t) => {
  const secrets = new Secrets({ endpoint: manager.endpoint })
  const store = new SecretRingStore<KeyRing>(secrets, 'another-ring', ['signing', 'refresh'])
  t.equal(await store.read(), undefined)
  const ring = { signing: [], refresh: [] }
  const other = { signing: [], refresh: [], other: true }
  t.equal(await store.write({ revision: 1, ring }), true)
  t.equal(await store.write({ revision: 1, ring }), true, 'a retry of the same')
  t.equal(await store.write({ revision: 1, ring: other }), false)
  t.same(await store.read(), { revision: 1, ring })
})

t.test('a secret of AWS Secrets Manager that holds something else than a ring', async (t) => {
  const secrets = new Secrets({ endpoint: manager.endpoint })
  const [, written = ''] = [...(manager.versions.get('key-ring')?.values() ?? [])]
  const FIRST = 'latchkey-key-ring-r-000000000001'
  const holderOf = (id: string, byHand: string) => {
    const versions = [
      [FIRST, written],
      ['by-hand', byHand],
    ] as const
    manager.versions.set(id, new Map(versions))
    return new CachedKeyRing({
      store: new SecretRingStore(secrets, id, ['signing', 'refresh']),
      lifetimes: { accessMs: 1, refreshMs: 1 },
      clock: Date.now,
      random: systemRandom,
    })
  }

  t.test('a key ring in AWS Secrets Manager is one however it is spaced', async (t) => {
    const spaced = JSON.stringify(JSON.parse(written), undefined, 2)
    const { keys } = await holderOf('spaced', spaced).jwks()
    t.equal(keys.length, 2, 'the key that signs, and the spare')
    t.equal(manager.versions.get('spaced')?.size, 2)
  })

  t.test('a key ring never writes over something else in AWS Secrets Manager', async (t) => {
    const wrong = ['{}', 'null', '[]', '{"revision":1}', written.slice(0, -1), 'a b', 'short']
    for (const byHand of wrong) {
      const cause = { message: 'the secret wrong holds no key ring' }
      await t.rejects(holderOf('wrong', byHand).maintain(), { name: 'Problem', cause })
      t.equal(manager.versions.get('wrong')?.size, 2)
    }
  })

  t.test(
    'a key ring in AWS Secrets Manager is given up on where its first letters have come back',
    async (t) => {
      const cause = { message: 'the store holds no key ring, and takes no first one' }
      await t.rejects(holderOf('restored', GENERATED).maintain(), { name: 'Problem', cause })
    },
  )
})
