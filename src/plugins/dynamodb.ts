import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import fp from 'fastify-plugin'
import { Database } from '../dynamodb/database.js'
import type { Backoff } from '../dynamodb/repeated.js'
import type { TableNames } from '../dynamodb/tables.js'

export interface DynamoDbOptions {
  readonly client: DynamoDBClient
  readonly tables: TableNames
  readonly backoff: Backoff | undefined
}

/** One client for the whole app, and the names of its tables. */
export default fp<DynamoDbOptions>(
  async function dynamodb(app, { client, tables, backoff }) {
    app.decorate('database', new Database(client, backoff))
    app.decorate('tables', tables)
    app.addHook('onClose', async () => client.destroy())
  },
  { name: 'dynamodb', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyInstance {
    database: Database
    tables: TableNames
  }
}
