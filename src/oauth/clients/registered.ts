import type { Database } from '../../dynamodb/database.js'
import type { Part } from '../../dynamodb/part.js'
import { Problem } from '../../http/problem.js'
import type { SuspendedReason } from '../../lib/suspension.js'
import type { AppClient, ClientSecret } from './client.js'
import { CLIENT_NOT_FOUND, TOO_MANY_CLIENTS } from './errors.js'

const ABSENT = 'attribute_not_exists(clientId)'
const EXISTS = 'attribute_exists(clientId)'
const NOT_SUSPENDED = `${EXISTS} AND attribute_not_exists(suspendedReason)`
const BELOW_CAP = 'attribute_not_exists(clientIds) OR size(clientIds) < :cap'
const SAME_SECRET = 'secrets[0].#hash = :hash'

/** What one read of a list takes. */
const MAX_CLIENTS = 100

/** Knows the ids of all others. */
const LIST = { clientId: 'LIST' }

/** What is set, and as null what is taken away. */
export type StoredChanges = { readonly [K in keyof AppClient]?: AppClient[K] | null | undefined }

/** The apps that administrators have registered: how they are listed and written. */
export class RegisteredClients {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, table: string) {
    this.#database = database
    this.#table = table
  }

  async find(clientId: string): Promise<AppClient | undefined> {
    return (await this.#database.get(this.#table, { clientId })) as AppClient | undefined
  }

  async list(): Promise<AppClient[]> {
    const { clientIds = [] } = (await this.#database.get(this.#table, LIST)) ?? {}
    const keys = [...(clientIds as Iterable<string>)].map((clientId) => ({ clientId }))
    if (keys.length === 0) return []
    return (await this.#database.getMany(this.#table, keys)) as unknown as AppClient[]
  }

  /**
   * @param alongside is written in the same transaction, as below.
   * @throws {Problem} TOO_MANY_CLIENTS.
   */
  async create(client: AppClient, alongside: readonly Part[]): Promise<void> {
    await this.#database.writeTogether([
      {
        item: { Put: { TableName: this.#table, Item: { ...client }, ConditionExpression: ABSENT } },
        // Its id is random: what stands there is this very app, and the answer was lost.
        onConflict: () => undefined,
      },
      {
        item: {
          Update: {
            TableName: this.#table,
            Key: LIST,
            UpdateExpression: 'ADD clientIds :ids',
            ConditionExpression: BELOW_CAP,
            ExpressionAttributeValues: { ':ids': new Set([client.clientId]), ':cap': MAX_CLIENTS },
          },
        },
        onConflict: () => new Problem(TOO_MANY_CLIENTS),
      },
      ...alongside,
    ])
  }

  /** @throws {Problem} CLIENT_NOT_FOUND. */
  async change(clientId: string, changes: StoredChanges, alongside: readonly Part[]) {
    const entries = Object.entries(changes).filter(([, value]) => value !== undefined)
    const set = entries.filter(([, value]) => value !== null)
    const taken = entries.filter(([, value]) => value === null)
    const clause = (word: string, parts: string[]) =>
      parts.length === 0 ? [] : [`${word} ${parts.join(', ')}`]
    const UpdateExpression = [
      ...clause(
        'SET',
        set.map(([name]) => `#${name} = :${name}`),
      ),
      ...clause(
        'REMOVE',
        taken.map(([name]) => `#${name}`),
      ),
    ].join(' ')
    await this.#database.writeTogether([
      {
        item: {
          Update: {
            TableName: this.#table,
            Key: { clientId },
            UpdateExpression,
            ConditionExpression: EXISTS,
            ExpressionAttributeNames: Object.fromEntries(
              entries.map(([name]) => [`#${name}`, name]),
            ),
            ...(set.length > 0 && {
              ExpressionAttributeValues: Object.fromEntries(
                set.map(([name, value]) => [`:${name}`, value]),
              ),
            }),
          },
        },
        onConflict: () => new Problem(CLIENT_NOT_FOUND),
      },
      ...alongside,
    ])
  }

  /** What was removed or suspended meanwhile stays as it is, and `alongside` is not written. */
  async suspend(clientId: string, reason: SuspendedReason, alongside: readonly Part[]) {
    await this.#database.writeTogether([
      {
        item: {
          Update: {
            TableName: this.#table,
            Key: { clientId },
            UpdateExpression: 'SET suspendedReason = :reason',
            ConditionExpression: NOT_SUSPENDED,
            ExpressionAttributeValues: { ':reason': reason },
          },
        },
        onConflict: () => undefined,
      },
      ...alongside,
    ])
  }

  /**
   * @param read the newest of the secrets that the new ones were made from.
   * @throws {Problem} CLIENT_NOT_FOUND where the app is gone, or has a newer one.
   */
  async changeSecrets(
    clientId: string,
    read: ClientSecret | undefined,
    secrets: readonly ClientSecret[],
    alongside: readonly Part[],
  ): Promise<void> {
    await this.#database.writeTogether([
      {
        item: {
          Update: {
            TableName: this.#table,
            Key: { clientId },
            UpdateExpression: 'SET secrets = :secrets',
            ConditionExpression: SAME_SECRET,
            ExpressionAttributeNames: { '#hash': 'hash' },
            ExpressionAttributeValues: { ':secrets': secrets, ':hash': read?.hash ?? '' },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        },
        onConflict: (found) => {
          const [newest] = (found as AppClient | undefined)?.secrets ?? []
          // This very rotation was made, and its answer was lost.
          return newest?.hash === secrets[0]?.hash ? undefined : new Problem(CLIENT_NOT_FOUND)
        },
      },
      ...alongside,
    ])
  }

  /** @throws {Problem} CLIENT_NOT_FOUND. */
  async remove(clientId: string, alongside: readonly Part[]): Promise<void> {
    await this.#database.writeTogether([
      {
        item: {
          Delete: { TableName: this.#table, Key: { clientId }, ConditionExpression: EXISTS },
        },
        onConflict: () => new Problem(CLIENT_NOT_FOUND),
      },
      {
        item: {
          Update: {
            TableName: this.#table,
            Key: LIST,
            UpdateExpression: 'DELETE clientIds :ids',
            ExpressionAttributeValues: { ':ids': new Set([clientId]) },
          },
        },
      },
      ...alongside,
    ])
  }
}
