import { INTROSPECTION_SCOPE, type ScopeRules } from '../access-tokens/scopes.js'
import { isRateWithin } from '../api-keys/bounds.js'
import { ConfigError } from './environment.js'

/** A rate limit as a setting has it: calls, a slash, seconds. */
export const RATE_LIMIT = '^[1-9][0-9]{0,6}/[1-9][0-9]{0,4}$'

const DAY = 86_400_000
/** As `RateLimit` in `api-keys/schemas.ts`. */
const MOST = { limit: 1_000_000, windowSeconds: 86_400 }

/** What tokens of people carry (`sessions/claims.ts`), by which other APIs tell them from those of keys. */
const SCOPES_OF_PEOPLE = ['user', 'admin']

/** @throws {ConfigError} for a scope of people, and for a reserved one that no key may have. */
export function parseScopes(list: string, reservedList: string): ScopeRules {
  const all = list.split(',')
  const taken = all.find((scope) => SCOPES_OF_PEOPLE.includes(scope))
  if (taken !== undefined) {
    throw new ConfigError(`API_KEY_SCOPES: must not have ${taken}, which says that a person calls.`)
  }
  const reserved = new Set([...reservedList.split(','), INTROSPECTION_SCOPE])
  const unknown = [...reserved].find(
    (scope) => scope !== INTROSPECTION_SCOPE && !all.includes(scope),
  )
  if (unknown !== undefined) {
    throw new ConfigError(`API_KEY_ADMIN_SCOPES: ${unknown} is not among API_KEY_SCOPES.`)
  }
  return { all, reserved }
}

/** The settings of the limits of keys. */
export interface KeyPolicySettings {
  readonly API_KEY_DEFAULT_LIFETIME_DAYS?: number
  readonly API_KEY_MAX_LIFETIME_DAYS?: number
  readonly API_KEY_DEFAULT_RATE_LIMIT?: string
  readonly API_KEY_MAX_RATE_LIMIT?: string
  readonly API_KEY_DEFAULT_MONTHLY_QUOTA?: number
  readonly API_KEY_MAX_MONTHLY_QUOTA?: number
}

/** @throws {ConfigError} for a default that is larger than the largest. */
export function keyPolicy(env: KeyPolicySettings) {
  const { API_KEY_DEFAULT_LIFETIME_DAYS: days, API_KEY_MAX_LIFETIME_DAYS: mostDays } = env
  const { API_KEY_DEFAULT_MONTHLY_QUOTA: quota, API_KEY_MAX_MONTHLY_QUOTA: mostQuota } = env
  const rate = parseRateLimit('API_KEY_DEFAULT_RATE_LIMIT', env.API_KEY_DEFAULT_RATE_LIMIT)
  const mostRate = parseRateLimit('API_KEY_MAX_RATE_LIMIT', env.API_KEY_MAX_RATE_LIMIT)
  assertWithin('LIFETIME_DAYS', days, mostDays)
  assertWithin('MONTHLY_QUOTA', quota, mostQuota)
  if (rate && !isRateWithin(rate, mostRate)) throw tooLarge('RATE_LIMIT')
  return {
    lifetimeMs: { default: inMs(days), most: inMs(mostDays) },
    rateLimit: { default: rate, most: mostRate },
    monthlyQuota: { default: quota, most: mostQuota },
  }
}

const inMs = (days: number | undefined) => (days === undefined ? undefined : days * DAY)

function parseRateLimit(name: string, value: string | undefined) {
  if (value === undefined) return undefined
  const [limit = 0, windowSeconds = 0] = value.split('/').map(Number)
  if (limit > MOST.limit || windowSeconds > MOST.windowSeconds) {
    throw new ConfigError(
      `${name}: must be at most ${MOST.limit} calls in at most ${MOST.windowSeconds} seconds.`,
    )
  }
  return { limit, windowSeconds }
}

function assertWithin(what: string, value = 0, most = Infinity): void {
  if (value > most) throw tooLarge(what)
}

const tooLarge = (what: string) =>
  new ConfigError(`API_KEY_DEFAULT_${what}: must not be larger than API_KEY_MAX_${what}.`)
