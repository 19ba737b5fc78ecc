import { union } from '../access-tokens/authentication.js'
import { bearerProblem, TOKEN_INVALID } from '../access-tokens/errors.js'
import type { Part } from '../dynamodb/part.js'
import type { Notices } from '../email/notices.js'
import { report } from '../events/report.js'
import type { Trail } from '../events/trail.js'
import type { Caller } from '../http/caller.js'
import { Problem } from '../http/problem.js'
import type { Clock } from '../lib/clock.js'
import type { Random } from '../lib/random.js'
import type { LiveSession } from '../sessions/session.js'
import type { Sessions } from '../sessions/sessions.js'
import { hasSecondFactor, isFactorWanted, type SecondFactorPolicy } from '../users/factors.js'
import { retryConflicts } from '../users/retry-conflicts.js'
import type { UsersStore } from '../users/store.js'
import type { User } from '../users/user.js'
import type { TotpEnrolment, TotpSecret } from './enrolment.js'
import { FACTOR_NOT_FOUND, LAST_FACTOR } from './errors.js'
import { type ListedPasskey, listedPasskey } from './passkeys/listed.js'
import { keptCodes, newRecoveryCodes } from './recovery-codes.js'
import type { FactorChanges, FactorsStore } from './store.js'

export interface FactorDeskDependencies {
  readonly store: FactorsStore
  readonly users: Pick<UsersStore, 'findById'>
  readonly sessions: Pick<Sessions, 'steppingUp'>
  readonly enrolment: TotpEnrolment
  readonly notices: Notices
  readonly trail: Trail
  readonly policy: SecondFactorPolicy
  /** Whether the service takes passkeys. */
  readonly takesPasskeys: boolean
  readonly clock: Clock
  readonly random: Random
}

/** The factors of an account as its person sees them. */
export interface ListedFactors {
  /** Times are ISO 8601. */
  readonly totp: { readonly addedAt: string } | null
  readonly passkeys: ListedPasskey[]
  readonly recoveryCodesLeft: number
}

/**
 * What people do with their own second factors. Each change is one transaction with its notice. Other
 * sessions go on: the person who makes the change has just proved that the account is theirs, and may end them. Trusted
 * devices end with each change.
 */
export class FactorDesk {
  readonly #dependencies: FactorDeskDependencies

  constructor(dependencies: FactorDeskDependencies) {
    this.#dependencies = dependencies
  }

  async list({ account }: LiveSession): Promise<ListedFactors> {
    return listedFactors(account)
  }

  /** @throws {Problem} FACTOR_EXISTS; TOKEN_INVALID where the session has ended meanwhile; STORE_UNAVAILABLE. */
  async beginTotp(session: LiveSession): Promise<TotpSecret> {
    const { enrolment } = this.#dependencies
    return this.#whileSignedIn(session, (user) => enrolment.begin(user, session.sessionId))
  }

  /** @returns the secret that waits to be confirmed in this session, which must be one that may change factors. */
  pendingTotp({ account, sessionId }: LiveSession): Promise<TotpSecret | undefined> {
    return this.#dependencies.enrolment.pending(account, sessionId)
  }

