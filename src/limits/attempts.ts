import { BoundedMap } from '../lib/bounded-map.js'
import { type Clock, epochSeconds } from '../lib/clock.js'
import type { Database } from '../dynamodb/database.js'
import type { Part } from '../dynamodb/part.js'
import type { Random } from '../lib/random.js'
import { windowOf } from './counter.js'

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
  /** How many the window holds with this one; of a window without room, how many it holds. */
  readonly place: number
  /** Of a window without room: how many of its attempts came from this client. */
  readonly fromClient: number
  /** Milliseconds until the window ends. */
  readonly resetMs: number
}

const ROOM = 'attribute_not_exists(attempts) OR size(attempts) < :max OR contains(attempts, :id)'
const COUNTED = 'contains(attempts, :id)'

const ID_BYTES = 12
/** Letters of a client's digest, which tell its attempts in a window from those of others. */
const TAG = 8
const MAX_FULL = 10_000
const MAX_WITHDRAWN = 10_000
/** Another instance may take attempts back out of a full window without this one knowing. */
const RECHECK_MS = 1000

/**
 * Attempts in fixed windows, of which those that turn out well are taken out again. A window holds the ids of
 * its attempts, and never more than `max` across all instances: one that finds no room leaves no trace, and a
 * write that is repeated because its answer was lost counts once, as does taking it back.
 */
export class AttemptCounter {
  readonly #options: AttemptCounterOptions
  /** Windows that were full, with what, and until when they are not asked again. */
  readonly #full = new BoundedMap<string, { until: number; attempts: ReadonlySet<string> }>(
    MAX_FULL,
  )

  /**
   * Ids that this instance has taken back. An answer that still has one of them is older than that: it crossed with the
   * write, and the window has room.
   */
  readonly #withdrawn = new BoundedMap<string, true>(MAX_WITHDRAWN)

  constructor(options: AttemptCounterOptions) {
    this.#options = options
  }

  /**
   * Counts an attempt whose outcome is open, if there is room.
   * @param client a keyed digest of the address that it comes from.
   * @param max how many attempts the window has room for.
   */
  async count(
    subject: string,
    client: string,
    max: number = this.#options.max,
  ): Promise<CountedAttempt> {
    const { windowMs, clock, random } = this.#options
    const now = clock()
    const { key, endsAt, resetMs } = windowOf(subject, windowMs, now)
    const tag = client.slice(0, TAG)
    const id = tag + random(ID_BYTES).toString('base64url')
    const known = this.#full.get(key)
    const isFull = known !== undefined && now < known.until
    const { admitted, attempts } = isFull
      ? { admitted: false, attempts: known.attempts }
      : await this.#add(key, id, { endsAt, max })
    const place = attempts.size
    if (admitted) return { key, id, admitted, place, fromClient: 0, resetMs }
    if (attempts !== known?.attempts && !this.#isOutdated(attempts))
      this.#full.set(key, { until: now + RECHECK_MS, attempts })
    const fromClient = [...attempts].filter((each) => each.startsWith(tag)).length
    return { key, id, admitted, place, fromClient, resetMs }
  }

  /** Takes an attempt out again. */
  async takeBack(attempt: CountedAttempt): Promise<void> {
    await this.#options.database.update(this.#withdraw(attempt))
  }

  /** The same as a part of a transaction, which is made whether there is such an attempt or not. */
  takingBack(attempt: CountedAttempt): Part {
    return { item: { Update: this.#withdraw(attempt) }, onConflict: 'omit' }
  }

  #withdraw({ key, id }: CountedAttempt) {
    this.#full.delete(key)
    this.#withdrawn.set(id, true)
    return {
      TableName: this.#options.table,
      Key: { key },
      UpdateExpression: 'DELETE attempts :self',
      ConditionExpression: COUNTED,
      ExpressionAttributeValues: { ':self': new Set([id]), ':id': id },
    }
  }

  #isOutdated(attempts: ReadonlySet<string>): boolean {
    return [...attempts].some((id) => this.#withdrawn.get(id) === true)
  }

  /** @returns the attempts of the window, with this one where it had room. */
  async #add(
    key: string,
    id: string,
    { endsAt, max }: { readonly endsAt: number; readonly max: number },
  ): Promise<{ readonly admitted: boolean; readonly attempts: ReadonlySet<string> }> {
    const { database, table } = this.#options
    const written = await database.update({
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
      ReturnValues: 'UPDATED_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    const { item } = written.conflict ?? written
    const attempts = (item?.attempts as Set<string> | undefined) ?? new Set()
    return { admitted: written.conflict === undefined, attempts }
  }
}
