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
  refreshTokens: [
    'BatchGetItem',
    'ConditionCheckItem',
    'DeleteItem',
    'GetItem',
    'PutItem',
    'Query',
    'UpdateItem',
  ],
  apiKeys: ['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'],
  rateLimits: ['GetItem', 'UpdateItem'],
  tickets: ['DeleteItem', 'GetItem', 'PutItem', 'Scan', 'UpdateItem'],
  clients: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'],
  events: ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
}

type Indexes = Readonly<Partial<Record<TableId, readonly string[]>>>

/** Indexes that it queries, and the command line too. */
export const INDEXES: Indexes = {
  apiKeys: ['byOwner'],
  users: ['byAddress', 'byCreation'],
}

/** An authorizer reads a key and its owner in one round trip. */
export const AUTHORIZER_ACTIONS: Actions = {
  users: ['BatchGetItem', 'GetItem'],
  apiKeys: ['BatchGetItem', 'GetItem'],
}

/** What sends mail claims a message, which reads it too, and marks it. */
export const WORKER_ACTIONS: Actions = {
  events: ['DeleteItem', 'GetItem', 'UpdateItem'],
}

/** What sends events numbers each, and reads it. */
export const EVENT_WORKER_ACTIONS: Actions = {
  events: ['BatchGetItem', 'UpdateItem'],
}

/** What the command line for administrators does (`src/entry/admin.ts`). */
export const ADMIN_ACTIONS: Actions = {
  users: [
    'BatchGetItem',
    'ConditionCheckItem',
    'DeleteItem',
    'GetItem',
    'PutItem',
    'Scan',
    'UpdateItem',
  ],
  refreshTokens: ['DeleteItem', 'Query'],
  apiKeys: ['BatchGetItem', 'DeleteItem', 'GetItem', 'Scan', 'UpdateItem'],
  events: ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'],
  tickets: ['DeleteItem', 'PutItem', 'Scan'],
  clients: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Scan', 'UpdateItem'],
}
