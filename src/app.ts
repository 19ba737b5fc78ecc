import { randomUUID } from 'node:crypto'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  LogController,
} from 'fastify'
import { Resources } from './access-tokens/resources.js'
import adminGuard from './administration/guard.js'
import adminFactorRoutes from './administration/factor-routes.js'
import adminInvitationRoutes from './administration/invitation-routes.js'
import peopleRoutes from './administration/people-routes.js'
import adminRoutes from './administration/routes.js'
import auditRoutes from './audit/routes.js'
import type { Clock } from './lib/clock.js'
import { LateServices } from './lib/late.js'
import type { BuiltLate } from './late.js'
import type { Config } from './config/service.js'
import { readClients } from './config/declared-clients.js'
import { ConfigError } from './config/environment.js'
import { Database } from './dynamodb/database.js'
import { Refusals } from './dynamodb/refusals.js'
import { userOfKey } from './dynamodb/user-items.js'
import type { Backoff } from './dynamodb/repeated.js'
import { forgetWritten } from './api-keys/forget-written.js'
import { KeyLimits } from './api-keys/limits.js'
import holderRoutes from './api-keys/holder-routes.js'
import apiKeys from './api-keys/plugin.js'
import { ApiKeysStore } from './api-keys/store.js'
import { UsageRecorder } from './api-keys/usage.js'
import { ApiKeyVerifier } from './api-keys/verification/verifier.js'
import apiKeyRoutes from './api-keys/routes.js'
import { Notices } from './email/notices.js'
import { Outbox } from './email/outbox.js'
import { MailRequests } from './email/requests.js'
import deviceRoutes from './factors/device-routes.js'
import passkeyRoutes from './factors/passkeys/routes.js'
import factorsRemovalRoutes from './factors/removal-routes.js'
import factorRoutes from './factors/routes.js'
import healthRoutes from './health/routes.js'
import authorizationRoutes from './oauth/authorization/routes.js'
import type { AppClient } from './oauth/clients/client.js'
import { Clients } from './oauth/clients/clients.js'
import clientRoutes from './oauth/clients/routes.js'
import { ClientsStore } from './oauth/clients/store.js'
import consentRoutes from './oauth/consent-routes.js'
import discoveryRoutes from './oauth/discovery.js'
import { CachedKeyRing } from './keyring/cached-ring.js'
import { TICKET_MS } from './keyring/secret-keys.js'
import { SecretKeyRing } from './keyring/secret-ring.js'
import type { KeyStores } from './keyring/store.js'
import machineTokenRoutes from './oauth/routes.js'
import home from './pages/home/routes.js'
import pages from './pages/plugin.js'
import { answerUnreadable, type RawAnswers } from './http/client-errors.js'
import { corsHeaders } from './http/cors-headers.js'
import type { ForeignNetwork } from './http/foreign/fetcher.js'
import { renderFailure } from './http/errors.js'
import { lazyCompilers } from './http/lazy-compilers.js'
import { CLIENT } from './events/logger.js'
import { Trail } from './events/trail.js'
import { AccountLimits } from './limits/by-account.js'
import { AddressPermits } from './limits/address-permits.js'
import { AddressLimits } from './limits/by-address.js'
import { MailboxLimit, MAILS, WRONG_CODES } from './limits/by-mailbox.js'
import { RateLimitCounter } from './limits/counter.js'
import { PermitLeases } from './limits/permit-leases.js'
import clientErrors from './plugins/client-errors.js'
import cookies from './plugins/cookies.js'
import cors from './plugins/cors.js'
import errors from './plugins/errors.js'
import { ACCESS_TOKEN_SECONDS, userinfoOf } from './access-tokens/claims.js'
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
import { CurrentSession } from './sessions/current.js'
import delivery from './sessions/delivery.js'
import sessionGuards from './sessions/guards.js'
import sessionRoutes from './sessions/routes.js'
import { TicketStore } from './tickets/store.js'
import { Sessions } from './sessions/sessions.js'
import { SessionsStore } from './sessions/store.js'
import addressRoutes from './sign-in/address-routes.js'
import secondStepRoutes from './sign-in/factor-routes.js'
import accountRoutes from './sign-in/account-routes.js'
import identityRoutes from './sign-in/identity-routes.js'
import mailSignInRoutes from './sign-in/mail-routes.js'
import invitationRoutes from './sign-in/invitation-routes.js'
import passkeySignInRoutes from './sign-in/passkey-routes.js'
import resetRoutes from './sign-in/reset-routes.js'
import signInRoutes from './sign-in/routes.js'
import { HalfSignIns } from './sign-in/half-sign-ins.js'
import { SignIn } from './sign-in/sign-in.js'
import verificationRoutes from './sign-in/verification-routes.js'
import type { Freeing } from './social/freeing.js'
import type { Provider } from './social/provider.js'
import { PasswordHasher } from './users/password-hasher.js'
import { serviceNamesOf } from './users/password-policy.js'
import personalDataRoutes from './personal-data/routes.js'
import { Profiles } from './users/profiles.js'
import { UsersStore } from './users/store.js'
import { Users } from './users/users.js'
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
  /** Where hosts of other parties are, if not where DNS says. */
  readonly foreignNetwork?: ForeignNetwork | undefined
  /** Where a local service puts its mails: those of an erased person go. */
  readonly mailbox?: { forget(addresses: readonly string[]): Promise<void> } | undefined
}

