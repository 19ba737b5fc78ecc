import { isDeepStrictEqual } from 'node:util'
import type { Database } from '../dynamodb/database.js'
import { asRead } from '../dynamodb/expressions.js'
import type { Part } from '../dynamodb/part.js'
import { credentialKey, emailKey, pointerKey, profileItem } from '../dynamodb/user-items.js'
import { AccountChanged } from '../users/errors.js'
import { identityKey } from '../users/identities/identity.js'
import type { Reservation } from '../users/reservation.js'
import type { User } from '../users/user.js'

/** Writes accounts as they must be, with what else leads to them, each in one transaction. */
export class RevisedAccounts {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, table: string) {
    this.#database = database
    this.#table = table
  }

  /**
   * @param event is written with it.
   * @throws {AccountChanged} where the account is not as it was read: the service must not run yet.
   */
  async write(before: User, after: User, event: Part): Promise<void> {
    const { epoch, status, factorsVersion } = before
    await this.#database.writeTogether([
      {
        item: {
          Put: {
            TableName: this.#table,
            Item: profileItem(after),
            ...asRead({ epoch, status, factorsVersion }),
          },
        },
        onConflict: () => new AccountChanged(),
      },
      ...this.#pointersGone(before, after),
      ...(await this.#addressesGone(before, after)),
      event,
    ])
  }

  /** Whether a write would change anything. */
  isSame(before: User, after: User): boolean {
    return isDeepStrictEqual(defined(before), defined(after))
  }

  #pointersGone(before: User, after: User): Part[] {
    const identities = new Set((after.identities ?? []).map(({ id }) => id))
    const passkeys = new Set((after.passkeys ?? []).map(({ id }) => id))
    const keys = [
      ...(before.identities ?? [])
        .filter(({ id }) => !identities.has(id))
        .map(({ issuer, subject }) => pointerKey(identityKey(issuer, subject))),
      ...(before.passkeys ?? [])
        .filter(({ id }) => !passkeys.has(id))
        .map(({ id }) => credentialKey(id)),
    ]
    return keys.map((Key) => ({ item: { Delete: { TableName: this.#table, Key } } }))
  }

  async #addressesGone(before: User, after: User): Promise<Part[]> {
    if (after.email !== undefined) return []
    const { email, formerEmail, earlierAddresses = [] } = before
    const emails = new Set([email, formerEmail, ...earlierAddresses.map((each) => each.email)])
    emails.delete(undefined)
    const parts = [...emails].map(async (address): Promise<Part[]> => {
      const key = emailKey(address as string)
      const found = (await this.#database.get(this.#table, key)) as Reservation | undefined
      if (!found) return []
      const { userId, keptUntil, former } = found
      const isHolder = userId === before.id
      const left: Reservation = {
        ...(!isHolder && userId !== undefined && { userId, ...(keptUntil && { keptUntil }) }),
        ...(former && former.userId !== before.id && { former }),
      }
      const isEmpty = Object.keys(left).length === 0
      return [
        {
          item: isEmpty
            ? { Delete: { TableName: this.#table, Key: key } }
            : { Put: { TableName: this.#table, Item: { ...key, ...left } } },
        },
      ]
    })
    return (await Promise.all(parts)).flat()
  }
}

const defined = (user: User) =>
  Object.fromEntries(Object.entries(user).filter(([, value]) => value !== undefined))
