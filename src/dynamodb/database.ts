import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  DeleteCommand,
  type DeleteCommandInput,
  DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  PutCommand,
  type PutCommandInput,
  type QueryCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb'
import { asStoreError, type Conflict, conflictOrThrow, isTransientCancellation } from './errors.js'

type Item = Record<string, unknown>

/** A write that its condition allowed, or the conflict that stopped it. */
export interface Written {
  readonly conflict?: undefined
  readonly item: Item | undefined
}
export type WriteResult = Written | { readonly conflict: Conflict }

const TRANSACTION_ATTEMPTS = 4

/**
 * DynamoDB as the stores see it: reads are strongly consistent, a failed condition is a result,
 * and every other failure is a `Problem` 503.
 */
export class Database {
  readonly #client: DynamoDBDocumentClient

  constructor(client: DynamoDBClient) {
    const marshallOptions = { removeUndefinedValues: true }
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions })
  }

  async get(table: string, key: Item): Promise<Item | undefined> {
    try {
      const read = new GetCommand({ TableName: table, Key: key, ConsistentRead: true })
      return (await this.#client.send(read)).Item
    } catch (error) {
      throw asStoreError(error)
    }
  }

  /** All pages of a query by partition key. */
  async query(input: Omit<QueryCommandInput, 'ConsistentRead'>): Promise<Item[]> {
    try {
      const pages = paginateQuery({ client: this.#client }, { ...input, ConsistentRead: true })
      const items: Item[] = []
      for await (const page of pages) items.push(...(page.Items ?? []))
      return items
    } catch (error) {
      throw asStoreError(error)
    }
  }

  put(input: PutCommandInput): Promise<WriteResult> {
    return this.#write(() => this.#client.send(new PutCommand(input)))
  }

  update(input: UpdateCommandInput): Promise<WriteResult> {
    return this.#write(() => this.#client.send(new UpdateCommand(input)))
  }

  delete(input: DeleteCommandInput): Promise<WriteResult> {
    return this.#write(() => this.#client.send(new DeleteCommand(input)))
  }

  /** All or nothing. Collisions with another transaction are retried with jitter. */
  transact(input: TransactWriteCommandInput): Promise<WriteResult> {
    return this.#write(async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          await this.#client.send(new TransactWriteCommand(input))
          return {}
        } catch (error) {
          if (attempt === TRANSACTION_ATTEMPTS || !isTransientCancellation(error)) throw error
          await delay(randomInt(25 * 2 ** attempt))
        }
      }
    })
  }

  async #write(send: () => Promise<{ Attributes?: Item | undefined }>): Promise<WriteResult> {
    try {
      return { item: (await send()).Attributes }
    } catch (error) {
      return { conflict: conflictOrThrow(error) }
    }
  }
}
