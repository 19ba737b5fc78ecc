import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Database } from '../dynamodb/database.js'
import { scanPages } from '../dynamodb/scan.js'
import type { TableId, TableNames } from '../dynamodb/tables.js'
import { credentialKey, emailKey, pointerKey } from '../dynamodb/user-items.js'
import { NUMBERS_PREFIX } from '../cloud-events/subject-numbers.js'
import { MESSAGE_PREFIX } from '../email/message.js'
import { NOTICES_PREFIX } from '../email/notice-counter.js'
import type { Clock } from '../lib/clock.js'
import { usageKey, USAGE_KEPT_MS } from '../api-keys/usage.js'
import { identityKey } from '../users/identities/identity.js'
import { type Invitation, invitationKey } from '../users/invitations/invitation.js'
import type { User } from '../users/user.js'

export interface HoldingsOptions {
  readonly database: Database
  readonly client: DynamoDBClient
  readonly tables: TableNames
  readonly clock: Clock
}

/** Whose items are looked for. */
export interface Person {
  readonly id: string
  /** In their normal form. */
  readonly addresses: readonly string[]
  /** Of open invitations of these addresses: their mails are theirs too. */
  readonly invitationIds?: readonly string[]
  /** When the account was made, ISO 8601; left out where that is not known any more. */
  readonly createdAt?: string
  /** Keys of theirs that are known already. */
  readonly keyIds?: ReadonlySet<string>
}

export type HoldingKind =
  | ('address' | 'identity' | 'passkey' | 'session' | 'ticket' | 'invitation')
  | ('apiKey' | 'apiKeyList' | 'apiKeyUse')
  | ('event' | 'eventNumbers' | 'mail' | 'noticeCount')

export type Item = Readonly<Record<string, unknown>>

/** An item that holds the id or an address of a person. */
export interface Holding {
  readonly kind: HoldingKind
  readonly table: TableId
  readonly item: Item
}

const DAY_MS = 86_400_000
/** Items that one call reads. */
const MOST_READ = 100

/** The addresses that an account has, had, or may have back. */
export const addressesOf = ({ email, formerEmail, earlierAddresses = [] }: User): string[] => {
  const all = [email, formerEmail, ...earlierAddresses.map((earlier) => earlier.email)]
  return [...new Set(all.filter((address) => address !== undefined))]
}

export const personOf = (user: User): Person => ({
  id: user.id,
  addresses: addressesOf(user),
  createdAt: user.createdAt,
})

/** All items that are kept of a person: what the export shows is what the erase removes. */
export class Holdings {
  readonly #options: HoldingsOptions

  constructor(options: HoldingsOptions) {
    this.#options = options
  }

