import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  BatchGetCommand,
  type BatchGetCommandInput,
  DeleteCommand,
  type DeleteCommandInput,
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb'
import { storeUnavailable } from '../http/problem.js'
import { documentsOf } from './documents.js'
import {
  asStoreError,
  type Conflict,
  conflictOrThrow,
  contendedParts,
  isTransient,
  LeftOver,
} from './errors.js'
import type { Part } from './part.js'
import { type Backoff, repeated, systemBackoff } from './repeated.js'

type Item = Record<string, unknown>

/** Gets the key of each item that a write has touched; of a put, the whole item. */
export type WriteListener = (key: Readonly<Item>) => void

/** What a page of a query has. */
export interface QueryPage {
  readonly items: Item[]
  readonly count: number
  readonly next: Item | undefined
}

/** A write that its condition allowed, or the conflict that stopped it. */
export interface Written {
  readonly conflict?: undefined
  readonly item: Item | undefined
}
export type WriteResult = Written | { readonly conflict: Conflict }

/**
 * DynamoDB as the stores see it: reads are strongly consistent, a failed condition is a result, what has
 * met another's transaction or was left over is retried, and every other failure is a `Problem` 503.
 */
export class Database {
  readonly #client: DynamoDBDocumentClient
  readonly #backoff: Backoff
  readonly #listeners = new Map<string, WriteListener[]>()

  constructor(client: DynamoDBClient, backoff: Backoff = systemBackoff) {
    this.#client = documentsOf(client)
    this.#backoff = backoff
  }

  /**
   * Tells a memory of a table's items which of them to forget, so that no caller of a write has to know the
   * memories. A write is told when it has ended, whether it succeeded or not: it may have been made although
   * its answer was lost.
   */
  onWrite(table: string, listener: WriteListener): void {
    this.#listeners.set(table, [...(this.#listeners.get(table) ?? []), listener])
  }

  async get(table: string, key: Item): Promise<Item | undefined> {
    try {
      const read = new GetCommand({ TableName: table, Key: key, ConsistentRead: true })
      return (await this.#client.send(read)).Item
    } catch (error) {
      throw asStoreError(error)
    }
  }

  /** One item of each of several tables in one round trip. */
  async getEach(keys: Readonly<Record<string, Item>>): Promise<Record<string, Item | undefined>> {
    const tables = Object.entries(keys)
    const found = await this.#batchGet(
      Object.fromEntries(tables.map(([table, key]) => [table, [key]])),
    )
    return Object.fromEntries(tables.map(([table]) => [table, found[table]?.[0]]))
  }

