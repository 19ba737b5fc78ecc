import type { Part } from '../../dynamodb/part.js'
import type { Clock } from '../../lib/clock.js'
import { Problem } from '../../http/problem.js'
import { normalizeEmail } from '../email.js'
import { EMAIL_TAKEN, NO_ADDRESS, USER_NOT_FOUND } from '../errors.js'
import { hasSecondFactor } from '../factors.js'
import { retryConflicts } from '../retry-conflicts.js'
import type { UsersStore } from '../store.js'
import type { AddressedUser, User } from '../user.js'

/** The way back of an account whose address was freed: its former address, and whose it was. */
export interface Return {
  readonly formerEmail: string
  readonly userId: string
}

/**
 * What is written in the transaction of a change. It gets the account as the change was decided by, in each try, and
 * may refuse it by throwing.
 */
export type Alongside = (user: AddressedUser) => readonly Part[]

const nothing: Alongside = () => []

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
  async release(id: string, alongside: Alongside = nothing): Promise<void> {
    await retryConflicts(async () => {
      const { email } = await this.#find(id)
      if (email === undefined) return true
      const { reservation, holder } = await this.#store.findHolder(email)
      if (holder?.id !== id) return undefined
      const holding = { reservation, holder }
      await this.#store.addresses.release(holding, this.#clock(), alongside(holder))
      return true
    })
  }

  /**
   * Takes an administrator's word for it that an address is the account's own, as good as a mail's. One that is proved
   * stays as it is, and nothing is written.
   * @throws {Problem} USER_NOT_FOUND, NO_ADDRESS.
   */
  async verify(id: string, alongside: Alongside = nothing): Promise<void> {
    await retryConflicts(async () => {
      const user = await this.#find(id)
      const { email } = user
      if (email === undefined) throw new Problem(NO_ADDRESS)
      if (user.emailVerified) return true
      const addressed = { ...user, email }
      await this.#store.vouchForAddress(addressed, alongside(addressed))
      return true
    })
  }

  /**
   * Gives an account without an address another one, which is not proved.
   * @param caused is written in the same transaction.
   * @returns undefined for an account that has another address.
   * @throws {Problem} USER_NOT_FOUND, EMAIL_TAKEN.
   */
  async give(id: string, email: string, caused: readonly Part[]): Promise<User | undefined> {
    const address = normalizeEmail(email)
    const given = await retryConflicts(async () =>
      this.#giveTo(await this.#find(id), address, caused),
    )
    return given === 'refused' ? undefined : given
  }

  /**
   * @returns the account that the ticket still leads back to. One with a second factor is led back to by an administrator:
   * who has an account's mailbox becomes its owner, so that a password alone must not give it a mailbox.
   */
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
      !hasSecondFactor(user) &&
      former?.userId === userId &&
      // A password that was changed since leads nowhere.
      former.passwordHash === user.passwordHash &&
      this.#clock() < former.until
    return isOpen ? user : undefined
  }

  /**
   * The parts of a sign-in after which nothing is kept of the account's former address, where it leads back no more.
   * They cost a request for an account that has one, and nothing for any other.
   */
  async outlivedOf({ id, formerEmail }: User): Promise<Part[]> {
    if (formerEmail === undefined) return []
    const { former } = await this.#store.addresses.find(formerEmail)
    const isOutlived = former?.userId === id && former.until <= this.#clock()
    return isOutlived ? this.#store.addresses.outliving(formerEmail, former) : []
  }

  /**
   * The same as `give`, done by the account's owner: once.
   * @returns undefined where the ticket leads to no account any more.
   * @throws {Problem} EMAIL_TAKEN.
   */
  async comeBack(
    ticket: Return,
    email: string,
    caused: readonly Part[],
  ): Promise<User | undefined> {
    const address = normalizeEmail(email)
    const given = await retryConflicts(async () => {
      const returning = await this.findReturning(ticket)
      if (returning) return this.#giveTo(returning, address, caused)
      const user = await this.#store.findById(ticket.userId)
      return user?.email === address ? user : 'refused'
    })
    return given === 'refused' ? undefined : given
  }

  async #giveTo(
    user: User,
    email: string,
    caused: readonly Part[],
  ): Promise<User | 'refused' | undefined> {
    // A form that was sent twice, and a repeated write that finds its own first try.
    if (user.email !== undefined) return user.email === email ? user : 'refused'
    if (await this.#store.addresses.give(user, email, caused)) return { ...user, email }
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
