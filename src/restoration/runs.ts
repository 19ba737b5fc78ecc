import type { Span } from '../audit/span.js'
import type { Database } from '../dynamodb/database.js'

/** A run of `after-restore`, which may be stopped and run again. */
export interface Run extends Span {
  readonly areKeysReplaced?: boolean
  readonly isDone?: boolean
}

/**
 * How far runs have come, by the moment of the tables, in the table of users that they are about. So a run on the wrong
 * tables, or on copies that were given up, says nothing of other copies, and for those of the next restore all is done again.
 */
export class Runs {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, table: string) {
    this.#database = database
    this.#table = table
  }

  async find(since: string): Promise<Run | undefined> {
    return (await this.#database.get(this.#table, keyOf(since))) as Run | undefined
  }

  async keep(run: Run): Promise<void> {
    await this.#database.put({ TableName: this.#table, Item: { ...keyOf(run.since), ...run } })
  }
}

const keyOf = (since: string) => ({ pk: `RESTORATION#${since}` })
