import type { Database } from '../dynamodb/database.js'
import type { Part } from '../dynamodb/part.js'
import type { TableNames } from '../dynamodb/tables.js'
import { unlessErased } from '../dynamodb/tombstones.js'
import { type ProfileItem, profileKey } from '../dynamodb/user-items.js'
import { ownerOf } from './verification/format.js'
import type { FoundKey } from './verification/verifier.js'
import type { KeySuspension } from '../lib/suspension.js'
import type { ApiKey } from './api-key.js'

const ABSENT = 'attribute_not_exists(keyId)'
const EXISTS = 'attribute_exists(keyId)'
const BELOW_CAP = 'attribute_not_exists(keyCount) OR keyCount < :cap'
const SAME_EPOCH = 'epoch = :epoch'
const UNCHANGED = '#revision = :read'
const NEVER_CHANGED = 'attribute_exists(keyId) AND attribute_not_exists(#revision)'

const isAdmin = (user: ProfileItem | undefined): boolean =>
  user?.role === 'admin' && user.status === 'active'

/** Items that one call reads. */
const MOST_READ = 100

/** Whether a key is one of those that a new password suspends. */
export const isRecent = (
  { status, createdAt }: ApiKey,
  suspension: Pick<KeySuspension, 'since'> | undefined,
): boolean => suspension !== undefined && status === 'active' && createdAt >= suspension.since

const ownerKey = (ownerId: string) => ({ keyId: `OWNER#${ownerId}` })

/** What is set, and as null what is taken away. */
export type KeyChanges = { readonly [K in keyof ApiKey]?: ApiKey[K] | null }

/** Whether a key was made; `ended` for a session that has ended meanwhile. */
export type CreateResult = 'created' | 'too_many' | 'ended'

/** Changed, or what stands there instead of the key that was read; undefined for none. */
export type ChangeResult =
  | { readonly changed: true; readonly key: ApiKey }
  | { readonly changed: false; readonly key: ApiKey | undefined }

export class ApiKeysStore {
  readonly #database: Database
  readonly #table: string
  readonly #usersTable: string
  readonly #reservedScopes: ReadonlySet<string>

  /** @param reservedScopes scopes that last as long as the role of those who gave them. */
  constructor(
    database: Database,
    { apiKeys, users }: TableNames,
    reservedScopes: ReadonlySet<string>,
  ) {
    this.#database = database
    this.#table = apiKeys
    this.#usersTable = users
    this.#reservedScopes = reservedScopes
  }

  /**
   * Key, list and count of the owner's keys in one transaction, so that the cap holds under parallel calls.
   * @param epoch that of the owner when their session was found alive: what ends sessions makes keys of none.
   * @param caused is written in the same transaction.
   */
  async create(
    key: ApiKey,
    { cap, epoch, caused }: { cap: number; epoch: number; caused: readonly Part[] },
  ): Promise<CreateResult> {
    const { conflict } = await this.#database.transact({
      TransactItems: [
        { Put: { TableName: this.#table, Item: { ...key }, ConditionExpression: ABSENT } },
        {
          ConditionCheck: {
            TableName: this.#usersTable,
            Key: profileKey(key.ownerId),
            ConditionExpression: SAME_EPOCH,
            ExpressionAttributeValues: { ':epoch': epoch },
          },
        },
        {
          Update: {
            TableName: this.#table,
            Key: ownerKey(key.ownerId),
            UpdateExpression: 'ADD keyCount :one, keyIds :id',
            ConditionExpression: BELOW_CAP,
            ExpressionAttributeValues: { ':one': 1, ':cap': cap, ':id': new Set([key.keyId]) },
          },
        },
        ...caused.map(({ item }) => item),
      ],
    })
    // A lost answer makes the retry find its own key.
    if (!conflict || (await this.find(key.keyId))?.hash === key.hash) return 'created'
    return (await this.isEpoch(key.ownerId, epoch)) ? 'too_many' : 'ended'
  }

  /**
   * @param caused is written in the same transaction.
   * @returns false when there was no such key.
   */
  async delete({ keyId, ownerId }: ApiKey, caused: readonly Part[]): Promise<boolean> {
    const { conflict } = await this.#database.transact({
      TransactItems: [
        { Delete: { TableName: this.#table, Key: { keyId }, ConditionExpression: EXISTS } },
        {
          Update: {
            TableName: this.#table,
            Key: ownerKey(ownerId),
            UpdateExpression: 'ADD keyCount :minus DELETE keyIds :id',
            ExpressionAttributeValues: { ':minus': -1, ':id': new Set([keyId]) },
          },
        },
        ...caused.map(({ item }) => item),
      ],
    })
    return conflict === undefined
  }

