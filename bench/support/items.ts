import { BatchWriteItemCommand, DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { LOCAL_ACCESS } from '../../src/local/runtime.js'

export type Item = Readonly<Record<string, unknown>>

/** An item, and the table that it is written to. */
export interface Put {
  readonly table: string
  readonly item: Item
}

/** What DynamoDB takes at once. */
const BATCH = 25
const AT_ONCE = 8

/**
 * Writes many items, as many at a time as DynamoDB takes, without the service.
 * @param endpoint of the embedded DynamoDB.
 */
export async function putAll(endpoint: string, puts: Iterable<Put>): Promise<void> {
  // The service gives up after seconds; an engine that a million writes keep busy may need more.
  const client = new DynamoDBClient({ endpoint, ...LOCAL_ACCESS, maxAttempts: 10 })
  const rest = puts[Symbol.iterator]()
  const writeOn = async () => {
    for (let batch = next(rest); batch.length > 0; batch = next(rest)) {
      await client.send(new BatchWriteItemCommand({ RequestItems: byTable(batch) }))
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, writeOn))
  } finally {
    client.destroy()
  }
}

function next(rest: Iterator<Put>): Put[] {
  const batch: Put[] = []
  while (batch.length < BATCH) {
    const taken = rest.next()
    if (taken.done) break
    batch.push(taken.value)
  }
  return batch
}

function byTable(puts: readonly Put[]): Record<string, WriteRequest[]> {
  const requests: Record<string, WriteRequest[]> = {}
  for (const { table, item } of puts)
    (requests[table] ??= []).push({ PutRequest: { Item: marshall(item) } })
  return requests
}
