import { Administration } from './administration/administration.js'
import { InvitationDesk } from './administration/invitation-desk.js'
import { Invitations } from './administration/invitations.js'
import { ManagedUsers } from './administration/managed-users.js'
import { People } from './administration/people.js'
import { PasswordOffers } from './administration/password-offers.js'
import type { Resources } from './access-tokens/resources.js'
import { TrailDesk } from './audit/desk.js'
import { TrailEntries } from './audit/entries.js'
import { ApiKeys } from './api-keys/api-keys.js'
import { KeyDesk } from './api-keys/desk.js'
import { FactorDesk } from './factors/desk.js'
import { TotpEnrolment } from './factors/enrolment.js'
import { Guesses } from './factors/guesses.js'
import { SealedSecrets } from './factors/sealed-secret.js'
import { Passkeys } from './factors/passkeys/passkeys.js'
import { FactorRemover } from './factors/remover.js'
import { FactorsRemovals } from './factors/removals.js'
import { RemovalStore } from './factors/removal-store.js'
import { SecondFactors } from './factors/second-factors.js'
import { FactorsStore } from './factors/store.js'
import { TrustedDevices } from './factors/trusted-devices.js'
import { HolderKeys } from './api-keys/holder-keys.js'
import type { KeyLimits } from './api-keys/limits.js'
import type { ApiKeysStore } from './api-keys/store.js'
import type { ApiKeyVerifier } from './api-keys/verification/verifier.js'
import { userinfoOf } from './access-tokens/claims.js'
import type { AccessTokenSigner } from './access-tokens/signer.js'
import { AccessTokenVerifier } from './access-tokens/verifier.js'
import type { Config } from './config/service.js'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Database } from './dynamodb/database.js'
import type { Refusals } from './dynamodb/refusals.js'
import type { EventLog } from './events/report.js'
import type { Trail } from './events/trail.js'
import { ForeignFetcher, type ForeignNetwork } from './http/foreign/fetcher.js'
import { MailFlow } from './email/mail-flow.js'
import type { MailRequests } from './email/requests.js'
import type { Notices } from './email/notices.js'
import type { Outbox } from './email/outbox.js'
import type { CachedKeyRing } from './keyring/cached-ring.js'
import type { SecretKeyRing } from './keyring/secret-ring.js'
import type { Clock } from './lib/clock.js'
import type { Random } from './lib/random.js'
import type { AccountLimits } from './limits/by-account.js'
import type { MailboxLimit } from './limits/by-mailbox.js'
import type { RateLimitCounter } from './limits/counter.js'
import { ClientDesk } from './oauth/clients/desk.js'
import { ClientRegister } from './oauth/clients/register.js'
import { RegisteredClients } from './oauth/clients/registered.js'
import { PersonalDataDesk } from './personal-data/desk.js'
import { Erasure, type ErasureDependencies } from './personal-data/erasure.js'
import { Exports } from './personal-data/exports.js'
import { Holdings } from './personal-data/holdings.js'
import { ReplayMarks } from './sessions/replay-marks.js'
import { Replays } from './sessions/replays.js'
import type { Sessions } from './sessions/sessions.js'
import type { SessionsStore } from './sessions/store.js'
import { Accounts } from './sign-in/accounts.js'
import { AddressChange } from './sign-in/address-change.js'
import { AddressUndo } from './sign-in/address-undo.js'
import { ForcedEnrolment } from './sign-in/forced-enrolment.js'
import type { HalfSignIns } from './sign-in/half-sign-ins.js'
import { MailSignIn } from './sign-in/mail-sign-in.js'
import { InvitationAcceptance } from './sign-in/invitation-acceptance.js'
import { PasswordReset } from './sign-in/password-reset.js'
import { Registrations } from './sign-in/registrations.js'
import { SecondStep } from './sign-in/second-step.js'
import { PasskeySignIn } from './sign-in/passkey-sign-in.js'
import type { SignIn } from './sign-in/sign-in.js'
import { StepUp } from './sign-in/step-up.js'
import { namerOf, type SuspendKeys } from './sign-in/suspending.js'
import { Verification } from './sign-in/verification.js'
import { ClientDocuments } from './oauth/client-documents/documents.js'
import { Consents } from './oauth/consents.js'
import { resolveProviders } from './social/presets.js'
import { MailTickets } from './tickets/mail-tickets.js'
import { AuthorizationActions } from './oauth/authorization/actions.js'
import { Authorization } from './oauth/authorization/authorization.js'
import { Codes } from './oauth/authorization/codes.js'
import { ParkedRequests } from './oauth/authorization/parked.js'
import type { AppClient } from './oauth/clients/client.js'
import type { Clients } from './oauth/clients/clients.js'
import type { CurrentSession } from './sessions/current.js'
import { AppTokens } from './oauth/app-tokens.js'
import { Exchange } from './oauth/exchange.js'
import { PresentedTokens } from './oauth/presented-tokens.js'
import type { TicketStore } from './tickets/store.js'
import { Directory } from './users/directory.js'
import { Identities } from './users/identities/identities.js'
import { IdentitiesStore } from './users/identities/store.js'
import { Admissions } from './users/invitations/admissions.js'
import { InvitationsStore } from './users/invitations/store.js'
import { AddressChanges } from './users/addresses/changes.js'
import { Burials } from './users/burials.js'
import { Names } from './users/names.js'
import type { Users } from './users/users.js'

