import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'
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
      const created = await createTable(client, describe(name, definition))
      await waitUntilTableExists({ client, maxWaitTime: MAX_WAIT_SECONDS }, { TableName: name })
      if (created && definition.ttlAttribute !== undefined) {
        const specification = { Enabled: true, AttributeName: definition.ttlAttribute }
        await client.send(
          new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: specification }),
        )
      }
    }),
  )
}

function describe(
  name: string,
  { partitionKey, sortKey }: TableDefinition,
): CreateTableCommandInput {
  const keys = [partitionKey, ...(sortKey === undefined ? [] : [sortKey])]
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: keys.map((key) => ({ AttributeName: key, AttributeType: 'S' as const })),
    KeySchema: keys.map((key, index) => ({
      AttributeName: key,
      KeyType: index === 0 ? ('HASH' as const) : ('RANGE' as const),
    })),
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
