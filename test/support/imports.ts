import { PasswordOffers } from '../../src/administration/password-offers.js'
import { Database } from '../../src/dynamodb/database.js'
import { Outbox } from '../../src/email/outbox.js'
import { Importer, type ImportOptions, type Outcome } from '../../src/imports/importer.js'
import { linesOf } from '../../src/imports/lines.js'
import { systemRandom } from '../../src/lib/random.js'
import { TicketMaker } from '../../src/tickets/ticket-maker.js'
import { ACTING, administrationOf } from './administration.js'
import { FIREBASE } from './imported-hashes.js'
import type { Service } from './service.js'

export interface Import extends ImportOptions {
  /** Whether each person gets a link to choose a password. */
  readonly isMailed?: boolean
}

/** What `admin import` works with. */
export async function importerOf(
  { services, config, clock, client, ...service }: Service,
  { isMailed = false }: Import = {},
): Promise<Importer> {
  const administration = administrationOf({ services, config, clock, client, ...service })
  const database = new Database(client)
  const making = { clock, random: systemRandom }
  const offers = new PasswordOffers({
    requests: services.mailRequests,
    tickets: new TicketMaker({ table: config.tables.tickets, ...making }),
    outbox: new Outbox({ table: config.tables.events, ...making }),
    usersTable: config.tables.users,
  })
  return new Importer({
    ...{ database, table: config.tables.users, store: services.users.store, clock },
    key: await services.dataKeys.first(),
    alongside: async (user) => [
      administration.act(ACTING, { action: 'import', targetId: user.id }),
      ...(isMailed && user.status === 'active' ? await offers.parts(ACTING, user) : []),
    ],
  })
}

/** Imports lines: objects, or texts that are none. @returns what became of each. */
export async function importLines(
  service: Service,
  lines: readonly unknown[],
  options: Import = {},
): Promise<Outcome[]> {
  const importer = await importerOf(service, options)
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
  const outcomes: Outcome[] = []
  const input = linesOf(inChunks(texts.join('\n')))
  for await (const some of importer.run(input, { firebase: FIREBASE, ...options })) {
    outcomes.push(...some)
  }
  return outcomes
}

/** As a pipe gives them, which knows no lines. */
async function* inChunks(text: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000)
}
