import type { Clock } from '../../lib/clock.js'
import { Problem } from '../../http/problem.js'
import { normalizeEmail } from '../email.js'
import { EMAIL_TAKEN, USER_NOT_FOUND } from '../errors.js'
import { retryConflicts } from '../retry-conflicts.js'
import type { UsersStore } from '../store.js'
import type { User } from '../user.js'

/** The way back of an account whose address was freed: its former address, and whose it was. */
export interface Return {
  readonly formerEmail: string
  readonly userId: string
}

/** Addresses that leave an account, and accounts that get another one. */
export class Addresses {
  readonly #store: UsersStore
  readonly #clock: Clock

  constructor(store: UsersStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /**
   * Takes the address from any account. The account keeps its id, its keys and its identities; its
   * sessions end.
   * @throws {Problem} USER_NOT_FOUND.
   */
  async release(id: string): Promise<void> {
    await retryConflicts(async () => {
      const { email } = await this.#find(id)
      if (email === undefined) return true
      const { reservation, holder } = await this.#store.findHolder(email)
      if (holder?.id !== id) return undefined
      const isReleased = await this.#store.addresses.release({ reservation, holder }, this.#clock())
      return isReleased || undefined
    })
  }

  /**
   * Gives an account without an address another one, which is not proved.
   * @returns undefined for an account that has another address.
   * @throws {Problem} USER_NOT_FOUND, EMAIL_TAKEN.
   */
  async give(id: string, email: string): Promise<User | undefined> {
    const address = normalizeEmail(email)
    const given = await retryConflicts(async () => this.#giveTo(await this.#find(id), address))
    return given === 'refused' ? undefined : given
  }

  /** @returns the account that the ticket still leads back to. */
  async findReturning({ formerEmail, userId }: Return): Promise<User | undefined> {
    const address = normalizeEmail(formerEmail)
    const [user, { former }] = await Promise.all([
      this.#store.findById(userId),
      this.#store.addresses.find(address),
    ])
    const isOpen =
      user?.status === 'active' &&
      user.email === undefined &&
      user.formerEmail === address &&
      former?.userId === userId &&
      // A password that was changed since leads nowhere.
      former.passwordHash === user.passwordHash &&
      this.#clock() < former.until
    return isOpen ? user : undefined
  }

  /**
   * The same as `give`, done by the account's owner: once.
   * @returns undefined where the ticket leads to no account any more.
   * @throws {Problem} EMAIL_TAKEN.
   */
  async comeBack(ticket: Return, email: string): Promise<User | undefined> {
    const address = normalizeEmail(email)
    const given = await retryConflicts(async () => {
      const returning = await this.findReturning(ticket)
      if (returning) return this.#giveTo(returning, address)
      const user = await this.#store.findById(ticket.userId)
      return user?.email === address ? user : 'refused'
    })
    return given === 'refused' ? undefined : given
  }

  async #giveTo(user: User, email: string): Promise<User | 'refused' | undefined> {
    // A form that was sent twice, and a repeated write that finds its own first try.
    if (user.email !== undefined) return user.email === email ? user : 'refused'
    if (await this.#store.addresses.give(user, email)) return { ...user, email }
    const { userId } = await this.#store.addresses.find(email)
    if (userId !== undefined && userId !== user.id) throw new Problem(EMAIL_TAKEN)
    return undefined
  }

  async #find(id: string): Promise<User> {
    const user = await this.#store.findById(id)
    if (!user) throw new Problem(USER_NOT_FOUND)
    return user
  }
}
