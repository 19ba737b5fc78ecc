import { report } from '../events/report.js'
import type { Caller } from '../http/caller.js'
import { isOutage, Problem, type ProblemType } from '../http/problem.js'
import type { AddressPermit, AddressPermits } from './address-permits.js'

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
export const MAIL_SIGN_IN_LIMIT = 'sign-in-mail'
export const SIGN_UP_LIMIT = 'sign-up'
export const FORGOT_LIMIT = 'password-forgot'
export const RESET_LIMIT = 'password-reset'
export const ADDRESS_CHANGE_LIMIT = 'address-change'
export const ADDRESS_UNDO_LIMIT = 'address-undo'
export const FACTORS_REMOVAL_LIMIT = 'factors-removal'
export const INVITATION_LIMIT = 'invitation'
export const VERIFICATION_LIMIT = 'verification'

export interface AddressLimitsOptions {
  readonly permits: AddressPermits
  /** What one address may ask of a route in a window, where the route says nothing else. */
  readonly limit: Limit
  /** What happens when the counter cannot be reached: refuse with 503, or let the request on. */
  readonly allowOnOutage: boolean
}

/** The limits by address of groups of routes, where only what a request holds shows that it belongs to one. */
export class AddressLimits {
  readonly #options: AddressLimitsOptions

  constructor(options: AddressLimitsOptions) {
    this.#options = options
  }

  /**
   * Counts a request with those of the routes of a group.
   * @throws {Problem} RATE_LIMITED, or STORE_UNAVAILABLE by the configured policy.
   */
  async count(caller: Caller, groupId: string): Promise<void> {
    const { limit } = this.#options
    // `@fastify/rate-limit` puts the group behind the key that it hands to the store.
    const permit = await this.#take(`${groupId}#${caller.address}${groupId}`)
    if (!permit || permit.granted) return
    logExceeded(caller)
    throw rateLimited(limit, permit.resetMs)
  }

  async #take(subject: string): Promise<AddressPermit | undefined> {
    const { permits, limit, allowOnOutage } = this.#options
    try {
      return await permits.take(subject, limit)
    } catch (error) {
      if (allowOnOutage && isOutage(error)) return undefined
      throw error
    }
  }
}

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
