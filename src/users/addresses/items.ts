import { emailKey, profileKey } from '../../dynamodb/user-items.js'
import type { Reservation } from '../reservation.js'

interface Replacement {
  readonly before: Reservation
  /** Empty for an address that no account has or had. */
  readonly after: Reservation
}

/** The parts of transactions that say whose an address is, in one table. */
export class AddressItems {
  readonly #table: string

  constructor(table: string) {
    this.#table = table
  }

  /** Gives an address that no account has to a user. Its former holder may still use it to come back. */
  reserve(email: string, userId: string) {
    return {
      Update: {
        TableName: this.#table,
        Key: emailKey(email),
        UpdateExpression: 'SET userId = :user',
        ConditionExpression: 'attribute_not_exists(userId)',
        ExpressionAttributeValues: { ':user': userId },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      },
    }
  }

  /**
   * Changes whose an address is, if it is still as it was read. A former holder who can come back no longer
   * forgets the address: it is another person's.
   * @param changing the user whose profile the transaction changes anyway: it touches an item once.
   */
  replace(email: string, changing: string, { before, after: { userId, former } }: Replacement) {
    const isEmpty = userId === undefined && former === undefined
    const condition = asRead({ userId: before.userId, former: before.former })
    const target = { TableName: this.#table, ...condition }
    const displaced = before.former?.userId
    return [
      isEmpty
        ? { Delete: { ...target, Key: emailKey(email) } }
        : { Put: { ...target, Item: { ...emailKey(email), userId, former } } },
      ...(displaced === undefined || displaced === changing
        ? []
        : [this.#forget(displaced, email)]),
    ]
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

/** Condition that the attributes are what they were, absent ones included. */
export function asRead(attributes: Readonly<Record<string, unknown>>) {
  const entries = Object.entries(attributes)
  const present = entries.filter(([, value]) => value !== undefined)
  return {
    ConditionExpression: entries
      .map(([name, value]) =>
        value === undefined ? `attribute_not_exists(#${name})` : `#${name} = :${name}`,
      )
      .join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
    ...(present.length > 0 && {
      ExpressionAttributeValues: Object.fromEntries(
        present.map(([name, value]) => [`:${name}`, value]),
      ),
    }),
  }
}
