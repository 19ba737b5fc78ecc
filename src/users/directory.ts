import type { Database } from '../dynamodb/database.js'
import { directoriesOf, profileItem, profileKey } from '../dynamodb/user-items.js'
import type { Status, User } from './user.js'

/** Accounts of the directory. */
export interface DirectoryPage {
  readonly users: readonly User[]
  /** Of the last account that was looked at, for the page after it; undefined where there is none. */
  readonly last: string | undefined
}

export interface Wanted {
  /** Accounts of one status alone. */
  readonly status?: Status | undefined
  /** `last` of the page before. */
  readonly after?: string | undefined
  /** How many are wanted at most, up to 100. */
  readonly size?: number
}

/** What the place of an account in the directory follows from. */
export type Placed = Pick<User, 'id' | 'status' | 'createdAt'>

/** What a read of the whole table asks for, so that each account can be given its place. */
export const IS_PROFILE = {
  // A tombstone has no status.
  FilterExpression: 'begins_with(pk, :profile) AND attribute_exists(#status)',
  ProjectionExpression: 'id, #status, createdAt, directory, listedAs',
  ExpressionAttributeNames: { '#status': 'status' },
  ExpressionAttributeValues: { ':profile': 'USER#' },
}

const PAGE = 20
/** How many accounts are read at once where all are. */
const MOST_READ = 100

const STATUSES: readonly Status[] = ['active', 'disabled']

/** An index, by which of its keys, and which way. */
interface Order {
  readonly index: 'byAddress' | 'byCreation'
  readonly key: 'email' | 'listedAs'
  readonly isForward: boolean
}

const BY_ADDRESS: Order = { index: 'byAddress', key: 'email', isForward: true }
const NEWEST_FIRST: Order = { index: 'byCreation', key: 'listedAs', isForward: false }

/** What an index has of an account: the key of its profile, and that of its place. */
type Entry = Readonly<Record<'pk' | Order['key'], string>>

/** Which keys of a partition are wanted. */
interface Range {
  readonly condition?: string
  readonly values?: Readonly<Record<string, string>>
}

/**
 * All accounts, by indexes of 16 partitions. A page asks each of them for as many as it has place for, and reads the
 * profiles of those that it shows: what it costs does not depend on how many accounts there are. The indexes may lag,
 * so they only say which profiles to read.
 */
export class Directory {
  readonly #database: Database
  readonly #table: string

  /** @param table of users. */
  constructor(database: Database, table: string) {
    this.#database = database
    this.#table = table
  }

