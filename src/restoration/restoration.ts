import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import pLimit from 'p-limit'
import type { ApiKeysStore } from '../api-keys/store.js'
import type { Span } from '../audit/span.js'
import type { Database } from '../dynamodb/database.js'
import { scanPages } from '../dynamodb/scan.js'
import type { TableNames } from '../dynamodb/tables.js'
import type { AdminAct } from '../events/catalogue.js'
import type { Trail, TrailItem } from '../events/trail.js'
import type { Clock } from '../lib/clock.js'
import { storeUnavailable } from '../http/problem.js'
import { newId, type Random } from '../lib/random.js'
import type { RegisteredClients } from '../oauth/clients/registered.js'
import type { SessionsStore } from '../sessions/store.js'
import { AccountChanged } from '../users/errors.js'
import type { UsersStore } from '../users/store.js'
import type { User } from '../users/user.js'
import type { Erasure } from '../personal-data/erasure.js'
import { allErased } from '../dynamodb/tombstones.js'
import { type AccountChange, isErased, reviseAccount } from './account.js'
import { RevisedAccounts } from './accounts.js'
import { type History, readHistory } from './history.js'
import { reviseKey } from './key.js'
import type { Run, Runs } from './runs.js'

export interface RestorationDependencies {
  readonly client: DynamoDBClient
  readonly database: Database
  readonly tables: TableNames
  readonly users: UsersStore
  readonly erasure: Erasure
  readonly sessions: SessionsStore
  readonly apiKeys: ApiKeysStore
  readonly clients: RegisteredClients
  readonly trail: Trail
  readonly runs: Runs
  /** Replaces the keys of sessions and mails. */
  readonly replaceKeys: () => Promise<void>
  /** Who does it, for the trail. */
  readonly actorId: string
  /** Told of each step. */
  readonly onProgress: (text: string) => void
  readonly clock: Clock
  readonly random: Random
}

/** What people have to look at. */
export interface Undecided {
  readonly what: 'account' | 'key' | 'app'
  readonly id: string
  readonly why: string
}

/** What was done, by kind: ids of accounts, keys and apps. */
export interface RestorationReport extends Span {
  readonly isDryRun: boolean
  /** Whether a run was through with these tables already: then nothing is done. */
  readonly wasDone: boolean
  readonly events: number
  readonly keysReplaced: boolean
  readonly ticketsDeleted: number
  readonly sessionsEnded: number
  readonly accounts: Readonly<Partial<Record<AccountChange | 'erased', readonly string[]>>>
  readonly keys: Readonly<Partial<Record<'deleted' | 'changed', readonly string[]>>>
  readonly apps: Readonly<Partial<Record<'removed' | 'suspended', readonly string[]>>>
  readonly undecided: readonly Undecided[]
}

const AT_ONCE = 10
/** An erase that was interrupted is not older, milliseconds. */
const ERASE_MS = 7 * 86_400_000

/**
 * After a restore: all tables but that of events are as they were at a moment, and what was taken away since then is
 * there again. This takes it away once more, as the trail says, before the service runs. It may be stopped and run
 * again: each account, key and app is written once.
 */
export class Restoration {
  readonly #dependencies: RestorationDependencies
  readonly #accounts: RevisedAccounts

  constructor(dependencies: RestorationDependencies) {
    this.#dependencies = dependencies
    this.#accounts = new RevisedAccounts(dependencies.database, dependencies.tables.users)
  }

