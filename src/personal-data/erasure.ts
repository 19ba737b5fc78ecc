import type { Database } from '../dynamodb/database.js'
import { keyOf } from '../dynamodb/keys.js'
import type { Part, TransactItem } from '../dynamodb/part.js'
import { type TableNames, tables as definitions } from '../dynamodb/tables.js'
import { allErasing, erasedKey, erasingKey, type OpenErase } from '../dynamodb/tombstones.js'
import type { Clock } from '../lib/clock.js'
import { newId, type Random } from '../lib/random.js'
import { settleAll } from '../lib/settle-all.js'
import type { Burials } from '../users/burials.js'
import { invitationKey } from '../users/invitations/invitation.js'
import type { User } from '../users/user.js'
import { addressesOf, type Holding, type Holdings, type Item } from './holdings.js'

export interface ErasureDependencies {
  readonly database: Database
  readonly tables: TableNames
  readonly burials: Burials
  readonly holdings: Holdings
  /** Puts a name in the place of an administrator's id in what they did for others; the command line alone may. */
  readonly references?: { rename(id: string, name: string): Promise<void> }
  /** The mails that a local service has put into its mailbox. */
  readonly mailbox?: { forget(addresses: readonly string[]): Promise<void> } | undefined
  readonly clock: Clock
  readonly random: Random
}

/** What is written with a tombstone, where `name` stands for the person. */
export type WrittenWith = (name: string) => readonly Part[]

const ERASED_NAME = 'erased-'
/** Items of one transaction. */
const MOST_WRITTEN = 100
const AT_ONCE = 4
/**
 * An erase looks again until it finds nothing. What had begun before the tombstone may end after it, where it rests on
 * an item that is still there, such as a session; what rests on the account itself does not (`unlessErased`).
 */
const MOST_LOOKS = 5

/** Facts of an event that name no person and nothing of theirs. */
const KEPT_FACTS: ReadonlySet<string> = new Set([
  ...['action', 'clientId', 'codesLeft', 'count', 'factor', 'from', 'to', 'method', 'provider'],
  ...['reason', 'isSynced', 'oldUntil'],
])

/**
 * Erases people. The tombstone comes first, in one transaction with all that leads to the account: nothing opens it from
 * then on, its address is free, and its id is never used again. Then every other item goes; of the trail stays what
 * happened, under a random name. An erase that was interrupted is open, and goes on when it is asked for again, or with
 * the next one.
 */
export class Erasure {
  readonly #dependencies: ErasureDependencies

