import { Problem } from '../problem.js'
import { OWN_ACCOUNT, USER_NOT_FOUND } from './errors.js'
import type { Role, Status, User } from './user.js'
import type { Users } from './users.js'

/** What an administrator may change of a user. */
export interface UserChanges {
  readonly role?: Role
  readonly status?: Status
}

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
   * @returns the user as they are now.
   * @throws {Problem} USER_NOT_FOUND, OWN_ACCOUNT.
   */
  async change(id: string, { role, status }: UserChanges, actorId?: string): Promise<User> {
    const { store } = this.#users
    if (id === actorId && (role === 'user' || status === 'disabled')) throw new Problem(OWN_ACCOUNT)
    if (role !== undefined) assertKnown(await store.setRole(id, role))
    if (status !== undefined) assertKnown(await store.setStatus(id, status))
    return this.findById(id)
  }

  /** @throws {Problem} USER_NOT_FOUND. */
  async endSessions(id: string): Promise<void> {
    assertKnown(await this.#users.store.endSessions(id))
  }
}

function known(user: User | undefined): User {
  if (!user) throw new Problem(USER_NOT_FOUND)
  return user
}

function assertKnown(found: boolean): void {
  if (!found) throw new Problem(USER_NOT_FOUND)
}