  /** @param since the moment of the tables, ISO 8601. @throws {Problem} STORE_UNAVAILABLE. */
  async run(
    since: string,
    { isDryRun }: { readonly isDryRun: boolean },
  ): Promise<RestorationReport> {
    const { client, tables, runs, onProgress, clock } = this.#dependencies
    const now = new Date(clock()).toISOString()
    const run = (await runs.find(since)) ?? { since, until: now }
    const report = new Report({ since, until: run.until, isDryRun })
    report.wasDone = run.isDone ?? false
    if (report.wasDone) return report.result()
    if (!isDryRun) await this.#replaceKeys(run)
    report.keysReplaced = !isDryRun
    report.tickets = await this.#deleteTickets(isDryRun)
    await this.#eraseAgain(run, report)
    const history = await readHistory(client, tables.events, run, (looked) =>
      onProgress(`${looked} items of the trail looked at`),
    )
    report.events = history.events
    await this.#each('accounts', history.accounts, (id, items) =>
      this.#reviseAccount(run, report, id, items),
    )
    await this.#each('keys', history.keys, (id, items) => this.#reviseKey(report, id, items))
    await this.#each('apps', history.apps, (id, items) => this.#reviseApp(report, id, items))
    if (!isDryRun) await runs.keep({ ...run, isDone: true })
    return report.result()
  }

  /** Those who were erased since the moment of the tables, or shortly before it, when an erase was under way. */
  async #eraseAgain({ since }: Run, report: Report): Promise<void> {
    const { database, tables, users, erasure } = this.#dependencies
    const first = new Date(Date.parse(since) - ERASE_MS).toISOString()
    const tombstones = await database.query({ TableName: tables.events, ...allErased })
    for (const { eventId, erasedAt } of tombstones) {
      const [id, at] = [String(eventId), String(erasedAt)]
      const user = at < first ? undefined : await users.findById(id)
      if (user) await this.#erase(report, user, at)
      else if (at >= first && !report.isDryRun) await erasure.sweep(id)
    }
  }

  async #replaceKeys(run: Run): Promise<void> {
    const { runs, replaceKeys, onProgress } = this.#dependencies
    if (run.areKeysReplaced) return
    // Kept first: events of the service itself, which runs later, are none of this.
    await runs.keep(run)
    await replaceKeys()
    await runs.keep({ ...run, areKeysReplaced: true })
    onProgress('the keys of sessions and mails are replaced')
  }

  /** What is good once may have been used since: none of it counts any more. */
  async #deleteTickets(isDryRun: boolean): Promise<number> {
    const { client, database, tables, onProgress } = this.#dependencies
    let deleted = 0
    const limit = pLimit(AT_ONCE)
    const pages = scanPages(client, { TableName: tables.tickets, ProjectionExpression: 'pk' })
    for await (const { items } of pages) {
      const remove = ({ pk }: Readonly<Record<string, unknown>>) =>
        limit(() => database.delete({ TableName: tables.tickets, Key: { pk } }))
      if (!isDryRun) await Promise.all(items.map(remove))
      deleted += items.length
      onProgress(`${deleted} tickets deleted`)
    }
    return deleted
  }

  async #each(
    what: string,
    groups: History['accounts'],
    revise: (id: string, items: readonly TrailItem[]) => Promise<void>,
  ): Promise<void> {
    const { onProgress } = this.#dependencies
    const limit = pLimit(AT_ONCE)
    let done = 0
    await Promise.all(
      [...groups].map(([id, items]) =>
        limit(async () => {
          await revise(id, items)
          done += 1
          if (done % 100 === 0 || done === groups.size)
            onProgress(`${done} of ${groups.size} ${what} looked at`)
        }),
      ),
    )
  }

  async #reviseAccount(
    { until }: Run,
    report: Report,
    id: string,
    items: readonly TrailItem[],
  ): Promise<void> {
    const { users } = this.#dependencies
    const user = await users.findById(id)
    if (!user || user.restoredAt === until) return
    if (isErased(items)) {
      await this.#erase(report, user)
      return
    }
    const { user: after, changes, endedSessions, withdrawnApps, why } = reviseAccount(user, items)
    for (const change of changes) report.account(change, id)
    for (const each of why) report.undecided.push({ what: 'account', id, why: each })
    report.sessions += await this.#endSessions(user, report, endedSessions, withdrawnApps)
    if (report.isDryRun || this.#accounts.isSame(user, after)) return
    const written = { ...after, restoredAt: until }
    await this.#accounts.write(user, written, this.#event({ targetId: id }))
  }

  async #erase(report: Report, user: User, erasedAt?: string): Promise<void> {
    try {
      if (!report.isDryRun) await this.#dependencies.erasure.erase(user, () => [], erasedAt)
      report.account('erased', user.id)
    } catch (error) {
      if (!(error instanceof AccountChanged)) throw error
      await this.#disable(report, user.id)
    }
  }

  /** An account that its own items contradict, such as an identity that is another's: it can't be deleted in one write. */
  async #disable(report: Report, id: string): Promise<void> {
    const { users } = this.#dependencies
    const event = this.#event({ targetId: id })
    // None: the write was made, and its answer was lost.
    if (!(await users.change(id, { status: 'disabled' }, [event]))) {
      report.account('erased', id)
      return
    }
    report.account('disabled', id)
    const why = 'it was deleted, and what leads to it is not its own: look at it, and delete it'
    report.undecided.push({ what: 'account', id, why })
  }

  async #endSessions(
    { id }: User,
    { isDryRun }: Report,
    ended: readonly string[],
    apps: readonly string[],
  ): Promise<number> {
    const { sessions } = this.#dependencies
    if (ended.length === 0 && apps.length === 0) return 0
    const found = (await sessions.list(id)).filter(
      ({ sessionId, app }) =>
        ended.includes(sessionId) || (app !== undefined && apps.includes(app.clientId)),
    )
    if (!isDryRun) await Promise.all(found.map(({ sessionId }) => sessions.end(id, sessionId)))
    return found.length
  }

  async #reviseKey(report: Report, keyId: string, items: readonly TrailItem[]): Promise<void> {
    const { apiKeys, clock, random } = this.#dependencies
    const key = await apiKeys.find(keyId)
    if (!key?.hash) return
    const { isDeleted, changes, why } = reviseKey(key, items, clock())
    const act = { targetId: key.ownerId, keyId }
    if (isDeleted) {
      if (!report.isDryRun) await apiKeys.delete(key, [this.#event(act)])
      report.add(report.keys, 'deleted', keyId)
      return
    }
    if (why !== undefined) report.undecided.push({ what: 'key', id: keyId, why })
    if (Object.keys(changes).length === 0) return
    report.add(report.keys, 'changed', keyId)
    if (report.isDryRun) return
    const revised = { ...changes, revision: newId(random) }
    const { changed } = await apiKeys.change(key, revised, [this.#event(act)])
    if (!changed) throw storeUnavailable(new Error('others change the key: close the service'))
  }

  /** What an app was changed to, and which secret it has by now, is kept nowhere. */
  async #reviseApp(report: Report, clientId: string, items: readonly TrailItem[]): Promise<void> {
    const { clients, trail, actorId: userId } = this.#dependencies
    const app = await clients.find(clientId)
    if (!app) return
    const happened = new Set(items.map(({ event }) => event))
    if (happened.has('client_removed')) {
      const event = trail.part({}, 'client_removed', { userId, clientId })
      if (!report.isDryRun) await clients.remove(clientId, [event])
      report.add(report.apps, 'removed', clientId)
      return
    }
    const isSuspended = items.at(-1)?.event === 'client_suspended'
    const isUnknown = happened.has('client_changed') || happened.has('client_secret_rotated')
    if ((!isSuspended && !isUnknown) || app.suspendedReason !== undefined) return
    if (isUnknown) {
      const why = 'it was changed, or has had a new secret: look at it, and enable it'
      report.undecided.push({ what: 'app', id: clientId, why })
    }
    report.add(report.apps, 'suspended', clientId)
    if (report.isDryRun) return
    const reason = 'restored'
    const event = trail.part({}, 'client_suspended', { userId, clientId, reason })
    await clients.suspend(clientId, reason, [event])
  }

  #event(of: Pick<AdminAct, 'targetId' | 'keyId'>) {
    const { trail, actorId: userId } = this.#dependencies
    return trail.part({}, 'authz_admin', { userId, action: 'after_restore', ...of })
  }
}

type Ids = Record<string, string[]>

/** Collects what is done. */
class Report {
  readonly isDryRun: boolean
  readonly keys: Ids = {}
  readonly apps: Ids = {}
  readonly undecided: Undecided[] = []
  wasDone = false
  keysReplaced = false
  tickets = 0
  sessions = 0
  events = 0
  readonly #span: Span
  readonly #accounts: Ids = {}

  constructor({ since, until, isDryRun }: Span & { readonly isDryRun: boolean }) {
    this.isDryRun = isDryRun
    this.#span = { since, until }
  }

  account(what: AccountChange | 'erased', id: string): void {
    this.add(this.#accounts, what, id)
  }

  add(ids: Ids, what: string, id: string): void {
    ;(ids[what] ??= []).push(id)
  }

  result(): RestorationReport {
    return {
      ...this.#span,
      isDryRun: this.isDryRun,
      wasDone: this.wasDone,
      events: this.events,
      keysReplaced: this.keysReplaced,
      ticketsDeleted: this.tickets,
      sessionsEnded: this.sessions,
      accounts: this.#accounts,
      keys: this.keys,
      apps: this.apps,
      undecided: this.undecided,
    }
  }
}
