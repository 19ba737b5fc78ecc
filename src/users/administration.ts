import { Problem } from '../problem.js'
import { OWN_ACCOUNT, USER_NOT_FOUND } from './errors.js'
import type { User, UserChanges } from './user.js'
import type { Users } from './users.js'

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
   * @param actorId who does it: nobody locks themself out. Leave out for the command line, which can't be locked.
   * @returns the user as they were.
   * @throws {Problem} USER_NOT_FOUND, OWN_ACCOUNT.
   */
  async change(id: string, changes: UserChanges, actorId?: string): Promise<User> {
    const { role, status } = changes
    if (id === actorId && (role === 'user' || status === 'disabled')) throw new Problem(OWN_ACCOUNT)
    return known(await this.#users.store.change(id, changes))
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
