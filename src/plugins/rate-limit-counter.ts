import { BoundedMap } from '../bounded-map.js'
import { type Clock, epochSeconds } from '../clock.js'
import type { Database } from '../dynamodb/database.js'

/** A count in the window that was open when it was made. */
export interface Count {
  /** Names the window, for `release`. */
  readonly key: string
  readonly hits: number
  /** Milliseconds until the window ends. */
  readonly resetMs: number
}

const MAX_BLOCKED = 10_000

/**
 * Fixed windows in DynamoDB: an atomic ADD for each hit, so that N allowed means N across all instances.
 * A window's number is part of its key, so a new window starts from nothing, however steady the traffic.
 * A key that this instance has seen exceed its limit costs no more writes until its window ends.
 */
export class RateLimitCounter {
  readonly #database: Database
  readonly #table: string
  readonly #clock: Clock
  readonly #blocked = new BoundedMap<string, true>(MAX_BLOCKED)

  constructor(database: Database, table: string, clock: Clock) {
    this.#database = database
    this.#table = table
    this.#clock = clock
  }

  /** Counts one hit. `hits` is above `max` for one that must be refused. */
  async hit(subject: string, max: number, windowMs: number): Promise<Count> {
    const { key, endsAt, resetMs } = this.#window(subject, windowMs)
    if (this.#blocked.get(key)) return { key, hits: max + 1, resetMs }
    const { item } = (await this.#database.update({
      TableName: this.#table,
      Key: { key },
      UpdateExpression: 'ADD hits :one SET #ttl = :ttl',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':one': 1, ':ttl': epochSeconds(endsAt) },
      ReturnValues: 'UPDATED_NEW',
    })) as { item: { hits: number } }
    if (item.hits > max) this.#blocked.set(key, true)
    return { key, hits: item.hits, resetMs }
  }

  /** Gives a hit back that turned out not to count. */
  async release({ key }: Count): Promise<void> {
    await this.#database.update({
      TableName: this.#table,
      Key: { key },
      UpdateExpression: 'ADD hits :minus',
      ConditionExpression: 'hits > :zero',
      ExpressionAttributeValues: { ':minus': -1, ':zero': 0 },
    })
  }

  #window(subject: string, windowMs: number) {
    const now = this.#clock()
    const number = Math.floor(now / windowMs)
    const endsAt = (number + 1) * windowMs
    return { key: `${subject}#${windowMs}#${number}`, endsAt, resetMs: endsAt - now }
  }
}