/** How long a client may take to send a request, where it comes by a socket: API Gateway has a limit of its own. */
const REQUEST_MS = 30_000
const TIMEOUT_CHECK_MS = 1000

/** The largest honest body is a password change; 16 KiB leaves room. */
const BODY_LIMIT = 16 * 1024

/** What the routes work with. None of it knows Fastify, and each gets what it needs by its constructor. */
function buildServices(dependencies: AppDependencies, declared: readonly AppClient[]) {
  const { config, client, keyStores, clock, random, backoff, logger, foreignNetwork } = dependencies
  const { issuer, audience, tables, rateLimits, passwords } = config
  const { allowOnOutage } = rateLimits
  const database = new Database(client, backoff)
  // eslint-disable-next-line @typescript-eslint/consistent-generic-constructors -- it refers to itself
  const late: LateServices<BuiltLate> = new LateServices(async () => {
    const { buildLateServices } = await import('./late.js')
    return buildLateServices({
      ...{ client, config, database, keyRing, ticketKeys, dataKeys, mailRequests, outbox, notices },
      ...{ trail, refusals },
      ...{ users, sessions, sessionsStore, signIn, tickets, halfSignIns, tokenSigner },
      accountLimits,
      codeLimit: new MailboxLimit({ ...counting, ...WRONG_CODES, name: 'codes' }),
      ...{ keyStore, keyLimits, keyVerifier },
      ...{ clients, declared, resources, current },
      ...{ rateLimitCounter, log: logger, foreignNetwork },
      mailbox: dependencies.mailbox,
      ...{ clock, random },
    })
  })

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

  const tickets = new TicketStore({
    ...{ database, table: tables.tickets, usersTable: tables.users },
    ...{ clock, random },
  })
  const rateLimitCounter = new RateLimitCounter(database, tables.rateLimits)
  const addressPermits = new AddressPermits(new PermitLeases(rateLimitCounter, clock), clock)
  const addressLimits = new AddressLimits({
    permits: addressPermits,
    limit: rateLimits.address,
    allowOnOutage,
  })
  const accountLimits = new AccountLimits({
    database,
    table: tables.rateLimits,
    dataKeys,
    permits: addressPermits,
    account: rateLimits.account,
    failures: rateLimits.failures,
    allowOnOutage,
    clock,
    random,
  })

  const counting = { database, table: tables.rateLimits, dataKeys, clock, random }
  const outbox = new Outbox({ table: tables.events, clock, random })
  const trail = new Trail({ table: tables.events, ...config.audit, clock, random })
  const refusals = new Refusals(database, tables.users, trail)
  const hasMail = config.mail !== undefined
  const notices = new Notices({ hasMail, outbox, usersTable: tables.users })
  const mailRequests = new MailRequests({
    hasMail,
    ...{ database, usersTable: tables.users },
    tickets: late.get('mailTickets'),
    outbox,
    limit: new MailboxLimit({ ...counting, ...MAILS, name: 'mails' }),
    random,
  })

  const resources = new Resources(config.resources)
  const verifying = { issuer, keys: keyRing, clock }
  const tokenVerifier = new AccessTokenVerifier({ ...verifying, audiences: [audience] })
  const userinfoTokenVerifier = new AccessTokenVerifier({
    ...verifying,
    audiences: [userinfoOf(issuer)],
  })
  const tokenSigner = new AccessTokenSigner({
    issuer,
    audience,
    signingKey: () => keyRing.signingKey(),
  })
  const usersStore = new UsersStore(database, tables.users, clock)
  const users = new Users({
    store: usersStore,
    hasher: new PasswordHasher(passwords, random),
    minPasswordLength: passwords.minLength,
    serviceNames: serviceNamesOf(config.brand.name, issuer),
    clock,
    random,
  })
  const profiles = new Profiles(usersStore, clock, config.verificationCacheMs)
  database.onWrite(tables.users, (key) => {
    const userId = userOfKey(key)
    if (userId !== undefined) profiles.forget(userId)
  })
  const sessionsStore = new SessionsStore(database, tables)
  const sessions = new Sessions({
    store: sessionsStore,
    users: usersStore,
    replays: late.get('replays'),
    trail,
    keys: keyRing,
    lifetimes: config.sessions,
    secondFactor: config.secondFactor,
    clock,
    random,
  })
  const current = new CurrentSession({ sessions, tokens: tokenVerifier, resources })
  const halfSignIns = new HalfSignIns({ tickets, database, users: usersStore, clock, random })
  const signIn = new SignIn({
    users,
    sessions,
    limits: accountLimits,
    requests: mailRequests,
    ...{ notices, trail, refusals },
    isProofRequired: config.emailVerification === 'required',
    dataKeys,
    secondFactor: config.secondFactor,
    takesPasskeys: config.passkeys,
    halfSignIns,
    trustedDevices: late.get('trustedDevices'),
    factorsRemovals: late.get('factorsRemovals'),
  })

  const clients = new Clients({
    store: new ClientsStore(database, tables.clients),
    documents: late.get('clientDocuments'),
    declared,
    cacheMs: config.verificationCacheMs,
    clock,
  })
  database.onWrite(tables.clients, ({ clientId }) => clients.forget(clientId as string))

  const { keyPrefix, scopes } = config.apiKeys
  const keyStore = new ApiKeysStore(database, tables, scopes.reserved)
  const keyUsage = new UsageRecorder(database, tables.apiKeys, clock)
  const keyLimits = new KeyLimits(new PermitLeases(rateLimitCounter, clock), clock)
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
    addressPermits,
    notices,
    trail,
    mailRequests,
    late,
    mailTickets: late.get('mailTickets'),
    passwordReset: late.get('passwordReset'),
    mailSignIn: late.get('mailSignIn'),
    accounts: late.get('accounts'),
    registrations: late.get('registrations'),
    verification: late.get('verification'),
    addressChange: late.get('addressChange'),
    addressUndo: late.get('addressUndo'),
    factorDesk: late.get('factorDesk'),
    secondStep: late.get('secondStep'),
    stepUp: late.get('stepUp'),
    forcedEnrolment: late.get('forcedEnrolment'),
    trustedDevices: late.get('trustedDevices'),
    passkeys: late.get('passkeys'),
    passkeySignIn: late.get('passkeySignIn'),
    factorsRemovals: late.get('factorsRemovals'),
    consents: late.get('consents'),
    addressLimits,
    accountLimits,
    resources,
    tokenVerifier,
    userinfoTokenVerifier,
    tokenSigner,
    apiKeys: late.get('apiKeys'),
    keyDesk: late.get('keyDesk'),
    clientDesk: late.get('clientDesk'),
    clients,
    keyUsage,
    keyLimits,
    holderKeys: late.get('holderKeys'),
    keyVerifier,
    users,
    identities: late.get('identities'),
    profiles,
    sessions,
    current,
    signIn,
    managedUsers: late.get('managedUsers'),
    people: late.get('people'),
    invitationDesk: late.get('invitationDesk'),
    invitationAcceptance: late.get('invitationAcceptance'),
    personalData: late.get('personalData'),
    trailDesk: late.get('trailDesk'),
  }
}

