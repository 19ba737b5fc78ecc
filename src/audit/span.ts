import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { scanPages } from '../dynamodb/scan.js'
import type { TrailItem } from '../events/trail.js'

/** A span of time, ISO 8601: its end is not in it. */
export interface Span {
  readonly since: string
  readonly until: string
}

export interface SpanPage {
  readonly items: readonly TrailItem[]
  /** How many items of the table the page has looked at. */
  readonly scanned: number
}

/**
 * The audit trail of a span over all accounts, in no order and without refusals. For command lines alone: it reads the
 * whole table.
 * @throws {Problem} STORE_UNAVAILABLE.
 */
export async function* spanPages(
  client: DynamoDBClient,
  table: string,
  { since, until }: Span,
): AsyncGenerator<SpanPage> {
  const pages = scanPages(client, {
    TableName: table,
    FilterExpression:
      'attribute_exists(#event) AND attribute_not_exists(times) AND #at >= :since AND #at < :until',
    ExpressionAttributeNames: { '#event': 'event', '#at': 'at' },
    ExpressionAttributeValues: { ':since': since, ':until': until },
  })
  for await (const { items, scanned } of pages) {
    yield { items: items as unknown as TrailItem[], scanned }
  }
}
