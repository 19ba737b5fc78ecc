import { asRead } from '../../dynamodb/expressions.js'
import { emailKey, profileKey } from '../../dynamodb/user-items.js'
import type { Clock } from '../../lib/clock.js'
import type { Former, Reservation } from '../reservation.js'

interface Replacement {
  readonly before: Reservation
  /** Empty for an address that no account has or had. */
  readonly after: Reservation
}

const FREE = 'attribute_not_exists(userId) OR keptUntil <= :now'
const KEPT_FOR_SAME = '(userId = :user AND attribute_exists(keptUntil))'

/** The parts of transactions that say whose an address is, in one table. */
export class AddressItems {
  readonly #table: string
  readonly #clock: Clock

  constructor(table: string, clock: Clock) {
    this.#table = table
    this.#clock = clock
  }

  /**
   * Gives an address to a user that no account has, and that is kept for no other. Its former holder may still use it
   * to come back.
   */
  reserve(email: string, userId: string) {
    return {
      Update: {
        TableName: this.#table,
        Key: emailKey(email),
        UpdateExpression: 'SET userId = :user REMOVE keptUntil',
        ConditionExpression: `${FREE} OR ${KEPT_FOR_SAME}`,
        ExpressionAttributeValues: { ':user': userId, ':now': this.#clock() },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      },
    }
  }

  /** Keeps the address of a user who gets another one, so that they may have it back. */
  keep(email: string, userId: string, until: number) {
    return {
      Update: {
        TableName: this.#table,
        Key: emailKey(email),
        UpdateExpression: 'SET keptUntil = :until',
        ConditionExpression: 'userId = :user AND attribute_not_exists(keptUntil)',
        ExpressionAttributeValues: { ':user': userId, ':until': until },
      },
    }
  }

  /**
   * Changes whose an address is, if it is still as it was read. A former holder who can come back no longer
   * forgets the address: it is another person's.
   * @param changing the user whose profile the transaction changes anyway: it touches an item once.
   */
  replace(email: string, changing: string, { before, after }: Replacement) {
    const { userId, keptUntil, former } = after
    const isEmpty = userId === undefined && former === undefined
    const condition = asRead({
      userId: before.userId,
      keptUntil: before.keptUntil,
      former: before.former,
    })
    const target = { TableName: this.#table, ...condition }
    const stays = former?.userId === before.former?.userId
    const displaced = stays ? undefined : before.former?.userId
    return [
      isEmpty
        ? { Delete: { ...target, Key: emailKey(email) } }
        : { Put: { ...target, Item: { ...emailKey(email), userId, keptUntil, former } } },
      ...(displaced === undefined || displaced === changing
        ? []
        : [this.#forget(displaced, email)]),
    ]
  }

  /** Forgets a former holder who can not come back any more. The address stays that of its holder. */
  outlive(email: string, former: Former) {
    const forgotten = {
      Update: {
        TableName: this.#table,
        Key: emailKey(email),
        UpdateExpression: 'REMOVE former',
        ConditionExpression: 'former = :former',
        ExpressionAttributeValues: { ':former': former },
      },
    }
    return [forgotten, this.#forget(former.userId, email)]
  }

  #forget(userId: string, email: string) {
    return {
      Update: {
        TableName: this.#table,
        Key: profileKey(userId),
        UpdateExpression: 'REMOVE formerEmail',
        ConditionExpression: 'formerEmail = :email',
        ExpressionAttributeValues: { ':email': email },
      },
    }
  }
}
