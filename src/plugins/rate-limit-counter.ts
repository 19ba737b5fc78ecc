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
    const hits = await this.add(key, 1, endsAt)
    if (hits > max) this.#blocked.set(key, true)
    return { key, hits, resetMs }
  }

  /** Adds to a counter that DynamoDB may delete after `endsAt`. @returns the new total. */
  async add(key: string, amount: number, endsAt: number): Promise<number> {
    const { item } = (await this.#database.update({
      TableName: this.#table,
      Key: { key },
      UpdateExpression: 'ADD hits :amount SET #ttl = :ttl',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':amount': amount, ':ttl': epochSeconds(endsAt) },
      ReturnValues: 'UPDATED_NEW',
    })) as { item: { hits: number } }
    return item.hits
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