  /**
   * The code is a proof as well: the session has two factors from then on, and its person needs no other code for
   * the next change.
   * @returns the recovery codes that come with it, shown once; none where the account has some.
   * @throws {Problem} FACTOR_EXISTS, FACTOR_NOT_FOUND, FACTOR_INVALID; as `beginTotp`.
   */
  async confirmTotp(
    caller: Caller,
    session: LiveSession,
    code: string,
  ): Promise<{ recoveryCodes?: string[] }> {
    const { store, enrolment, sessions } = this.#dependencies
    const { authTime } = session
    const proved = { amr: union(session.amr, ['otp', 'mfa']), authTime }
    const confirmation = { bond: session.sessionId, code }
    const added = await this.#whileSignedIn(session, async (user) => {
      const { parts, recoveryCodes } = await enrolment.confirming(caller, user, confirmation)
      await store.write([...parts, sessions.steppingUp(session, proved)])
      return recoveryCodes ? { recoveryCodes } : {}
    })
    reportAdded(caller, session.account, 'totp')
    return added
  }

  /** @throws {Problem} FACTOR_NOT_FOUND, LAST_FACTOR; as `beginTotp`. */
  async removeTotp(caller: Caller, session: LiveSession): Promise<void> {
    await this.#whileSignedIn(session, async (user) => {
      if (!user.totp) throw new Problem(FACTOR_NOT_FOUND)
      await this.#dependencies.store.write(
        this.#removing(caller, user, 'totp', { totp: undefined }),
      )
      return true
    })
    report(caller.log, 'authn_factor_removed', { userId: session.account.id, factor: 'totp' })
  }

  /**
   * Replaces all recovery codes at once.
   * @returns the new ones, shown once.
   * @throws {Problem} FACTOR_NOT_FOUND for an account without a second factor; as `beginTotp`.
   */
  async replaceRecoveryCodes(caller: Caller, session: LiveSession): Promise<string[]> {
    const { store, notices, trail, clock, random } = this.#dependencies
    const codes = await this.#whileSignedIn(session, async (user) => {
      if (!hasSecondFactor(user)) throw new Problem(FACTOR_NOT_FOUND)
      const made = newRecoveryCodes(random)
      await store.write([
        store.changing(user, keptCodes(made, clock())),
        ...notices.of(caller, 'recovery-codes-replaced', user),
        trail.part(caller, 'authn_recovery_codes_replaced', { userId: user.id }),
      ])
      return made
    })
    report(caller.log, 'authn_recovery_codes_replaced', { userId: session.account.id })
    return codes
  }

  /**
   * The parts that remove a factor; with the last one the recovery codes go too.
   * @throws {Problem} LAST_FACTOR where the policy wants one, or what is left is asked for and cannot be used.
   */
  #removing(
    caller: Caller,
    user: User,
    factor: 'totp' | 'passkey',
    changes: FactorChanges,
  ): Part[] {
    const { store, notices, trail, policy, takesPasskeys } = this.#dependencies
    const isLast = !hasSecondFactor({ ...user, ...changes } as User)
    if (isLast && isFactorWanted(policy, user)) throw new Problem(LAST_FACTOR)
    if (!isLast && !takesPasskeys) throw new Problem(LAST_FACTOR, { detail: PASSKEYS_FIRST })
    return [
      store.changing(user, { ...changes, ...(isLast && NO_CODES) }),
      ...notices.of(caller, 'factor-removed', user, { factor }),
      trail.part(caller, 'authn_factor_removed', { userId: user.id, factor }),
    ]
  }

  /** Reads the account again where it has changed, as long as its sessions have not ended. */
  async #whileSignedIn<T>(
    { account }: LiveSession,
    change: (user: User) => Promise<T>,
  ): Promise<T> {
    let isFirst = true
    return retryConflicts(async () => {
      const user = isFirst ? account : await this.#dependencies.users.findById(account.id)
      isFirst = false
      if (user?.status !== 'active' || user.epoch !== account.epoch) {
        throw bearerProblem(TOKEN_INVALID)
      }
      return change(user)
    })
  }
}

/** Only passkeys are left, as the service has no other factors than these two. */
const PASSKEYS_FIRST = 'Remove your passkeys first: this service takes none, and asks for one then.'

const NO_CODES = { recoveryCodes: undefined, recoveryCodesAt: undefined } as const

/** Tells the log of a new factor. */
export const reportAdded = (
  { log }: Pick<Caller, 'log'>,
  { id: userId }: Pick<User, 'id'>,
  factor: 'totp' | 'passkey',
): void => report(log, 'authn_factor_added', { userId, factor })

const listedFactors = ({ totp, passkeys = [], recoveryCodes }: User): ListedFactors => ({
  totp: totp ? { addedAt: totp.addedAt } : null,
  passkeys: passkeys.map(listedPasskey),
  recoveryCodesLeft: recoveryCodes?.size ?? 0,
})
