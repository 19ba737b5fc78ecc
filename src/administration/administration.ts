import { bearerProblem, FORBIDDEN } from '../access-tokens/errors.js'
import type { Part } from '../dynamodb/part.js'
import type { Doer, Notices } from '../email/notices.js'
import { Problem } from '../http/problem.js'
import { NO_ADDRESS, OWN_ACCOUNT, USER_NOT_FOUND } from '../users/errors.js'
import { retryConflicts } from '../users/retry-conflicts.js'
import { adminAccount } from './errors.js'
import type { AddressedUser, User, UserChanges } from '../users/user.js'
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
  releaseAddress(doer: Doer, id: string): Promise<void> {
    return this.#users.addresses.release(id, (user) =>
      this.#notices.of(doer, 'address-released', user),
    )
  }

  /**
   * The same by an administrator, who must be one while it is written.
   * @throws {Problem} USER_NOT_FOUND, NO_ADDRESS; ADMIN_ACCOUNT, FORBIDDEN for an actor who is no longer an
   * administrator.
   */
  async releaseAddressAs(doer: Doer, actorId: string, id: string): Promise<void> {
    const command = `release-address ${id}`
    await this.findOrdinary(id, command)
    await this.#users.addresses.release(id, (user) => [
      this.whileOver(actorId, user, command),
      ...this.#notices.of(doer, 'address-released', user),
    ])
  }

  /**
   * Takes the caller's word that the address of any account is its owner's.
   * @throws {Problem} USER_NOT_FOUND, NO_ADDRESS.
   */
  verifyAddress(doer: Doer, id: string): Promise<void> {
    return this.#users.addresses.verify(id, (user) =>
      this.#notices.of(doer, 'address-verified', user),
    )
  }

  /**
   * The same by an administrator, who must be one while it is written.
   * @throws {Problem} USER_NOT_FOUND, NO_ADDRESS; ADMIN_ACCOUNT, FORBIDDEN for an actor who is no longer an
   * administrator.
   */
  async verifyAddressAs(doer: Doer, actorId: string, id: string): Promise<void> {
    const command = `verify-address ${id}`
    await this.findOrdinary(id, command)
    await this.#users.addresses.verify(id, (user) => [
      this.whileOver(actorId, user, command),
      ...this.#notices.of(doer, 'address-verified', user),
    ])
  }

  /**
   * An account that administrators help over HTTP. One that is an administrator's, they do not: of several, one whose
   * session was stolen must not get hold of the others.
   * @param command that does it to an administrator's account.
   * @throws {Problem} USER_NOT_FOUND, ADMIN_ACCOUNT, NO_ADDRESS.
   */
  async findOrdinary(id: string, command: string): Promise<AddressedUser> {
    const user = await this.findById(id)
    if (user.role === 'admin') throw adminAccount(command)
    const { email } = user
    if (email === undefined) throw new Problem(NO_ADDRESS)
    return { ...user, email }
  }

  /**
   * The part of a change of an ordinary account that is written only while the actor is an administrator.
   * @throws {Problem} ADMIN_ACCOUNT, FORBIDDEN.
   */
  whileOver(actorId: string, { id, role }: User, command: string): Part {
    if (role === 'admin') throw adminAccount(command)
    // An actor who is an ordinary user by now. A transaction may touch their profile only once.
    if (id === actorId) throw bearerProblem(FORBIDDEN)
    return this.#users.store.whileAdmin(actorId)
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
