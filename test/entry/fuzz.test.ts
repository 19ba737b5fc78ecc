import type { Context } from 'aws-lambda'
import fc from 'fast-check'
import t from 'tap'
import { loadAuthorizerConfig } from '../../src/config/authorizer.js'
import { loadLambdaConfig } from '../../src/config/lambda.js'
import { loadLocalConfig } from '../../src/config/local.js'
import { loadRotationConfig } from '../../src/config/rotation.js'
import { environmentSchema, loadConfig } from '../../src/config/service.js'
import { createClient } from '../../src/dynamodb/client.js'
import { ConfigError } from '../../src/config/environment.js'
import { createMissingTables } from '../../src/local/create-tables.js'
import { bounds } from '../support/bounds.js'
import { Browser, OWN_PAGE } from '../support/browser.js'
import { testClock } from '../support/clock.js'
import { sharedEngine } from '../support/engine.js'
import { fuzzedRequests, type FuzzedRequest, SEED, SENTINEL, sendRaw } from '../support/fuzz.js'
import { providersEnvironment } from '../support/identity-provider.js'
import { eventOf, type Format } from '../support/lambda.js'
import { optionalRoutes } from '../support/optional-routes.js'
import { foreignPart } from '../support/own-answers.js'
import { withRoutes } from '../support/routes.js'
import { startSecretsManager } from '../support/secrets-manager.js'
import { ISSUER, startService } from '../support/service.js'
import { listen } from '../support/socket.js'
import { begin, settingsOf, startStandIn } from '../support/stand-in.js'
import { newTableNames, tableVariables } from '../support/tables.js'

const { requests } = bounds
t.comment(`FUZZ_SEED=${SEED}, ${requests} requests`)

const rejections: unknown[] = []
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => void rejections.push(error))
}
const parameters = { seed: SEED, numRuns: Math.ceil(requests / 2), endOnFailure: true }
const optional = { ...optionalRoutes(), CORS_ORIGINS: 'https://app.example.com' }

/** How a request must be answered, as far as it says so. */
function assertOwn(
  { method, path }: FuzzedRequest,
  answer: Parameters<typeof foreignPart>[1],
): void {
  const fault = foreignPart({ method, path }, answer)
  if (fault !== undefined) throw new Error(fault)
  if (answer.text.includes(SENTINEL)) throw new Error('the answer has the secret')
}

t.test('a fuzzed request over a socket: every answer is our own', async (t) => {
  const { app: service, routes } = await withRoutes(() => startService(t, { env: optional }))
  const port = Number(new URL((await listen(service)).url).port)
  const known = routes.filter(({ url }) => !url.includes('*'))
  await fc.assert(
    fc.asyncProperty(fuzzedRequests(known), async (request) => {
      assertOwn(request, await sendRaw(port, request))
    }),
    parameters,
  )
  t.equal((await service.get('/healthz')).status, 200, 'it goes on')
  t.same(service.events('unexpected_error'), [])
  t.notMatch(JSON.stringify(service.logs), SENTINEL)
  t.same(rejections, [])
})

t.test('a fuzzed event through the Lambda handler: every answer is our own', async (t) => {
  const manager = await startSecretsManager(t)
  const tables = newTableNames()
  const endpoint = (await sharedEngine()).endpoint
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.endpoint,
    ISSUER,
    KEY_RING_SECRET: 'key-ring',
    TICKET_KEYS_SECRET: 'ticket-keys',
    DATA_KEYS_SECRET: 'data-keys',
    SPARE_KEY_SECRET: 'spare-key',
    POWERTOOLS_DEV: 'true',
    RATE_LIMIT_PER_ADDRESS: '100000',
    ...tableVariables(tables),
    ...optional,
  })
  const client = createClient({ region: 'eu-west-1', endpoint })
  await createMissingTables(client, tables)
  t.teardown(() => client.destroy())
  const { handler: rotate } = await import('../../src/entry/rotate-keys.js')
  const { handler } = await import('../../src/entry/lambda.js')
  const printed: string[] = []
  for (const name of ['log', 'info', 'warn', 'error'] as const) {
    console[name] = (...parts: unknown[]) => void printed.push(parts.join(' '))
  }
  await rotate()
  const { routes } = await withRoutes(() => startService(t, { env: optional }))
  const context = { getRemainingTimeInMillis: () => 30_000, functionName: 'app' } as Context
  const call = fc.tuple(fuzzedRequests(routes), fc.constantFrom<Format>('1.0', '2.0'), fc.boolean())
  await fc.assert(
    fc.asyncProperty(call, async ([request, format, isBase64Encoded]) => {
      const { body, headers, ...line } = request
      const event = eventOf(format, { ...line, headers: Object.fromEntries(headers) })
      const content = isBase64Encoded ? Buffer.from(body, 'latin1').toString('base64') : body
      const given = { ...event, ...(body !== '' && { body: content, isBase64Encoded }) }
      const answer = await handler(given, context)
      assertOwn(request, { status: answer.statusCode, headers: answer.headers, text: answer.body })
    }),
    parameters,
  )
  await fc.assert(
    fc.asyncProperty(fc.anything(), async (event) => {
      const { statusCode } = await handler(event, context)
      if (![200, 400].includes(statusCode)) throw new Error(`status ${statusCode}`)
    }),
    { ...parameters, numRuns: Math.ceil(requests / 20) },
  )
  const said = printed.join('\n')
  t.notMatch(said, /"event":\s*"(unexpected_error|start_fail)"/)
  t.notMatch(said, SENTINEL)
  t.same(rejections, [])
})

