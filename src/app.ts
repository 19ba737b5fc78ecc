import { randomUUID } from 'node:crypto'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  LogController,
} from 'fastify'
import { Resources } from './access-tokens/resources.js'
import type { Clock } from './lib/clock.js'
import type { Config } from './config/service.js'
import { ConfigError } from './config/environment.js'
import { Database } from './dynamodb/database.js'
import type { Backoff } from './dynamodb/repeated.js'
import { ApiKeys } from './api-keys/api-keys.js'
import { KeyDesk } from './api-keys/desk.js'
import { forgetWritten } from './api-keys/forget-written.js'
import { HeldKeys } from './api-keys/held-keys.js'
import { KeyLimits } from './api-keys/limits.js'
import { GenerateBody, UpdateBody } from './api-keys/schemas.js'
import holderRoutes from './api-keys/holder-routes.js'
import leakRoutes from './api-keys/leaks.js'
import apiKeys from './api-keys/plugin.js'
import { ApiKeysStore } from './api-keys/store.js'
import { UsageRecorder } from './api-keys/usage.js'
import { ApiKeyVerifier } from './api-keys/verification/verifier.js'
import apiKeyRoutes from './api-keys/routes.js'
import healthRoutes from './health/routes.js'
import discoveryRoutes from './oauth/discovery.js'
import { CachedKeyRing } from './keyring/cached-ring.js'
import { TICKET_MS } from './keyring/secret-keys.js'
import { SecretKeyRing } from './keyring/secret-ring.js'
import type { KeyStores } from './keyring/store.js'
import machineTokenRoutes from './oauth/routes.js'
import { resolveProviders } from './social/presets.js'
import home from './pages/home-routes.js'
import pages from './pages/plugin.js'
import { answerUnreadable, type RawAnswers } from './http/client-errors.js'
import { corsHeaders } from './http/cors-headers.js'
import { renderFailure } from './http/errors.js'
import { lazyCompilers } from './http/lazy-compilers.js'
import { CLIENT } from './events/logger.js'
import { AccountLimits } from './limits/by-account.js'
import { AddressLimits, type Limit } from './limits/by-address.js'
import { RateLimitCounter } from './limits/counter.js'
import { PermitLeases } from './limits/permit-leases.js'
import clientErrors from './plugins/client-errors.js'
import cookies from './plugins/cookies.js'
import cors from './plugins/cors.js'
import errors from './plugins/errors.js'
import { ACCESS_TOKEN_SECONDS } from './access-tokens/claims.js'
import jwt from './plugins/jwt.js'
import { AccessTokenSigner } from './access-tokens/signer.js'
import { AccessTokenVerifier } from './access-tokens/verifier.js'
import notFound from './plugins/not-found.js'
import openapi from './plugins/openapi.js'
import rateLimit from './plugins/rate-limit.js'
import securityHeaders, { securityHeaderValues } from './plugins/security-headers.js'
import text from './plugins/text.js'
import type { Random } from './lib/random.js'
import resourceRoutes from './resources/routes.js'
import sessionActions from './sessions/actions.js'
import sessions from './sessions/plugin.js'
import { LoginBody } from './sessions/schemas.js'
import sessionRoutes from './sessions/routes.js'
import { TicketStore } from './tickets/store.js'
import userActions from './users/actions.js'
import adminActions from './users/admin-actions.js'
import adminRoutes from './users/admin-routes.js'
import users from './users/plugin.js'
import identityRoutes from './users/identity-routes.js'
import userRoutes from './users/routes.js'
import { ChangePasswordBody, FindUserBody, RegisterBody } from './users/schemas.js'
import type { Identities } from './users/identities.js'
import type { Profiles } from './users/profiles.js'
import type { User } from './users/user.js'
import type { Users } from './users/users.js'
import type { Sessions } from './sessions/sessions.js'
import { VERSION } from './lib/version.js'

/** What the app takes from outside: configuration, and everything that a test wants to own. */
export interface AppDependencies {
  readonly config: Config
  readonly logger: FastifyBaseLogger
  readonly client: DynamoDBClient
  readonly keyStores: KeyStores
  readonly clock: Clock
  readonly random: Random
  /** Sees every request before any route does, whichever it is. */
  readonly front?: FastifyPluginAsync
  /** How the store pauses before it asks again; a test would not wait for it. */
  readonly backoff?: Backoff
}

