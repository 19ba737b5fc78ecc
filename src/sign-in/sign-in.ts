import type { Part } from '../dynamodb/part.js'
import { report } from '../events/report.js'
import type { Caller } from '../http/caller.js'
import { REFRESH_COOKIE } from '../http/cookies.js'
import { isOutage, Problem } from '../http/problem.js'
import type { SecretKeyRing } from '../keyring/secret-ring.js'
import { settleAll } from '../lib/settle-all.js'
import type { AccountLimits, SignInAttempt } from '../limits/by-account.js'
import { logExceeded } from '../limits/by-address.js'
import type { Transport } from '../sessions/delivery.js'
import type { SessionRef } from '../sessions/errors.js'
import { isRefusal } from '../sessions/reports.js'
import type { Grant, Sessions } from '../sessions/sessions.js'
import { INVALID_CREDENTIALS } from '../users/errors.js'
import type { AddressedUser, User } from '../users/user.js'
import type { Users } from '../users/users.js'
import { digestAddress } from './tried-address.js'

export interface SignInDependencies {
  readonly users: Users
  readonly sessions: Sessions
  readonly limits: AccountLimits
  readonly dataKeys: Pick<SecretKeyRing, 'first'>
}

export interface Credentials {
  readonly email: string
  readonly password: string
  /** Takes the place of a password that another person chose. */
  readonly newPassword?: string | undefined
}

/** How a sign-in reaches its client. With cookies, the session that the browser had before ends. */
export interface Arriving {
  readonly transport: Transport
  /** The identity provider that proved who it is, if it was one. */
  readonly provider?: string
  /** What is written in the transaction that opens the session, or else none of it: a ticket that is used up. */
  readonly alongside?: readonly Part[]
}

/** The one gate: each way to prove who one is ends in `completeSignIn`. */
export class SignIn {
  readonly #dependencies: SignInDependencies

  constructor(dependencies: SignInDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * Signs a person in by password and opens a session. What does not depend on each other goes in one round trip;
   * argon2 waits for the limit.
   * @throws {Problem} INVALID_CREDENTIALS, PASSWORD_CHANGE_REQUIRED, PASSWORD_REFUSED, RATE_LIMITED, BUSY,
   * STORE_UNAVAILABLE.
   */
  async withPassword(
    caller: Caller,
    { email, password, newPassword }: Credentials,
    transport: Transport,
  ): Promise<Grant<AddressedUser>> {
    const { users, limits } = this.#dependencies
    const finding = users.findCandidates(email)
    // Whether it failed matters only to an attempt that is let in.
    finding.catch(() => undefined)
    const attempt = await limits.limitSignIn(caller, email, finding)
    const authenticating = finding.then((found) =>
      users.authenticate(attempt.isOpen ? found : {}, password, caller.address, newPassword),
    )
    const user = await authenticating.catch(async (error: unknown) => {
      const reason = attempt.isOpen ? undefined : 'rate_limited'
      await this.#fail(caller, { email, error, reason }, attempt)
      if (attempt.refusal === undefined || !isWrongPassword(error)) throw error
      logExceeded(caller)
      throw attempt.refusal
    })
    if (newPassword !== undefined) report(caller.log, 'authn_password_change', { userId: user.id })
    const completing = this.completeSignIn(caller, user, { transport })
    const [grant] = await settleAll([completing, attempt.takeBack()])
    return grant
  }

  /**
   * Where every way in ends: opens a session for a user who has just proved who they are, at a provider or here, and
   * knows their address from then on.
   * @throws {Problem} STORE_UNAVAILABLE, and what a part of `alongside` says where its condition does not hold.
   */
  async completeSignIn<U extends User>(
    caller: Caller,
    user: U,
    { transport, provider, alongside = [] }: Arriving,
  ): Promise<Grant<U>> {
    const { sessions, limits } = this.#dependencies
    const replaced = transport === 'cookies' ? await this.#sessionInBrowser(caller) : undefined
    const [grant] = await settleAll([
      sessions.open(user, caller, { replaced, alongside }),
      limits.rememberAddress(caller, user),
    ])
    const { sessionId } = grant
    if (replaced) {
      const { userId, sessionId: ended } = replaced
      report(caller.log, 'authn_session_ended', { reason: 'replaced', userId, sessionId: ended })
    }
    const how = provider === undefined ? {} : { provider }
    report(caller.log, 'authn_login_success', { userId: user.id, ...how, sessionId })
    return grant
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

  async #fail(
    { log }: Caller,
    { email, error, reason }: Failed,
    attempt: SignInAttempt,
  ): Promise<void> {
    if (isRefusal(error)) {
      const triedAddress = await this.#digestTried(email)
      const why = reason === undefined ? (error.extras.cause as object) : { reason }
      report(log, 'authn_login_fail', { ...why, triedAddress })
      return
    }
    const isTaken = error instanceof Problem && error.type.status < 500
    report(log, 'authn_login_fail', { reason: isTaken ? error.type.code : 'unavailable' })
    await attempt.takeBack()
  }

  /**
   * The tried address as the log may have it: a digest under a data key, the same over rotations. Made whether or
   * not there is such an account, so that the time says nothing.
   * @returns undefined while the keys can't be read.
   */
  async #digestTried(email: string): Promise<string | undefined> {
    const key = await this.#dependencies.dataKeys.first().catch(() => undefined)
    return key && digestAddress(key, email)
  }
}

interface Failed {
  readonly email: string
  readonly error: unknown
  /** Why, where the password was not looked at. */
  readonly reason: string | undefined
}

/** Unlike a password that must be changed first, which is a right one. */
const isWrongPassword = (error: unknown): boolean =>
  error instanceof Problem && error.type.code === INVALID_CREDENTIALS.code
