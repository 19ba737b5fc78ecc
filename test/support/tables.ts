import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { type TableId, type TableNames, tables } from '../../src/dynamodb/tables.js'
import { describeTable } from '../../src/local/create-tables.js'

/** Names of tables that nobody else has. */
export function newTableNames(): TableNames {
  const prefix = randomBytes(4).toString('hex')
  return {
    users: `${prefix}-users`,
    refreshTokens: `${prefix}-refresh-tokens`,
    apiKeys: `${prefix}-api-keys`,
    rateLimits: `${prefix}-rate-limits`,
    tickets: `${prefix}-tickets`,
    clients: `${prefix}-clients`,
    events: `${prefix}-events`,
  }
}

/** The variables that say them to a service. */
export const tableVariables = (tables: TableNames) => ({
  USERS_TABLE: tables.users,
  REFRESH_TOKENS_TABLE: tables.refreshTokens,
  API_KEYS_TABLE: tables.apiKeys,
  RATE_LIMITS_TABLE: tables.rateLimits,
  TICKETS_TABLE: tables.tickets,
  CLIENTS_TABLE: tables.clients,
  EVENTS_TABLE: tables.events,
})

/** The engine asks for a signature and does not check it. */
const UNCHECKED =
  'AWS4-HMAC-SHA256 Credential=test/20300101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0'

/**
 * Creates the tables of a service by bare requests. By the SDK, waiting for each and turning its TTL on, this was a
 * third of the time of a start. The engine has a table at once, and no test waits until an item's time is over.
 */
export async function createTables(endpoint: string, names: TableNames): Promise<void> {
  const definitions = Object.entries(tables) as [TableId, (typeof tables)[TableId]][]
  await Promise.all(
    definitions.map(([id, definition]) =>
      send(endpoint, 'CreateTable', describeTable(names[id], definition)),
    ),
  )
}

/** Makes them anew, without an item. */
export async function clearTables(endpoint: string, names: TableNames): Promise<void> {
  const all = Object.values(names)
  await Promise.all(all.map((TableName) => send(endpoint, 'DeleteTable', { TableName })))
  await createTables(endpoint, names)
}

async function send(endpoint: string, operation: string, body: object): Promise<void> {
  const headers = {
    authorization: UNCHECKED,
    'x-amz-date': '20300101T000000Z',
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
  }
  const outgoing = request(endpoint, { method: 'POST', headers, agent: false })
  outgoing.end(JSON.stringify(body))
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  const answer = await text(incoming)
  if (incoming.statusCode !== 200) throw new Error(`${operation}: ${answer}`)
}