export type Services = ReturnType<typeof buildServices>

/** An app, ready to listen, to inject into, or to be called by Lambda, and what it is made of. */
export interface BuiltApp {
  readonly app: FastifyInstance
  readonly services: Services
}

/** Builds the services with what they need, and hands them to the plugins and routes. */
export async function buildApp(dependencies: AppDependencies): Promise<BuiltApp> {
  const { config, logger, client, clock, random } = dependencies
  const { issuer, tables, rateLimits } = config
  const allowOnOutage = rateLimits.allowOnOutage
  const services = buildServices(dependencies, await readClients(config))
  const { database, keyRing, ticketKeys, tickets, resources, tokenSigner } = services
  const { users, identities, profiles, sessions, current, signIn, managedUsers, keyDesk } = services
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
      parent.child({ ...bindings, [CLIENT]: { ip: socket.remoteAddress, headers } }),
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
    requestTimeout: REQUEST_MS,
    http: {
      // Node's own refusal of a request without Host is not ours; `clientErrors` has one.
      requireHostHeader: false,
      // Fastify sets the time of the whole request too late to bound that of its head, which Node leaves at a minute.
      headersTimeout: REQUEST_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    },
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
  await app.register(openapi, {
    describe: async (routes) => {
      const { describeRoutes } = await import('./late.js')
      const choices = {
        resources: config.resources.map(({ identifier }) => identifier),
        resourceScopes: [...new Set(config.resources.flatMap(({ scopes }) => Object.keys(scopes)))],
        keyScopes: config.apiKeys.scopes.all,
      }
      return describeRoutes(routes, { issuer, version: VERSION, choices })
    },
  })
  app.addHook('onClose', async () => client.destroy())
  await app.register(rateLimit, {
    permits: services.addressPermits,
    limit: rateLimits.address,
    allowOnOutage,
  })
  await app.register(jwt, { verifier: services.tokenVerifier, clock })
  await app.register(delivery, {
    signer: tokenSigner,
    limits: services.accountLimits,
    lifetimes: config.sessions,
    clock,
    random,
  })
  await app.register(sessionGuards, { current, sessions })
  await app.register(adminGuard)
  await app.register(apiKeys, {
    verifier: services.keyVerifier,
    limits: services.keyLimits,
    usage: services.keyUsage,
    desk: keyDesk,
    allowOnOutage,
  })

  const { timeoutMs, providers: settings } = config.oauth
  const hasProviders = Object.keys(settings).length > 0
  const isProved = hasProviders || config.emailVerification === 'required'
  if (typeof config.signUp === 'object' && !isProved) {
    throw new ConfigError(
      'SIGN_UP: domains needs EMAIL_VERIFICATION=required, or an identity provider (OAUTH_PROVIDERS): they prove the addresses.',
    )
  }
  await app.register(signInRoutes, {
    users,
    signIn,
    accounts: services.accounts,
    registrations: services.registrations,
    resources,
    limit: rateLimits.address,
  })
  await app.register(resetRoutes, { passwordReset: services.passwordReset })
  await app.register(mailSignInRoutes, {
    mailSignIn: services.mailSignIn,
    flow: services.late.get('mailSignInFlow'),
    resources,
  })
  await app.register(verificationRoutes, {
    verification: services.verification,
    current,
    resources,
  })
  await app.register(invitationRoutes, {
    invitationAcceptance: services.invitationAcceptance,
    resources,
  })
  await app.register(addressRoutes, {
    addressChange: services.addressChange,
    addressUndo: services.addressUndo,
    current,
  })
  await app.register(accountRoutes, { accounts: services.accounts, profiles })
  await app.register(personalDataRoutes, { personalData: services.personalData })
  await app.register(adminRoutes, { managedUsers })
  await app.register(adminFactorRoutes, { managedUsers })
  await app.register(adminInvitationRoutes, { invitationDesk: services.invitationDesk })
  await app.register(peopleRoutes, { people: services.people })
  await app.register(auditRoutes, { trailDesk: services.trailDesk })
  await app.register(clientRoutes, { clientDesk: services.clientDesk })
  await app.register(sessionRoutes, { sessions, current, resources })
  await app.register(factorRoutes, { factorDesk: services.factorDesk })
  await app.register(deviceRoutes, { trustedDevices: services.trustedDevices })
  await app.register(secondStepRoutes, {
    secondStep: services.secondStep,
    stepUp: services.stepUp,
    forcedEnrolment: services.forcedEnrolment,
    current,
    resources,
  })
  const { passkeys } = services
  await app.register(passkeyRoutes, { passkeys })
  await app.register(passkeySignInRoutes, {
    passkeys,
    passkeySignIn: services.passkeySignIn,
    resources,
  })
  await app.register(factorsRemovalRoutes, { factorsRemovals: services.factorsRemovals })
  await app.register(identityRoutes, { accounts: services.accounts })
  let freeing: Freeing | undefined
  let providers: readonly Provider[] = []
  if (hasProviders) {
    // A service without providers loads none of it.
    const social = await import('./social/plugin.js')
    const returnOrigins = config.corsOrigins
    providers = social.resolveProviders(settings)
    const entrance = new social.Entrance({ identities, signIn, tickets, clock, random })
    freeing = new social.Freeing({ entrance, ticketKeys, current, clock })
    await app.register(social.default, {
      ...{ tickets, ticketKeys, clock, random },
      ...{ identities, sessions, current, entrance },
      providers,
      issuer,
      returnOrigins,
      timeoutMs,
    })
  }
  const { holderKeys, keyUsage: usage, keyVerifier: verifier } = services
  await app.register(apiKeyRoutes, { desk: keyDesk, holderKeys, usage, verifier })
  await app.register(holderRoutes, { holderKeys, usage, verifier })
  if (config.apiKeys.leaks) {
    // A service that takes no reports loads none of it.
    const { default: leakRoutes } = await import('./api-keys/leaks.js')
    await app.register(leakRoutes, { ...config.apiKeys.leaks, apiKeys: services.apiKeys })
  }
  await app.register(resourceRoutes)
  await app.register(machineTokenRoutes, {
    services: {
      keyPrefix: config.apiKeys.keyPrefix,
      verifier,
      current,
      userinfoTokens: services.userinfoTokenVerifier,
      appTokens: services.late.get('appTokens'),
      presentedTokens: services.late.get('presentedTokens'),
    },
    resources,
    signer: tokenSigner,
    clock,
    random,
  })
  await app.register(consentRoutes, { consents: services.consents })
  await app.register(authorizationRoutes, {
    actions: async () => (await services.late.load()).authorizationActions,
  })
  await app.register(discoveryRoutes, {
    issuer,
    keyRing,
    resources,
    scopes: config.apiKeys.scopes.all,
  })
  await app.register(pages, {
    services: async () => ({ ...services, ...(await services.late.load()), freeing }),
    current,
    issuer,
    ticketKeys,
    returnOrigins: config.corsOrigins,
    providers: providers.map(({ id, name }) => ({ id, name })),
    hasPasskeys: config.passkeys,
    brand: config.brand,
    clock,
  })
  await app.register(home)
  await app.register(healthRoutes, { database, table: tables.users })
  await keyRing.loaded()
  return { app, services }
}
