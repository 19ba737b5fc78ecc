import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ApiKeysStore } from '../api-keys/store.js'
import { Database } from '../dynamodb/database.js'
import type { TableNames } from '../dynamodb/tables.js'
import type { Trail } from '../events/trail.js'
import { systemClock } from '../lib/clock.js'
import { systemRandom } from '../lib/random.js'
import { RegisteredClients } from '../oauth/clients/registered.js'
import { Restoration, type RestorationReport } from '../restoration/restoration.js'
import { Runs } from '../restoration/runs.js'
import { SessionsStore } from '../sessions/store.js'
import { UsersStore } from '../users/store.js'
import { replaceSessionKeys } from './admin-keys.js'
import { erasureOf } from './admin-erasure.js'
import { COMMAND_LINE, logEvent } from './admin-log.js'
import { assertCopies } from './admin-tables.js'

export interface RestoreOptions {
  readonly client: DynamoDBClient
  readonly tables: TableNames
  readonly trail: Trail
  /** How long the trail is kept, milliseconds. */
  readonly keptMs: number
  readonly since: Date
  readonly isDryRun: boolean
  readonly aws: boolean
}

/** `admin after-restore`: takes away again what was taken away after the moment to which tables were restored. */
export async function makeRestoreGood(options: RestoreOptions): Promise<void> {
  const { client, tables, trail, isDryRun, aws } = options
  const since = options.since.toISOString()
  if (aws) await assertCopies(client, tables, options.since)
  const database = new Database(client)
  const users = new UsersStore(database, tables.users, systemClock)
  const restoration = new Restoration({
    ...{ client, database, tables, trail, users },
    erasure: erasureOf({ client, database, tables, users }),
    sessions: new SessionsStore(database, tables),
    apiKeys: new ApiKeysStore(database, tables, new Set()),
    clients: new RegisteredClients(database, tables.clients),
    runs: new Runs(database, tables.users),
    replaceKeys: () => replaceSessionKeys({ aws }),
    actorId: COMMAND_LINE,
    onProgress: (text) => console.error(text),
    clock: systemClock,
    random: systemRandom,
  })
  const report = await restoration.run(since, { isDryRun })
  console.log(JSON.stringify(report, undefined, 2))
  console.error(sentenceOf(report))
  if (options.since.getTime() < systemClock() - options.keptMs) console.error(TRAIL_IS_SHORT)
  if (!isDryRun && !report.wasDone) logEvent('authz_admin', ACT)
}

const TRAIL_IS_SHORT =
  'But the trail does not reach back to that moment (AUDIT_RETENTION_DAYS): what was taken away before it begins is there again.'

const ACT = { userId: COMMAND_LINE, action: 'after_restore', targetId: undefined } as const

function sentenceOf({ isDryRun, wasDone, undecided }: RestorationReport): string {
  if (wasDone) return 'It was done before: nothing was changed.'
  if (isDryRun) return 'Nothing was changed: run it again without --dry-run.'
  if (undecided.length === 0) return 'Done. The service may run.'
  return `Done. The service may run. ${undecided.length} things need a look: see "undecided".`
}