  /** What leads to a profile, in the table of users. */
  async leadingTo(user: User): Promise<Holding[]> {
    const { identities = [], passkeys = [] } = user
    const keys: [HoldingKind, { pk: string }][] = [
      ...addressesOf(user).map(
        (address) => ['address', emailKey(address)] as [HoldingKind, { pk: string }],
      ),
      ...identities.map(
        ({ issuer, subject }) =>
          ['identity', pointerKey(identityKey(issuer, subject))] as [HoldingKind, { pk: string }],
      ),
      ...passkeys.map(({ id }) => ['passkey', credentialKey(id)] as [HoldingKind, { pk: string }]),
    ]
    const found = await this.#getMany(
      'users',
      keys.map(([, key]) => key),
    )
    const kinds = new Map(keys.map(([kind, { pk }]) => [pk, kind]))
    return found.flatMap((item) => {
      const kind = kinds.get(String(item.pk))
      return kind === undefined || isAnothers(item, user.id)
        ? []
        : [{ kind, table: 'users' as const, item }]
    })
  }

  /** Invitations that addresses have, in the table of events. They go with the profile. */
  async invitationsOf(addresses: readonly string[]): Promise<Invitation[]> {
    const { database, tables } = this.#options
    const keys = addresses.map(invitationKey)
    const found = await Promise.all(keys.map((key) => database.get(tables.events, key)))
    return found.filter((item) => item !== undefined) as unknown as Invitation[]
  }

  /** What is kept in all other tables, by the item, in no order. */
  async *beside(person: Person): AsyncGenerator<Holding> {
    const { tables, database } = this.#options
    const { id } = person
    const sessions = await this.#partition('refreshTokens', id)
    for (const item of sessions) yield { kind: 'session', table: 'refreshTokens', item }

    const events = await this.#partition('events', id)
    // The trail knows the invitation that was accepted.
    const accepted = events.map(factsOf).map(({ invitationId }) => invitationId)
    const owners = new Set([id, ...(person.invitationIds ?? []), ...accepted])
    for (const owner of owners) {
      if (typeof owner !== 'string') continue
      const mails = await this.#partition('events', MESSAGE_PREFIX + owner)
      for (const item of mails) yield { kind: 'mail', table: 'events', item }
    }
    const counts = await this.#partition('events', NOTICES_PREFIX + id)
    for (const item of counts) yield { kind: 'noticeCount', table: 'events', item }
    const numbers = await this.#partition('events', NUMBERS_PREFIX + id)
    for (const item of numbers) yield { kind: 'eventNumbers', table: 'events', item }

    const list = await database.get(tables.apiKeys, { keyId: `OWNER#${id}` })
    const keys = await this.#keysOf(id, list)
    // The trail knows those that were deleted.
    const named = [...keys, ...events.map(factsOf)].map(({ keyId }) => keyId)
    const keyIds = new Set([...(person.keyIds ?? []), ...named])
    for (const keyId of keyIds) {
      if (typeof keyId !== 'string') continue
      const use = await this.#getMany('apiKeys', this.#usageKeys(keyId, person))
      for (const item of use) yield { kind: 'apiKeyUse', table: 'apiKeys', item }
    }
    for (const item of keys) yield { kind: 'apiKey', table: 'apiKeys', item }
    if (list) yield { kind: 'apiKeyList', table: 'apiKeys', item: list }

    yield* this.#tickets(person)
    // The last, since they name what else there is.
    for (const item of events) yield { kind: 'event', table: 'events', item }
  }

  /** Tickets are few, and none is older than some days: nothing else leads from a person to them. */
  async *#tickets({ id, addresses: all }: Person): AsyncGenerator<Holding> {
    const { client, tables } = this.#options
    const addresses = await this.#withoutOthers(id, all)
    // An address can be the end of another person's.
    const isTheirs = (text: string) => text.includes(id) || addresses.includes(text)
    for await (const { items } of scanPages(client, { TableName: tables.tickets })) {
      for (const item of items) {
        if (textsOf(item).some(isTheirs)) yield { kind: 'ticket', table: 'tickets', item }
      }
    }
  }

  /** Addresses that no other account has by now. */
  async #withoutOthers(id: string, addresses: readonly string[]): Promise<string[]> {
    const items = await this.#getMany('users', addresses.map(emailKey))
    const others = items.filter((item) => isAnothers(item, id)).map(({ pk }) => pk)
    return addresses.filter((address) => !others.includes(emailKey(address).pk))
  }

  async #keysOf(id: string, list: Item | undefined): Promise<Item[]> {
    const { database, tables } = this.#options
    const listed = await database.queryIndex({
      TableName: tables.apiKeys,
      IndexName: 'byOwner',
      KeyConditionExpression: 'ownerId = :owner',
      ExpressionAttributeValues: { ':owner': id },
    })
    const ids = new Set([
      ...((list?.keyIds ?? []) as Iterable<string>),
      ...listed.map(({ keyId }) => String(keyId)),
    ])
    return this.#getMany(
      'apiKeys',
      [...ids].map((keyId) => ({ keyId })),
    )
  }

  #usageKeys(keyId: string, { createdAt }: Person): { keyId: string }[] {
    const now = this.#options.clock()
    const oldest = now - USAGE_KEPT_MS
    const since = createdAt === undefined ? oldest : Math.max(Date.parse(createdAt), oldest)
    const days = Math.floor(now / DAY_MS) - Math.floor(since / DAY_MS) + 1
    return Array.from({ length: days }, (_, ago) => ({
      keyId: usageKey(keyId, new Date(now - ago * DAY_MS).toISOString().slice(0, 10)),
    }))
  }

  #partition(table: 'refreshTokens' | 'events', userId: string): Promise<Item[]> {
    const { database, tables } = this.#options
    return database.query({
      TableName: tables[table],
      KeyConditionExpression: 'userId = :user',
      ExpressionAttributeValues: { ':user': userId },
    })
  }

  async #getMany(table: TableId, keys: readonly Record<string, unknown>[]): Promise<Item[]> {
    const { database, tables } = this.#options
    const found: Item[] = []
    for (let at = 0; at < keys.length; at += MOST_READ) {
      found.push(...(await database.getMany(tables[table], keys.slice(at, at + MOST_READ))))
    }
    return found
  }
}

const isAnothers = ({ userId }: Item, id: string) => userId !== undefined && userId !== id

/** Every text in an item, at any depth. */
function textsOf(item: Item): string[] {
  const texts: string[] = []
  JSON.stringify(item, (_name, value: unknown) => {
    if (typeof value === 'string') texts.push(value)
    return value
  })
  return texts
}

const factsOf = ({ facts = {} }: Item): Item => facts as Item
