import { MESSAGE_PREFIX, type MessageKey } from '../email/message.js'
import { type EventLog, report } from '../events/report.js'
import { Problem } from '../http/problem.js'
import { beforeDeadline, type RemainingTime } from './deadline.js'
import {
  type Failures,
  failuresOf,
  type KeyEvent,
  type KeyRecord,
  readKeyEvent,
} from './key-events.js'

export interface MailWorkerOptions {
  readonly queue: { add(keys: readonly MessageKey[]): Promise<readonly MessageKey[]> }
  readonly delivery: { deliver(key: MessageKey): Promise<unknown> }
  readonly log: EventLog
}

const isMail = ({ userId }: MessageKey): boolean => userId.startsWith(MESSAGE_PREFIX)

/**
 * Hands what the stream brings to the queue, and sends what the queue brings. The stream alone would hold up all
 * mails behind one that fails, and forget them after a day.
 */
export class MailWorker {
  readonly #options: MailWorkerOptions

  constructor(options: MailWorkerOptions) {
    this.#options = options
  }

  /** An event of any other kind is reported, and does not come again. */
  async handle(given: unknown, context: RemainingTime): Promise<Failures> {
    const event = readKeyEvent(given, isMail)
    if (!event) {
      report(this.#options.log, 'event_unknown', {})
      return failuresOf([])
    }
    const done = new Set<KeyRecord>()
    const work = event.source === 'stream' ? this.#queue(event, done) : this.#send(event, done)
    await beforeDeadline(work, context, undefined)
    return failuresOf(event.records.filter((record) => !done.has(record)))
  }

  /** What is no message is done: the stream would bring it for a day, and all that is behind it. */
  async #queue({ records }: KeyEvent, done: Set<KeyRecord>): Promise<void> {
    const { log } = this.#options
    const keys = records.flatMap(({ key }) => key ?? [])
    const left = new Set(await this.#add(keys))
    for (const record of records) {
      if (!record.key) report(log, 'event_unknown', { shape: 'stream' })
      if (!record.key || !left.has(record.key)) done.add(record)
    }
  }

  /** @returns what the queue has not taken. */
  async #add(keys: readonly MessageKey[]): Promise<readonly MessageKey[]> {
    const { queue, log } = this.#options
    try {
      return keys.length === 0 ? [] : await queue.add(keys)
    } catch (error) {
      report(log, 'mail_queue_fail', { err: error })
      return keys
    }
  }

  async #send({ records }: KeyEvent, done: Set<KeyRecord>): Promise<void> {
    await Promise.all(
      records.map(async (record) => {
        if (await this.#deliver(record.key)) done.add(record)
      }),
    )
  }

  /** @returns false for what is to come again, and ends in the dead-letter queue when it has come too often. */
  async #deliver(key: MessageKey | undefined): Promise<boolean> {
    const { delivery, log } = this.#options
    if (!key) {
      report(log, 'event_unknown', { shape: 'queue' })
      return false
    }
    try {
      await delivery.deliver(key)
      return true
    } catch (error) {
      // What a mail server has said is reported where it is asked.
      if (error instanceof Problem) {
        const { cause } = error.extras
        const name = cause instanceof Error ? cause.name : undefined
        report(log, 'dependency_failed', { reason: error.type.code, cause: name })
      }
      return false
    }
  }
}
