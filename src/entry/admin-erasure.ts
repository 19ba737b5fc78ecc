import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Database } from '../dynamodb/database.js'
import { scanPages } from '../dynamodb/scan.js'
import type { TableNames } from '../dynamodb/tables.js'
import { systemClock } from '../lib/clock.js'
import { systemRandom } from '../lib/random.js'
import { LocalError } from '../local/local-error.js'
import { Erasure, type ErasureDependencies } from '../personal-data/erasure.js'
import { Holdings } from '../personal-data/holdings.js'
import { References } from '../personal-data/references.js'
import { Burials } from '../users/burials.js'
import type { UsersStore } from '../users/store.js'
import type { User } from '../users/user.js'

interface Erasing {
  readonly client: DynamoDBClient
  readonly database: Database
  readonly tables: TableNames
  readonly users: UsersStore
  readonly mailbox?: ErasureDependencies['mailbox']
}

/** What erases people from a command line, administrators included. */
export const erasureOf = ({ client, database, tables, users, mailbox }: Erasing): Erasure =>
  new Erasure({
    ...{ database, tables, mailbox },
    burials: new Burials({ database, table: tables.users, users, clock: systemClock }),
    holdings: new Holdings({ client, database, tables, clock: systemClock }),
    references: new References({ client, database, tables }),
    clock: systemClock,
    random: systemRandom,
  })

/**
 * The parts of an administrator's erase that leave another one.
 * @throws {LocalError} for the only administrator.
 */
export async function leavingAnother({ role, id }: User, { client, tables, users }: Erasing) {
  if (role !== 'admin') return []
  const pages = scanPages(client, {
    TableName: tables.users,
    FilterExpression: '#role = :admin AND #status = :active AND id <> :id',
    ExpressionAttributeNames: { '#role': 'role', '#status': 'status' },
    ExpressionAttributeValues: { ':admin': 'admin', ':active': 'active', ':id': id },
  })
  for await (const { items } of pages) {
    const [other] = items
    if (other) return [users.whileAdmin(String(other.id))]
  }
  throw new LocalError('This is the only administrator. Make another one first: promote')
}
