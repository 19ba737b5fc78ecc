/**
 * The one definition of every table: the local engine creates them from it, and so does the CDK stack.
 * Key attributes are strings. `ttl` holds epoch seconds; DynamoDB deletes days late, so expiry is
 * always checked on read as well.
 */
export interface KeyDefinition {
  readonly partitionKey: string
  readonly sortKey?: string
}

export interface IndexDefinition extends KeyDefinition {
  /**
   * Whether it has nothing but keys: then a write of any other attribute costs nothing there. Otherwise all attributes
   * are projected.
   */
  readonly isOfKeys?: true
}

export interface TableDefinition extends KeyDefinition {
  readonly ttlAttribute?: string
  /** Whether its changes are read as a stream, new images only. */
  readonly hasStream?: true
  /** Global secondary indexes. They list and never decide. */
  readonly indexes?: Readonly<Record<string, IndexDefinition>>
}

export const tables = {
  /**
   * `USER#id` profiles; `EMAIL#address` and `IDENTITY#issuer#subject` reservations that point at them. Profiles alone
   * are in the indexes (`directoryKeys`), of which a sign-in writes no key. `RESTORATION#time` says how far
   * `after-restore` has come (`Runs`).
   */
  users: {
    partitionKey: 'pk',
    indexes: {
      byAddress: { partitionKey: 'directory', sortKey: 'email', isOfKeys: true },
      byCreation: { partitionKey: 'directory', sortKey: 'listedAs', isOfKeys: true },
    },
  },
  /** One item for each session, of any age. */
  refreshTokens: { partitionKey: 'userId', sortKey: 'sessionId', ttlAttribute: 'ttl' },
  /** Keys by their id; `OWNER#id` counts an owner's keys, `USAGE#id#day` a key's calls. */
  apiKeys: {
    partitionKey: 'keyId',
    ttlAttribute: 'ttl',
    indexes: { byOwner: { partitionKey: 'ownerId', sortKey: 'createdAt' } },
  },
  /** Counts, one item a scope, subject and window. */
  rateLimits: { partitionKey: 'key', ttlAttribute: 'ttl' },
  /** What is good once, `kind#digest`, until it expires: a second use finds the first one's mark. */
  tickets: { partitionKey: 'pk', ttlAttribute: 'ttl' },
  /** Apps that sign people in here, by their client ids. */
  clients: { partitionKey: 'clientId' },
  /** Messages to be sent, which the stream hands to the worker; `NOTICES#id` counts those to an account. */
  events: { partitionKey: 'userId', sortKey: 'eventId', ttlAttribute: 'ttl', hasStream: true },
} as const satisfies Record<string, TableDefinition>

export type TableId = keyof typeof tables

/** The deployed name of each table. */
export type TableNames = Readonly<Record<TableId, string>>