  async find(keyId: string): Promise<ApiKey | undefined> {
    return (await this.#database.get(this.#table, { keyId })) as ApiKey | undefined
  }

  /**
   * Key and owner in one round trip: a disabled owner stops all keys without a sweep, and a new password the recent
   * ones before they say so themselves. The scopes are those that
   * the key has by now, which takes a second trip where another than the owner gave a reserved one.
   */
  async findWithOwner(keyId: string): Promise<FoundKey | undefined> {
    const ownerId = ownerOf(keyId)
    if (ownerId === undefined) return undefined
    const found = await this.#database.getEach({
      [this.#table]: { keyId },
      [this.#usersTable]: profileKey(ownerId),
    })
    const record = found[this.#table] as ApiKey | undefined
    const owner = found[this.#usersTable] as ProfileItem | undefined
    if (!record) return undefined
    const scopes = await this.#liveScopes(record, owner)
    const isSuspended = isRecent(record, owner?.suspendingKeys)
    return {
      record: {
        ...record,
        scopes,
        ...(isSuspended && { status: 'suspended', suspendedBy: 'service' }),
      },
      ownerActive: owner?.status === 'active',
    }
  }

  /**
   * The parts of what an administrator does to another's key that are written only while they are not erased: what it
   * leaves names them.
   */
  whileThere(actorId: string, ownerId: string): Part[] {
    return actorId === ownerId ? [] : [unlessErased(this.#usersTable, actorId)]
  }

  /** Whether no session of a user has been ended since they were read with this epoch. */
  async isEpoch(userId: string, epoch: number): Promise<boolean> {
    return (await this.#profile(userId))?.epoch === epoch
  }

  /** Whether a user is an administrator now. */
  async isAdmin(userId: string): Promise<boolean> {
    return isAdmin(await this.#profile(userId))
  }

  async #liveScopes(
    { scopes, ownerId, reserved }: ApiKey,
    owner: ProfileItem | undefined,
  ): Promise<readonly string[]> {
    const isReserved = (scope: string) => this.#reservedScopes.has(scope)
    if (!scopes.some(isReserved)) return scopes
    const { giverId, ownerWasAdmin } = reserved ?? { giverId: ownerId, ownerWasAdmin: true }
    const giver = giverId === ownerId ? owner : await this.#profile(giverId)
    const isLive = isAdmin(giver) && (!ownerWasAdmin || isAdmin(owner))
    return isLive ? scopes : scopes.filter((scope) => !isReserved(scope))
  }

  async #profile(userId: string): Promise<ProfileItem | undefined> {
    const [profile] = await this.#database.getMany(this.#usersTable, [profileKey(userId)])
    return profile as ProfileItem | undefined
  }

  /**
   * An owner's keys, read consistently: the index alone may lag behind, and lists alone those that were made before
   * their owner had a list of them.
   */
  async listAll(ownerId: string): Promise<ApiKey[]> {
    const [owner, listed] = await Promise.all([
      this.#database.get(this.#table, ownerKey(ownerId)),
      this.list(ownerId),
    ])
    const ids = new Set([
      ...((owner?.keyIds ?? []) as Iterable<string>),
      ...listed.map(({ keyId }) => keyId),
    ])
    const keys = [...ids].map((keyId) => ({ keyId }))
    const groups = Array.from({ length: Math.ceil(keys.length / MOST_READ) }, (_, index) =>
      keys.slice(index * MOST_READ, (index + 1) * MOST_READ),
    )
    const found = await Promise.all(
      groups.map((group) => this.#database.getMany(this.#table, group)),
    )
    return found.flat() as unknown as ApiKey[]
  }

  /** An owner's keys, the oldest first, by the index: for a list, never for a decision. */
  async list(ownerId: string): Promise<ApiKey[]> {
    const items = await this.#database.queryIndex({
      TableName: this.#table,
      IndexName: 'byOwner',
      KeyConditionExpression: 'ownerId = :ownerId',
      ExpressionAttributeValues: { ':ownerId': ownerId },
    })
    return items as unknown as ApiKey[]
  }

  /**
   * Changes a key, unless it has changed since it was read.
   * @param changes with a revision that no other change has.
   * @param caused is written in the same transaction.
   */
  async change(
    read: ApiKey,
    changes: KeyChanges & { readonly revision: string },
    caused: readonly Part[],
  ): Promise<ChangeResult> {
    const fields = Object.entries(changes)
    const set = fields.filter(([, value]) => value !== null)
    const removed = fields.filter(([, value]) => value === null).map(([name]) => `#${name}`)
    const assignments = set.map(([name]) => `#${name} = :${name}`).join(', ')
    const removal = removed.length > 0 ? ` REMOVE ${removed.join(', ')}` : ''
    const update = {
      TableName: this.#table,
      Key: { keyId: read.keyId },
      UpdateExpression: `SET ${assignments}${removal}`,
      ConditionExpression: read.revision === undefined ? NEVER_CHANGED : UNCHANGED,
      ExpressionAttributeNames: Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
        ...(read.revision !== undefined && { ':read': read.revision }),
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    }
    const result = await this.#database.updateWith(update, caused)
    if (!result.conflict) return { changed: true, key: changedBy(read, changes) }
    const found = result.conflict.item as ApiKey | undefined
    // A lost answer makes the retry find its own change.
    if (found?.revision === changes.revision) return { changed: true, key: found }
    return { changed: false, key: found }
  }
}

/** A key that was as it was read when it was changed. */
const changedBy = (read: ApiKey, changes: KeyChanges): ApiKey =>
  Object.fromEntries(
    Object.entries({ ...read, ...changes }).filter(([, value]) => value !== null),
  ) as unknown as ApiKey