/** Characters of a `User-Agent` that the log keeps. */
const MAX_USER_AGENT = 256

/** The largest honest body is a password change; 16 KiB leaves room. */
const BODY_LIMIT = 16 * 1024

/** What the forms of the pages are judged by: the bodies of the JSON routes. */
const FORMS = {
  signIn: LoginBody,
  signUp: RegisterBody,
  changePassword: ChangePasswordBody,
  generateKey: GenerateBody,
  updateKey: UpdateBody,
  findUser: FindUserBody,
}

/** What the routes work with. None of it knows Fastify, and each gets what it needs by its constructor. */
function buildServices(dependencies: AppDependencies) {
  const { config, client, keyStores, clock, random, backoff } = dependencies
  const { issuer, audience, tables, rateLimits } = config
  const { allowOnOutage } = rateLimits
  const database = new Database(client, backoff)

  const lifetimes = {
    accessMs: ACCESS_TOKEN_SECONDS * 1000,
    refreshMs: config.sessions.absoluteMs,
  }
  const keyRing = new CachedKeyRing({ store: keyStores.keyRing, lifetimes, clock, random })
  /** They derive the secrets of mails, which live at most seven days, and seal flows of social sign-in. */
  const ticketKeys = new SecretKeyRing({
    store: keyStores.ticketKeys,
    lifetimeMs: TICKET_MS,
    clock,
    random,
  })
  /** They seal and digest what is kept; no rotation or replacement removes one. */
  const dataKeys = new SecretKeyRing({
    store: keyStores.dataKeys,
    lifetimeMs: Infinity,
    clock,
    random,
  })

  const tickets = new TicketStore({ database, table: tables.tickets, clock, random })
  const rateLimitCounter = new RateLimitCounter(database, tables.rateLimits, clock)
  const addressLimits = new AddressLimits({
    counter: rateLimitCounter,
    limit: rateLimits.address,
    allowOnOutage,
  })
  const accountLimits = new AccountLimits({
    database,
    table: tables.rateLimits,
    dataKeys,
    account: rateLimits.account,
    failures: rateLimits.failures,
    allowOnOutage,
    clock,
    random,
  })

  const resources = new Resources(config.resources)
  const verifying = { issuer, keys: keyRing, clock }
  const tokenVerifier = new AccessTokenVerifier({ ...verifying, audiences: [audience] })
  /** Takes tokens for any API. */
  const anyTokenVerifier = new AccessTokenVerifier({
    ...verifying,
    audiences: [audience, ...resources.all.map(({ identifier }) => identifier)],
  })
  const tokenSigner = new AccessTokenSigner({
    issuer,
    audience,
    signingKey: () => keyRing.signingKey(),
  })

  const { keyPrefix, scopes } = config.apiKeys
  const keyStore = new ApiKeysStore(database, tables, scopes.reserved)
  const keys = new ApiKeys({ ...config.apiKeys, store: keyStore, clock, random })
  const keyUsage = new UsageRecorder(database, tables.apiKeys, clock)
  const keyLimits = new KeyLimits(new PermitLeases(rateLimitCounter, clock), clock)
  const heldKeys = new HeldKeys({ apiKeys: keys, limits: keyLimits })
  const keyVerifier = new ApiKeyVerifier({
    keyPrefix,
    cacheMs: config.verificationCacheMs,
    clock,
    find: ({ keyId }) => keyStore.findWithOwner(keyId),
  })
  forgetWritten(keyVerifier, database, tables)

  return {
    database,
    keyRing,
    ticketKeys,
    dataKeys,
    tickets,
    rateLimitCounter,
    addressLimits,
    accountLimits,
    resources,
    tokenVerifier,
    anyTokenVerifier,
    tokenSigner,
    apiKeys: keys,
    keyUsage,
    keyLimits,
    heldKeys,
    keyVerifier,
  }
}

type BuiltServices = ReturnType<typeof buildServices>

