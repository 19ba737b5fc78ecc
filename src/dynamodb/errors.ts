import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { Problem, storeUnavailable } from '../http/problem.js'

type Item = Record<string, unknown>

/** A condition did not hold. `item` is what stood there instead, where the write asked for ALL_OLD. */
export interface Conflict {
  readonly item: Item | undefined
  /** Of a transaction: each part whose condition did not hold, by its place, and what stood there. */
  readonly failed?: ReadonlyMap<number, Item | undefined>
}

const asItem = (item: Record<string, AttributeValue> | undefined): Item | undefined =>
  item && unmarshall(item)

/**
 * Tells a failed condition, which is an answer, from a failed call, which is an outage.
 * @returns the conflict; anything else is thrown on, store failures as 503.
 */
export function conflictOrThrow(error: unknown): Conflict {
  if (error instanceof ConditionalCheckFailedException) return { item: asItem(error.Item) }
  if (error instanceof TransactionCanceledException) {
    const failed = failedParts(error)
    for (const item of failed.values()) return { item, failed }
  }
  throw asStoreError(error)
}

/** The parts of a transaction that met another's, by their places, of one that was refused for nothing else. */
export function contendedParts(error: unknown): ReadonlySet<number> {
  const cause = error instanceof Problem ? error.extras.cause : undefined
  if (!(cause instanceof TransactionCanceledException) || !isTransient(cause)) return new Set()
  const codes = (cause.CancellationReasons ?? []).map(({ Code = 'None' }) => Code)
  return new Set(codes.flatMap((code, at) => (code === 'None' ? [] : [at])))
}

function failedParts({ CancellationReasons = [] }: TransactionCanceledException) {
  const failed = new Map<number, Item | undefined>()
  for (const [at, { Code, Item }] of CancellationReasons.entries()) {
    if (Code === 'ConditionalCheckFailed') failed.set(at, asItem(Item))
  }
  return failed
}

/** A mistake of ours (400 ValidationException) stays what it is; every other error means that the store is unavailable. */
export function asStoreError(error: unknown): unknown {
  if (error instanceof Problem) return error
  if (error instanceof Error && error.name === 'ValidationException') return error
  return storeUnavailable(error)
}

/** DynamoDB has read a part of what it was asked for, and has no room for the rest. */
export class LeftOver extends Error {
  override readonly name = 'LeftOver'
}

const TRANSIENT = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
])

/**
 * Whether a call that changed nothing may succeed when sent again: the SDK repeats none of these. A write
 * that meets another's transaction is refused, be it plain or a transaction itself.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof TransactionConflictException || error instanceof LeftOver) return true
  if (!(error instanceof TransactionCanceledException)) return false
  const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code ?? 'None')
  return (
    codes.some((code) => TRANSIENT.has(code)) &&
    codes.every((code) => code === 'None' || TRANSIENT.has(code))
  )
}
