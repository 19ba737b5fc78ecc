import type { CountedName } from '../events/catalogue.js'
import type { Place, Trail, Tried } from '../events/trail.js'
import { isOutage } from '../http/problem.js'
import type { Database } from './database.js'
import { unlessErased } from './tombstones.js'

/** What the trail keeps of wrong passwords, codes and second factors: a count for each account and hour. */
export class Refusals {
  readonly #database: Database
  readonly #usersTable: string
  readonly #trail: Trail

  constructor(database: Database, usersTable: string, trail: Trail) {
    this.#database = database
    this.#usersTable = usersTable
    this.#trail = trail
  }

  /** Counts one that a limit has let through. It changes nothing, so that an outage is no reason to fail. */
  async count(place: Place, event: CountedName, tried: Tried): Promise<void> {
    try {
      const Update = this.#trail.counting(place, event, tried)
      await this.#database.writeTogether([
        { item: { Update } },
        unlessErased(this.#usersTable, Update.Key.userId),
      ])
    } catch (error) {
      if (!isOutage(error)) throw error
    }
  }
}
