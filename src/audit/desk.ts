import { report } from '../events/report.js'
import type { Caller } from '../http/caller.js'
import type { LiveSession } from '../sessions/session.js'
import type { EntriesWanted, TrailEntries } from './entries.js'
import { listedEntry, type ListedEntry, managedEntry, type ManagedEntry } from './listed.js'

export interface TrailPage<Entry> {
  readonly events: Entry[]
  readonly cursor: string | null
}

/** The audit trail for those who may read it: a person their own, and an administrator that of any user. */
export class TrailDesk {
  readonly #entries: TrailEntries

  constructor(entries: TrailEntries) {
    this.#entries = entries
  }

  /** @throws {Problem} STORE_UNAVAILABLE. */
  async list({ account }: LiveSession, wanted: EntriesWanted): Promise<TrailPage<ListedEntry>> {
    const { entries, cursor } = await this.#entries.list(account.id, wanted)
    return { events: entries.map(listedEntry), cursor }
  }

  /**
   * Of a user who may be gone by now.
   * @param admin the session of an administrator (`assertAdmin`).
   * @throws {Problem} STORE_UNAVAILABLE.
   */
  async listOf(
    { log }: Pick<Caller, 'log'>,
    { account }: LiveSession,
    targetId: string,
    wanted: EntriesWanted,
  ): Promise<TrailPage<ManagedEntry>> {
    const { entries, cursor } = await this.#entries.list(targetId, wanted)
    report(log, 'authz_admin', { userId: account.id, action: 'find_events', targetId })
    return { events: entries.map(managedEntry), cursor }
  }
}
