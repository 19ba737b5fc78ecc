import type { Database } from '../dynamodb/database.js'
import { asRead } from '../dynamodb/expressions.js'
import type { Part } from '../dynamodb/part.js'
import { profileKey } from '../dynamodb/user-items.js'
import type { Clock } from '../lib/clock.js'
import { AddressChanges } from './addresses/changes.js'
import { AddressItems } from './addresses/items.js'
import { AccountChanged } from './errors.js'
import type { UsersStore } from './store.js'
import type { User } from './user.js'

export interface BurialsOptions {
  readonly database: Database
  /** The table of users. */
  readonly table: string
  readonly users: UsersStore
  readonly clock: Clock
}

/** Tombstones in the place of accounts. */
export class Burials {
  readonly #users: UsersStore
  readonly #table: string
  readonly #changes: AddressChanges
  readonly #items: AddressItems

  constructor({ database, table, users, clock }: BurialsOptions) {
    this.#users = users
    this.#table = table
    this.#changes = new AddressChanges({ database, table, clock, addresses: users.addresses })
    this.#items = new AddressItems(table, clock)
  }

  /**
   * The parts that put a tombstone in the place of a profile, which is still as it was read, and take away what reserves
   * its addresses, its identities and its passkeys, or leads back from its former address. No account ever gets the id
   * again: every write that makes one, or changes this one, is made on a condition that a tombstone does not fulfil.
   * @param erasedAt ISO 8601.
   */
  async of(user: User, erasedAt: string): Promise<Part[]> {
    const { id, email, formerEmail, identities, earlierAddresses, factorsVersion } = user
    const { role, epoch } = user
    const read = { email, formerEmail, identities, earlierAddresses, factorsVersion, role, epoch }
    const Item = { ...profileKey(id), erasedAt }
    const items = [
      { Put: { TableName: this.#table, Item, ...asRead(read) } },
      ...(await this.#leaveAddress(user)),
      ...(await this.#changes.forgetting(user)),
    ]
    return [
      ...items.map((item): Part => ({ item, onConflict: () => new AccountChanged() })),
      ...this.#users.unlinking(user),
    ]
  }

  async #leaveAddress(user: User) {
    const { id, email } = user
    const { addresses } = this.#users
    if (email === undefined) return addresses.forgetFormer(user)
    const before = await addresses.find(email)
    return before.userId === id ? this.#items.replace(email, id, { before, after: {} }) : []
  }
}