  async find(id: string): Promise<User | undefined> {
    const found = (await this.#database.get(this.#table, profileKey(id))) as User | undefined
    return isAccount(found) ? found : undefined
  }

  /** The newest first. */
  async list({ status, after, size = PAGE }: Wanted = {}): Promise<DirectoryPage> {
    const range: Range =
      after === undefined ? {} : { condition: '#key < :after', values: { ':after': after } }
    const { users, last } = await this.#page(NEWEST_FIRST, status, { ...range, size })
    return { users: users.filter(hasStatus(status)), last }
  }

  /**
   * Accounts whose addresses begin with a text, in the order of addresses.
   * @param prefix in the normal form of addresses.
   */
  async search(
    prefix: string,
    { status, after, size = PAGE }: Wanted = {},
  ): Promise<DirectoryPage> {
    const range: Range = {
      condition: '#key BETWEEN :from AND :to',
      // An address has no space, and nothing behind the tilde.
      values: { ':from': after === undefined ? prefix : `${after} `, ':to': `${prefix}\x7f` },
    }
    const { users, last } = await this.#page(BY_ADDRESS, status, { ...range, size })
    const isMeant = ({ email = '' }: User) => email.startsWith(prefix)
    return { users: users.filter(isMeant).filter(hasStatus(status)), last }
  }

  /** How many there are. It reads the whole index, which has nothing but keys. */
  async count(): Promise<number> {
    const counts = directoriesFor(undefined).map(async (directory) => {
      let sum = 0
      for await (const { count } of this.#pages(directory, { Select: 'COUNT' })) sum += count
      return sum
    })
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
  }

  /** Every account, up to 100 at a time, in no order. */
  async *all(): AsyncGenerator<readonly User[]> {
    for (const directory of directoriesFor(undefined)) {
      for await (const { items } of this.#pages(directory, { Limit: MOST_READ })) {
        if (items.length > 0) yield await this.#profiles(items as Entry[])
      }
    }
  }

  /**
   * Gives an account of an earlier version its place.
   * @param item its profile, with the place that it has, if it has one.
   * @returns whether it did not have the right one.
   */
  async place(item: Placed): Promise<boolean> {
    const { pk, directory, listedAs } = profileItem(item)
    const found: Placed & { readonly directory?: string; readonly listedAs?: string } = item
    if (found.directory === directory && found.listedAs === listedAs) return false
    const { conflict } = await this.#database.update({
      TableName: this.#table,
      Key: { pk },
      UpdateExpression: 'SET directory = :directory, listedAs = :listedAs',
      // A change of the status sets the place itself.
      ConditionExpression: '#status = :status',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ...{ ':directory': directory, ':listedAs': listedAs },
        ':status': item.status,
      },
    })
    return conflict === undefined
  }

  async #page(
    order: Order,
    status: Status | undefined,
    range: Range & { readonly size: number },
  ): Promise<DirectoryPage> {
    const found = await Promise.all(
      directoriesFor(status).map((directory) => this.#entries(order, directory, range)),
    )
    const entries = found.flat().sort(compareBy(order))
    const shown = entries.slice(0, range.size)
    return {
      users: await this.#profiles(shown),
      last: entries.length > range.size ? shown.at(-1)?.[order.key] : undefined,
    }
  }

  async #entries(
    order: Order,
    directory: string,
    { condition, values, size }: Range & { readonly size: number },
  ): Promise<Entry[]> {
    const { items } = await this.#database.queryPage({
      TableName: this.#table,
      IndexName: order.index,
      KeyConditionExpression: ['directory = :directory', condition].filter(Boolean).join(' AND '),
      ...(condition !== undefined && { ExpressionAttributeNames: { '#key': order.key } }),
      ExpressionAttributeValues: { ':directory': directory, ...values },
      ScanIndexForward: order.isForward,
      Limit: size + 1,
    })
    return items as Entry[]
  }

  async *#pages(directory: string, how: { readonly Limit?: number; readonly Select?: 'COUNT' }) {
    let next: Readonly<Record<string, unknown>> | undefined
    do {
      const page = await this.#database.queryPage({
        ...how,
        TableName: this.#table,
        IndexName: NEWEST_FIRST.index,
        KeyConditionExpression: 'directory = :directory',
        ExpressionAttributeValues: { ':directory': directory },
        ...(next && { ExclusiveStartKey: next }),
      })
      yield page
      next = page.next
    } while (next)
  }

  /** In the order of the entries. An account that is gone is left out. */
  async #profiles(entries: readonly Entry[]): Promise<User[]> {
    if (entries.length === 0) return []
    const keys = entries.map(({ pk }) => ({ pk }))
    const found = await this.#database.getMany(this.#table, keys)
    const byKey = new Map(found.map((item) => [item.pk, item as unknown as User]))
    return keys.map(({ pk }) => byKey.get(pk)).filter(isAccount)
  }
}

/** A tombstone is none, which an index that lags may lead to. */
const isAccount = (found: Partial<User> | undefined): found is User => found?.status !== undefined

const directoriesFor = (status: Status | undefined): string[] =>
  (status ? [status] : STATUSES).flatMap(directoriesOf)

const hasStatus =
  (wanted: Status | undefined) =>
  ({ status }: User): boolean =>
    wanted === undefined || status === wanted

/** By code units, as DynamoDB compares keys of ASCII. */
const compareBy =
  ({ key, isForward }: Order) =>
  (a: Entry, b: Entry): number =>
    (a[key] < b[key] ? -1 : 1) * (isForward ? 1 : -1)
