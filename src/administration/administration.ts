import { bearerProblem, FORBIDDEN } from '../access-tokens/errors.js'
import type { Part } from '../dynamodb/part.js'
import type { Doer, Notices } from '../email/notices.js'
import type { AdminAct } from '../events/catalogue.js'
import type { Trail } from '../events/trail.js'
import { Problem } from '../http/problem.js'
import type { Clock } from '../lib/clock.js'
import { NO_ADDRESS, OWN_ACCOUNT, USER_NOT_FOUND } from '../users/errors.js'
import { retryConflicts } from '../users/retry-conflicts.js'
import { isAdminAccount } from '../users/tenure.js'
import { adminAccount } from './errors.js'
import type { AddressedUser, User, UserChanges } from '../users/user.js'
import type { Users } from '../users/users.js'

export interface AdministrationDependencies {
  readonly users: Users
  readonly notices: Notices
  readonly trail: Trail
  readonly erasure: Erasing
  readonly clock: Clock
}

/** Erases people, see `Erasure`. */
export interface Erasing {
  erase(user: User, writtenWith: (name: string) => readonly Part[]): Promise<string>
  resume(id: string): Promise<string | undefined>
}

/** Who administers, and from where. */
export interface Acting extends Doer {
  /** The id of an administrator; or the command line. */
  readonly actorId: string
}

/** What administrators do with users, from the command line, by HTTP, and on a page. */
export class Administration {
  readonly #users: Users
  readonly #notices: Notices
  readonly #trail: Trail
  readonly #erasure: Erasing
  readonly #clock: Clock

