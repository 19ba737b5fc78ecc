import { SendMessageBatchCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs'
import type { EventKey } from '../events/trail.js'

/** Items that one call of SQS takes. */
export const MOST_ADDED = 10

/** Keys of items of the table of events that are to be sent; the queue repeats each until it is done. */
export class KeyQueue {
  readonly #client: SQSClient
  readonly #url: string

  constructor(url: string, config: SQSClientConfig = {}) {
    this.#url = url
    this.#client = new SQSClient({
      maxAttempts: 3,
      requestHandler: {
        connectionTimeout: 1_000,
        requestTimeout: 3_000,
        throwOnRequestTimeout: true,
      },
      ...config,
    })
  }

  /**
   * @param keys `MOST_ADDED` at most.
   * @returns those that the queue has not taken.
   */
  async add<K extends EventKey>(keys: readonly K[]): Promise<K[]> {
    const Entries = keys.map(({ userId, eventId }, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify({ userId, eventId }),
    }))
    const send = new SendMessageBatchCommand({ QueueUrl: this.#url, Entries })
    const { Successful = [] } = await this.#client.send(send)
    const taken = new Set(Successful.map(({ Id }) => Id))
    return keys.filter((_, index) => !taken.has(String(index)))
  }
}