/*
 * What most instances never need. No start reads it: with all that it alone imports it is one file of the bundle, which
 * the first request for any of it loads.
 */

export { describeRoutes } from './http/openapi/document.js'

export interface LateDependencies {
  readonly config: Config
  readonly client: DynamoDBClient
  readonly database: Database
  readonly keyRing: CachedKeyRing
  readonly ticketKeys: SecretKeyRing
  readonly dataKeys: SecretKeyRing
  readonly codeLimit: MailboxLimit
  readonly mailRequests: MailRequests
  readonly outbox: Outbox
  readonly notices: Notices
  readonly trail: Trail
  readonly refusals: Refusals
  readonly users: Users
  readonly sessions: Sessions
  readonly sessionsStore: SessionsStore
  readonly tokenSigner: AccessTokenSigner
  readonly signIn: SignIn
  readonly tickets: TicketStore
  readonly halfSignIns: HalfSignIns
  readonly accountLimits: AccountLimits
  readonly keyStore: ApiKeysStore
  readonly keyLimits: KeyLimits
  readonly keyVerifier: ApiKeyVerifier
  readonly clients: Clients
  /** Apps that the settings of the deployment have. */
  readonly declared: readonly AppClient[]
  readonly resources: Resources
  readonly current: CurrentSession
  readonly rateLimitCounter: RateLimitCounter
  readonly log: EventLog
  readonly foreignNetwork: ForeignNetwork | undefined
  /** The mails that a local service has put into its mailbox. */
  readonly mailbox: ErasureDependencies['mailbox']
  readonly clock: Clock
  readonly random: Random
}

