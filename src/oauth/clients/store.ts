import type { Database } from '../../dynamodb/database.js'
import type { AppClient } from './client.js'

/** Registered apps, by their ids. */
export class ClientsStore {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, table: string) {
    this.#database = database
    this.#table = table
  }

  async find(clientId: string): Promise<AppClient | undefined> {
    return (await this.#database.get(this.#table, { clientId })) as AppClient | undefined
  }
}
