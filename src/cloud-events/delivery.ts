import type { Database } from '../dynamodb/database.js'
import type { EventKey } from '../events/trail.js'
import { type EventLog, report } from '../events/report.js'
import { cloudEventOf, erasedEventOf } from './cloud-event.js'
import type { CloudEvent } from './schema.js'
import { isSentItem, isTombstone } from './sent-keys.js'
import type { SubjectNumbers } from './subject-numbers.js'

/** Where events go. */
export interface EventBus {
  /**
   * @param events ten at most.
   * @returns of each, by its place, the code of the error for which it was not taken, if any.
   * @throws {Error} where none was taken, or that is not known.
   */
  put(events: readonly CloudEvent[]): Promise<readonly (string | undefined)[]>
}

export interface EventDeliveryOptions {
  readonly database: Database
  /** The table of events. */
  readonly table: string
  readonly numbers: Pick<SubjectNumbers, 'of'>
  readonly bus: EventBus
  readonly issuer: string
  readonly log: EventLog
}

/** An event to be sent, and the key of its item. */
interface Sending {
  readonly key: EventKey
  readonly event: CloudEvent
}

/**
 * Sends events of the trail, each from its item. The same event may be sent again, with the same id: where an answer was
 * lost, where a worker ended in the middle, or where operators send a span of time again.
 */
export class EventDelivery {
  readonly #options: EventDeliveryOptions

  constructor(options: EventDeliveryOptions) {
    this.#options = options
  }

  /**
   * What is not there any more, as after an erase, is done.
   * @param keys ten at most, each once.
   * @returns those that come again.
   * @throws {Problem} STORE_UNAVAILABLE.
   */
  async deliver(keys: readonly EventKey[]): Promise<EventKey[]> {
    const { database, table } = this.#options
    const items = await database.getMany(
      table,
      keys.map(({ userId, eventId }) => ({ userId, eventId })),
    )
    const sendings: Sending[] = []
    // One after the other: those of one user would be in each other's way where they get their numbers.
    for (const item of items) sendings.push(...(await this.#sendingOf(item)))
    const failed = sendings.length === 0 ? [] : await this.#put(sendings)
    return keys.filter((key) => failed.some((one) => isSame(one, key)))
  }

  async #sendingOf(item: Record<string, unknown>): Promise<Sending[]> {
    const { numbers, issuer } = this.#options
    const key = { userId: String(item.userId), eventId: String(item.eventId) }
    if (isTombstone(item)) return [{ key, event: erasedEventOf(item, issuer) }]
    if (!isSentItem(item)) return []
    // One that is older than the bus, and sent again by operators, has none yet.
    const subjectNumber = item.subjectNumber ?? (await numbers.of(key))
    if (subjectNumber === undefined) return []
    return [{ key, event: cloudEventOf({ ...item, subjectNumber }, issuer) }]
  }

  /** @returns the keys of those that the bus has not taken. */
  async #put(sendings: readonly Sending[]): Promise<EventKey[]> {
    const { bus, log } = this.#options
    const keys = sendings.map(({ key }) => key)
    try {
      const errors = await bus.put(sendings.map(({ event }) => event))
      const causes = new Set(errors.filter((error) => error !== undefined))
      for (const cause of causes) report(log, 'events_put_fail', { cause })
      return keys.filter((_, place) => errors[place] !== undefined)
    } catch (error) {
      report(log, 'events_put_fail', { cause: (error as Error).message })
      return keys
    }
  }
}

const isSame = (one: EventKey, other: EventKey): boolean =>
  one.userId === other.userId && one.eventId === other.eventId