/** Routes get these services as `Late`, and pages, which are loaded late themselves, as they are. */
export function buildLateServices(given: LateDependencies) {
  const { config, database, users, sessions, signIn, clock, random } = given
  const { mailRequests: requests, outbox, notices, trail, refusals } = given
  const { tables, signUp } = config
  const apiKeys = new ApiKeys({ ...config.apiKeys, store: given.keyStore, trail, clock, random })
  const holderKeys = new HolderKeys({ apiKeys, limits: given.keyLimits })
  const keyDesk = new KeyDesk({
    apiKeys,
    users: users.store,
    notices,
    suspendApps: (...call) => clientDesk.suspendRecent(...call),
    assertRecent: (session) => sessions.assertRecent(session),
  })
  const suspendKeys: SuspendKeys = (...call) => keyDesk.suspendRecent(...call)
  const providerNames = new Map(
    resolveProviders(config.oauth.providers).map(({ id, name }) => [id, name]),
  )
  const nameSuspended = namerOf({
    hasMail: config.mail !== undefined,
    listKeys: (...call) => apiKeys.listRecent(...call),
    listApps: (...call) => clientDesk.listRecent(...call),
    providerNames,
  })
  const invitationsStore = new InvitationsStore({ database, table: tables.events, clock })
  const admissions = new Admissions({
    ...{ invitations: invitationsStore, users: users.store, signUp, trail },
  })
  const identities = new Identities({
    store: new IdentitiesStore(database, tables.users, clock),
    users: users.store,
    ...{ signUp, admissions },
    ...{ notices, trail },
    providerNames,
    clock,
    random,
  })
  const accounts = new Accounts({
    users,
    names: new Names(database, tables.users),
    identities,
    sessions,
    limits: given.accountLimits,
    ...{ suspendKeys, nameSuspended },
    ...{ notices, trail, refusals },
    providers: Object.keys(config.oauth.providers),
    clock,
  })
  const tickets = new MailTickets({
    database,
    table: tables.tickets,
    ticketKeys: given.ticketKeys,
    codeLimit: given.codeLimit,
    refusals,
    clock,
    random,
  })
  const removalStore = new RemovalStore(database, tables.users)
  const factorsRemovals = new FactorsRemovals({
    store: removalStore,
    remover: new FactorRemover({ store: removalStore, users: users.store, notices }),
    users: users.store,
    ...{ requests, tickets, outbox, trail, clock },
  })
  const holdings = new Holdings({ client: given.client, database, tables, clock })
  const erasure = new Erasure({
    ...{ database, tables, holdings, clock, random },
    burials: new Burials({ database, table: tables.users, users: users.store, clock }),
    mailbox: given.mailbox,
  })
  const personalData = new PersonalDataDesk({
    ...{ erasure, sessions, trail, clock },
    exports: new Exports(holdings, clock),
    users: users.store,
    counter: given.rateLimitCounter,
  })
  const administration = new Administration({ users, notices, trail, erasure, clock })
  const managedUsers = new ManagedUsers({
    administration,
    passwordOffers: new PasswordOffers({ requests, tickets, outbox, usersTable: tables.users }),
    identities,
    factorsRemovals,
    sessions,
    clock,
  })
  const invitationDesk = new InvitationDesk({
    invitations: new Invitations({
      ...{ store: invitationsStore, users: users.store, administration },
      ...{ requests, tickets, outbox, signUp, clock, random },
    }),
    ...{ users: users.store, sessions, counter: given.rateLimitCounter, clock },
  })
  const trailEntries = new TrailEntries({ database, table: tables.events, clock })
  const people = new People({
    directory: new Directory(database, tables.users),
    ...{ administration, sessions },
    lastSignIn: (userId) => trailEntries.lastSignIn(userId),
  })
  const passwordReset = new PasswordReset({
    users,
    sessions,
    requests,
    tickets,
    ...{ notices, trail },
    ...{ suspendKeys, nameSuspended },
    clock,
  })
  const mailSignIn = new MailSignIn({
    users,
    signIn,
    requests,
    tickets,
    admissions,
    dataKeys: given.dataKeys,
    suspendKeys,
    trail,
    clock,
  })
  const mailSignInFlow = new MailFlow('sign-in', { ticketKeys: given.ticketKeys, clock })
  const registrations = new Registrations({
    users,
    requests,
    trail,
    ...{ signUp, admissions },
    isProvedFirst: config.emailVerification === 'required',
    clock,
  })
  const verification = new Verification({
    users,
    signIn,
    registrations,
    admissions,
    requests,
    tickets,
    suspendKeys,
    ...{ trail, clock },
  })
  const invitationAcceptance = new InvitationAcceptance({
    ...{ users, admissions, signIn, requests, tickets },
  })
  const { addresses } = users.store
  const changes = new AddressChanges({ database, table: tables.users, clock, addresses })
  const addressChange = new AddressChange({
    ...{ users, changes, sessions, requests, tickets, outbox, trail, clock },
  })
  const addressUndo = new AddressUndo({
    ...{ users, changes },
    sessions,
    signIn,
    requests,
    tickets,
    ...{ notices, trail },
    suspendKeys,
    clock,
  })
  const factorsStore = new FactorsStore(database, tables.users)
  const secrets = new SealedSecrets(given.dataKeys, random)
  const factors = { store: factorsStore, secrets, notices, trail, refusals, clock, random }
  const guesses = new Guesses({ database, table: tables.rateLimits, notices, clock, random })
  const takesPasskeys = config.passkeys
  const passkeys = new Passkeys({
    ...{ database, table: tables.users, users: users.store, sessions },
    ...{ tickets: given.tickets, notices, trail, refusals },
    ...{ issuer: config.issuer, isOn: takesPasskeys, name: config.brand.name },
    policy: config.secondFactor,
    ...{ clock, random },
  })
  const passkeySignIn = new PasskeySignIn({ passkeys, signIn })
  const secondFactors = new SecondFactors({ ...factors, guesses, passkeys, takesPasskeys })
  const totpEnrolment = new TotpEnrolment({ ...factors, issuer: config.brand.name })
  const factorDesk = new FactorDesk({
    ...factors,
    users: users.store,
    sessions,
    enrolment: totpEnrolment,
    policy: config.secondFactor,
    takesPasskeys,
  })
  const trustedDevices = new TrustedDevices({
    store: factorsStore,
    users: users.store,
    policy: config.secondFactor,
    trail,
    clock,
    random,
  })
  const clientDesk = new ClientDesk({
    register: new ClientRegister({
      ...{ issuer: config.issuer, resources: given.resources, declared: given.declared },
      store: new RegisteredClients(database, tables.clients),
      ...{ clock, random },
    }),
    users: users.store,
    ...{ sessions, notices, trail, clock },
  })
  const { halfSignIns } = given
  const secondStep = new SecondStep({
    halfSignIns,
    factors: secondFactors,
    signIn,
    trustedDevices,
  })
  const forcedEnrolment = new ForcedEnrolment({
    halfSignIns,
    totp: totpEnrolment,
    passkeys,
    signIn,
  })
  const stepUp = new StepUp({
    tickets: given.tickets,
    database,
    factors: secondFactors,
    signIn,
    sessions,
    trail,
    clock,
    random,
  })
  const ticketing = { tickets: given.tickets, database, table: tables.tickets, clock, random }
  const codes = new Codes(ticketing)
  const parked = new ParkedRequests(ticketing)
  const clientDocuments = new ClientDocuments({
    issuer: config.issuer,
    fetcher: new ForeignFetcher({
      ownHosts: [config.issuer, ...given.resources.all.map(({ identifier }) => identifier)].map(
        (url) => new URL(url).hostname,
      ),
      ...(given.foreignNetwork && { network: given.foreignNetwork }),
    }),
    resources: given.resources,
    counter: given.rateLimitCounter,
    ...{ log: given.log, clock },
  })
  const served = { resources: given.resources, userinfo: userinfoOf(config.issuer) }
  const consents = new Consents({ database, table: tables.users, sessions, trail, clock })
  const authorization = new Authorization({
    ...{ database, codes, parked, consents, sessions },
    ...{ clients: given.clients, issuer: config.issuer, served },
  })
  const authorizationActions = new AuthorizationActions({
    ...{ authorization, parked },
    current: given.current,
    providers: Object.keys(config.oauth.providers),
    ...{ clients: given.clients, clock, random },
  })
  const appTokens = new AppTokens({
    exchange: new Exchange({
      ...{ codes, users: users.store, sessions, consents, trail },
      ...{ keys: given.keyRing, clock, random },
    }),
    ...{ sessions, served, clients: given.clients },
    signer: given.tokenSigner,
    ...{ clock, random },
  })
  const replays = new Replays({
    store: given.sessionsStore,
    marks: new ReplayMarks(database, tables.refreshTokens),
    users: users.store,
    ...{ notices, trail },
    keys: given.keyRing,
    lifetimes: config.sessions,
    clock,
  })
  const presentedTokens = new PresentedTokens({
    keyPrefix: config.apiKeys.keyPrefix,
    verifier: given.keyVerifier,
    ...{ apiKeys, sessions, clock },
    ...{ current: given.current, clients: given.clients },
    tokens: new AccessTokenVerifier({
      ...{ issuer: config.issuer, keys: given.keyRing, clock },
      audiences: [
        ...[config.audience, userinfoOf(config.issuer)],
        ...given.resources.all.map(({ identifier }) => identifier),
      ],
    }),
  })
  const trailDesk = new TrailDesk(trailEntries)
  return {
    trailDesk,
    authorization,
    authorizationActions,
    clientDocuments,
    codes,
    appTokens,
    presentedTokens,
    replays,
    apiKeys,
    keyDesk,
    holderKeys,
    identities,
    invitationDesk,
    invitationAcceptance,
    managedUsers,
    people,
    personalData,
    accounts,
    mailTickets: tickets,
    passwordReset,
    mailSignIn,
    mailSignInFlow,
    registrations,
    verification,
    addressChange,
    addressUndo,
    passkeys,
    passkeySignIn,
    secondFactors,
    totpEnrolment,
    factorDesk,
    trustedDevices,
    secondStep,
    forcedEnrolment,
    stepUp,
    factorsRemovals,
    clientDesk,
    consents,
  }
}

export type BuiltLate = ReturnType<typeof buildLateServices>
