import type { paths } from '../client/api.js'

type Answer<Path extends '/api/key' | '/api/key/usage'> =
  paths[Path]['get']['responses'][200]['content']['application/json']

/** What the service says of a key, line by line. */
export function describeKey({ key }: Answer<'/api/key'>): string {
  const { rateLimit, monthlyQuota, allowedCidrs, remaining, secretUntil } = key
  return table([
    ['name', key.name],
    ['key id', key.id],
    ['status', key.status],
    ['scopes', key.scopes.length > 0 ? key.scopes.join(' ') : 'none'],
    ['expires', key.expiresAt ?? 'never'],
    ...(secretUntil === null ? [] : [['secret', `stops at ${secretUntil}`] as const]),
    [
      'rate limit',
      rateLimit
        ? `${rateLimit.limit} calls in ${rateLimit.windowSeconds} seconds${left(remaining.rateLimit)}`
        : 'none',
    ],
    [
      'quota',
      monthlyQuota === null
        ? 'none'
        : `${monthlyQuota} calls a month${left(remaining.monthlyQuota)}`,
    ],
    ['addresses', allowedCidrs?.join(' ') ?? 'any'],
  ])
}

const left = (allowance: { readonly calls: number; readonly resetsAt: string } | null): string =>
  allowance ? `, ${allowance.calls} left until ${allowance.resetsAt}` : ''

/** Calls by day, without the days that had none. */
export function describeUsage({ days }: Answer<'/api/key/usage'>): string {
  const busy = days.filter(({ allowed, limited, forbidden }) => allowed + limited + forbidden > 0)
  if (busy.length === 0) return 'No calls in the last 30 days.'
  const rows = busy.map(({ day, allowed, limited, forbidden }) => [
    day,
    allowed,
    limited,
    forbidden,
  ])
  return [['day', 'allowed', 'limited', 'forbidden'], ...rows]
    .map(([day, ...counts]) =>
      [String(day).padEnd(10), ...counts.map((count) => String(count).padStart(9))].join(' '),
    )
    .join('\n')
}

/** Names and values in two columns. */
export const table = (lines: readonly (readonly [string, string])[]): string =>
  lines.map(([name, value]) => `${name.padEnd(12)} ${value}`).join('\n')
