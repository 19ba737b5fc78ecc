import type { TableId } from '../../src/dynamodb/tables.js'

export type Action =
  | 'BatchGetItem'
  | 'ConditionCheckItem'
  | 'DeleteItem'
  | 'GetItem'
  | 'PutItem'
  | 'Query'
  | 'Scan'
  | 'UpdateItem'

export type Actions = Readonly<Partial<Record<TableId, readonly Action[]>>>

/**
 * What the stores of the app do to each table, and nothing beside it: the whole suite runs under these
 * (`test/support/policy.ts`), and fails where one of them is never used.
 */
export const APP_ACTIONS: Actions = {
  users: ['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'],
  refreshTokens: ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
  apiKeys: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'],
  rateLimits: ['GetItem', 'UpdateItem'],
  tickets: ['GetItem', 'PutItem', 'UpdateItem'],
  events: ['PutItem'],
}

/** Indexes that it queries. */
export const APP_INDEXES: Readonly<Partial<Record<TableId, readonly string[]>>> = {
  apiKeys: ['byOwner'],
}

/** An authorizer reads a key and its owner in one round trip. */
export const AUTHORIZER_ACTIONS: Actions = {
  users: ['BatchGetItem', 'GetItem'],
  apiKeys: ['BatchGetItem', 'GetItem'],
}

/** What sends mail claims a message, which reads it too, and marks it. */
export const WORKER_ACTIONS: Actions = {
  events: ['UpdateItem'],
}

/** What the command line for administrators does (`src/entry/admin.ts`). */
export const ADMIN_ACTIONS: Actions = {
  users: ['DeleteItem', 'GetItem', 'PutItem', 'Scan', 'UpdateItem'],
  refreshTokens: ['Query'],
  events: ['PutItem'],
  tickets: ['PutItem'],
}
