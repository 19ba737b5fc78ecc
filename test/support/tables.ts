import { randomBytes } from 'node:crypto'
import type { TableNames } from '../../src/dynamodb/tables.js'

/** Names of tables that nobody else has. */
export function newTableNames(): TableNames {
  const prefix = randomBytes(4).toString('hex')
  return {
    users: `${prefix}-users`,
    refreshTokens: `${prefix}-refresh-tokens`,
    apiKeys: `${prefix}-api-keys`,
    rateLimits: `${prefix}-rate-limits`,
    tickets: `${prefix}-tickets`,
    events: `${prefix}-events`,
  }
}

/** The variables that say them to a service. */
export const tableVariables = (tables: TableNames) => ({
  USERS_TABLE: tables.users,
  REFRESH_TOKENS_TABLE: tables.refreshTokens,
  API_KEYS_TABLE: tables.apiKeys,
  RATE_LIMITS_TABLE: tables.rateLimits,
  TICKETS_TABLE: tables.tickets,
  EVENTS_TABLE: tables.events,
})
