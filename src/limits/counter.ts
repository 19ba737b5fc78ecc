import { BoundedMap } from '../lib/bounded-map.js'
import { type Clock, epochSeconds } from '../lib/clock.js'
import type { Database } from '../dynamodb/database.js'

/** A count in the window that was open when it was made. */
export interface Count {
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
    const { key, endsAt, resetMs } = windowOf(subject, windowMs, this.#clock())
    if (this.#blocked.get(key)) return { hits: max + 1, resetMs }
    const hits = await this.add(key, 1, endsAt)
    if (hits > max) this.#blocked.set(key, true)
    return { hits, resetMs }
  }

  /** The total of a counter; 0 for one that nothing was added to. */
  async read(key: string): Promise<number> {
    const item = await this.#database.get(this.#table, { key })
    return Number(item?.hits ?? 0)
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
}

/** The fixed window of a subject that is open now; times in milliseconds. */
export function windowOf(subject: string, windowMs: number, now: number) {
  const number = Math.floor(now / windowMs)
  const endsAt = (number + 1) * windowMs
  return { key: `${subject}#${windowMs}#${number}`, endsAt, resetMs: endsAt - now }
}
