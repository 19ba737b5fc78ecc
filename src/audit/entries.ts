import type { Database } from '../dynamodb/database.js'
import type { EventName } from '../events/catalogue.js'
import type { TrailItem } from '../events/trail.js'
import { type Clock, epochSeconds } from '../lib/clock.js'

export interface TrailEntriesOptions {
  readonly database: Database
  /** The table of events. */
  readonly table: string
  readonly clock: Clock
}

/** What part of a trail is wanted. */
export interface EntriesWanted {
  /** Of the last entry that was seen. */
  readonly cursor?: string | undefined
  /** Of one event alone. */
  readonly event?: EventName | undefined
}

/** Entries of a trail, the newest first. */
export interface EntriesPage {
  readonly entries: readonly TrailItem[]
  /** Leads on to what is older; null where there is nothing. */
  readonly cursor: string | null
}

const PAGE = 20
/** Items of one read. A filter may leave few of them, and a request reads so often at most: its cursor leads on. */
const READ = 100
const MAX_READS = 5

const KEPT = 'attribute_exists(#event) AND #ttl > :now'

/** The audit trail as it is read, an account at a time. */
export class TrailEntries {
  readonly #options: TrailEntriesOptions

  constructor(options: TrailEntriesOptions) {
    this.#options = options
  }

  /** @throws {Problem} STORE_UNAVAILABLE. */
  async list(userId: string, { cursor, event }: EntriesWanted = {}): Promise<EntriesPage> {
    const entries: TrailItem[] = []
    let before = cursor === undefined ? undefined : eventIdOf(cursor)
    for (let reads = 0; reads < MAX_READS; reads++) {
      const limit = event === undefined ? PAGE + 1 : READ
      const { items, hasMore } = await this.#read(userId, before, limit)
      before = items.at(-1)?.eventId ?? before
      entries.push(...items.filter((item) => isWanted(item, event)))
      if (entries.length > PAGE) {
        const page = entries.slice(0, PAGE)
        return { entries: page, cursor: cursorOf(page.at(-1)?.eventId) }
      }
      if (!hasMore) return { entries, cursor: null }
    }
    return { entries, cursor: cursorOf(before) }
  }

  /**
   * When the person of an account has signed in last, ISO 8601; undefined where the newest 500 entries have no sign-in.
   * @throws {Problem} STORE_UNAVAILABLE.
   */
  async lastSignIn(userId: string): Promise<string | undefined> {
    let before: string | undefined
    for (let reads = 0; reads < MAX_READS; reads++) {
      const { items, hasMore } = await this.#read(userId, before, READ)
      const signIn = items.find(isSignIn)
      if (signIn || !hasMore) return signIn?.at
      before = items.at(-1)?.eventId ?? before
    }
    return undefined
  }

  async #read(userId: string, before: string | undefined, limit: number) {
    const { database, table, clock } = this.#options
    const { items, next } = await database.queryPage({
      TableName: table,
      KeyConditionExpression:
        before === undefined ? 'userId = :user' : 'userId = :user AND eventId < :before',
      FilterExpression: KEPT,
      ExpressionAttributeNames: { '#event': 'event', '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':user': userId,
        ':now': epochSeconds(clock()),
        ...(before !== undefined && { ':before': before }),
      },
      Limit: limit,
      ScanIndexForward: false,
    })
    return { items: items as unknown as TrailItem[], hasMore: next !== undefined }
  }
}

/** The sign-in that makes an account is told of by its first event alone. */
const isSignIn = ({ event, facts }: TrailItem): boolean =>
  event === 'authn_login_success' || (event === 'user_created' && facts?.sessionId !== undefined)

const isWanted = (item: TrailItem, event: EventName | undefined): boolean =>
  event === undefined || item.event === event

const cursorOf = (eventId: string | undefined): string | null =>
  eventId === undefined ? null : Buffer.from(eventId).toString('base64url')

const eventIdOf = (cursor: string): string => Buffer.from(cursor, 'base64url').toString()
