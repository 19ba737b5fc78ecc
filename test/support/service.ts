import { randomBytes } from 'node:crypto'
import type { DynamoDBClient, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import type { FastifyInstance, InjectOptions } from 'fastify'
import type { Test } from 'tap'
import { buildApp } from '../../src/app.js'
import type { Services } from '../../src/services.js'
import { type Config, loadConfig } from '../../src/config/service.js'
import { createClient } from '../../src/dynamodb/client.js'
import type { ForeignNetwork } from '../../src/http/foreign/fetcher.js'
import { createRing, type KeyRing } from '../../src/keyring/ring.js'
import type { KeyRingStore, RotationStores } from '../../src/keyring/store.js'
import { fastifyLogger } from '../../src/events/logger.js'
import { systemRandom } from '../../src/lib/random.js'
import { type TestClock, testClock } from './clock.js'
import { sharedEngine } from './engine.js'
import { assertKnownKinds } from './item-kinds.js'
import { CapturingLogger, type LogLine } from './logger.js'
import { memoryStores } from './memory-key-ring.js'
import { enforcePolicy } from './policy.js'
import { createTables, newTableNames, tableVariables } from './tables.js'
import { record, recordSecret } from './transcript.js'

export const ISSUER = 'https://auth.example.com'

export interface ServiceOptions {
  /** Environment variables over the test defaults. */
  readonly env?: Readonly<Record<string, string>>
  readonly clock?: TestClock
  /** Another service whose tables and keys this one shares: a second instance. */
  readonly beside?: Service
  /** A DynamoDB endpoint other than the engine's own, such as a proxy before it. */
  readonly endpoint?: string
  /** How long one attempt at a call of DynamoDB may take, milliseconds; by default as long as in production. */
  readonly storeTimeoutMs?: number
  /** Hosts of other parties; without them none is there. */
  readonly foreignNetwork?: ForeignNetwork
  /** Passwords are hashed at the cost that the configuration says, in place of nearly none. */
  readonly hashes?: 'production'
}

/** A request as a test words it. */
export interface Call {
  readonly token?: string
  readonly cookies?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly remoteAddress?: string
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>
  /** Parsed JSON; undefined for an empty body. */
  readonly body: any
  readonly text: string
  /** Name, value and attributes of each Set-Cookie. */
  readonly cookies: readonly SetCookie[]
}

export interface SetCookie {
  readonly name: string
  readonly value: string
  readonly [attribute: string]: unknown
}

export interface Account {
  readonly id: string
  readonly email: string
  readonly password: string
}

export interface SignedIn {
  readonly accessToken: string
  readonly refreshToken: string
  readonly user: { readonly id: string; readonly email: string; readonly role: string }
}

export interface Service {
  readonly app: FastifyInstance
  /** What the app was built with, for what no request reaches. */
  readonly services: Services
  readonly clock: TestClock
  readonly config: Config
  readonly client: DynamoDBClient
  readonly logs: readonly LogLine[]
  readonly keyRing: {
    readonly store: KeyRingStore
    readonly stores: RotationStores
  }
  /** DynamoDB calls so far, as `Operation table`, tables by their short names. */
  readonly calls: string[]
  /** Capacity units that they have consumed so far, but for writes whose condition did not hold. */
  readonly units: { read: number; write: number }
  /** Pauses before the store was asked again, milliseconds; none of them is waited for. */
  readonly pauses: readonly number[]
  call(method: string, url: string, call?: Call): Promise<Answer>
  get(url: string, call?: Call): Promise<Answer>
  post(url: string, body?: unknown, call?: Call): Promise<Answer>
  delete(url: string, call?: Call): Promise<Answer>
  /** Registers a user with a name nobody has. Without the mail of a registration, which would count. */
  signUp(overrides?: Partial<Account>): Promise<Account>
  signIn(account: Account, call?: Call): Promise<SignedIn>
  events(event: string): LogLine[]
}

/** No test asks anyone outside. */
const NO_FOREIGN_HOSTS: ForeignNetwork = {
  resolve: async () => [],
  connect() {
    throw new Error('A test has no foreign hosts unless it starts some.')
  },
}

const TEST_ENVIRONMENT = {
  // Fifty at once, of one address, are no flood on a slow machine.
  ARGON2_QUEUE: '1000',
  ISSUER,
  RATE_LIMIT_PER_ADDRESS: '100000',
  RATE_LIMIT_FAILURES_PER_ADDRESS: '5000',
  LOG_LEVEL: 'debug',
}

/** Less than any configuration may ask for: a hash takes a hundredth of its time. */
const CHEAP_HASH = { memoryCost: 64, timeCost: 2 }

/** A test of hashes, or of the queue before them, gets those of production, as does one that sets a variable of theirs. */
function withCheapHashes(config: Config, { env = {}, hashes }: ServiceOptions): Config {
  const areMeant = Object.keys(env).some((name) => name.startsWith('ARGON2_'))
  if (areMeant || hashes === 'production') return config
  return { ...config, passwords: { ...config.passwords, ...CHEAP_HASH } }
}

/** The whole service on the embedded engine, with tables and keys of its own. */
export async function startService(t: Test, options: ServiceOptions = {}): Promise<Service> {
  const { beside } = options
  const clock = options.clock ?? beside?.clock ?? testClock()
  const tables = tableVariables(beside?.config.tables ?? newTableNames())
  const loaded = loadConfig({ ...TEST_ENVIRONMENT, ...tables, ...options.env })
  const config = withCheapHashes(loaded, options)
  const endpoint = options.endpoint ?? (await sharedEngine()).endpoint
  const client = testClient(endpoint)
  if (!beside) await createTables(endpoint, config.tables)
  const ownClient = testClient(endpoint, options.storeTimeoutMs)
  enforcePolicy(ownClient, config.tables)
  for (const each of [client, ownClient]) assertKnownKinds(each, config.tables)
  const { calls, units } = countCalls(ownClient, config)
  const pauses: number[] = []
  const wait = async (milliseconds: number) => {
    pauses.push(milliseconds)
  }
  const keyRing = beside?.keyRing ?? (await newKeyRing(clock()))
  const logger = new CapturingLogger({ serviceName: 'latchkey', logLevel: config.logLevel })

  const { app, services } = await buildApp({
    config,
    logger: fastifyLogger(logger),
    client: ownClient,
    keyStores: keyRing.stores,
    clock,
    random: systemRandom,
    backoff: { random: systemRandom, wait },
    foreignNetwork: options.foreignNetwork ?? NO_FOREIGN_HOSTS,
  })
  t.teardown(() => app.close())

  const call = async (method: string, url: string, options: Call = {}): Promise<Answer> => {
    recordRequestSecrets(options)
    const answer = await inject(app, method, url, options)
    recordAnswer(method, url, answer)
    return answer
  }
  const service: Service = {
    app,
    services,
    clock,
    config,
    client,
    keyRing,
    calls,
    units,
    pauses,
    logs: logger.lines,
    call,
    get: (url, options) => call('GET', url, options),
    post: (url, body, options) => call('POST', url, { ...options, body }),
    delete: (url, options) => call('DELETE', url, options),
    async signUp(overrides) {
      const account = { ...newAccount(), ...overrides }
      const { email, password } = account
      if (config.mail) {
        recordSecret('email', email)
        recordSecret('password', password)
        const { id } = await services.users.register({ email, password })
        return { ...account, id }
      }
      const { status, body } = await call('POST', '/api/auth/register', {
        body: { email, password },
      })
      if (status !== 201) throw new Error(`sign-up answered ${status} ${body?.code}`)
      return { ...account, id: body.user.id }
    },
    async signIn({ email, password }, options) {
      const answer = await call('POST', '/api/auth/login', {
        ...options,
        body: { email, password },
      })
      if (answer.status !== 200)
        throw new Error(`sign-in answered ${answer.status} ${answer.body?.code}`)
      return answer.body
    },
    events: (event) => logger.lines.filter((line) => line.event === event),
  }
  return service
}

/** An address and a password that no other test uses. */
export function newAccount(): Account {
  const mark = randomBytes(8).toString('hex')
  return {
    id: '',
    email: `user-${mark}@example.com`,
    password: `long enough ${mark.split('').reverse().join('')}`,
  }
}

function testClient(endpoint: string, requestTimeout?: number): DynamoDBClient {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  return createClient({
    ...{ endpoint, region: 'local', credentials, retryStrategy: AT_ONCE },
    ...(requestTimeout !== undefined && {
      requestHandler: { requestTimeout, throwOnRequestTimeout: true },
    }),
  })
}

const REPEATED: ReadonlySet<string> = new Set(['TRANSIENT', 'THROTTLING'])

const attempt = (count: number) => ({ getRetryCount: () => count, getRetryDelay: () => 0 })

/** Three attempts at what the SDK would repeat, without the pauses between them. */
const AT_ONCE: NonNullable<DynamoDBClientConfig['retryStrategy']> = {
  acquireInitialRetryToken: async () => attempt(0),
  async refreshRetryTokenForRetry(token, { errorType }) {
    const count = token.getRetryCount() + 1
    if (count === 3 || !REPEATED.has(errorType)) throw new Error('not repeated')
    return attempt(count)
  },
  recordSuccess: () => undefined,
}

let firstRing: Promise<KeyRing> | undefined

/** Making RSA keys takes long, so a process makes one ring and gives each service a copy. */
async function newKeyRing(now: number): Promise<Service['keyRing']> {
  firstRing ??= createRing(0, systemRandom)
  const made = await firstRing
  const ring: KeyRing = {
    signing: made.signing.map((key) => ({ ...key, publishedAt: now, signsFrom: now })),
    refresh: made.refresh.map((key) => ({ ...key, publishedAt: now, usedFrom: now })),
  }
  for (const { privateKey } of ring.signing) recordSecret('key', privateKey.split('\n')[5])
  for (const { secret } of ring.refresh) recordSecret('key', secret)
  const stores = memoryStores()
  const store = stores.keyRing
  await store.write({ ring, revision: 1 })
  return { store, stores }
}

function countCalls(client: DynamoDBClient, { tables }: Config) {
  const calls: string[] = []
  const units = { read: 0, write: 0 }
  const shortNames = new Map(Object.entries(tables).map(([id, name]) => [name, id]))
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const { TableName = '' } = args.input as { TableName?: string }
      const operation = String(context.commandName).replace('Command', '')
      calls.push(`${operation} ${shortNames.get(TableName) ?? ''}`.trim())
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' })
      const result = await next(args)
      const { ConsumedCapacity = [] } = result.output as {
        ConsumedCapacity?: Capacity | Capacity[]
      }
      const kind = /^(Get|BatchGet|Query)/.test(operation) ? 'read' : 'write'
      for (const { CapacityUnits = 0 } of [ConsumedCapacity].flat()) units[kind] += CapacityUnits
      return result
    },
    { step: 'initialize', name: 'countCalls' },
  )
  return { calls, units }
}

