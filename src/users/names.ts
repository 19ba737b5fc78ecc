import type { Database } from '../dynamodb/database.js'
import type { Part } from '../dynamodb/part.js'
import { profileKey } from '../dynamodb/user-items.js'
import type { User } from './user.js'

/** What people are called. */
export class Names {
  readonly #database: Database
  readonly #table: string

  /** @param table of users. */
  constructor(database: Database, table: string) {
    this.#database = database
    this.#table = table
  }

  /**
   * Gives an account another name.
   * @param user as they were read with the session that asks: what has ended sessions since has ended that one.
   * @param name null for none.
   * @param caused is written in the same transaction.
   * @returns false where sessions have ended meanwhile.
   */
  async change(
    { id, epoch }: User,
    name: string | null,
    caused: readonly Part[],
  ): Promise<boolean> {
    const profile = {
      TableName: this.#table,
      Key: profileKey(id),
      UpdateExpression: name === null ? 'REMOVE #name' : 'SET #name = :name',
      ConditionExpression: 'epoch = :epoch',
      ExpressionAttributeNames: { '#name': 'name' },
      ExpressionAttributeValues: { ':epoch': epoch, ...(name !== null && { ':name': name }) },
    }
    const { conflict } = await this.#database.updateWith(profile, caused)
    return conflict === undefined
  }
}
