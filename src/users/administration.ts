import { bearerProblem, FORBIDDEN } from '../access-tokens/errors.js'
import { Problem, storeUnavailable } from '../http/problem.js'
import { OWN_ACCOUNT, USER_NOT_FOUND } from './errors.js'
import type { User, UserChanges } from './user.js'
import type { Users } from './users.js'

/** Each try that loses to another administrator reads anew what that one has done. */
const ATTEMPTS = 5

/** What administrators do with users, from the command line, by HTTP, and on a page. */
export class Administration {
  readonly #users: Users

  constructor(users: Users) {
    this.#users = users
  }

  /** @throws {Problem} USER_NOT_FOUND. */
  async findByEmail(email: string): Promise<User> {
    return known(await this.#users.find(email))
  }

  /** @throws {Problem} USER_NOT_FOUND. */
  async findById(id: string): Promise<User> {
    return known(await this.#users.store.findById(id))
  }

  /**
   * A change of status ends all sessions of the user; enabling again revives none.
   * @returns the user as they were.
   * @throws {Problem} USER_NOT_FOUND.
   */
  async change(id: string, changes: UserChanges): Promise<User> {
    return known(await this.#users.store.change(id, changes))
  }

  /**
   * The same by an administrator, where the command line is none: nobody locks themself out, and no two each
   * other.
   * @throws {Problem} USER_NOT_FOUND, OWN_ACCOUNT; FORBIDDEN for whoever is no administrator any more.
   */
  async changeAs(actorId: string, id: string, changes: UserChanges): Promise<User> {
    const { role, status } = changes
    if (id === actorId && (role === 'user' || status === 'disabled')) throw new Problem(OWN_ACCOUNT)
    const { store } = this.#users
    for (let tries = 0; tries < ATTEMPTS; tries++) {
      const [actor, user] = await Promise.all([store.findById(actorId), store.findById(id)])
      if (actor?.role !== 'admin' || actor.status !== 'active') throw bearerProblem(FORBIDDEN)
      const before = known(user)
      if (await store.changeAs(actorId, before, changes)) return before
    }
    throw storeUnavailable(new Error('the account keeps changing'))
  }

  /**
   * Profile, address and identities go at once. Sessions and API keys are dead without their user.
   * @throws {Problem} USER_NOT_FOUND.
   */
  async remove(id: string): Promise<void> {
    for (let tries = 0; tries < ATTEMPTS; tries++) {
      if (await this.#users.store.remove(await this.findById(id))) return
    }
    throw storeUnavailable(new Error('the account keeps changing'))
  }

  /** @throws {Problem} USER_NOT_FOUND. */
  async endSessions(id: string): Promise<void> {
    if (!(await this.#users.store.endSessions(id))) throw new Problem(USER_NOT_FOUND)
  }
}

function known(user: User | undefined): User {
  if (!user) throw new Problem(USER_NOT_FOUND)
  return user
}
