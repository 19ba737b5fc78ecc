import { epochSeconds } from '../lib/clock.js'
import type { Database } from '../dynamodb/database.js'

/** Counters in DynamoDB, which all instances add to. A window's number is part of its counter's key. */
export class RateLimitCounter {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, table: string) {
    this.#database = database
    this.#table = table
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

/**
 * The fixed window of a subject that is open now; times in milliseconds. Its number is part of its key, so a new window
 * starts from nothing, however steady the traffic.
 */
export function windowOf(subject: string, windowMs: number, now: number) {
  const number = Math.floor(now / windowMs)
  const endsAt = (number + 1) * windowMs
  return { key: `${subject}#${windowMs}#${number}`, endsAt, resetMs: endsAt - now }
}
