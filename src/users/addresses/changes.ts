import { changeOf } from '../../dynamodb/expressions.js'
import type { Database } from '../../dynamodb/database.js'
import type { Part } from '../../dynamodb/part.js'
import { credentialKey, profileKey } from '../../dynamodb/user-items.js'
import { Problem } from '../../http/problem.js'
import type { Clock } from '../../lib/clock.js'
import type { KeySuspension } from '../../lib/suspension.js'
import { AccountChanged, EMAIL_TAKEN } from '../errors.js'
import { factorsBefore } from '../factors.js'
import type { Identity } from '../identities/identity.js'
import { isFreeFor, type Reservation } from '../reservation.js'
import type { EarlierAddress, User } from '../user.js'
import { AddressItems } from './items.js'
import type { AddressesStore } from './store.js'

export interface AddressChangesOptions {
  readonly database: Database
  /** The table of users. */
  readonly table: string
  readonly clock: Clock
  readonly addresses: AddressesStore
}

/** A proved address for an account. */
export interface NewAddress {
  readonly email: string
  /** The session that goes on. */
  readonly keptSession: string
  /** What is kept of the address that the account had; missing where it had none. */
  readonly earlier?: EarlierAddress
}

/** An address that an account has back, and how it is left. */
export interface AddressBack {
  readonly earlier: EarlierAddress
  /** The digest of the password that the account had with it; none where it had no password. */
  readonly passwordHash: string | undefined
  readonly identities: readonly Identity[]
  readonly keys: KeySuspension
}

type Writes = ReturnType<AddressItems['replace']>

/** Accounts that change from one address to another, and back. */
export class AddressChanges {
  readonly #database: Database
  readonly #table: string
  readonly #clock: Clock
  readonly #addresses: AddressesStore
  readonly #items: AddressItems

  constructor({ database, table, clock, addresses }: AddressChangesOptions) {
    this.#database = database
    this.#table = table
    this.#clock = clock
    this.#addresses = addresses
    this.#items = new AddressItems(table, clock)
  }

