import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { FastifyBaseLogger, FastifyPluginAsync } from 'fastify'
import { Resources } from './access-tokens/resources.js'
import type { Clock } from './lib/clock.js'
import { LateServices } from './lib/late.js'
import type { BuiltLate } from './late.js'
import type { Config } from './config/service.js'
import { Database } from './dynamodb/database.js'
import { Refusals } from './dynamodb/refusals.js'
import { userOfKey } from './dynamodb/user-items.js'
import type { Backoff } from './dynamodb/repeated.js'
import { forgetWritten } from './api-keys/forget-written.js'
import { KeyLimits } from './api-keys/limits.js'
import { ApiKeysStore } from './api-keys/store.js'
import { UsageRecorder } from './api-keys/usage.js'
import { ApiKeyVerifier } from './api-keys/verification/verifier.js'
import { Notices } from './email/notices.js'
import { Outbox } from './email/outbox.js'
import { MailRequests } from './email/requests.js'
import type { AppClient } from './oauth/clients/client.js'
import { Clients } from './oauth/clients/clients.js'
import { ClientsStore } from './oauth/clients/store.js'
import { CachedKeyRing } from './keyring/cached-ring.js'
import { TICKET_MS } from './keyring/secret-keys.js'
import { SecretKeyRing } from './keyring/secret-ring.js'
import type { KeyStores } from './keyring/store.js'
import type { ForeignNetwork } from './http/foreign/fetcher.js'
import { Trail } from './events/trail.js'
import { AccountLimits } from './limits/by-account.js'
import { AddressPermits } from './limits/address-permits.js'
import { AddressLimits } from './limits/by-address.js'
import { MailboxLimit, MAILS, WRONG_CODES } from './limits/by-mailbox.js'
import { RateLimitCounter } from './limits/counter.js'
import { PermitLeases } from './limits/permit-leases.js'
import { ACCESS_TOKEN_SECONDS, userinfoOf } from './access-tokens/claims.js'
import { AccessTokenSigner } from './access-tokens/signer.js'
import { AccessTokenVerifier } from './access-tokens/verifier.js'
import type { Random } from './lib/random.js'
import { CurrentSession } from './sessions/current.js'
import { TicketStore } from './tickets/store.js'
import { Sessions } from './sessions/sessions.js'
import { SessionsStore } from './sessions/store.js'
import { HalfSignIns } from './sign-in/half-sign-ins.js'
import { SignIn } from './sign-in/sign-in.js'
import { PasswordHasher } from './users/password-hasher.js'
import { serviceNamesOf } from './users/password-policy.js'
import { Profiles } from './users/profiles.js'
import { UsersStore } from './users/store.js'
import { Users } from './users/users.js'

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

/** What the routes work with. None of it knows Fastify, and each gets what it needs by its constructor. */
export function buildServices(dependencies: AppDependencies, declared: readonly AppClient[]) {
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