  /** Up to 100 items of one table in one round trip, in no order; those that are missing are left out. */
  async getMany(table: string, keys: readonly Item[]): Promise<Item[]> {
    return (await this.#batchGet({ [table]: keys }))[table] ?? []
  }

  async #batchGet(
    keys: Readonly<Record<string, readonly Item[]>>,
  ): Promise<Record<string, Item[]>> {
    const requests = Object.entries(keys).map(([table, of]): [string, object] => [
      table,
      { Keys: of, ConsistentRead: true },
    ])
    const found: Record<string, Item[]> = {}
    let left = Object.fromEntries(requests) as BatchGetCommandInput['RequestItems']
    const readOn = async () => {
      const read = new BatchGetCommand({ RequestItems: left })
      const { Responses = {}, UnprocessedKeys = {} } = await this.#client.send(read)
      for (const [table, items] of Object.entries(Responses)) (found[table] ??= []).push(...items)
      left = UnprocessedKeys
      if (Object.keys(left).length > 0) throw new LeftOver()
    }
    try {
      await repeated(readOn, isTransient, this.#backoff)
      return found
    } catch (error) {
      throw asStoreError(error)
    }
  }

  /**
   * One page of a query by partition key; through a global secondary index it may lag: to list, never to decide.
   * @returns its items, how many it has, and where the next one starts, if there may be one.
   */
  async queryPage(input: Omit<QueryCommandInput, 'ConsistentRead'>): Promise<QueryPage> {
    try {
      const read = new QueryCommand({ ...input, ConsistentRead: input.IndexName === undefined })
      const { Items = [], Count = 0, LastEvaluatedKey } = await this.#client.send(read)
      return { items: Items, count: Count, next: LastEvaluatedKey }
    } catch (error) {
      throw asStoreError(error)
    }
  }

  /** All pages of a query by partition key. */
  query(input: Omit<QueryCommandInput, 'ConsistentRead'>): Promise<Item[]> {
    return this.#query({ ...input, ConsistentRead: true })
  }

  /** The same through a global secondary index, which may lag: to list, never to decide. */
  queryIndex(input: QueryCommandInput & { IndexName: string }): Promise<Item[]> {
    return this.#query(input)
  }

  async #query(input: QueryCommandInput): Promise<Item[]> {
    try {
      const pages = paginateQuery({ client: this.#client }, input)
      const items: Item[] = []
      for await (const page of pages) items.push(...(page.Items ?? []))
      return items
    } catch (error) {
      throw asStoreError(error)
    }
  }

  put(input: PutCommandInput): Promise<WriteResult> {
    return this.#write([input], () => this.#client.send(new PutCommand(input)))
  }

  update(input: UpdateCommandInput): Promise<WriteResult> {
    return this.#write([input], () => this.#client.send(new UpdateCommand(input)))
  }

  /**
   * An update, and in the same transaction what it is the cause of: parts without a condition. An update alone costs
   * half as much, and alone tells what it has written.
   */
  updateWith(input: Update, caused: readonly Part[]): Promise<WriteResult> {
    if (caused.length === 0) return this.update(input)
    const Update = { ...input }
    delete Update.ReturnValues
    return this.transact({ TransactItems: [{ Update }, ...caused.map(({ item }) => item)] })
  }

  delete(input: DeleteCommandInput): Promise<WriteResult> {
    return this.#write([input], () => this.#client.send(new DeleteCommand(input)))
  }

  /** A delete, and in the same transaction what it is the cause of: parts without a condition. */
  deleteWith(Delete: DeleteCommandInput, caused: readonly Part[]): Promise<WriteResult> {
    return this.transact({ TransactItems: [{ Delete }, ...caused.map(({ item }) => item)] })
  }

  /** All or nothing. */
  transact(input: TransactWriteCommandInput): Promise<WriteResult> {
    const writes = (input.TransactItems ?? []).flatMap(({ Put, Update, Delete }) =>
      [Put, Update, Delete].filter((write) => write !== undefined),
    )
    return this.#transact(input, writes)
  }

  /** The same for writes of what nothing remembers, such as a statistic beside the settings of an item. */
  transactUntold(input: TransactWriteCommandInput): Promise<WriteResult> {
    return this.#transact(input, [])
  }

  #transact(input: TransactWriteCommandInput, writes: readonly Write[]): Promise<WriteResult> {
    return this.#write(writes, async () => {
      await this.#client.send(new TransactWriteCommand(input))
      return {}
    })
  }

  /**
   * The parts of several features, all or nothing; one alone costs half of what it does in a transaction. A part that
   * may be left out is, where it meets others' transactions again and again.
   * @throws what the part says whose condition does not hold.
   */
  async writeTogether(parts: readonly Part[]): Promise<void> {
    const written = parts.filter((part) => !part.givesWay || isAlone(part, parts))
    const without = (places: { has(at: number): boolean }): readonly Part[] => {
      const omitted = written.filter(
        ({ onConflict }, at) => places.has(at) && onConflict === 'omit',
      )
      return parts.filter((part) => !omitted.includes(part))
    }
    let conflict: Conflict | undefined
    try {
      conflict = await this.#conflictOf(written)
    } catch (error) {
      const left = without(contendedParts(error))
      if (left.length === parts.length) throw error
      return this.writeTogether(left)
    }
    if (!conflict) return
    const { failed = new Map([[0, conflict.item]]) } = conflict
    for (const [at, found] of failed) {
      const { onConflict } = written[at] ?? {}
      if (onConflict === 'omit') continue
      const refusal = onConflict
        ? onConflict(found)
        : storeUnavailable(new Error('an unforeseen conflict'))
      if (refusal) throw refusal
      return
    }
    await this.writeTogether(without(failed))
  }

  async #conflictOf(parts: readonly Part[]): Promise<Conflict | undefined> {
    const TransactItems = parts.map(({ item }) => item)
    const alone = parts.length === 1 ? TransactItems[0]?.Put : undefined
    return (await (alone ? this.put(alone) : this.transact({ TransactItems }))).conflict
  }

  async #write(
    writes: readonly Write[],
    send: () => Promise<{ Attributes?: Item | undefined }>,
  ): Promise<WriteResult> {
    try {
      return { item: (await repeated(send, isTransient, this.#backoff)).Attributes }
    } catch (error) {
      return { conflict: conflictOrThrow(error) }
    } finally {
      for (const write of writes) this.#tell(write)
    }
  }

  #tell({ TableName = '', Key, Item }: Write): void {
    for (const listener of this.#listeners.get(TableName) ?? []) listener(Key ?? Item ?? {})
  }
}

/** Whether no other part of a transaction is about the same item. */
function isAlone(part: Part, parts: readonly Part[]): boolean {
  const { TableName, Key = {} } = writeOf(part)
  const attributes = Object.entries(Key)
  return !parts.some((other) => {
    const { TableName: table, Key: key, Item = key } = writeOf(other)
    return (
      other !== part && table === TableName && attributes.every(([name, of]) => Item?.[name] === of)
    )
  })
}

function writeOf({ item: { Put, Update, Delete, ConditionCheck } }: Part): Partial<Write> {
  return Put ?? Update ?? Delete ?? ConditionCheck ?? {}
}

/** An update as a transaction takes it too. */
type Update = UpdateCommandInput & { readonly UpdateExpression: string }

/** Where a put, an update or a delete goes. */
interface Write {
  readonly TableName: string | undefined
  readonly Key?: Item | undefined
  readonly Item?: Item | undefined
}