interface Capacity {
  readonly CapacityUnits?: number
}

async function inject(
  app: FastifyInstance,
  method: string,
  url: string,
  { token, cookies, headers, body, remoteAddress }: Call,
): Promise<Answer> {
  const options = {
    method,
    url,
    remoteAddress,
    cookies,
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
    ...(body !== undefined && { payload: body }),
  } as InjectOptions
  const response = await app.inject(options)
  const json = String(response.headers['content-type']).includes('json')
  return {
    status: response.statusCode,
    headers: response.headers,
    body: json && response.body !== '' ? response.json() : undefined,
    text: response.body,
    cookies: response.cookies as unknown as SetCookie[],
  }
}

/** Whatever a test sends that is secret, whichever test it is. */
function recordRequestSecrets({ token, cookies, headers, body }: Call): void {
  recordSecret('token', token)
  recordSecret('token', headers?.['x-api-key'])
  for (const value of Object.values(cookies ?? {})) recordSecret('token', value)
  const fields = (typeof body === 'object' ? body : {}) as Record<string, unknown>
  for (const name of ['password', 'currentPassword', 'newPassword'])
    recordSecret('password', fields[name])
  recordSecret('token', fields.refreshToken)
  recordSecret('email', fields.email)
}

function recordAnswer(
  method: string,
  url: string,
  { status, headers, text, body, cookies }: Answer,
): void {
  recordSecret('token', body?.accessToken)
  recordSecret('token', body?.access_token)
  recordSecret('token', body?.apiKey)
  recordSecret('client-secret', body?.clientSecret)
  recordSecret('token', body?.refreshToken)
  for (const { value } of cookies) recordSecret('token', value)
  const request = `${method} ${url}`
  record({ kind: 'response', request, status, headers: JSON.stringify(headers), body: text })
}
