import { isSentKey } from '../cloud-events/sent-keys.js'
import { isErasedKey } from '../dynamodb/tombstones.js'
import { type EventLog, report } from '../events/report.js'
import type { EventKey } from '../events/trail.js'
import { beforeDeadline, type RemainingTime } from './deadline.js'
import {
  type Failures,
  failuresOf,
  type KeyEvent,
  type KeyRecord,
  readKeyEvent,
} from './key-events.js'
import { MOST_ADDED } from './key-queue.js'

export interface EventWorkerOptions {
  readonly queue: { add(keys: readonly EventKey[]): Promise<readonly EventKey[]> }
  readonly numbers: { of(key: EventKey): Promise<number | undefined> }
  readonly delivery: { deliver(keys: readonly EventKey[]): Promise<readonly EventKey[]> }
  readonly log: EventLog
}

/** A record whose event is to be sent. */
type Keyed = KeyRecord & { readonly key: EventKey }

const isKeyed = (record: KeyRecord): record is Keyed => record.key !== undefined

/**
 * Hands what the stream brings to the queue, and sends what the queue brings. The stream alone would hold up all events
 * behind one that fails, and forget them after a day; and it has an order, in which events get their numbers.
 */
export class EventWorker {
  readonly #options: EventWorkerOptions

  constructor(options: EventWorkerOptions) {
    this.#options = options
  }

  /** An event of any other kind is reported, and does not come again. */
  async handle(given: unknown, context: RemainingTime): Promise<Failures> {
    const event = readKeyEvent(given, isSentKey)
    if (!event) {
      report(this.#options.log, 'event_unknown', {})
      return failuresOf([])
    }
    const done = new Set<KeyRecord>()
    const work = event.source === 'stream' ? this.#handOn(event, done) : this.#send(event, done)
    await beforeDeadline(work, context, undefined)
    return failuresOf(event.records.filter((record) => !done.has(record)))
  }

  /** What the filter of the stream lets through and is not sent, such as the trail of an erased person, is done. */
  async #handOn({ records }: KeyEvent, done: Set<KeyRecord>): Promise<void> {
    for (const record of records) if (!record.key) done.add(record)
    const subjects = grouped(records.filter(isKeyed), ({ key }) => key.userId)
    const numbered = await Promise.all([...subjects.values()].map((of) => this.#number(of, done)))
    const found = numbered.flat()
    for (let at = 0; at < found.length; at += MOST_ADDED) {
      await this.#add(found.slice(at, at + MOST_ADDED), done)
    }
  }

  /**
   * One after the other, in their order; after one that fails, none.
   * @returns those that are still there.
   */
  async #number(records: readonly Keyed[], done: Set<KeyRecord>): Promise<Keyed[]> {
    const { numbers, log } = this.#options
    const found: Keyed[] = []
    try {
      for (const record of records) {
        const isThere = isErasedKey(record.key) || (await numbers.of(record.key)) !== undefined
        if (isThere) found.push(record)
        else done.add(record)
      }
    } catch (error) {
      report(log, 'events_queue_fail', { err: error })
    }
    return found
  }

  async #add(records: readonly Keyed[], done: Set<KeyRecord>): Promise<void> {
    const { queue, log } = this.#options
    try {
      const left = new Set(await queue.add(records.map(({ key }) => key)))
      for (const record of records) if (!left.has(record.key)) done.add(record)
    } catch (error) {
      report(log, 'events_queue_fail', { err: error })
    }
  }

  async #send({ records }: KeyEvent, done: Set<KeyRecord>): Promise<void> {
    const { delivery, log } = this.#options
    // The queue may bring one twice at once.
    const byKey = grouped(records.filter(isKeyed), ({ key }) => JSON.stringify(key))
    if (records.some(({ key }) => !key)) report(log, 'event_unknown', { shape: 'queue' })
    if (byKey.size === 0) return
    try {
      const keys = [...byKey.values()].flatMap(([first]) => first?.key ?? [])
      const left = new Set((await delivery.deliver(keys)).map((key) => JSON.stringify(key)))
      for (const [key, same] of byKey) {
        if (!left.has(key)) for (const record of same) done.add(record)
      }
    } catch (error) {
      report(log, 'events_put_fail', { cause: (error as Error).message })
    }
  }
}

function grouped(records: readonly Keyed[], by: (record: Keyed) => string): Map<string, Keyed[]> {
  const groups = new Map<string, Keyed[]>()
  for (const record of records) {
    const group = groups.get(by(record))
    if (group) group.push(record)
    else groups.set(by(record), [record])
  }
  return groups
}
