import { once } from 'node:events'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type Command, Option } from 'commander'
import { ApiKeysStore } from '../api-keys/store.js'
import { present } from '../api-keys/present.js'
import { TrailEntries } from '../audit/entries.js'
import { Database } from '../dynamodb/database.js'
import { scanPages } from '../dynamodb/scan.js'
import type { TableNames } from '../dynamodb/tables.js'
import type { AdminAct } from '../events/catalogue.js'
import { systemClock } from '../lib/clock.js'
import { ProgressBar } from '../local/progress-bar.js'
import { listed, presentSession } from '../sessions/listed.js'
import { isLive } from '../sessions/session.js'
import { SessionsStore } from '../sessions/store.js'
import { Directory, type DirectoryPage, IS_PROFILE, type Placed } from '../users/directory.js'
import { normalizeEmail } from '../users/email.js'
import { listedUser, managedUserOf, type Status, type User } from '../users/user.js'
import { logLook } from './admin-log.js'

/** What a command works on. */
export interface Store {
  readonly client: DynamoDBClient
  readonly database: Database
  readonly tables: TableNames
}

export interface PeopleCommands {
  readonly withStore: (use: (store: Store) => Promise<void>) => Promise<void>
  /** A user by address or id. */
  readonly withUser: (
    emailOrId: string,
    use: (user: User, store: Store) => Promise<void>,
  ) => Promise<void>
}

/** `admin list`, `find`, `show`, `sessions`, `export`: the directory of people, by the same functions as over HTTP. */
export function addPeopleCommands(program: Command, { withStore, withUser }: PeopleCommands): void {
  program
    .command('list')
    .description('print all users, the newest first, one JSON object a line')
    .addOption(
      new Option('--status <status>', 'users of one status alone').choices(['active', 'disabled']),
    )
    .action(({ status }: { status?: Status }) =>
      withStore(async (store) => {
        look({ action: 'list', targetId: undefined })
        await printPages((after) => directoryOf(store).list({ status, after, size: MOST }))
      }),
    )

  program
    .command('find <text>')
    .description('print users whose address begins with a text, or whose id it is, one a line')
    .action((text: string) =>
      withStore(async (store) => {
        const directory = directoryOf(store)
        look({ action: 'search', targetId: undefined })
        const byId = await directory.find(text)
        if (byId) await print(listedUser(byId))
        await printPages((after) => directory.search(normalizeEmail(text), { after, size: MOST }))
      }),
    )

  program
    .command('show <email-or-id>')
    .description('print a user as JSON')
    .action((emailOrId: string) =>
      withUser(emailOrId, async (user, store) => {
        const [sessions, keys, lastSignInAt] = await Promise.all([
          sessionsOf(store, user),
          keysOf(store, user),
          trailOf(store).lastSignIn(user.id),
        ])
        const shown = {
          ...managedUserOf(user, systemClock()),
          lastSignInAt: lastSignInAt ?? null,
          sessions: sessions.length,
          keys: keys.length,
        }
        look({ action: 'find', targetId: user.id })
        console.log(JSON.stringify(shown, undefined, 2))
      }),
    )

  program
    .command('sessions <email-or-id>')
    .description('print the sessions of a user that live, one JSON object a line')
    .action((emailOrId: string) =>
      withUser(emailOrId, async (user, store) => {
        look({ action: 'find_sessions', targetId: user.id })
        for (const session of await sessionsOf(store, user)) await print(presentSession(session))
      }),
    )

  program
    .command('export')
    .description('print all that administrators see of each user, one JSON object a line (NDJSON)')
    .action(() =>
      withStore(async (store) => {
        const directory = directoryOf(store)
        look({ action: 'export', targetId: undefined })
        const bar = new ProgressBar(process.stderr, await directory.count())
        for await (const users of directory.all()) {
          for (const user of users) await print(managedUserOf(user, systemClock()))
          bar.advance(users.length)
        }
        bar.end()
      }),
    )

  program
    .command('reindex')
    .description('put accounts of earlier versions into the lists of users')
    .action(() =>
      withStore(async (store) => {
        const directory = directoryOf(store)
        let placed = 0
        const input = { TableName: store.tables.users, ...IS_PROFILE }
        for await (const { items } of scanPages(store.client, input)) {
          for (const item of items) if (await directory.place(item as unknown as Placed)) placed++
        }
        const accounts = placed === 1 ? '1 account is' : `${placed} accounts are`
        console.log(`${accounts} put into the lists.`)
      }),
    )
}

/** `admin keys <email-or-id>`, beside the commands for the keys of the service. */
export const printKeysOf = (emailOrId: string, { withUser }: PeopleCommands): Promise<void> =>
  withUser(emailOrId, async (user, store) => {
    look({ action: 'find_keys', targetId: user.id })
    for (const key of await keysOf(store, user)) await print(present(key))
  })

/** Accounts that are read at once. */
const MOST = 100

const directoryOf = ({ database, tables }: Store) => new Directory(database, tables.users)

const trailOf = ({ database, tables }: Store) =>
  new TrailEntries({ database, table: tables.events, clock: systemClock })

const keysOf = ({ database, tables }: Store, { id }: User) =>
  new ApiKeysStore(database, tables, new Set()).list(id)

async function sessionsOf({ database, tables }: Store, user: User) {
  const now = systemClock()
  const all = await new SessionsStore(database, tables).list(user.id)
  return all
    .filter((session) => isLive(session, user, now))
    .map(listed)
    .sort((a, b) => b.lastUsedAt - a.lastUsedAt || b.createdAt - a.createdAt)
}

const look = (act: AdminAct): void => logLook('authz_admin', act)

async function printPages(
  read: (after: string | undefined) => Promise<DirectoryPage>,
): Promise<void> {
  let after: string | undefined
  do {
    const { users, last } = await read(after)
    for (const user of users) await print(listedUser(user))
    after = last
  } while (after !== undefined)
}

/** A line of NDJSON, no faster than it is read. It throws where the other end of the pipe has gone. */
export async function print(value: object): Promise<void> {
  if (process.stdout.errored) throw process.stdout.errored
  if (!process.stdout.write(`${JSON.stringify(value)}\n`)) await once(process.stdout, 'drain')
}
