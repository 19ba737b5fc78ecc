import { report } from '../events/report.js'
import type { Caller } from '../http/caller.js'
import { Problem, type ProblemType } from '../http/problem.js'

export interface Limit {
  readonly max: number
  readonly windowMs: number
}

export const RATE_LIMITED: ProblemType = {
  status: 429,
  code: 'RATE_LIMITED',
  title: 'Too many requests',
}

/** Routes that do the same thing, as JSON and as a page, count together. */
export const SIGN_IN_LIMIT = 'sign-in'
export const SIGN_UP_LIMIT = 'sign-up'
export const REFRESH_LIMIT = 'refresh'

/** A refusal with the standard headers (draft-ietf-httpapi-ratelimit-headers, RFC 9110 §10.2.3). */
export function rateLimited({ max }: Limit, resetMs: number): Problem {
  const seconds = String(Math.ceil(resetMs / 1000))
  return new Problem(RATE_LIMITED, {
    headers: {
      'ratelimit-limit': String(max),
      'ratelimit-remaining': '0',
      'ratelimit-reset': seconds,
      'retry-after': seconds,
    },
  })
}

export function logExceeded({ log, route }: Pick<Caller, 'log' | 'route'>): void {
  report(log, 'excess_rate_limit_exceeded', { route })
}
