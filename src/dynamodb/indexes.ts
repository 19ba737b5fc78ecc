import { setTimeout } from 'node:timers/promises'
import {
  type AttributeDefinition,
  DescribeTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  type TableDescription,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb'
import { attributesOf } from './keys.js'
import type { IndexDefinition, KeyDefinition, TableDefinition } from './tables.js'

/** How often a table is asked whether its index is made. */
const POLL_MS = 5000

export const attributeDefinitions = (names: Iterable<string>): AttributeDefinition[] =>
  [...names].map((name) => ({ AttributeName: name, AttributeType: 'S' }))

export const keySchema = (key: KeyDefinition): KeySchemaElement[] =>
  attributesOf(key).map((name, index) => ({
    AttributeName: name,
    KeyType: index === 0 ? 'HASH' : 'RANGE',
  }))

/** An index, as a request that makes it has it. */
export const describeIndex = (IndexName: string, index: IndexDefinition): GlobalSecondaryIndex => ({
  IndexName,
  KeySchema: keySchema(index),
  Projection: { ProjectionType: projectionOf(index) },
})

/** What an index has beside its keys. */
export const projectionOf = ({ isOfKeys }: IndexDefinition): 'ALL' | 'KEYS_ONLY' =>
  isOfKeys ? 'KEYS_ONLY' : 'ALL'

/** Makes the indexes of a table that it does not have yet. */
export async function addMissingIndexes(
  client: DynamoDBClient,
  TableName: string,
  { indexes = {} }: TableDefinition,
): Promise<void> {
  const found = await describe(client, TableName)
  for (const [name, index] of Object.entries(indexes)) {
    const isThere = found?.GlobalSecondaryIndexes?.some(({ IndexName }) => IndexName === name)
    if (!isThere) await addIndex(client, TableName, name, index)
  }
}

/** Makes an index, and waits until all items are in it: DynamoDB makes one at a time. */
export async function addIndex(
  client: DynamoDBClient,
  TableName: string,
  name: string,
  index: IndexDefinition,
): Promise<void> {
  await client.send(
    new UpdateTableCommand({
      TableName,
      AttributeDefinitions: attributeDefinitions(attributesOf(index)),
      GlobalSecondaryIndexUpdates: [{ Create: describeIndex(name, index) }],
    }),
  )
  while (!isReady(await describe(client, TableName))) await setTimeout(POLL_MS)
}

const isReady = (table: TableDescription | undefined): boolean =>
  table?.TableStatus === 'ACTIVE' &&
  (table.GlobalSecondaryIndexes ?? []).every(({ IndexStatus }) => IndexStatus === 'ACTIVE')

async function describe(client: DynamoDBClient, TableName: string) {
  return (await client.send(new DescribeTableCommand({ TableName }))).Table
}