/** An app, ready to listen, to inject into, or to be called by Lambda, and what it is made of. */
export interface BuiltApp {
  readonly app: FastifyInstance
  readonly services: Services
}

/** The services that the features have in common, for code that drives the app without HTTP. */
export interface Services extends BuiltServices {
  readonly keyDesk: KeyDesk
  readonly users: Users
  readonly identities: Identities
  readonly profiles: Profiles
  readonly sessions: Sessions<User>
}

/** Builds the services with what they need, and hands them to the plugins and routes. */
export async function buildApp(dependencies: AppDependencies): Promise<BuiltApp> {
  const { config, logger, client, clock, random } = dependencies
  const { issuer, tables, rateLimits } = config
  const allowOnOutage = rateLimits.allowOnOutage
  const services = buildServices(dependencies)
  const {
    database,
    keyRing,
    ticketKeys,
    dataKeys,
    tickets,
    resources,
    tokenSigner,
    tokenVerifier,
  } = services
  // Read, or made, while the rest is built. Ticket and data keys are read when they are first needed.
  keyRing.loaded().catch(() => undefined)

  const headers = await securityHeaderValues()
  const headersFor = (origin: string | undefined) => ({
    ...headers,
    ...corsHeaders(config.corsOrigins, origin),
  })
  const answers: RawAnswers = { log: logger, issuer, headersFor }

  const app = Fastify({
    loggerInstance: logger,
    // Events are logged where they happen; a line for each request would repeat API Gateway's access log.
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId',
    }),
    childLoggerFactory: (parent, bindings, _options, { socket, headers }) =>
      parent.child({
        ...bindings,
        [CLIENT]: {
          ip: socket.remoteAddress,
          // A dash stands for none, as in the Common Log Format: Powertools leaves out what is empty.
          userAgent: (headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT) || '-',
        },
      }),
    bodyLimit: BODY_LIMIT,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    // An address comes from the connection or from API Gateway, never from a header.
    trustProxy: false,
    // Input is taken as it comes or refused: nothing is coerced, and nothing unknown is dropped.
    // All that is wrong is said at once; a body of BODY_LIMIT made of faults alone costs 5 ms, less than a hash.
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        validateSchema: false,
        allErrors: true,
      },
    },
    schemaController: { compilersFactory: lazyCompilers as object },
    // While it closes, the service finishes what has begun; a client is not cut off half-way.
    return503OnClosing: false,
    clientErrorHandler: answerUnreadable(answers),
    // Node's own refusal of a request without Host is not ours; `clientErrors` has one.
    http: { requireHostHeader: false },
    frameworkErrors(error, request, reply) {
      reply.headers(headersFor(request.headers.origin))
      void renderFailure(error, request, reply)
    },
  })

  await app.register(errors, { issuer })
  await app.register(securityHeaders)
  await app.register(cors, { origins: config.corsOrigins })
  await app.register(clientErrors, { answers })
  if (dependencies.front) await app.register(dependencies.front)
  await app.register(notFound)
  await app.register(text)
  await app.register(cookies, { issuer, trustedOrigins: config.corsOrigins })
  await app.register(openapi, { issuer, version: VERSION })
  app.addHook('onClose', async () => client.destroy())
  await app.register(rateLimit, {
    counter: services.rateLimitCounter,
    limit: rateLimits.address,
    allowOnOutage,
  })
  await app.register(jwt, { verifier: tokenVerifier })
  decorateForPeople(app, services, rateLimits.address)
  await app.register(users, {
    database,
    table: tables.users,
    passwords: config.passwords,
    signUp: config.signUp,
    profileCacheMs: config.verificationCacheMs,
    clock,
    random,
  })
  await app.register(sessions, {
    database,
    table: tables.refreshTokens,
    keyRing,
    lifetimes: config.sessions,
    resources,
    clock,
    random,
  })
  await app.register(sessionActions, { dataKeys })
  const keyDesk = new KeyDesk({
    apiKeys: services.apiKeys,
    users: app.users.store,
    assertRecent: (session) => app.assertRecent(session),
  })
  app.decorate('suspendRecentKeys', (...of) => keyDesk.suspendRecent(...of))
  await app.register(apiKeys, {
    verifier: services.keyVerifier,
    limits: services.keyLimits,
    usage: services.keyUsage,
    desk: keyDesk,
    allowOnOutage,
  })

  const { timeoutMs, providers: settings } = config.oauth
  const providers = resolveProviders(settings)
  if (typeof config.signUp === 'object' && providers.length === 0) {
    throw new ConfigError(
      'SIGN_UP: domains needs an identity provider (OAUTH_PROVIDERS), which proves the addresses.',
    )
  }
  const providerIds = providers.map(({ id }) => id)
  await app.register(userActions, { providers: providerIds, signUp: config.signUp, clock })
  await app.register(adminActions)
  await app.register(userRoutes)
  await app.register(adminRoutes)
  await app.register(sessionRoutes, { resources })
  await app.register(identityRoutes)
  if (providers.length > 0) {
    // A service without providers loads none of it.
    const { default: oauth, freeing } = await import('./social/plugin.js')
    const returnOrigins = config.corsOrigins
    const flows = { tickets, ticketKeys, clock, random }
    await app.register(freeing, flows)
    await app.register(oauth, { ...flows, providers, issuer, returnOrigins, timeoutMs })
  }
  const { heldKeys, keyUsage: usage, keyVerifier: verifier } = services
  await app.register(apiKeyRoutes, { desk: keyDesk, heldKeys, usage, verifier })
  await app.register(holderRoutes, { heldKeys, usage, verifier })
  if (config.apiKeys.leaks) {
    await app.register(leakRoutes, { ...config.apiKeys.leaks, apiKeys: services.apiKeys })
  }
  await app.register(resourceRoutes)
  await app.register(machineTokenRoutes, {
    services: {
      keyPrefix: config.apiKeys.keyPrefix,
      verifier,
      apiKeys: services.apiKeys,
      sessions: app.sessions,
      current: { confirm: (claims) => app.confirmSession(claims) },
      tokens: services.anyTokenVerifier,
    },
    resources,
    signer: tokenSigner,
    clock,
    random,
  })
  await app.register(discoveryRoutes, {
    issuer,
    keyRing,
    resources,
    scopes: config.apiKeys.scopes.all,
  })
  await app.register(pages, {
    services: { ...services, keyDesk },
    issuer,
    ticketKeys,
    returnOrigins: config.corsOrigins,
    providers: providers.map(({ id, name }) => ({ id, name })),
    hasSignUp: config.signUp === 'open',
    schemas: FORMS,
    brand: config.brand,
    clock,
  })
  await app.register(home)
  await app.register(healthRoutes, { database, table: tables.users })
  await keyRing.loaded()
  const { users: accounts, identities, profiles, sessions: opened } = app
  return {
    app,
    services: { ...services, keyDesk, users: accounts, identities, profiles, sessions: opened },
  }
}

