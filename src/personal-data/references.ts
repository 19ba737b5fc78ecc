import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Database } from '../dynamodb/database.js'
import { keyOf } from '../dynamodb/keys.js'
import { scanPages } from '../dynamodb/scan.js'
import { type TableNames, tables as definitions } from '../dynamodb/tables.js'

export interface ReferencesOptions {
  readonly client: DynamoDBClient
  readonly database: Database
  readonly tables: TableNames
}

/** Where an item of something else names the administrator who did it. */
const PLACES = {
  users: ['factorsRemoval.by', 'factorsRemoval.confirmedBy'],
  apiKeys: ['reserved.giverId'],
  clients: ['createdBy'],
  events: ['actorId', 'invitedBy'],
} as const

/**
 * What administrators did for others names them. Nothing leads from a person to these items, so that whole tables are
 * read: for the command line alone.
 */
export class References {
  readonly #options: ReferencesOptions

  constructor(options: ReferencesOptions) {
    this.#options = options
  }

  /** Puts a name in the place of an id. What others have changed meanwhile stays as it is. */
  async rename(id: string, name: string): Promise<void> {
    for (const [table, paths] of Object.entries(PLACES)) {
      for (const path of paths) await this.#rename(table as keyof typeof PLACES, path, { id, name })
    }
  }

  async #rename(
    table: keyof typeof PLACES,
    path: string,
    { id, name }: { readonly id: string; readonly name: string },
  ): Promise<void> {
    const { client, database, tables } = this.#options
    const parts = path.split('.')
    const place = parts.map((_, index) => `#p${index}`).join('.')
    const of = {
      TableName: tables[table],
      ExpressionAttributeNames: Object.fromEntries(
        parts.map((part, index) => [`#p${index}`, part]),
      ),
    }
    const pages = scanPages(client, {
      ...of,
      FilterExpression: `${place} = :id`,
      ExpressionAttributeValues: { ':id': id },
    })
    for await (const { items } of pages) {
      for (const item of items) {
        await database.update({
          ...of,
          Key: keyOf(definitions[table], item),
          UpdateExpression: `SET ${place} = :name`,
          ConditionExpression: `${place} = :id`,
          ExpressionAttributeValues: { ':id': id, ':name': name },
        })
      }
    }
  }
}
