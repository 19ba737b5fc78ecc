import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { APP_ACTIONS, INDEXES } from '../../infra/permissions/table-actions.js'
import type { TableNames } from '../../src/dynamodb/tables.js'
import { record } from './transcript.js'

/** Whatever of a request says which tables it is about. */
interface Input {
  readonly TableName?: string
  readonly IndexName?: string
  readonly RequestItems?: object
  readonly TransactItems?: readonly Readonly<Record<string, { readonly TableName: string }>>[]
}

const nameOf = (action: string, table: string, index?: string): string =>
  `${action} ${table}${index === undefined ? '' : `/${index}`}`

/** All that the policy of the app's function allows. */
export const ALLOWED: ReadonlySet<string> = new Set([
  ...Object.entries(APP_ACTIONS).flatMap(([table, actions]) =>
    actions.map((action) => nameOf(action, table)),
  ),
  ...Object.entries(INDEXES).flatMap(([table, indexes]) =>
    indexes.map((index) => nameOf('Query', table, index)),
  ),
])

/**
 * Refuses a client what the deployed function is not allowed, as DynamoDB would, and writes down what it
 * does. A transaction needs the permission of each of its parts.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export function enforcePolicy(client: DynamoDBClient, tables: TableNames): void {
  const ids = new Map(Object.entries(tables).map(([id, name]) => [name, id]))
  const known = new Set<string>()
  client.middlewareStack.add(
    (next, context) => (args) => {
      const operation = String(context.commandName).replace('Command', '')
      for (const name of actionsOf(operation, args.input as Input, ids)) {
        if (!ALLOWED.has(name)) {
          throw Object.assign(new Error(`not authorized: ${name}`), {
            name: 'AccessDeniedException',
          })
        }
        if (!known.has(name)) record({ kind: 'action', name })
        known.add(name)
      }
      return next(args)
    },
    { step: 'initialize', name: 'enforcePolicy' },
  )
}

function actionsOf(operation: string, input: Input, ids: ReadonlyMap<string, string>): string[] {
  const idOf = (name: string) => ids.get(name) ?? name
  const { TableName, IndexName, RequestItems, TransactItems } = input
  if (TransactItems) {
    return TransactItems.flatMap((item) =>
      Object.entries(item).map(([part, { TableName: table }]) =>
        nameOf(`${part}Item`, idOf(table)),
      ),
    )
  }
  if (RequestItems) return Object.keys(RequestItems).map((table) => nameOf(operation, idOf(table)))
  return [nameOf(operation, idOf(TableName ?? ''), IndexName)]
}