/** Until users and sessions take these as options. */
function decorateForPeople(
  app: FastifyInstance,
  { accountLimits: limits, addressLimits, tokenSigner, tokenVerifier }: BuiltServices,
  addressLimit: Limit,
): void {
  app.decorate('addressLimit', addressLimit)
  app.decorate('limitAddress', (...of) => addressLimits.count(...of))
  app.decorate('limitSignIn', (...of) => limits.limitSignIn(...of))
  app.decorate('limitPasswordChange', (...of) => limits.limitPasswordChange(...of))
  app.decorate('rememberAddress', (...of) => limits.rememberAddress(...of))
  app.decorate('rememberBrowser', (...of) => limits.rememberBrowser(...of))
  app.decorate('signAccessToken', (claims) => tokenSigner.sign(claims))
  app.decorate('verifyAccessToken', (token) => tokenVerifier.verify(token))
}

declare module 'fastify' {
  interface FastifyInstance {
    addressLimit: Limit
    limitAddress: AddressLimits['count']
    limitSignIn: AccountLimits['limitSignIn']
    limitPasswordChange: AccountLimits['limitPasswordChange']
    rememberAddress: AccountLimits['rememberAddress']
    rememberBrowser: AccountLimits['rememberBrowser']
    signAccessToken: AccessTokenSigner['sign']
    suspendRecentKeys: KeyDesk['suspendRecent']
  }
}