t.test('a social sign-in ends in our words, with each answer of a fuzzed provider', async (t) => {
  const clock = testClock()
  const standIn = await startStandIn(t)
  const settings = { ...settingsOf(standIn), clientSecret: SENTINEL }
  const env = providersEnvironment({ north: settings })
  const service = await startService(t, { clock, env })
  const honest = {
    issuer: standIn.issuer,
    authorization_endpoint: `${standIn.issuer}/authorize`,
    token_endpoint: `${standIn.issuer}/token`,
    jwks_uri: `${standIn.issuer}/jwks`,
    keys: [standIn.key.publicJwk],
    access_token: SENTINEL,
    token_type: 'Bearer',
    id_token: `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"sub":"x"}').toString('base64url')}.x`,
  }
  const odd = fc.oneof(fc.anything({ maxDepth: 2 }).map(withoutCycles), fc.constant(undefined))
  const document = fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .dictionary(fc.constantFrom(...Object.keys(honest)), odd, { maxKeys: 2 })
        .map((changed) => ({ ...honest, ...changed })),
    },
    { weight: 1, arbitrary: fc.json({ maxDepth: 2 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  )
  const reaction = fc.record({
    status: fc.constantFrom(200, 200, 200, 201, 204, 302, 400, 401, 404, 429, 500),
    headers: fc.constantFrom(
      {},
      { 'content-type': 'text/html' },
      { location: 'http://127.0.0.1:1/' },
    ),
    body: document,
  })
  const answers = fc.record({
    discovery: reaction,
    jwks: reaction,
    token: reaction,
    userinfo: reaction,
  })
  const PATHS = {
    discovery: '/.well-known/openid-configuration',
    jwks: '/jwks',
    token: '/token',
    userinfo: '/userinfo',
  }
  await fc.assert(
    fc.asyncProperty(answers, fc.constantFrom(...Object.keys(PATHS)), async (given, broken) => {
      // What was kept of the provider's documents is asked for again.
      clock.advance(48 * 3600 * 1000)
      for (const [name, path] of Object.entries(PATHS)) {
        const reaction =
          name === broken || broken === 'userinfo'
            ? given[name as keyof typeof given]
            : { body: honest }
        standIn.react(path, () => reaction)
      }
      const browser = new Browser(service)
      const begun = await begin(browser, 'north', '', OWN_PAGE)
      const visits = [begun.visit]
      if (begun.query.has('state')) {
        visits.push(await browser.visit(begun.callback({ code: SENTINEL }), { headers: OWN_PAGE }))
      }
      for (const { status, headers, text } of visits) {
        const named = Object.fromEntries(headers)
        const fault = foreignPart(
          { method: 'GET', path: '/api/auth/north', isForPerson: true },
          { status, headers: named, text },
        )
        if (fault !== undefined) throw new Error(fault)
      }
    }),
    { ...parameters, numRuns: Math.ceil(requests / 20) },
  )
  t.same(service.events('unexpected_error'), [])
  t.notMatch(JSON.stringify(service.logs), SENTINEL)
  t.same(rejections, [])
})

t.test('a fuzzed setting stops the boot with a sentence that quotes no secret', async (t) => {
  const text = fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '0',
      '-1',
      '1e9',
      'true',
      '{}',
      '[]',
      'null',
      '{"a":',
      'https://x',
      ISSUER,
      '*',
      '\n',
    ),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.json({ maxDepth: 2 }),
  )
  const provider = fc.record(
    { clientId: text, clientSecret: text.map((end) => SENTINEL + end), issuer: text },
    { requiredKeys: ['clientSecret'] },
  )
  const providers = fc.dictionary(fc.constantFrom('google', 'acme', '__proto__', 'x y'), provider, {
    maxKeys: 2,
  })
  const names = [
    ...Object.keys(environmentSchema.properties),
    'HOST',
    'PORT',
    'DATA_DIR',
    'ACCEPTS',
    'KEY_RING_SECRET',
  ]
  const source = fc
    .tuple(fc.dictionary(fc.constantFrom(...names), text, { maxKeys: 3 }), fc.option(providers))
    .map(([variables, given]) => ({
      ISSUER,
      ...variables,
      ...(given && { OAUTH_PROVIDERS: JSON.stringify(given) }),
    }))
  const loaders = [
    loadConfig,
    loadLambdaConfig,
    loadLocalConfig,
    loadRotationConfig,
    loadAuthorizerConfig,
  ]
  t.doesNotThrow(() => {
    fc.assert(
      fc.property(
        source,
        fc.constantFrom(...loaders),
        (environment, load: (source: NodeJS.ProcessEnv) => unknown) => {
          try {
            load(environment)
          } catch (error) {
            if (!(error instanceof ConfigError)) throw error
            if (error.message.includes(SENTINEL))
              throw new Error('the sentence has the secret', { cause: error })
          }
        },
      ),
      { ...parameters, numRuns: requests },
    )
  })
})

function withoutCycles(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value)) as unknown
  } catch {
    return Object.prototype.toString.call(value)
  }
}
