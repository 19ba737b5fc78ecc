/**
 * The one definition of every table: the local engine creates them from it, and so does the CDK stack.
 * Key attributes are strings. `ttl` holds epoch seconds; DynamoDB deletes days late, so expiry is
 * always checked on read as well.
 */
export interface TableDefinition {
  readonly partitionKey: string
  readonly sortKey?: string
  readonly ttlAttribute?: string
}

export const tables = {
  /** `USER#id` profiles; `EMAIL#address` reservations that point at them. */
  users: { partitionKey: 'pk' },
  /** One item a session, whatever its age. */
  refreshTokens: { partitionKey: 'userId', sortKey: 'sessionId', ttlAttribute: 'ttl' },
  /** One item a scope, subject and window. */
  rateLimits: { partitionKey: 'key', ttlAttribute: 'ttl' },
} as const satisfies Record<string, TableDefinition>

export type TableId = keyof typeof tables

/** The deployed name of each table. */
export type TableNames = Readonly<Record<TableId, string>>
