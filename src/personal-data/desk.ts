import { bearerProblem, TOKEN_INVALID } from '../access-tokens/errors.js'
import { adminAccount } from '../administration/errors.js'
import { report } from '../events/report.js'
import type { Trail } from '../events/trail.js'
import type { Caller } from '../http/caller.js'
import { isOutage } from '../http/problem.js'
import type { Clock } from '../lib/clock.js'
import { digest } from '../lib/digest.js'
import { type Limit, logExceeded, rateLimited } from '../limits/by-address.js'
import { type RateLimitCounter, windowOf } from '../limits/counter.js'
import type { LiveSession } from '../sessions/session.js'
import type { Sessions } from '../sessions/sessions.js'
import { retryConflicts } from '../users/retry-conflicts.js'
import type { UsersStore } from '../users/store.js'
import type { Erasure } from './erasure.js'
import type { Exports } from './exports.js'
import type { AccountExport } from './schemas.js'

export interface PersonalDataDeskDependencies {
  readonly erasure: Erasure
  readonly exports: Exports
  readonly users: Pick<UsersStore, 'findById'>
  readonly sessions: Pick<Sessions, 'assertRecent'>
  readonly counter: RateLimitCounter
  readonly trail: Trail
  readonly clock: Clock
}

/** Each of a person's exports reads the whole table of tickets. */
const EXPORTS: Limit = { max: 10, windowMs: 86_400_000 }

/** What people do with all that is kept of them. */
export class PersonalDataDesk {
  readonly #dependencies: PersonalDataDeskDependencies

  constructor(dependencies: PersonalDataDeskDependencies) {
    this.#dependencies = dependencies
  }

  /** @throws {Problem} RECENT_SIGN_IN_REQUIRED, RATE_LIMITED, STORE_UNAVAILABLE. */
  async export(caller: Caller, session: LiveSession): Promise<AccountExport> {
    const { exports, sessions } = this.#dependencies
    sessions.assertRecent(session)
    await this.#count(caller, session.account.id)
    return exports.of(session.account)
  }

  /**
   * Erases the account. An administrator is erased by the command line, which finds what they did for others.
   * @throws {Problem} RECENT_SIGN_IN_REQUIRED, ADMIN_ACCOUNT; TOKEN_INVALID when the session has ended meanwhile.
   */
  async erase(caller: Caller, session: LiveSession): Promise<void> {
    const { erasure, users, sessions, trail } = this.#dependencies
    sessions.assertRecent(session)
    const { id, epoch } = session.account
    const name = await retryConflicts(async () => {
      const user = await users.findById(id)
      // A write whose answer was lost has been made.
      const resumed = user ? undefined : await erasure.resume(id)
      if (resumed !== undefined) return resumed
      if (user?.epoch !== epoch) throw bearerProblem(TOKEN_INVALID)
      if (user.role === 'admin' || user.adminUntil !== undefined) throw adminAccount(`delete ${id}`)
      return erasure.erase(user, (userId) => [trail.part({}, 'account_erased', { userId })])
    })
    report(caller.log, 'account_erased', { userId: name })
    await erasure.resumeAll().catch(passOverOutage)
  }

  async #count({ log, route }: Caller, id: string): Promise<void> {
    const { counter, clock } = this.#dependencies
    const subject = `exports#${digest(id)}`
    const { key, endsAt, resetMs } = windowOf(subject, EXPORTS.windowMs, clock())
    if ((await counter.add(key, 1, endsAt)) <= EXPORTS.max) return
    logExceeded({ log, route })
    throw rateLimited(EXPORTS, resetMs)
  }
}

function passOverOutage(error: unknown): void {
  if (!isOutage(error)) throw error
}
