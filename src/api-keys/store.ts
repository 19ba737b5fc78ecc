import type { Database } from '../dynamodb/database.js'
import type { TableNames } from '../dynamodb/tables.js'
import { type ProfileItem, profileKey } from '../dynamodb/user-items.js'
import { ownerOf } from '../plugins/api-key-format.js'
import type { FoundKey } from '../plugins/api-key-verifier.js'
import type { ApiKey, ApiKeyEvent } from './api-key.js'

const ABSENT = 'attribute_not_exists(keyId)'
const EXISTS = 'attribute_exists(keyId)'
const BELOW_CAP = 'attribute_not_exists(keyCount) OR keyCount < :cap'
const SECRET_UNCHANGED = 'attribute_exists(keyId) AND #hash = :expected'

const ownerKey = (ownerId: string) => ({ keyId: `OWNER#${ownerId}` })

/** A new secret, and how long the old one goes on working. */
export interface SecretRotation {
  readonly hash: string
  readonly previousUntil: number
  readonly events: readonly ApiKeyEvent[]
}

export class ApiKeysStore {
  readonly #database: Database
  readonly #table: string
  readonly #usersTable: string

  constructor(database: Database, { apiKeys, users }: TableNames) {
    this.#database = database
    this.#table = apiKeys
    this.#usersTable = users
  }

  /**
   * Key and count of the owner's keys in one transaction, so that the cap holds under parallel calls.
   * @returns false when the owner has `cap` keys.
   */
  async create(key: ApiKey, cap: number): Promise<boolean> {
    const { conflict } = await this.#database.transact({
      TransactItems: [
        { Put: { TableName: this.#table, Item: { ...key }, ConditionExpression: ABSENT } },
        {
          Update: {
            TableName: this.#table,
            Key: ownerKey(key.ownerId),
            UpdateExpression: 'ADD keyCount :one',
            ConditionExpression: BELOW_CAP,
            ExpressionAttributeValues: { ':one': 1, ':cap': cap },
          },
        },
      ],
    })
    // A lost answer makes the retry find its own key.
    return conflict === undefined || (await this.find(key.keyId))?.hash === key.hash
  }

  /** @returns false when there was no such key. */
  async delete({ keyId, ownerId }: ApiKey): Promise<boolean> {
    const { conflict } = await this.#database.transact({
      TransactItems: [
        { Delete: { TableName: this.#table, Key: { keyId }, ConditionExpression: EXISTS } },
        {
          Update: {
            TableName: this.#table,
            Key: ownerKey(ownerId),
            UpdateExpression: 'ADD keyCount :minus',
            ExpressionAttributeValues: { ':minus': -1 },
          },
        },
      ],
    })
    return conflict === undefined
  }

  async find(keyId: string): Promise<ApiKey | undefined> {
    return (await this.#database.get(this.#table, { keyId })) as ApiKey | undefined
  }

  /** Key and owner in one round trip: a disabled owner takes all keys along without a sweep. */
  async findWithOwner(keyId: string): Promise<FoundKey | undefined> {
    const ownerId = ownerOf(keyId)
    if (ownerId === undefined) return undefined
    const found = await this.#database.getEach({
      [this.#table]: { keyId },
      [this.#usersTable]: profileKey(ownerId),
    })
    const record = found[this.#table] as ApiKey | undefined
    const owner = found[this.#usersTable] as ProfileItem | undefined
    return record && { record, ownerActive: owner?.status === 'active' }
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

  /** Sets what has a value and removes what is null. @returns the key after it; undefined for none. */
  async update(
    keyId: string,
    changes: Readonly<Record<string, unknown>>,
  ): Promise<ApiKey | undefined> {
    const names = Object.keys(changes)
    const removed = names.filter((name) => changes[name] === null)
    const set = names.filter((name) => changes[name] !== null)
    const assignments = set.map((name) => `#${name} = :${name}`).join(', ')
    const removal =
      removed.length > 0 ? ` REMOVE ${removed.map((name) => `#${name}`).join(', ')}` : ''
    const { item } = (await this.#database.update({
      TableName: this.#table,
      Key: { keyId },
      UpdateExpression: `SET ${assignments}${removal}`,
      ConditionExpression: EXISTS,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(set.map((name) => [`:${name}`, changes[name]])),
      ReturnValues: 'ALL_NEW',
    })) as { item?: ApiKey }
    return item
  }

  /** @returns undefined when the key is gone or was rotated meanwhile. */
  async rotate(key: ApiKey, rotation: SecretRotation): Promise<ApiKey | undefined> {
    const { item } = (await this.#database.update({
      TableName: this.#table,
      Key: { keyId: key.keyId },
      UpdateExpression:
        'SET #hash = :hash, previousHash = :expected, previousUntil = :until, events = :events' +
        ' REMOVE secretUntil',
      ConditionExpression: SECRET_UNCHANGED,
      ExpressionAttributeNames: { '#hash': 'hash' },
      ExpressionAttributeValues: {
        ':hash': rotation.hash,
        ':expected': key.hash,
        ':until': rotation.previousUntil,
        ':events': rotation.events,
      },
      ReturnValues: 'ALL_NEW',
    })) as { item?: ApiKey }
    return item
  }
}
