import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type KeySchemaElement,
  ResourceNotFoundException,
  RestoreTableToPointInTimeCommand,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'
import { addIndex, projectionOf } from './indexes.js'
import { attributesOf } from './keys.js'
import type { KeyDefinition, TableDefinition } from './tables.js'

/** Something that a table must have before the service may use it. */
export interface Lack {
  /** E.g. `point-in-time recovery is off`. */
  readonly what: string
  /** Sets it right; undefined where nothing can. */
  readonly fix: (() => Promise<unknown>) | undefined
}

/** Two hours: DynamoDB may take as long to make a table, and an index of it. */
const MAX_WAIT_SECONDS = 7200

/** Waits until changes of a table are done, or a table is restored. */
export const waitUntilActive = (client: DynamoDBClient, TableName: string): Promise<unknown> =>
  waitUntilTableExists(
    { client, maxWaitTime: MAX_WAIT_SECONDS, minDelay: 1, maxDelay: 20 },
    { TableName },
  )

/** Begins to make a copy of a table as it was at a moment. */
export const restoreTable = (
  client: DynamoDBClient,
  SourceTableName: string,
  TargetTableName: string,
  RestoreDateTime: Date,
): Promise<unknown> =>
  client.send(
    new RestoreTableToPointInTimeCommand({ SourceTableName, TargetTableName, RestoreDateTime }),
  )

/** The ARN of a table's stream, which a stack can't find by the table's name. */
export async function streamOf(
  client: DynamoDBClient,
  TableName: string,
): Promise<string | undefined> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }))
  return Table?.LatestStreamArn
}

/** When a table was made, milliseconds since the epoch; undefined where there is no such table. */
export async function madeAt(
  client: DynamoDBClient,
  TableName: string,
): Promise<number | undefined> {
  return (await describe(client, TableName))?.CreationDateTime?.getTime()
}

/**
 * What a table lacks. A restored one has its keys, indexes and items, and nothing else:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
 * @returns undefined where there is no such table.
 */
export async function lacksOf(
  client: DynamoDBClient,
  TableName: string,
  definition: TableDefinition,
): Promise<Lack[] | undefined> {
  const found = await describe(client, TableName)
  if (!found) return undefined
  const wrong = wrongKeys(found, definition)
  // It is another table: nothing of it may be changed.
  if (wrong.length > 0) return wrong.map((what) => ({ what, fix: undefined }))
  const lacks = [
    ...indexLacks(client, TableName, { found, definition }),
    await timeToLive(client, TableName, definition),
    await recovery(client, TableName),
    definition.hasStream && stream(client, found),
    found.DeletionProtectionEnabled !== true && protection(client, TableName),
  ]
  return lacks.filter((lack) => typeof lack === 'object')
}

async function describe(
  client: DynamoDBClient,
  TableName: string,
): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName }))).Table
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined
    throw error
  }
}

function wrongKeys(found: TableDescription, definition: TableDefinition): string[] {
  const own = schemaOf(found.KeySchema)
  const types = new Set(found.AttributeDefinitions?.map(({ AttributeType }) => AttributeType))
  const faults =
    own === namesOf(definition) ? [] : [`its key is ${own}, not ${namesOf(definition)}`]
  if ([...types].some((type) => type !== 'S')) faults.push('not all its keys are strings')
  return faults
}

/** An index that is missing can be made; one with other keys is another's. */
const indexLacks = (
  client: DynamoDBClient,
  TableName: string,
  { found, definition }: { found: TableDescription; definition: TableDefinition },
): Lack[] =>
  Object.entries(definition.indexes ?? {}).flatMap(([name, wanted]): Lack[] => {
    const index = found.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === name)
    const isRight =
      index?.Projection?.ProjectionType === projectionOf(wanted) &&
      schemaOf(index.KeySchema) === namesOf(wanted)
    if (isRight) return []
    const attributes = wanted.isOfKeys ? 'nothing but keys' : 'all attributes'
    const fix = index ? undefined : () => addIndex(client, TableName, name, wanted)
    return [{ what: `it has no index ${name} of ${namesOf(wanted)} with ${attributes}`, fix }]
  })

const namesOf = (keys: KeyDefinition): string => attributesOf(keys).join(', ')

const schemaOf = (schema: readonly KeySchemaElement[] = []): string =>
  [...schema]
    .sort((a, b) => String(a.KeyType).localeCompare(String(b.KeyType)))
    .map(({ AttributeName }) => AttributeName)
    .join(', ')

async function timeToLive(
  client: DynamoDBClient,
  TableName: string,
  { ttlAttribute }: TableDefinition,
): Promise<Lack | false> {
  if (ttlAttribute === undefined) return false
  const { TimeToLiveDescription: found } = await client.send(
    new DescribeTimeToLiveCommand({ TableName }),
  )
  const isOn = ['ENABLED', 'ENABLING'].includes(found?.TimeToLiveStatus ?? '')
  if (isOn && found?.AttributeName === ttlAttribute) return false
  if (isOn) return { what: `its time to live is ${found?.AttributeName}`, fix: undefined }
  const TimeToLiveSpecification = { Enabled: true, AttributeName: ttlAttribute }
  return {
    what: `its time to live is not on for ${ttlAttribute}`,
    fix: () => client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification })),
  }
}

async function recovery(client: DynamoDBClient, TableName: string): Promise<Lack | false> {
  const { ContinuousBackupsDescription: found } = await client.send(
    new DescribeContinuousBackupsCommand({ TableName }),
  )
  const { PointInTimeRecoveryStatus } = found?.PointInTimeRecoveryDescription ?? {}
  if (PointInTimeRecoveryStatus === 'ENABLED') return false
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true }
  return {
    what: 'its point-in-time recovery is off',
    fix: () =>
      client.send(
        new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }),
      ),
  }
}

function stream(client: DynamoDBClient, { TableName, StreamSpecification }: TableDescription) {
  const { StreamEnabled = false, StreamViewType } = StreamSpecification ?? {}
  if (StreamEnabled && StreamViewType === 'NEW_IMAGE') return false
  if (StreamEnabled) return { what: `its stream has ${StreamViewType}`, fix: undefined }
  return {
    what: 'it has no stream',
    fix: () =>
      update(client, {
        TableName,
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      }),
  }
}

const protection = (client: DynamoDBClient, TableName: string): Lack => ({
  what: 'it is not protected from deletion',
  fix: () => update(client, { TableName, DeletionProtectionEnabled: true }),
})

/** DynamoDB takes no second change of a table before the first is done. */
async function update(
  client: DynamoDBClient,
  input: ConstructorParameters<typeof UpdateTableCommand>[0],
): Promise<void> {
  await client.send(new UpdateTableCommand(input))
  await waitUntilActive(client, String(input.TableName))
}
