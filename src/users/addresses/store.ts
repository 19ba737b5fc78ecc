import { asRead } from '../../dynamodb/expressions.js'
import type { Database } from '../../dynamodb/database.js'
import type { Part } from '../../dynamodb/part.js'
import type { Clock } from '../../lib/clock.js'
import { ABSENT, emailKey, pointerKey, profileItem, profileKey } from '../../dynamodb/user-items.js'
import { AccountChanged } from '../errors.js'
import { AddressItems } from './items.js'
import { type Identity, identityKey } from '../identities/identity.js'
import { type Former, formerOf, type Reservation } from '../reservation.js'
import type { AddressedUser, User } from '../user.js'

/** Whose an address is by now, as it was read: the reservation, and the user whom it names. */
export interface Holding {
  readonly reservation: Reservation
  readonly holder: AddressedUser
}

const RELEASED = 'REMOVE email, emailVerified, provedByMail, keptSession'

/** Addresses that go from one account to another, each in one transaction. */
export class AddressesStore {
  readonly #database: Database
  readonly #table: string
  readonly #items: AddressItems

  constructor(database: Database, table: string, clock: Clock) {
    this.#database = database
    this.#table = table
    this.#items = new AddressItems(table, clock)
  }

  async find(email: string): Promise<Reservation> {
    return (await this.#database.get(this.#table, emailKey(email))) ?? {}
  }

  /**
   * Takes the address from an account and leaves it free.
   * @param alongside is written in the same transaction.
   * @throws {AccountChanged} when either has changed meanwhile.
   */
  async release(
    { reservation, holder }: Holding,
    now: number,
    alongside: readonly Part[],
  ): Promise<void> {
    const after = formerOf(holder, now)
    const items = [
      ...this.#items.replace(holder.email, holder.id, { before: reservation, after }),
      this.#loseAddress(holder),
    ]
    const onConflict = (): Error => new AccountChanged()
    await this.#database.writeTogether([
      ...alongside,
      ...items.map((item): Part => ({ item, onConflict })),
    ])
  }

  /**
   * Takes the address from an account and makes another with it, in one transaction.
   * @param alongside is written in it too, and has no condition.
   * @returns false when the address, the other account or the identity has changed meanwhile.
   */
  async free(
    { reservation, holder }: Holding,
    { user, identity }: { readonly user: AddressedUser; readonly identity: Identity },
    now: number,
    alongside: readonly Part[],
  ): Promise<boolean> {
    const after = { userId: user.id, ...formerOf(holder, now) }
    const { conflict } = await this.#database.transact({
      TransactItems: [
        ...this.#items.replace(user.email, holder.id, { before: reservation, after }),
        this.#loseAddress(holder),
        {
          Put: {
            TableName: this.#table,
            Item: {
              ...pointerKey(identityKey(identity.issuer, identity.subject)),
              userId: user.id,
            },
            ConditionExpression: ABSENT,
          },
        },
        {
          Put: {
            TableName: this.#table,
            Item: profileItem({ ...user, identities: [identity] }),
            ConditionExpression: ABSENT,
          },
        },
        ...alongside.map(({ item }) => item),
      ],
    })
    return conflict === undefined
  }

  /**
   * Gives an account without an address a new one, which counts as unproved.
   * @returns false when it is taken, or the account has changed meanwhile.
   */
  async give(user: User, email: string, caused: readonly Part[]): Promise<boolean> {
    const { id, status, passwordHash, formerEmail } = user
    const reserving = await this.reserving(user, email)
    if (!reserving) return false
    const condition = asRead({ email: undefined, status, passwordHash, formerEmail })
    const { conflict } = await this.#database.transact({
      TransactItems: [
        ...reserving,
        {
          Update: {
            TableName: this.#table,
            Key: profileKey(id),
            UpdateExpression: 'SET email = :new, emailVerified = :unverified REMOVE formerEmail',
            ...condition,
            ExpressionAttributeValues: {
              ...condition.ExpressionAttributeValues,
              ':new': email,
              ':unverified': false,
            },
          },
        },
        ...caused.map(({ item }) => item),
      ],
    })
    return conflict === undefined
  }

  /**
   * The parts of a sign-in after which nothing is kept of a former holder who can not come back any more. Each is left
   * out where there is nothing to forget.
   */
  outliving(email: string, former: Former | undefined): Part[] {
    const items = former ? this.#items.outlive(email, former) : []
    return items.map((item) => ({ item, onConflict: 'omit' }))
  }

  /** The part of a transaction after which the former address no longer leads to this account. */
  async forgetFormer({ id, formerEmail }: User) {
    if (formerEmail === undefined) return []
    const before = await this.find(formerEmail)
    if (before.former?.userId !== id) return []
    const { userId, keptUntil } = before
    const after = userId === undefined ? {} : { userId, ...(keptUntil && { keptUntil }) }
    return this.#items.replace(formerEmail, id, { before, after })
  }

  /**
   * The parts of a transaction that give an address to an account.
   * @returns undefined where the address is another's.
   */
  async reserving(user: User, email: string) {
    if (email !== user.formerEmail) {
      return [this.#items.reserve(email, user.id), ...(await this.forgetFormer(user))]
    }
    // Back to the former address, which no other account has taken.
    const before = await this.find(email)
    if (before.userId !== undefined) return undefined
    return this.#items.replace(email, user.id, { before, after: { userId: user.id } })
  }

  /** All that decided on it must still be so. Sessions end with the address. */
  #loseAddress({ id, email, emailVerified, role, status, passwordHash }: AddressedUser) {
    const condition = asRead({ email, emailVerified, role, status, passwordHash })
    const sets = passwordHash === undefined ? '' : ' SET formerEmail = :email'
    return {
      Update: {
        TableName: this.#table,
        Key: profileKey(id),
        UpdateExpression: `${RELEASED}${sets} ADD epoch :one`,
        ...condition,
        ExpressionAttributeValues: { ...condition.ExpressionAttributeValues, ':one': 1 },
      },
    }
  }
}
