import { type Acting, Administration } from '../../src/administration/administration.js'
import { Database } from '../../src/dynamodb/database.js'
import { systemRandom } from '../../src/lib/random.js'
import { Erasure } from '../../src/personal-data/erasure.js'
import { Holdings } from '../../src/personal-data/holdings.js'
import { References } from '../../src/personal-data/references.js'
import { Burials } from '../../src/users/burials.js'
import { UsersStore } from '../../src/users/store.js'
import type { Service } from './service.js'

/** As the command line does it. */
export const ACTING: Acting = { language: 'en', actorId: 'command-line' }

/** What the command line works with. */
export const administrationOf = (service: Service): Administration =>
  new Administration({
    users: service.services.users,
    notices: service.services.notices,
    trail: service.services.trail,
    erasure: erasureOf(service),
    clock: service.clock,
  })

/** The command line has rights that the app has not. */
export function erasureOf({ client, config, clock }: Service): Erasure {
  const { tables } = config
  const database = new Database(client)
  const users = new UsersStore(database, tables.users, clock)
  return new Erasure({
    ...{ database, tables, clock },
    burials: new Burials({ database, table: tables.users, users, clock }),
    holdings: new Holdings({ client, database, tables, clock }),
    references: new References({ client, database, tables }),
    random: systemRandom,
  })
}
