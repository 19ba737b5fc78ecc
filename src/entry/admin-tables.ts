import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { EnvironmentName } from '../config/environment-names.js'
import { lacksOf, madeAt, restoreTable, streamOf, waitUntilActive } from '../dynamodb/adoption.js'
import {
  type TableDefinition,
  type TableId,
  type TableNames,
  tables as definitions,
} from '../dynamodb/tables.js'
import { LocalError } from '../local/local-error.js'

const IDS = Object.keys(definitions) as TableId[]

/** What other commands need besides the names of tables. */
const ALSO: readonly EnvironmentName[] = [
  'KEY_RING_SECRET',
  'TICKET_KEYS_SECRET',
  'DATA_KEYS_SECRET',
  'SPARE_KEY_SECRET',
  'MAIL_FROM',
  'EVENT_QUEUE_URL',
]

/**
 * `admin tables adopt`: gives tables what the stack gives those that it makes.
 * @param check whether only to say what is missing.
 */
export async function adoptTables(
  client: DynamoDBClient,
  names: TableNames,
  { check = false }: { check?: boolean },
): Promise<void> {
  const missing: string[] = []
  for (const id of IDS) {
    for (const { what, fix } of await lacksOfTable(client, names[id], definitions[id])) {
      const sentence = `${names[id]} (${id}): ${what}`
      if (!check) await fix?.()
      const isFixed = fix !== undefined && !check
      console.log(isFixed ? `${sentence}. This is set now.` : `${sentence}.`)
      if (isFixed && id === 'users' && what.includes('index')) {
        console.log('Accounts of earlier versions are not in it. Put them there: reindex')
      }
      if (!isFixed) missing.push(sentence)
    }
  }
  if (missing.length > 0) {
    throw new LocalError(
      `The service can't use these tables yet: ${missing.length} things are missing.`,
    )
  }
  console.log('All tables have what the service needs.')
  console.log(await settingOf(client, names))
}

/**
 * `admin tables restore`: makes copies of all tables as they were at one moment, and adopts them. The table of events
 * stays as it is: it knows what was taken away since.
 */
export async function restoreTables(
  client: DynamoDBClient,
  names: TableNames,
  at: Date,
): Promise<void> {
  const suffix = at.toISOString().replaceAll(/[-:]|\.\d+Z/g, '')
  const restored = { ...names }
  const copied = IDS.filter((id) => id !== 'events')
  for (const id of copied) {
    restored[id] = `${names[id]}-${suffix}`
    await restoreTable(client, names[id], restored[id], at)
    console.log(`${names[id]} is being restored as ${restored[id]}.`)
  }
  for (const id of copied) await waitUntilActive(client, restored[id])
  await adoptTables(client, restored, {})
}

/**
 * A person who forgets to name the copies names the tables that the service still uses.
 * @throws {LocalError} for a table that is no copy of how one was at a moment: it was there at that moment itself.
 */
export async function assertCopies(
  client: DynamoDBClient,
  names: TableNames,
  moment: Date,
): Promise<void> {
  for (const id of IDS.filter((id) => id !== 'events')) {
    const made = await madeAt(client, names[id])
    if (made === undefined) throw noTable(names[id])
    if (made > moment.getTime()) continue
    throw new LocalError(
      `The table ${names[id]} was there at ${moment.toISOString()}, so it is no copy of how it was then. Name the copies first: paste the variables that "tables restore" has printed.`,
    )
  }
}

const noTable = (name: string): LocalError => new LocalError(`There is no table ${name}.`)

async function lacksOfTable(client: DynamoDBClient, name: string, definition: TableDefinition) {
  const lacks = await lacksOf(client, name, definition)
  if (!lacks) throw noTable(name)
  return lacks
}

/** What `latchkey.json` has of these tables, and the variables by which the command line finds them. */
async function settingOf(client: DynamoDBClient, names: TableNames): Promise<string> {
  const eventsStreamArn = await streamOf(client, names.events)
  const variables = [
    ...IDS.map((id) => `export ${variableOf(id)}=${names[id]}`),
    // Where the tables are named, nothing else is looked up.
    ...ALSO.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [`export ${name}=${value}`]
    }),
  ]
  return [
    'In latchkey.json:',
    `"tables": ${JSON.stringify({ ...names, eventsStreamArn }, undefined, 2)}`,
    'For further commands:',
    ...variables,
  ].join('\n')
}

/** `refreshTokens` is in `REFRESH_TOKENS_TABLE`. */
const variableOf = (id: TableId): string =>
  `${id.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}_TABLE`
