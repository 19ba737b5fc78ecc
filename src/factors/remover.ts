import type { Part } from '../dynamodb/part.js'
import type { Doer, Notices } from '../email/notices.js'
import { Problem } from '../http/problem.js'
import { USER_NOT_FOUND } from '../users/errors.js'
import { hasSecondFactor } from '../users/factors.js'
import { retryConflicts } from '../users/retry-conflicts.js'
import type { UsersStore } from '../users/store.js'
import type { User } from '../users/user.js'
import { FACTOR_NOT_FOUND } from './errors.js'
import type { RemovalStore } from './removal-store.js'

export interface FactorRemoverDependencies {
  readonly store: RemovalStore
  readonly users: Pick<UsersStore, 'findById'>
  readonly notices: Notices
}

/**
 * Takes all second factors from an account whose person has lost them. It signs no one in and tells no secret: who
 * comes next proves the first factor, and sets up a second as the policy says.
 */
export class FactorRemover {
  readonly #dependencies: FactorRemoverDependencies

  constructor(dependencies: FactorRemoverDependencies) {
    this.#dependencies = dependencies
  }

  /** @throws {Problem} USER_NOT_FOUND; FACTOR_NOT_FOUND where the account has no second factor. */
  async find(id: string): Promise<User> {
    const user = await this.#dependencies.users.findById(id)
    if (!user) throw new Problem(USER_NOT_FOUND)
    if (!hasSecondFactor(user)) throw new Problem(FACTOR_NOT_FOUND)
    return user
  }

  /** The parts that remove them, and tell the owner. @param user as they were read. @param event that says so. */
  removing(doer: Doer, user: User, event: Part): Part[] {
    const { store, notices } = this.#dependencies
    return [...store.removing(user), ...notices.of(doer, 'factors-removed', user), event]
  }

  /** Removes them at once: the word of who has the tables. @throws {Problem} as `find`. */
  async remove(doer: Doer, id: string, event: Part): Promise<void> {
    await retryConflicts(async () => {
      await this.#dependencies.store.write(this.removing(doer, await this.find(id), event))
      return true
    })
  }

  /**
   * Lets one-time passwords be compared again after 100 wrong ones in a row.
   * @param alongside is written in the same transaction.
   * @throws {Problem} as `find`; FACTOR_NOT_FOUND where the account has no authenticator app.
   */
  async unlock(id: string, alongside: readonly Part[]): Promise<void> {
    const user = await this.find(id)
    const { store } = this.#dependencies
    await store.write([...alongside, store.unlocking(user, () => new Problem(FACTOR_NOT_FOUND))])
  }
}
