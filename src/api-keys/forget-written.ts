import type { Database } from '../dynamodb/database.js'
import type { TableNames } from '../dynamodb/tables.js'
import { userOfKey } from '../dynamodb/user-items.js'
import type { ApiKeyVerifier } from './verification/verifier.js'

/** What this instance changes, it knows at once; the others when what they remember is out of date. */
export function forgetWritten(
  verifier: ApiKeyVerifier,
  database: Database,
  tables: Pick<TableNames, 'apiKeys' | 'users'>,
): void {
  database.onWrite(tables.apiKeys, ({ keyId }) => verifier.forget(String(keyId)))
  database.onWrite(tables.users, (key) => {
    const userId = userOfKey(key)
    if (userId !== undefined) verifier.forgetUser(userId)
  })
}
