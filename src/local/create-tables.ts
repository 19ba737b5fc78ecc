import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'
import {
  addMissingIndexes,
  attributeDefinitions,
  describeIndex,
  keySchema,
} from '../dynamodb/indexes.js'
import { attributesOf } from '../dynamodb/keys.js'
import { type TableDefinition, type TableId, type TableNames, tables } from '../dynamodb/tables.js'

const MAX_WAIT_SECONDS = 30

/** Creates the tables that are missing, from the definitions that the CDK stack uses too. */
export async function createMissingTables(
  client: DynamoDBClient,
  names: TableNames,
): Promise<void> {
  const definitions = Object.entries(tables) as [TableId, TableDefinition][]
  await Promise.all(
    definitions.map(async ([id, definition]) => {
      const name = names[id]
      const created = await createTable(client, describeTable(name, definition))
      await waitUntilTableExists({ client, maxWaitTime: MAX_WAIT_SECONDS }, { TableName: name })
      // The data folder may be one of an earlier version.
      if (!created) await addMissingIndexes(client, name, definition)
      if (created && definition.ttlAttribute !== undefined) {
        const specification = { Enabled: true, AttributeName: definition.ttlAttribute }
        await client.send(
          new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: specification }),
        )
      }
    }),
  )
}

/** The request that creates a table. */
export function describeTable(name: string, definition: TableDefinition): CreateTableCommandInput {
  const indexes = Object.entries(definition.indexes ?? {})
  const keys = new Set([definition, ...indexes.map(([, index]) => index)].flatMap(attributesOf))
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: attributeDefinitions(keys),
    KeySchema: keySchema(definition),
    ...(definition.hasStream && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map(([indexName, index]) => describeIndex(indexName, index)),
    }),
  }
}

/** @returns false when another process had it made already. */
async function createTable(
  client: DynamoDBClient,
  input: CreateTableCommandInput,
): Promise<boolean> {
  try {
    await client.send(new CreateTableCommand(input))
    return true
  } catch (error) {
    if (error instanceof ResourceInUseException) return false
    throw error
  }
}