  constructor(dependencies: ErasureDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * @param user as they were read.
   * @param erasedAt ISO 8601; now where it is left out.
   * @returns the name that stands for the person from now on.
   * @throws {AccountChanged} when the account is not as it was read, and what `writtenWith` says.
   */
  async erase(user: User, writtenWith: WrittenWith, erasedAt?: string): Promise<string> {
    const { holdings, random } = this.#dependencies
    const name = ERASED_NAME + newId(random)
    const addresses = addressesOf(user)
    const invitations = await holdings.invitationsOf(addresses)
    const open = {
      id: user.id,
      name,
      addresses,
      invitationIds: invitations.map(({ id }) => id),
      wasAdmin: user.role === 'admin' || user.adminUntil !== undefined,
    }
    await this.#bury(user, open, writtenWith(name), erasedAt)
    await this.#finish({ ...open, createdAt: user.createdAt })
    return name
  }

  /**
   * Goes on with an erase that was interrupted.
   * @returns its name; undefined where there is none of this account.
   */
  async resume(id: string): Promise<string | undefined> {
    const { database, tables } = this.#dependencies
    const open = (await database.get(tables.events, erasingKey(id))) as OpenErase | undefined
    if (open) await this.#finish(open)
    return open?.name
  }

  /**
   * The same, and once more for an account that is erased: a request that was under way may have left something.
   * @returns false where there is no tombstone.
   */
  async again(id: string): Promise<boolean> {
    if ((await this.resume(id)) !== undefined) return true
    const { database, tables } = this.#dependencies
    const isErased = (await database.get(tables.events, erasedKey(id))) !== undefined
    // By now nothing says whether it was an administrator's.
    if (isErased) await this.#finish({ ...this.#unnamed(id), wasAdmin: true })
    return isErased
  }

  /** Removes what is there of an account that was erased. */
  sweep(id: string): Promise<void> {
    return this.#finish({ ...this.#unnamed(id), wasAdmin: false })
  }

  #unnamed(id: string) {
    return { id, name: ERASED_NAME + newId(this.#dependencies.random), addresses: [] }
  }

  /** Goes on with all that were interrupted, but for those of administrators, which the command line alone ends. */
  async resumeAll(): Promise<void> {
    const { database, tables, references } = this.#dependencies
    const open = await database.query({ TableName: tables.events, ...allErasing })
    for (const each of open as unknown as OpenErase[]) {
      if (references || !each.wasAdmin) await this.#finish(each)
    }
  }

  async #bury(
    user: User,
    open: OpenErase,
    writtenWith: readonly Part[],
    erasedAt = new Date(this.#dependencies.clock()).toISOString(),
  ): Promise<void> {
    const { database, tables, burials } = this.#dependencies
    const { id } = user
    const put = (Item: Item): Part => ({ item: { Put: { TableName: tables.events, Item } } })
    // One that is made later is for the holder of the address by then.
    const forget = (address: string): Part => ({
      item: { Delete: { TableName: tables.events, Key: invitationKey(address) } },
    })
    await database.writeTogether([
      ...writtenWith,
      ...(await burials.of(user, erasedAt)),
      ...open.addresses.map(forget),
      put({ ...erasedKey(id), erasedAt }),
      put({ ...erasingKey(id), ...open }),
    ])
  }

  async #finish(open: OpenErase & { readonly createdAt?: string }): Promise<void> {
    const { database, tables, holdings, references, mailbox } = this.#dependencies
    const { id, name, addresses, wasAdmin } = open
    await mailbox?.forget(addresses)
    if (wasAdmin) await references?.rename(id, name)
    const keyIds = new Set<string>()
    let isClean = false
    for (let looks = 0; looks < MOST_LOOKS && !isClean; looks++) {
      isClean = true
      const found: Holding[] = []
      for await (const holding of holdings.beside({ ...open, keyIds })) found.push(holding)
      // Its calls may be counted until a key is gone.
      for (const { kind, item } of found) if (kind === 'apiKey') keyIds.add(String(item.keyId))
      // A deleted key is known by the trail, which therefore goes last.
      const isEvent = ({ kind }: Holding) => kind === 'event'
      await this.#write(
        found.filter((each) => !isEvent(each)).map((each) => [this.#deletion(each)]),
      )
      await this.#write(found.filter(isEvent).map((each) => this.#renaming(each, open)))
      isClean = found.length === 0
    }
    await database.delete({ TableName: tables.events, Key: erasingKey(id) })
  }

  /** @param groups each is written whole. */
  async #write(groups: readonly TransactItem[][]): Promise<void> {
    const { database } = this.#dependencies
    const size = Math.floor(MOST_WRITTEN / (groups[0]?.length ?? 1))
    const batches: TransactItem[][] = []
    for (let at = 0; at < groups.length; at += size)
      batches.push(groups.slice(at, at + size).flat())
    const left = batches.values()
    const work = async () => {
      for (const TransactItems of left) await database.transact({ TransactItems })
    }
    await settleAll(Array.from({ length: AT_ONCE }, work))
  }

  #deletion({ table, item }: Holding): TransactItem {
    const { tables } = this.#dependencies
    return { Delete: { TableName: tables[table], Key: keyOf(definitions[table], item) } }
  }

  #renaming(event: Holding, { id, name }: OpenErase): TransactItem[] {
    const { tables } = this.#dependencies
    const Item = { ...withoutPerson(event.item, id, name), userId: name }
    return [{ Put: { TableName: tables.events, Item } }, this.#deletion(event)]
  }
}

/** What stays of an event: what happened, when, and who else did it. */
function withoutPerson(
  { eventId, event, at, actorId, facts, times, ttl }: Item,
  id: string,
  name: string,
) {
  const kept = Object.entries((facts ?? {}) as Item).filter(([fact]) => KEPT_FACTS.has(fact))
  return {
    ...{ eventId, event, at, times, ttl },
    actorId: actorId === id ? name : actorId,
    ...(kept.length > 0 && { facts: Object.fromEntries(kept) }),
  }
}