  constructor({ users, notices, trail, erasure, clock }: AdministrationDependencies) {
    this.#users = users
    this.#notices = notices
    this.#trail = trail
    this.#erasure = erasure
    this.#clock = clock
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
  async change(acting: Acting, id: string, changes: UserChanges): Promise<User> {
    const before = await this.findById(id)
    const caused = this.#causedBy(acting, before, changes)
    if (!(await this.#users.store.change(id, changes, caused))) throw new Problem(USER_NOT_FOUND)
    return before
  }

  /**
   * Like `change`, but by an administrator: they cannot demote themselves, nor two of them each other.
   * @throws {Problem} USER_NOT_FOUND, OWN_ACCOUNT; FORBIDDEN for an actor who is no longer an administrator.
   */
  async changeAs(acting: Acting, id: string, changes: UserChanges): Promise<User> {
    const { role, status } = changes
    const { actorId } = acting
    if (id === actorId && (role === 'user' || status === 'disabled')) throw new Problem(OWN_ACCOUNT)
    const { store } = this.#users
    return retryConflicts(async () => {
      const [actor, user] = await Promise.all([store.findById(actorId), store.findById(id)])
      if (actor?.role !== 'admin' || actor.status !== 'active') throw bearerProblem(FORBIDDEN)
      const before = known(user)
      const caused = this.#causedBy(acting, before, changes)
      return (await store.changeAs(actorId, before, changes, caused)) ? before : undefined
    })
  }

  /**
   * Erases a person, an administrator included. An erase that was interrupted goes on.
   * @param guards is written in the same transaction.
   * @returns the name that stands for them in the trail.
   * @throws {Problem} USER_NOT_FOUND.
   */
  remove(acting: Acting, id: string, guards: readonly Part[] = []): Promise<string> {
    return this.#erase(acting, id, () => guards)
  }

  /**
   * The same by an administrator, who must be one while it is written.
   * @throws {Problem} USER_NOT_FOUND; ADMIN_ACCOUNT, FORBIDDEN for an actor who is no longer an administrator.
   */
  removeAs(acting: Acting, id: string): Promise<string> {
    const command = `delete ${id}`
    return this.#erase(acting, id, (user) => {
      // What a former one did for others names them too.
      if (user.adminUntil !== undefined) throw adminAccount(command)
      return [this.whileOver(acting.actorId, user, command)]
    })
  }

  #erase(acting: Acting, id: string, guards: (user: User) => readonly Part[]): Promise<string> {
    return retryConflicts(async () => {
      const user = await this.#users.store.findById(id)
      if (!user) {
        const name = await this.#erasure.resume(id)
        if (name === undefined) throw new Problem(USER_NOT_FOUND)
        return name
      }
      const guarding = guards(user)
      return this.#erasure.erase(user, (name) => [
        ...guarding,
        this.act(acting, { action: 'delete', targetId: name }),
      ])
    })
  }

  /** Takes the address from any account, an administrator's included. @throws {Problem} USER_NOT_FOUND. */
  releaseAddress(acting: Acting, id: string): Promise<void> {
    return this.#users.addresses.release(id, (user) => this.#releasing(acting, user))
  }

  /**
   * The same by an administrator, who must be one while it is written.
   * @throws {Problem} USER_NOT_FOUND, NO_ADDRESS; ADMIN_ACCOUNT, FORBIDDEN for an actor who is no longer an
   * administrator.
   */
  async releaseAddressAs(acting: Acting, id: string): Promise<void> {
    const command = `release-address ${id}`
    await this.findOrdinary(id, command)
    await this.#users.addresses.release(id, (user) => [
      this.whileOver(acting.actorId, user, command),
      ...this.#releasing(acting, user),
    ])
  }

  /**
   * Takes the caller's word that the address of any account is its owner's.
   * @throws {Problem} USER_NOT_FOUND, NO_ADDRESS.
   */
  verifyAddress(acting: Acting, id: string): Promise<void> {
    return this.#users.addresses.verify(id, (user) => this.#verifying(acting, user))
  }

  /**
   * The same by an administrator, who must be one while it is written.
   * @throws {Problem} USER_NOT_FOUND, NO_ADDRESS; ADMIN_ACCOUNT, FORBIDDEN for an actor who is no longer an
   * administrator.
   */
  async verifyAddressAs(acting: Acting, id: string): Promise<void> {
    const command = `verify-address ${id}`
    await this.findOrdinary(id, command)
    await this.#users.addresses.verify(id, (user) => [
      this.whileOver(acting.actorId, user, command),
      ...this.#verifying(acting, user),
    ])
  }

  /**
   * An account that administrators help over HTTP. One that is an administrator's, or was until lately, they do not: of
   * several, one whose session was stolen must not get hold of the others.
   * @param command that does it to an administrator's account.
   * @throws {Problem} USER_NOT_FOUND, ADMIN_ACCOUNT, NO_ADDRESS.
   */
  async findOrdinary(id: string, command: string): Promise<AddressedUser> {
    const user = await this.findById(id)
    if (isAdminAccount(user, this.#clock())) throw adminAccount(command)
    const { email } = user
    if (email === undefined) throw new Problem(NO_ADDRESS)
    return { ...user, email }
  }

  /**
   * The part of a change of an ordinary account that is written only while the actor is an administrator.
   * @throws {Problem} ADMIN_ACCOUNT, FORBIDDEN.
   */
  whileOver(actorId: string, user: User, command: string): Part {
    if (isAdminAccount(user, this.#clock())) throw adminAccount(command)
    // An actor who is an ordinary user by now. A transaction may touch their profile only once.
    if (user.id === actorId) throw bearerProblem(FORBIDDEN)
    return this.#users.store.whileAdmin(actorId)
  }

  /**
   * Gives an account without an address another one.
   * @returns undefined for an account that has one.
   * @throws {Problem} USER_NOT_FOUND, EMAIL_TAKEN.
   */
  giveAddress(acting: Acting, id: string, email: string): Promise<User | undefined> {
    const event = this.act(acting, { action: 'give_address', targetId: id })
    return this.#users.addresses.give(id, email, [event])
  }

  /**
   * @param guards is written in the same transaction.
   * @throws {Problem} USER_NOT_FOUND, also where a guard does not hold.
   */
  async endSessions(acting: Acting, id: string, guards: readonly Part[] = []): Promise<void> {
    const event = this.act(acting, { action: 'end_sessions', targetId: id })
    const isKnown = await this.#users.store.endSessions(id, [...guards, event])
    if (!isKnown) throw new Problem(USER_NOT_FOUND)
  }

  /**
   * The parts of what an administrator does to an account that are written only while they are not erased: what it leaves
   * names them. A transaction may touch their own profile only once.
   */
  whileThere({ actorId }: Acting, id: string): Part[] {
    return actorId === id ? [] : [this.#users.store.unlessErased(actorId)]
  }

  /** The part of a transaction that keeps what an administrator does. */
  act(acting: Acting, act: AdminAct): Part {
    return this.#trail.part(acting, 'authz_admin', { userId: acting.actorId, ...act })
  }

  #releasing(acting: Acting, user: AddressedUser): Part[] {
    return [
      ...this.#notices.of(acting, 'address-released', user),
      this.act(acting, { action: 'release_address', targetId: user.id }),
    ]
  }

  #verifying(acting: Acting, user: AddressedUser): Part[] {
    return [
      ...this.#notices.of(acting, 'address-verified', user),
      this.act(acting, { action: 'verify_address', targetId: user.id }),
    ]
  }

  #causedBy(acting: Acting, user: User, { role, status }: UserChanges): Part[] {
    const { id: targetId } = user
    const acts: AdminAct[] = [
      ...(role === undefined
        ? []
        : [{ action: 'role', targetId, from: user.role, to: role } as const]),
      ...(status === undefined
        ? []
        : [{ action: 'status', targetId, from: user.status, to: status } as const]),
    ]
    const isNewRole = role !== undefined && role !== user.role
    const notice = isNewRole ? this.#notices.of(acting, 'role-changed', user, { role }) : []
    return [...notice, ...acts.map((act) => this.act(acting, act))]
  }
}

function known(user: User | undefined): User {
  if (!user) throw new Problem(USER_NOT_FOUND)
  return user
}
