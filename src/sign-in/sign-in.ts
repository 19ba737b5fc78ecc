import { acrOf, type Amr, TWO_FACTORS } from '../access-tokens/authentication.js'
import type { Part } from '../dynamodb/part.js'
import type { Refusals } from '../dynamodb/refusals.js'
import type { AskedMail, MailRequests } from '../email/requests.js'
import type { Notices } from '../email/notices.js'
import { report } from '../events/report.js'
import type { Trail } from '../events/trail.js'
import type { Caller } from '../http/caller.js'
import { REFRESH_COOKIE } from '../http/cookies.js'
import { isOutage, Problem } from '../http/problem.js'
import type { SecretKeyRing } from '../keyring/secret-ring.js'
import type { AccountLimits, SignInAttempt } from '../limits/by-account.js'
import { logExceeded } from '../limits/by-address.js'
import type { Transport } from '../sessions/delivery.js'
import type { SessionRef } from '../sessions/errors.js'
import { isRefusal } from '../sessions/reports.js'
import type { Grant, Sessions } from '../sessions/sessions.js'
import { normalizeEmail } from '../users/email.js'
import type { MailTicketRecord } from '../tickets/mail-tickets.js'
import {
  ACCOUNT_DISABLED,
  AddressUnproved,
  type CredentialsFailure,
  INVALID_CREDENTIALS,
  SecondFactorEnrolmentRequired,
  SecondFactorRequired,
} from '../users/errors.js'
import {
  hasSecondFactor,
  isFactorWanted,
  type SecondFactorPolicy,
  usableFactorsOf,
} from '../users/factors.js'
import type { AddressedUser, User } from '../users/user.js'
import type { Candidates, Users } from '../users/users.js'
import type { HalfSignIns, HalfWay, SignInMethod } from './half-sign-ins.js'
import { digestAddress } from './tried-address.js'

export interface SignInDependencies {
  readonly users: Users
  readonly sessions: Sessions
  readonly limits: AccountLimits
  readonly requests: MailRequests
  /** Whether an account gets no session before its address is proved. */
  readonly isProofRequired: boolean
  readonly notices: Notices
  readonly trail: Trail
  readonly refusals: Refusals
  readonly dataKeys: Pick<SecretKeyRing, 'first'>
  /** Whose sign-in needs a second factor, whether or not they have one. */
  readonly secondFactor: SecondFactorPolicy
  /** Whether the service takes passkeys. */
  readonly takesPasskeys: boolean
  readonly halfSignIns: HalfSignIns
  readonly trustedDevices: { isTrusted(caller: Caller, user: User): Promise<boolean> }
  readonly factorsRemovals: { settle<U extends User>(caller: Caller, user: U): Promise<U> }
}

export interface Credentials {
  readonly email: string
  readonly password: string
  /** Takes the place of a password that another person chose. */
  readonly newPassword?: string | undefined
}

/** What a person wants of a sign-in. With cookies, the session that the browser had before ends. */
export interface SignInWish {
  /** How its tokens reach their client. */
  readonly transport: Transport
  /** On a computer that others use: the session is short. */
  readonly isShort?: boolean | undefined
}

/** A person who has proved who they are. */
export interface Arriving extends SignInWish {
  /** How the person has proved who they are, in the first place. */
  readonly method: SignInMethod
  /** All that they have proved it by; left out for what the method is by itself. */
  readonly amr?: readonly Amr[]
  /** The identity provider that proved it, if it was one. */
  readonly provider?: string | undefined
  /** The identity that it proved. */
  readonly identityId?: string | undefined
  /** Whether the account is made in the transaction that opens its first session. */
  readonly isNew?: boolean
  /** What is written in that transaction, or else none of it: a ticket that is used up. */
  readonly alongside?: readonly Part[]
  /** Whether none of it is written either where the account is not as it was read: its session would be dead. */
  readonly isHeld?: boolean
}

