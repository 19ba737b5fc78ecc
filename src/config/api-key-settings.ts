import { createPublicKey } from 'node:crypto'
import * as Type from 'typebox'
import type { Static } from 'typebox'
import { INTROSPECTION_SCOPE, type ScopeRules } from '../access-tokens/scopes.js'
import { isRateWithin } from '../api-keys/bounds.js'
import { ConfigError } from './environment.js'

/** A rate limit as a setting has it: calls, a slash, seconds. */
const RATE_LIMIT = '^[1-9][0-9]{0,6}/[1-9][0-9]{0,4}$'

/** Every variable that API keys are set by. */
export const API_KEY_VARIABLES = {
  API_KEY_PREFIX: Type.String({
    default: 'lk',
    pattern: '^[a-z][a-z0-9]{1,15}$',
    description: 'First letters of every API key',
  }),
  API_KEY_ENVIRONMENT: Type.String({
    default: 'live',
    pattern: '^[a-z][a-z0-9]{1,15}$',
    description: 'Second part of every API key; a key of another environment is refused unread',
  }),
  API_KEY_SCOPES: Type.String({
    default: 'data:read,data:write,token:introspect',
    pattern: '^[a-z][a-z0-9:._-]*(,[a-z][a-z0-9:._-]*)*$',
    description:
      'Scopes that API keys may have, separated by commas; a key that asks for none gets the first',
  }),
  API_KEY_ADMIN_SCOPES: Type.String({
    default: INTROSPECTION_SCOPE,
    pattern: '^[a-z][a-z0-9:._-]*(,[a-z][a-z0-9:._-]*)*$',
    description:
      'Scopes of `API_KEY_SCOPES` that administrators alone give, separated by commas; `token:introspect` always is one. A key loses them when the administrator who gave them is no longer one',
    examples: ['data:write,token:introspect'],
  }),
  API_KEY_DEFAULT_LIFETIME_DAYS: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 3650,
      description: 'Lifetime of a new key that asks for none; without one, the largest',
    }),
  ),
  API_KEY_MAX_LIFETIME_DAYS: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 3650,
      description:
        'Longest lifetime of a key, from the day that it is set; administrators included. Keys that exist keep theirs',
    }),
  ),
  API_KEY_DEFAULT_RATE_LIMIT: Type.Optional(
    Type.String({
      pattern: RATE_LIMIT,
      description:
        'Rate limit of a new key that asks for none, as calls/seconds; without one, the largest. A key with a rate limit or a quota cannot be swapped for a token',
      examples: ['600/60'],
    }),
  ),
  API_KEY_MAX_RATE_LIMIT: Type.Optional(
    Type.String({
      pattern: RATE_LIMIT,
      description: 'Largest rate limit of a key, likewise, administrators included',
      examples: ['6000/60'],
    }),
  ),
  API_KEY_DEFAULT_MONTHLY_QUOTA: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000_000_000,
      description: 'Calls in a month of a new key that asks for no quota; without one, the largest',
    }),
  ),
  API_KEY_MAX_MONTHLY_QUOTA: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000_000_000,
      description: 'Largest monthly quota of a key, administrators included',
    }),
  ),
  API_KEYS_PER_OWNER: Type.Integer({
    default: 20,
    minimum: 1,
    maximum: 1000,
    description: 'API keys that one user may have',
  }),
  API_KEY_LEAK_ACTION: Type.Enum(['disable', 'rotate'], {
    default: 'disable',
    description:
      'A key that was reported as leaked: `disable` stops it at once, `rotate` ends it after 24 hours',
  }),
  API_KEY_LEAK_PUBLIC_KEY: Type.Optional(
    Type.String({
      description:
        'Public key (PEM, ECDSA P-256) that signs reports to `/api/apikeys/leaked`; without it there is no such route',
    }),
  ),
}

type ApiKeyEnvironment = Static<Type.TObject<typeof API_KEY_VARIABLES>>

/** @throws {ConfigError} for a value that contradicts another, or can't be read. */
export const apiKeySettings = (env: ApiKeyEnvironment) => ({
  keyPrefix: { name: env.API_KEY_PREFIX, environment: env.API_KEY_ENVIRONMENT },
  scopes: parseScopes(env.API_KEY_SCOPES, env.API_KEY_ADMIN_SCOPES),
  policy: keyPolicy(env),
  maxPerOwner: env.API_KEYS_PER_OWNER,
  leaks: parseLeaks(env.API_KEY_LEAK_ACTION, env.API_KEY_LEAK_PUBLIC_KEY),
})

const DAY = 86_400_000
/** As `RateLimit` in `api-keys/schemas.ts`. */
const MOST = { limit: 1_000_000, windowSeconds: 86_400 }

/** What tokens of people carry (`sessions/claims.ts`), by which other APIs tell them from those of keys. */
const SCOPES_OF_PEOPLE = ['user', 'admin']

/** @throws {ConfigError} for a scope of people, and for a reserved one that no key may have. */
function parseScopes(list: string, reservedList: string): ScopeRules {
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

/** @throws {ConfigError} for a default that is larger than the largest. */
function keyPolicy(env: ApiKeyEnvironment) {
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

/** Only a key of the kind that reports are signed with: it must never come to mean another algorithm. */
function parseLeaks(action: 'disable' | 'rotate', pem: string | undefined) {
  if (pem === undefined) return undefined
  try {
    const publicKey = createPublicKey(pem)
    if (publicKey.asymmetricKeyDetails?.namedCurve === 'prime256v1') return { action, publicKey }
  } catch {
    // Not a key at all: the same sentence.
  }
  throw new ConfigError('API_KEY_LEAK_PUBLIC_KEY: must be an ECDSA P-256 public key in PEM.')
}
