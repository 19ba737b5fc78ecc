import { Administration } from './administration/administration.js'
import { ManagedUsers } from './administration/managed-users.js'
import { PasswordOffers } from './administration/password-offers.js'
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
import type { Config } from './config/service.js'
import type { Database } from './dynamodb/database.js'
import { MailFlow } from './email/mail-flow.js'
import type { MailRequests } from './email/requests.js'
import type { Notices } from './email/notices.js'
import type { Outbox } from './email/outbox.js'
import type { SecretKeyRing } from './keyring/secret-ring.js'
import type { Clock } from './lib/clock.js'
import type { Random } from './lib/random.js'
import type { AccountLimits } from './limits/by-account.js'
import type { MailboxLimit } from './limits/by-mailbox.js'
import type { Sessions } from './sessions/sessions.js'
import { Accounts } from './sign-in/accounts.js'
import { AddressChange } from './sign-in/address-change.js'
import { AddressUndo } from './sign-in/address-undo.js'
import { ForcedEnrolment } from './sign-in/forced-enrolment.js'
import type { HalfSignIns } from './sign-in/half-sign-ins.js'
import { MailSignIn } from './sign-in/mail-sign-in.js'
import { PasswordReset } from './sign-in/password-reset.js'
import { Registrations } from './sign-in/registrations.js'
import { SecondStep } from './sign-in/second-step.js'
import { PasskeySignIn } from './sign-in/passkey-sign-in.js'
import type { SignIn } from './sign-in/sign-in.js'
import { StepUp } from './sign-in/step-up.js'
import type { SuspendKeys } from './sign-in/suspending.js'
import { Verification } from './sign-in/verification.js'
import { resolveProviders } from './social/presets.js'
import { MailTickets } from './tickets/mail-tickets.js'
import type { TicketStore } from './tickets/store.js'
import { Identities } from './users/identities/identities.js'
import { IdentitiesStore } from './users/identities/store.js'
import type { Users } from './users/users.js'

/*
 * What most instances never need. No start reads it: with all that it alone imports it is one file of the bundle, which
 * the first request for any of it loads.
 */

export { describeRoutes } from './http/openapi/document.js'

export interface LateDependencies {
  readonly config: Config
  readonly database: Database
  readonly ticketKeys: SecretKeyRing
  readonly dataKeys: SecretKeyRing
  readonly codeLimit: MailboxLimit
  readonly mailRequests: MailRequests
  readonly outbox: Outbox
  readonly notices: Notices
  readonly users: Users
  readonly sessions: Sessions
  readonly signIn: SignIn
  readonly tickets: TicketStore
  readonly halfSignIns: HalfSignIns
  readonly accountLimits: AccountLimits
  readonly keyStore: ApiKeysStore
  readonly keyLimits: KeyLimits
  readonly clock: Clock
  readonly random: Random
}

/** Routes get these services as `Late`, and pages, which are loaded late themselves, as they are. */
export function buildLateServices(given: LateDependencies) {
  const { config, database, users, sessions, signIn, clock, random } = given
  const { mailRequests: requests, outbox, notices } = given
  const { tables, signUp } = config
  const apiKeys = new ApiKeys({ ...config.apiKeys, store: given.keyStore, clock, random })
  const holderKeys = new HolderKeys({ apiKeys, limits: given.keyLimits })
  const keyDesk = new KeyDesk({
    apiKeys,
    users: users.store,
    notices,
    assertRecent: (session) => sessions.assertRecent(session),
  })
  const suspendKeys: SuspendKeys = (...call) => keyDesk.suspendRecent(...call)
  const identities = new Identities({
    store: new IdentitiesStore(database, tables.users, clock),
    users: users.store,
    signUp,
    notices,
    providerNames: new Map(
      resolveProviders(config.oauth.providers).map(({ id, name }) => [id, name]),
    ),
    clock,
    random,
  })
  const accounts = new Accounts({
    users,
    identities,
    sessions,
    limits: given.accountLimits,
    suspendKeys,
    notices,
    providers: Object.keys(config.oauth.providers),
    clock,
  })
  const tickets = new MailTickets({
    database,
    table: tables.tickets,
    ticketKeys: given.ticketKeys,
    codeLimit: given.codeLimit,
    clock,
    random,
  })
  const removalStore = new RemovalStore(database, tables.users)
  const factorsRemovals = new FactorsRemovals({
    store: removalStore,
    remover: new FactorRemover({ store: removalStore, users: users.store, notices }),
    users: users.store,
    ...{ requests, tickets, outbox, clock },
  })
  const managedUsers = new ManagedUsers({
    administration: new Administration(users, notices),
    passwordOffers: new PasswordOffers({ requests, tickets, outbox }),
    identities,
    factorsRemovals,
    sessions,
    clock,
  })
  const passwordReset = new PasswordReset({
    users,
    sessions,
    requests,
    tickets,
    notices,
    suspendKeys,
    clock,
  })
  const mailSignIn = new MailSignIn({
    users,
    signIn,
    requests,
    tickets,
    dataKeys: given.dataKeys,
    suspendKeys,
    clock,
  })
  const mailSignInFlow = new MailFlow('sign-in', { ticketKeys: given.ticketKeys, clock })
  const registrations = new Registrations({
    users,
    requests,
    signUp,
    isProvedFirst: config.emailVerification === 'required',
    clock,
  })
  const verification = new Verification({
    users,
    signIn,
    registrations,
    requests,
    tickets,
    suspendKeys,
    clock,
  })
  const addressChange = new AddressChange({ users, sessions, requests, tickets, outbox, clock })
  const addressUndo = new AddressUndo({
    users,
    sessions,
    signIn,
    requests,
    tickets,
    notices,
    suspendKeys,
    clock,
  })
  const factorsStore = new FactorsStore(database, tables.users)
  const secrets = new SealedSecrets(given.dataKeys, random)
  const factors = { store: factorsStore, secrets, notices, clock, random }
  const guesses = new Guesses({ database, table: tables.rateLimits, notices, clock, random })
  const passkeys = new Passkeys({
    ...{ database, table: tables.users, users: users.store, sessions },
    ...{ tickets: given.tickets, notices },
    ...{ issuer: config.issuer, isOn: config.passkeys, name: config.brand.name },
    policy: config.secondFactor,
    ...{ clock, random },
  })
  const passkeySignIn = new PasskeySignIn({ passkeys, signIn })
  const secondFactors = new SecondFactors({ ...factors, guesses, passkeys })
  const totpEnrolment = new TotpEnrolment({ ...factors, issuer: config.brand.name })
  const factorDesk = new FactorDesk({
    ...factors,
    users: users.store,
    sessions,
    enrolment: totpEnrolment,
    policy: config.secondFactor,
  })
  const trustedDevices = new TrustedDevices({
    store: factorsStore,
    users: users.store,
    policy: config.secondFactor,
    clock,
    random,
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
    clock,
    random,
  })
  return {
    apiKeys,
    keyDesk,
    holderKeys,
    identities,
    managedUsers,
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
  }
}

export type BuiltLate = ReturnType<typeof buildLateServices>
