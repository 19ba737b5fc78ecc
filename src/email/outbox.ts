import { type Clock, epochSeconds } from '../lib/clock.js'
import { newId, type Random } from '../lib/random.js'
import { type Message, messageKey, type StoredMessage } from './message.js'

export interface OutboxOptions {
  /** The table of events, whose stream feeds the worker. */
  readonly table: string
  readonly clock: Clock
  readonly random: Random
}

/** A message outlives the worker's last try, and the day that a stream keeps it. */
export const KEPT_MS = 3 * 86_400_000

/** Mails that are to be sent. */
export class Outbox {
  readonly #options: OutboxOptions

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /**
   * The item for the transaction of a mail's cause: a mail is sent if and only if that is written.
   * @param ownerId the account that has the address, where the message does not name it.
   */
  item(message: Message, ownerId?: string) {
    const { table, clock, random } = this.#options
    const id = newId(random)
    const now = clock()
    const createdAt = new Date(now).toISOString()
    const stored: StoredMessage = { ...message, id, createdAt }
    const owner = ownerId ?? message.account ?? message.ticket?.userId
    const key = messageKey(stored, owner === undefined || owner === '' ? id : owner)
    const ttl = epochSeconds(now + KEPT_MS)
    return {
      Put: { TableName: table, Item: { ...key, ...stored, ttl } },
    }
  }
}
