import { bearerProblem, FORBIDDEN } from '../access-tokens/errors.js'
import { Problem } from '../http/problem.js'
import { OWN_ACCOUNT, USER_NOT_FOUND } from '../users/errors.js'
import { retryConflicts } from '../users/retry-conflicts.js'
import type { User, UserChanges } from '../users/user.js'
import type { Users } from '../users/users.js'

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
   * Like `change`, but by an administrator: they cannot demote themselves, nor two of them each other.
   * @throws {Problem} USER_NOT_FOUND, OWN_ACCOUNT; FORBIDDEN for an actor who is no longer an administrator.
   */
  async changeAs(actorId: string, id: string, changes: UserChanges): Promise<User> {
    const { role, status } = changes
    if (id === actorId && (role === 'user' || status === 'disabled')) throw new Problem(OWN_ACCOUNT)
    const { store } = this.#users
    return retryConflicts(async () => {
      const [actor, user] = await Promise.all([store.findById(actorId), store.findById(id)])
      if (actor?.role !== 'admin' || actor.status !== 'active') throw bearerProblem(FORBIDDEN)
      const before = known(user)
      return (await store.changeAs(actorId, before, changes)) ? before : undefined
    })
  }

  /**
   * Profile, address and identities go at once. Sessions and API keys are dead without their user.
   * @throws {Problem} USER_NOT_FOUND.
   */
  async remove(id: string): Promise<void> {
    const { store } = this.#users
    await retryConflicts(async () => (await store.remove(await this.findById(id))) || undefined)
  }

  /** Takes the address from any account, an administrator's included. @throws {Problem} USER_NOT_FOUND. */
  releaseAddress(id: string): Promise<void> {
    return this.#users.addresses.release(id)
  }

  /**
   * Gives an account without an address another one.
   * @returns undefined for an account that has one.
   * @throws {Problem} USER_NOT_FOUND, EMAIL_TAKEN.
   */
  giveAddress(id: string, email: string): Promise<User | undefined> {
    return this.#users.addresses.give(id, email)
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
