import type { Database } from '../dynamodb/database.js'
import { type Clock, epochSeconds } from '../lib/clock.js'
import type { StoredMessage } from './message.js'

export interface NoticeCounterOptions {
  readonly database: Database
  /** The table of events. */
  readonly table: string
  readonly clock: Clock
}

/** Of one kind to one account in an hour. */
const MAX_NOTICES = 5
const HOUR_MS = 3_600_000
/** A notice may be sent again and again for as long as it is kept, and must not count twice. */
const KEPT_MS = 4 * 24 * HOUR_MS

/** Partition keys of the counts of an account. */
export const NOTICES_PREFIX = 'NOTICES#'

const ROOM = 'attribute_not_exists(sent) OR size(sent) < :max OR contains(sent, :id)'

/**
 * Five notices of one kind to one account in an hour become one: four are sent as they are, and the fifth speaks for
 * all that follow it. They are counted where they are sent, so that no change asks DynamoDB once more.
 */
export class NoticeCounter {
  readonly #options: NoticeCounterOptions

  constructor(options: NoticeCounterOptions) {
    this.#options = options
  }

  /** @returns `none` for a notice that another one speaks for; `last` for the one that does. */
  async count(account: string, message: StoredMessage): Promise<'one' | 'last' | 'none'> {
    const { database, table, clock } = this.#options
    const { id } = message
    const counted = await database.update({
      TableName: table,
      Key: keyOf(account, message),
      UpdateExpression: 'SET #ttl = :ttl ADD sent :self',
      ConditionExpression: ROOM,
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':self': new Set([id]),
        ':id': id,
        ':max': MAX_NOTICES,
        ':ttl': epochSeconds(clock() + KEPT_MS),
      },
      ReturnValues: 'ALL_NEW',
    })
    if (counted.conflict) return 'none'
    const { size } = counted.item?.sent as ReadonlySet<string>
    return size < MAX_NOTICES ? 'one' : 'last'
  }

  /** Takes away the count that a notice is in. */
  async forget(account: string, message: StoredMessage): Promise<void> {
    const { database, table } = this.#options
    await database.delete({ TableName: table, Key: keyOf(account, message) })
  }
}

function keyOf(account: string, { kind, createdAt }: StoredMessage) {
  const hour = new Date(Math.floor(Date.parse(createdAt) / HOUR_MS) * HOUR_MS).toISOString()
  return { userId: NOTICES_PREFIX + account, eventId: `${kind}#${hour}` }
}
