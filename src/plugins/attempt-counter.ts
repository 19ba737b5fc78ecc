import { BoundedMap } from '../bounded-map.js'
import { type Clock, epochSeconds } from '../clock.js'
import type { Database } from '../dynamodb/database.js'
import type { Random } from '../random.js'
import { windowOf } from './rate-limit-counter.js'

export interface AttemptCounterOptions {
  readonly database: Database
  readonly table: string
  readonly max: number
  readonly windowMs: number
  readonly clock: Clock
  readonly random: Random
}

/** An attempt that asked for its place in the window that was open. */
export interface CountedAttempt {
  readonly key: string
  readonly id: string
  readonly admitted: boolean
  /** Milliseconds until the window ends. */
  readonly resetMs: number
}

const ROOM = 'attribute_not_exists(attempts) OR size(attempts) < :max OR contains(attempts, :id)'
const COUNTED = 'contains(attempts, :id)'

const ID_BYTES = 12
const MAX_FULL = 10_000
/** What fills a window may still be taken out of it by another instance, which this one does not hear of. */
const RECHECK_MS = 1000

/**
 * Attempts in fixed windows, of which those that turn out well are taken out again. A window holds the ids of
 * its attempts, and never more than `max` across all instances: one that finds no room leaves no trace, and a
 * write that is repeated because its answer was lost counts once, as does taking it back.
 */
export class AttemptCounter {
  readonly #options: AttemptCounterOptions
  /** Windows that were full, and until when they are not asked again. */
  readonly #full = new BoundedMap<string, number>(MAX_FULL)

  constructor(options: AttemptCounterOptions) {
    this.#options = options
  }

  /** Counts an attempt whose outcome is open, if there is room. */
  async count(subject: string): Promise<CountedAttempt> {
    const { windowMs, clock, random } = this.#options
    const now = clock()
    const { key, endsAt, resetMs } = windowOf(subject, windowMs, now)
    const id = random(ID_BYTES).toString('base64url')
    const isFull = now < (this.#full.get(key) ?? 0)
    const admitted = !isFull && (await this.#add(key, id, endsAt))
    if (!admitted && !isFull) this.#full.set(key, now + RECHECK_MS)
    return { key, id, admitted, resetMs }
  }

  /** Takes an attempt out again. */
  async takeBack({ key, id }: CountedAttempt): Promise<void> {
    const { database, table } = this.#options
    this.#full.delete(key)
    await database.update({
      TableName: table,
      Key: { key },
      UpdateExpression: 'DELETE attempts :self',
      ConditionExpression: COUNTED,
      ExpressionAttributeValues: { ':self': new Set([id]), ':id': id },
    })
  }

  async #add(key: string, id: string, endsAt: number): Promise<boolean> {
    const { database, table, max } = this.#options
    const { conflict } = await database.update({
      TableName: table,
      Key: { key },
      UpdateExpression: 'ADD attempts :self SET #ttl = :ttl',
      ConditionExpression: ROOM,
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':self': new Set([id]),
        ':id': id,
        ':max': max,
        ':ttl': epochSeconds(endsAt),
      },
    })
    return conflict === undefined
  }
}
