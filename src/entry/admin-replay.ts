import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KeyQueue, MOST_ADDED } from '../aws/key-queue.js'
import { isSentKey } from '../cloud-events/sent-keys.js'
import { scanPages } from '../dynamodb/scan.js'
import { erasedKey } from '../dynamodb/tombstones.js'
import type { EventKey } from '../events/trail.js'
import { LocalError } from '../local/local-error.js'

export interface ReplayOptions {
  readonly client: DynamoDBClient
  /** The table of events. */
  readonly table: string
  /** The queue of the events that are to be sent; undefined for a service that sends none. */
  readonly queueUrl: string | undefined
  readonly since: Date
  readonly until: Date
}

const MOST_TRIES = 5

/**
 * `admin replay`: puts the events of a span of time into the queue again, from their items, and the deletions from their
 * tombstones. It reads the whole table, changes nothing, and can be run again.
 */
export async function replayEvents(options: ReplayOptions): Promise<void> {
  const { client, table, queueUrl, since, until } = options
  if (queueUrl === undefined) {
    throw new LocalError(
      'This service sends no events: EVENT_QUEUE_URL is not set. The setting is `events`.',
    )
  }
  const queue = new KeyQueue(queueUrl)
  const pages = scanPages(client, {
    TableName: table,
    FilterExpression:
      '(attribute_exists(#event) AND attribute_not_exists(times) AND #at >= :since AND #at < :until) OR (userId = :erased AND erasedAt >= :since AND erasedAt < :until)',
    ProjectionExpression: 'userId, eventId',
    ExpressionAttributeNames: { '#event': 'event', '#at': 'at' },
    ExpressionAttributeValues: {
      ':since': since.toISOString(),
      ':until': until.toISOString(),
      ':erased': erasedKey('').userId,
    },
  })
  let count = 0
  for await (const { items } of pages) {
    const keys = (items as unknown as EventKey[]).filter(isSentKey)
    for (let at = 0; at < keys.length; at += MOST_ADDED) {
      await addAll(queue, keys.slice(at, at + MOST_ADDED))
    }
    count += keys.length
  }
  console.log(
    `${count} events since ${since.toISOString()} are in the queue, and are sent again with the ids that they had.`,
  )
}

async function addAll(queue: KeyQueue, keys: readonly EventKey[]): Promise<void> {
  let left = keys
  for (let tries = 0; tries < MOST_TRIES && left.length > 0; tries++) left = await queue.add(left)
  if (left.length > 0) {
    throw new LocalError('The queue does not take all events. Run the command again.')
  }
}
