import { setTimeout as delay } from 'node:timers/promises'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { paginateScan } from '@aws-sdk/lib-dynamodb'
import pLimit from 'p-limit'
import { documentsOf } from '../../dynamodb/documents.js'
import type { MailDelivery } from '../../email/delivery.js'
import { MESSAGE_PREFIX, type MessageKey } from '../../email/message.js'
import { type EventLog, report } from '../../events/report.js'
import { TableStream } from './table-stream.js'

export interface MailWorkerOptions {
  readonly client: DynamoDBClient
  readonly streams: DynamoDBStreamsClient
  /** The table of events. */
  readonly table: string
  readonly delivery: MailDelivery
  readonly log: EventLog
}

/** How often the stream is read, milliseconds. */
const POLL_MS = 250
/** How long to wait after a failed read of the stream. */
const REOPEN_MS = 5_000
/** Between the tries of one message: twice as long each time, up to the longest. */
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 300_000
const AT_ONCE = 4

/**
 * Delivers the messages of the outbox in the process of the local server, as the worker function does on AWS. What
 * an earlier process had left is found at the start; a failed delivery is tried until its message is too old.
 */
export class MailWorker {
  readonly #options: MailWorkerOptions
  readonly #limit = pLimit(AT_ONCE)
  readonly #stopping = new AbortController()
  /** By the ids of messages, so that none is in hand twice. */
  readonly #inHand = new Map<string, Promise<void>>()
  #running: Promise<void> | undefined

  constructor(options: MailWorkerOptions) {
    this.#options = options
  }

  /** Works until it is stopped. */
  start(): void {
    this.#running = this.#run()
  }

  /** Ends the deliveries that have begun, and begins no other. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
    await Promise.all(this.#inHand.values())
  }

  async #run(): Promise<void> {
    const { streams, table, log } = this.#options
    while (!this.#isStopped()) {
      try {
        // Opened before the scan: a message comes with one of them at least.
        const stream = await TableStream.open(streams, table)
        await this.#deliverLeftOver()
        while (!this.#isStopped()) {
          for (const item of await stream.read()) this.#take(item)
          await this.#pause(POLL_MS)
        }
      } catch (error) {
        if (this.#isStopped()) return
        report(log, 'mail_stream_fail', { err: error })
        await this.#pause(REOPEN_MS)
      }
    }
  }

  async #deliverLeftOver(): Promise<void> {
    const { client, table } = this.#options
    const pages = paginateScan(
      { client: documentsOf(client) },
      {
        TableName: table,
        ConsistentRead: true,
        ProjectionExpression: 'userId, eventId',
        FilterExpression:
          'begins_with(userId, :prefix) AND attribute_not_exists(sentAt) AND attribute_not_exists(droppedAt) AND attribute_not_exists(refusedAt)',
        ExpressionAttributeValues: { ':prefix': MESSAGE_PREFIX },
      },
    )
    for await (const { Items = [] } of pages) for (const item of Items) this.#take(item)
  }

  #take(item: Readonly<Record<string, unknown>>): void {
    const { userId, eventId } = item as unknown as MessageKey
    if (!userId.startsWith(MESSAGE_PREFIX) || this.#inHand.has(eventId)) return
    const delivering = this.#deliver({ userId, eventId }).finally(() => {
      this.#inHand.delete(eventId)
    })
    this.#inHand.set(eventId, delivering)
  }

  async #deliver(key: MessageKey): Promise<void> {
    const { delivery, log } = this.#options
    for (
      let wait = FIRST_RETRY_MS;
      !this.#isStopped();
      wait = Math.min(2 * wait, LONGEST_RETRY_MS)
    ) {
      try {
        await this.#limit(() => (this.#isStopped() ? undefined : delivery.deliver(key)))
        return
      } catch (error) {
        // A failure of the mail server is an event of its own.
        log.debug({ err: error }, 'a mail is tried again')
        await this.#pause(wait)
      }
    }
  }

  #isStopped = (): boolean => this.#stopping.signal.aborted

  /** Ends early when the worker is stopped. */
  async #pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
  }
}