  /** The addresses that an account may still have back. */
  open({ earlierAddresses = [] }: User): readonly EarlierAddress[] {
    return earlierAddresses.filter(({ until }) => this.#clock() < until)
  }

  /**
   * Gives an account another address, which is proved, and keeps the one it had for it. Every other session ends.
   * @param user as they were read.
   * @param alongside is written in the same transaction.
   * @throws {Problem} EMAIL_TAKEN.
   * @throws {AccountChanged}
   */
  async change(
    user: User,
    { email, keptSession, earlier }: NewAddress,
    alongside: readonly Part[],
  ): Promise<void> {
    const reserving = await this.#addresses.reserving(user, email)
    if (!reserving) throw new Problem(EMAIL_TAKEN)
    // The account can not have them back any more, and forgets them with this.
    const closed = earlierOf(user)
    for (const each of [...this.open(user), { email }, { email: user.email ?? '' }])
      closed.delete(each.email)
    const forgetting = await this.#each(closed, user.id, () => ({}))
    const keeping = earlier ? [this.#items.keep(earlier.email, user.id, keptUntil(earlier))] : []
    const next = {
      email,
      emailVerified: true,
      provedByMail: true,
      keptSession,
      earlierAddresses: [...this.open(user), ...(earlier ? [earlier] : [])],
      formerEmail: undefined,
    }
    await this.#database.writeTogether([
      ...alongside,
      ...reserving.map((item) => ({ item, onConflict: taken })),
      ...[...keeping, ...forgetting, this.#profile(user, next)].map(asPart),
    ])
  }

  /**
   * Gives an account back an address that it had, with the password of that time. What it has changed to since is
   * free, and later changes can not be undone any more. Second factors that were added since are gone. Every session ends, and what the account knew of browsers and
   * addresses: they may be a thief's.
   * @param user as they were read.
   * @param alongside is written in the same transaction.
   * @returns false where the address is another's by now.
   * @throws {AccountChanged}
   */
  async undo(
    user: User,
    { earlier, passwordHash, identities, keys }: AddressBack,
    alongside: readonly Part[],
  ): Promise<boolean> {
    const { email } = earlier
    const before = await this.#addresses.find(email)
    if (!isFreeFor(user.id, before, this.#clock()) && user.email !== email) return false
    const open = this.open(user)
    const left = open.slice(0, open.indexOf(earlier))
    const isPasswordKept = passwordHash === user.passwordHash
    const factors = factorsBefore(user, earlier.changedAt)
    const next = {
      email,
      emailVerified: true,
      provedByMail: true,
      earlierAddresses: left.length > 0 ? left : undefined,
      passwordHash,
      identities: user.identities && identities,
      suspendingKeys: keys,
      ...(!isPasswordKept && { mustChangePassword: undefined }),
      formerEmail: undefined,
      keptSession: undefined,
      knownAddresses: undefined,
      consents: undefined,
      ownedSince: new Date(this.#clock()).toISOString(),
      ...factors.changes,
    }
    const { former } = before
    const after = { userId: user.id, ...(former?.userId !== user.id && former && { former }) }
    const isFormer = user.formerEmail === email
    await this.#database.writeTogether([
      ...alongside,
      ...[
        ...this.#items.replace(email, user.id, { before, after }),
        ...(isFormer ? [] : await this.#addresses.forgetFormer(user)),
        ...(await this.#leaveAll(user, email, left)),
        this.#profile(user, next),
        ...factors.passkeysGone.map(({ id }) => ({
          Delete: { TableName: this.#table, Key: credentialKey(id) },
        })),
      ].map(asPart),
    ])
    return true
  }

  /** The parts of a transaction after which nothing is kept for an account that is removed. */
  async forgetting(user: User): Promise<Writes> {
    const emails = earlierOf(user)
    for (const other of [user.email, user.formerEmail]) emails.delete(other ?? '')
    return this.#each(emails, user.id, () => ({}))
  }

  /** Lets go of every address of an account but one, and of those that it may still have back afterwards. */
  #leaveAll(user: User, email: string, left: readonly EarlierAddress[]): Promise<Writes> {
    const emails = earlierOf(user)
    if (user.email !== undefined) emails.add(user.email)
    emails.delete(email)
    return this.#each(emails, user.id, (one) => {
      const kept = left.findLast((each) => each.email === one)
      return kept && { userId: user.id, keptUntil: keptUntil(kept) }
    })
  }

  async #each(
    emails: ReadonlySet<string>,
    userId: string,
    afterOf: (email: string) => Reservation | undefined,
  ): Promise<Writes> {
    const writes = [...emails].map(async (email) => {
      const before = await this.#addresses.find(email)
      if (before.userId !== userId) return []
      const { former } = before
      const after = { ...afterOf(email), ...(former && { former }) }
      return this.#items.replace(email, userId, { before, after })
    })
    return (await Promise.all(writes)).flat()
  }

  /** Sets what is given, and removes what is undefined. All that decided on it must still be so. Sessions end. */
  #profile(user: User, next: Readonly<Record<string, unknown>>) {
    const { email, formerEmail, earlierAddresses, passwordHash, identities } = user
    const { emailVerified, status, epoch, suspendingKeys, factorsVersion } = user
    const read = {
      ...{ email, formerEmail, earlierAddresses, passwordHash, identities },
      ...{ emailVerified, status, epoch, suspendingKeys, factorsVersion },
    }
    const Key = profileKey(user.id)
    return { Update: { TableName: this.#table, Key, ...changeOf(read, next, 'epoch') } }
  }
}

const earlierOf = ({ earlierAddresses = [] }: User): Set<string> =>
  new Set(earlierAddresses.map(({ email }) => email))

/**
 * As long no other account gets an address that one has changed from. One that was never proved may be another person's,
 * who never has to wait for it.
 */
const keptUntil = ({ isProved, until, changedAt }: EarlierAddress): number =>
  isProved ? until : Date.parse(changedAt)

const taken = (): Problem => new Problem(EMAIL_TAKEN)

/** What was read for it has changed meanwhile. */
const asPart = (item: Part['item']): Part => ({ item, onConflict: () => new AccountChanged() })
