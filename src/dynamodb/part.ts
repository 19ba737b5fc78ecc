import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb'

type Item = Readonly<Record<string, unknown>>

/** A put, update, delete or condition check of a transaction, as DynamoDB takes it. */
export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number]

/** One write of a transaction that several features make together. */
export interface Part {
  readonly item: TransactItem
  /**
   * What it means that the condition of this part does not hold. `omit`: the others are written without it. A
   * function gets the item that stood there, where the part asks for `ALL_OLD`, and returns what the caller of the
   * transaction is told; nothing where the item shows that this very transaction has been made, and only its answer
   * was lost.
   */
  readonly onConflict?: 'omit' | ((found: Item | undefined) => Error | undefined)
  /**
   * Left out where another part is about the same item, which has a condition of its own: a transaction touches an item
   * once.
   */
  readonly givesWay?: true
}
