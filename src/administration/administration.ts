import { bearerProblem, FORBIDDEN } from '../access-tokens/errors.js'
import type { Part } from '../dynamodb/part.js'
import type { Doer, Notices } from '../email/notices.js'
import { Problem } from '../http/problem.js'
import { OWN_ACCOUNT, USER_NOT_FOUND } from '../users/errors.js'
import { retryConflicts } from '../users/retry-conflicts.js'
import type { User, UserChanges } from '../users/user.js'
import type { Users } from '../users/users.js'

/** What administrators do with users, from the command line, by HTTP, and on a page. */
export class Administration {
  readonly #users: Users
  readonly #notices: Notices

  constructor(users: Users, notices: Notices) {
    this.#users = users
    this.#notices = notices
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
  async change(doer: Doer, id: string, changes: UserChanges): Promise<User> {
    const before = await this.findById(id)
    const caused = this.#noticeOf(doer, before, changes)
    if (!(await this.#users.store.change(id, changes, caused))) throw new Problem(USER_NOT_FOUND)
    return before
  }

  /**
   * Like `change`, but by an administrator: they cannot demote themselves, nor two of them each other.
   * @throws {Problem} USER_NOT_FOUND, OWN_ACCOUNT; FORBIDDEN for an actor who is no longer an administrator.
   */
  async changeAs(doer: Doer, actorId: string, id: string, changes: UserChanges): Promise<User> {
    const { role, status } = changes
    if (id === actorId && (role === 'user' || status === 'disabled')) throw new Problem(OWN_ACCOUNT)
    const { store } = this.#users
    return retryConflicts(async () => {
      const [actor, user] = await Promise.all([store.findById(actorId), store.findById(id)])
      if (actor?.role !== 'admin' || actor.status !== 'active') throw bearerProblem(FORBIDDEN)
      const before = known(user)
      const caused = this.#noticeOf(doer, before, changes)
      return (await store.changeAs(actorId, before, changes, caused)) ? before : undefined
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

  #noticeOf(doer: Doer, user: User, { role }: UserChanges): Part[] {
    if (role === undefined || role === user.role) return []
    return this.#notices.of(doer, 'role-changed', user, { role })
  }
}

function known(user: User | undefined): User {
  if (!user) throw new Problem(USER_NOT_FOUND)
  return user
}
