import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type RestoreTableToPointInTimeCommandInput,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'
import t from 'tap'
import { createClient } from '../../src/dynamodb/client.js'
import { lacksOf } from '../../src/dynamodb/adoption.js'
import { type TableId, tables } from '../../src/dynamodb/tables.js'
import { adoptTables, assertCopies, restoreTables } from '../../src/entry/admin-tables.js'
import { createMissingTables } from '../../src/local/create-tables.js'
import { sharedEngine } from '../support/engine.js'
import { newTableNames } from '../support/tables.js'

const IDS = Object.keys(tables) as TableId[]
const engine = await sharedEngine()

/** The engine keeps no history: this stands for what DynamoDB does with it, and with nothing else of a table. */
function withHistory(): DynamoDBClient {
  const client = createClient({
    endpoint: engine.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  t.teardown(() => client.destroy())
  const recoverable = new Set<string>()
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const input = args.input as Partial<RestoreTableToPointInTimeCommandInput> & {
          TableName?: string
        }
        const name = input.TableName ?? ''
        const output = (fields: object) => ({ response: {}, output: { $metadata: {}, ...fields } })
        if (commandName === 'RestoreTableToPointInTimeCommand') {
          await copyKeys(client, input)
          return output({})
        }
        if (commandName === 'UpdateContinuousBackupsCommand') recoverable.add(name)
        else if (commandName !== 'DescribeContinuousBackupsCommand') return next(args)
        const PointInTimeRecoveryStatus = recoverable.has(name) ? 'ENABLED' : 'DISABLED'
        const PointInTimeRecoveryDescription = { PointInTimeRecoveryStatus }
        return output({
          ContinuousBackupsDescription: { PointInTimeRecoveryDescription },
        })
      },
    { step: 'initialize' },
  )
  return client
}

async function copyKeys(
  client: DynamoDBClient,
  { SourceTableName, TargetTableName }: Partial<RestoreTableToPointInTimeCommandInput>,
) {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: SourceTableName }))
  await client.send(
    new CreateTableCommand({
      TableName: TargetTableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: Table?.KeySchema,
      AttributeDefinitions: Table?.AttributeDefinitions,
      GlobalSecondaryIndexes: Table?.GlobalSecondaryIndexes?.map(
        ({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }),
      ),
    }),
  )
}

async function hear(work: () => Promise<unknown>): Promise<string> {
  const lines: string[] = []
  const { log } = console
  console.log = (line: string) => void lines.push(line)
  try {
    await work()
  } finally {
    console.log = log
  }
  return lines.join('\n')
}

t.test('DynamoDB tables that were restored get what a restore leaves out', async (t) => {
  const client = withHistory()
  const names = newTableNames()
  await createMissingTables(client, names)
  const said = await hear(() => restoreTables(client, names, new Date('2030-01-31T09:30:00Z')))
  for (const id of IDS) {
    const name = id === 'events' ? names[id] : `${names[id]}-20300131T093000`
    t.same(await lacksOf(client, name, tables[id]), [], id)
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }))
    t.equal(Table?.DeletionProtectionEnabled, true)
    const { TimeToLiveDescription } = await client.send(
      new DescribeTimeToLiveCommand({ TableName: name }),
    )
    t.equal(
      TimeToLiveDescription?.AttributeName,
      'ttlAttribute' in tables[id] ? tables[id].ttlAttribute : undefined,
    )
    t.ok(said.includes(name), `${id} is named`)
  }
  t.match(said, /"eventsStreamArn": "arn:aws:dynamodb:/)
  t.match(said, `export REFRESH_TOKENS_TABLE=${names.refreshTokens}-20300131T093000`)
})

t.test(
  'a check of restored DynamoDB tables changes nothing, and names what is missing',
  async (t) => {
    const client = withHistory()
    const names = newTableNames()
    await createMissingTables(client, names)
    await hear(() =>
      t.rejects(
        adoptTables(client, names, { check: true }),
        /14 things are missing/,
        'of each table its recovery and its protection',
      ),
    )
    const { Table } = await client.send(new DescribeTableCommand({ TableName: names.users }))
    t.not(Table?.DeletionProtectionEnabled, true)
  },
)

t.test('a DynamoDB table of something else is not touched', async (t) => {
  const client = withHistory()
  const names = newTableNames()
  await createMissingTables(client, names)
  for (const [id, other, what] of [
    ['users', 'events', /its key is userId, eventId, not pk/],
    ['apiKeys', 'clients', /its key is clientId, not keyId/],
  ] as const) {
    const lacks = (await lacksOf(client, names[other], tables[id])) ?? []
    t.ok(
      lacks.some((lack) => what.test(lack.what)),
      String(what),
    )
    t.same(
      lacks.filter(({ fix }) => fix),
      [],
    )
  }
  await client.send(
    new UpdateTimeToLiveCommand({
      TableName: names.users,
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires' },
    }),
  )
  const definition = { ...tables.users, ttlAttribute: 'ttl' }
  const lacks = await lacksOf(client, names.users, definition)
  t.match(lacks?.[0], { what: 'its time to live is expires', fix: undefined })
  await t.rejects(adoptTables(client, { ...names, users: 'none' }, {}), /There is no table none/)
})

t.test(
  'DynamoDB tables that were there at the moment of a restore are no copies of it',
  async (t) => {
    const client = withHistory()
    const names = newTableNames()
    await createMissingTables(client, names)
    await assertCopies(client, names, new Date(0))
    const later = new Date(Date.now() + 60_000)
    await t.rejects(assertCopies(client, names, later), {
      message: /is no copy .* Name the copies/,
    })
    await t.rejects(
      assertCopies(client, { ...names, tickets: 'none' }, new Date(0)),
      /no table none/,
    )
  },
)