const AMR_OF: Readonly<Record<SignInMethod, readonly Amr[]>> = {
  password: ['pwd'],
  provider: ['fed'],
  email: ['email'],
  // What a passkey proves depends on the key: its caller says.
  passkey: [],
}

/** Marks the ticket of a person who has proved the account itself before the mail was sent. */
const OWNERS = { isOwner: 'yes' } as const

/** Whether a mail was asked for by a right password or at a provider. */
export const isOwnersTicket = ({ detail }: MailTicketRecord): boolean =>
  detail.isOwner === OWNERS.isOwner

/** The one gate: each way to prove who one is ends in `completeSignIn`. */
export class SignIn {
  readonly #dependencies: SignInDependencies

  constructor(dependencies: SignInDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * Signs a person in by password and opens a session. A known device asks DynamoDB three times: for the address, for
   * the account, and to open the session. Any other has to take its place in the count of tries first, before
   * argon2, and gives it back with the session.
   * @throws {Problem} INVALID_CREDENTIALS, PASSWORD_CHANGE_REQUIRED, PASSWORD_REFUSED, RATE_LIMITED, BUSY,
   * STORE_UNAVAILABLE; EMAIL_VERIFICATION_REQUIRED after a right password.
   */
  async withPassword(
    caller: Caller,
    { email, password, newPassword }: Credentials,
    wish: SignInWish,
  ): Promise<Grant<AddressedUser>> {
    const { users } = this.#dependencies
    const address = normalizeEmail(email)
    const found = await users
      .findCandidates(address)
      .catch((error: unknown) => this.#fail(caller, { address, error }))
    const credentials = { address, password, newPassword }
    const { user, attempt } = await this.#authenticate(caller, credentials, found)
    if (newPassword !== undefined) report(caller.log, 'authn_password_change', { userId: user.id })
    try {
      const outlived = users.store.addresses.outliving(address, found.outlived)
      const alongside = [...attempt.succeed(), ...outlived]
      return await this.completeSignIn(caller, user, { ...wish, method: 'password', alongside })
    } catch (error) {
      // No one pays for our outage with a try; if the store is still unavailable, the first failure says so.
      await attempt.takeBack().catch(() => undefined)
      throw error
    }
  }

  /**
   * Proves the password of an account that something else has led to, under the limits of sign-in. It opens nothing.
   * @param user may be one that is not stored yet.
   * @param address by which tries are counted; the one that the account can be signed in to with.
   * @throws {Problem} as `withPassword`.
   */
  async provePassword(
    caller: Caller,
    user: AddressedUser,
    password: string,
    address: string = user.email,
  ): Promise<void> {
    const { attempt } = await this.#authenticate(caller, { address, password }, { user })
    await attempt.takeBack()
  }

  /**
   * Where every way in ends: opens a session for a user who has just proved who they are, at a provider or here, and
   * knows their address from then on. All of it is one transaction. Where the policy wants a proved address, an account
   * without one gets a mail in place of the session; the code of that mail leads here again.
   * @throws {Problem} ACCOUNT_DISABLED, EMAIL_VERIFICATION_REQUIRED, STORE_UNAVAILABLE, and what a part of `alongside`
   * says where its condition does not hold.
   * @throws {AccountChanged} for an account that is held, and is not as it was read.
   */
  async completeSignIn<U extends User>(
    caller: Caller,
    account: U,
    arriving: Arriving,
  ): Promise<Grant<U>> {
    const { users, sessions, limits, notices, trail } = this.#dependencies
    const { transport, method, provider, identityId, isNew = false } = arriving
    const { isHeld = false, amr = AMR_OF[method], isShort } = arriving
    await this.#assertAdmitted(caller, account, provider)
    const user = await this.#settleFactors(caller, account, amr)
    await this.#assertSecondFactor(caller, user, { ...arriving, amr })
    const replaced = transport === 'cookies' ? await this.#sessionInBrowser(caller) : undefined
    const known = await limits.knownAfter(caller, user)
    const given = arriving.alongside ?? []
    // A transaction writes an item once: the former address is left for a sign-in that writes no profile.
    const outlived = users.store.writesProfile(user, given)
      ? []
      : await users.addresses.outlivedOf(user)
    const alongside = [...given, ...outlived]
    const isWritten = users.store.writesProfile(user, alongside)
    const profile = isNew
      ? users.store.creation(known ? { ...user, knownAddresses: known } : user)
      : isWritten
        ? []
        : users.store.signingIn(user, known, isHeld)
    const isNewDevice = await limits.isNewDevice(caller, user)
    const notice = isNewDevice ? notices.of(caller, 'new-device', user) : []
    const parts = [...alongside, ...profile, ...notice]
    const how = provider === undefined ? {} : { provider }
    const login = (sessionId: string) => ({ userId: user.id, method, ...how, sessionId })
    const event = ({ sessionId }: SessionRef): Part =>
      trail.part(caller, isNew ? 'user_created' : 'authn_login_success', login(sessionId), {
        facts: { replaced: replaced?.sessionId },
      })
    const opening = { replaced, alongside: parts, event, identityId, amr, isShort }
    const grant = await sessions.open(user, caller, opening)
    // A transaction writes an item once. The session is open: an outage leaves the address to the next sign-in.
    if (known && isWritten) await users.store.learn(user, known).catch(passOverOutage)
    const { sessionId } = grant
    if (replaced) {
      const { userId, sessionId: ended } = replaced
      report(caller.log, 'authn_session_ended', { reason: 'replaced', userId, sessionId: ended })
    }
    report(caller.log, 'authn_login_success', login(sessionId))
    return grant
  }

  /** Counts before it compares. */
  async #authenticate(
    caller: Caller,
    { address, password, newPassword }: Tried,
    found: Candidates,
  ): Promise<{ readonly user: AddressedUser; readonly attempt: SignInAttempt }> {
    const { users, limits, notices, trail } = this.#dependencies
    const attempt = await limits.limitSignIn(caller, address, found)
    const next = newPassword !== undefined && {
      password: newPassword,
      caused: (user: AddressedUser) => [
        ...notices.of(caller, 'password-changed', user),
        trail.part(caller, 'authn_password_change', { userId: user.id }),
      ],
    }
    const user = await users
      .authenticate(attempt.isOpen ? found : {}, password, caller.address, next || undefined)
      .catch((error: unknown) => this.#fail(caller, { address, error }, attempt))
    return { user, attempt }
  }

  async #assertAdmitted(caller: Caller, user: User, provider?: string): Promise<void> {
    const { id: userId, status, emailVerified } = user
    if (status !== 'active') throw new Problem(ACCOUNT_DISABLED)
    if (emailVerified || !this.#dependencies.isProofRequired) return
    const how = provider === undefined ? {} : { provider }
    report(caller.log, 'authn_login_fail', { reason: 'email_unproved', userId, ...how })
    throw new AddressUnproved(await this.#askForProof(caller, user))
  }

  /** Does what administrators have decided on a person's lost second factors, unless they have just shown one. */
  async #settleFactors<U extends User>(caller: Caller, user: U, amr: readonly Amr[]): Promise<U> {
    if (user.factorsRemoval === undefined || acrOf(amr) === TWO_FACTORS) return user
    return this.#dependencies.factorsRemovals.settle(caller, user)
  }

  /**
   * Ends a sign-in half-way that lacks a second factor. What it has used up is written with the ticket that goes on,
   * but for an attempt, which its caller takes back.
   */
  async #assertSecondFactor(caller: Caller, user: User, arriving: HalfWay): Promise<void> {
    const { secondFactor, takesPasskeys, halfSignIns, trustedDevices, users, trail } =
      this.#dependencies
    const { amr, method, isNew = false, alongside = [] } = arriving
    const hasFactor = hasSecondFactor(user)
    if (acrOf(amr) === TWO_FACTORS) return
    if (!hasFactor && !isFactorWanted(secondFactor, user)) return
    if (hasFactor && (await trustedDevices.isTrusted(caller, user))) return
    const made = isNew
      ? [...users.store.creation(user), trail.part(caller, 'user_created', { userId: user.id })]
      : []
    const parts = [...alongside, ...made]
    if (hasFactor) {
      const ticket = await halfSignIns.keep('second-factor', user, arriving, parts)
      throw new SecondFactorRequired(ticket, usableFactorsOf(user, takesPasskeys))
    }
    // Who has no more than the password could set up a factor of their own.
    if (method === 'email') {
      const ticket = await halfSignIns.keep('enrolment', user, arriving, parts)
      throw new SecondFactorEnrolmentRequired({ ticket })
    }
    await halfSignIns.write(parts)
    throw new SecondFactorEnrolmentRequired({ asked: await this.#askForProof(caller, user) })
  }

  /** @returns undefined for an account without an address. */
  async #askForProof(caller: Caller, user: User): Promise<AskedMail | undefined> {
    const { email: address } = user
    if (address === undefined) return undefined
    const mail = { kind: 'sign-in', message: 'sign-in', address, user, detail: OWNERS } as const
    return this.#dependencies.requests.ask(caller, mail)
  }

  /** The session of the refresh cookie that a sign-in replaces in its browser, of any user. */
  async #sessionInBrowser(caller: Caller): Promise<SessionRef | undefined> {
    try {
      const cookie = caller.cookie(REFRESH_COOKIE)
      if (cookie === undefined) return undefined
      const { userId, sessionId } = await this.#dependencies.sessions.identify(cookie)
      return { userId, sessionId }
    } catch (error) {
      // Two cookies of one name, or one that is not ours: none that is known to be replaced.
      if (isOutage(error)) throw error
      return undefined
    }
  }

  async #fail(caller: Caller, { address, error }: Failed, attempt?: SignInAttempt): Promise<never> {
    const { log } = caller
    if (!isRefusal(error)) {
      const isTaken = error instanceof Problem && error.type.status < 500
      report(log, 'authn_login_fail', { reason: isTaken ? error.type.code : 'unavailable' })
      await attempt?.takeBack()
      throw error
    }
    const triedAddress = await this.#digestTried(address)
    // The password was not looked at.
    const isShut = attempt?.isOpen === false
    const why = isShut ? { reason: 'rate_limited' } : (error.extras.cause as object)
    report(log, 'authn_login_fail', { ...why, triedAddress })
    const refusal = await attempt?.fail()
    if (attempt && isWrongPassword(error)) {
      const { userId } = error.extras.cause as CredentialsFailure
      await this.#dependencies.refusals.count(caller, 'authn_login_fail', {
        userId,
        tried: address,
      })
    }
    if (refusal === undefined || !isWrongPassword(error)) throw error
    logExceeded(caller)
    throw refusal
  }

  /**
   * The tried address as the log may have it: a digest under a data key, the same over rotations. Made whether or
   * not there is such an account, so that the time says nothing.
   * @returns undefined while the keys can't be read.
   */
  async #digestTried(address: string): Promise<string | undefined> {
    const key = await this.#dependencies.dataKeys.first().catch(() => undefined)
    return key && digestAddress(key, address)
  }
}

/** Credentials, the address in its normal form. */
interface Tried extends Omit<Credentials, 'email'> {
  readonly address: string
}

interface Failed {
  /** The e-mail address that was tried, in its normal form. */
  readonly address: string
  readonly error: unknown
}

function passOverOutage(error: unknown): void {
  if (!isOutage(error)) throw error
}

/** Unlike a password that must be changed first, which is a right one. */
const isWrongPassword = (error: unknown): boolean =>
  error instanceof Problem && error.type.code === INVALID_CREDENTIALS.code
