import type { Clock } from '../lib/clock.js'
import { digest } from '../lib/digest.js'
import { QUOTA_EXCEEDED } from './verification/errors.js'
import type { ApiKeyRecord } from './verification/record.js'
import { RATE_LIMITED } from '../limits/by-address.js'
import { Problem, type ProblemType } from '../http/problem.js'
import type { PermitLeases, PermitWindow } from '../limits/permit-leases.js'

type Headers = Readonly<Record<string, string>>

/** Calls that are left at least, and when the count begins again, milliseconds since the epoch. */
export interface Allowance {
  readonly calls: number
  readonly resetsAt: number
}

/** Null for a limit that the key does not have. */
export type Remaining = Readonly<Record<'rateLimit' | 'monthlyQuota', Allowance | null>>

/** The limits of keys: calls in a window, and a quota by the calendar month (UTC). */
export class KeyLimits {
  readonly #leases: PermitLeases
  readonly #clock: Clock

  constructor(leases: PermitLeases, clock: Clock) {
    this.#leases = leases
    this.#clock = clock
  }

  /**
   * Takes a permit of each limit that the key has.
   * @returns what is left, in `RateLimit-*`: of the window if there is one, else of the month; undefined for a key
   * without limits.
   * @throws {Problem} RATE_LIMITED, QUOTA_EXCEEDED; neither uses the other limit up.
   */
  admit(key: ApiKeyRecord): Promise<Headers> | undefined {
    const rate = rateWindow(key, this.#clock())
    const quota = quotaWindow(key, this.#clock())
    if (quota) return this.#admitWithin(quota, rate)
    return rate && this.#take(rate, RATE_LIMITED)
  }

  async #admitWithin(quota: PermitWindow, rate: PermitWindow | undefined): Promise<Headers> {
    const rateHeaders = rate && (await this.#take(rate, RATE_LIMITED))
    try {
      const quotaHeaders = await this.#take(quota, QUOTA_EXCEEDED)
      return rateHeaders ?? quotaHeaders
    } catch (error) {
      if (rate) this.#leases.putBack(rate)
      throw error
    }
  }

  /** What is left of each limit that the key has, without taking any of it. */
  async remaining(key: ApiKeyRecord): Promise<Remaining> {
    const now = this.#clock()
    const [rateLimit, monthlyQuota] = await Promise.all(
      [rateWindow(key, now), quotaWindow(key, now)].map(async (window) =>
        window ? { calls: await this.#leases.peek(window), resetsAt: window.endsAt } : null,
      ),
    )
    return { rateLimit: rateLimit ?? null, monthlyQuota: monthlyQuota ?? null }
  }

  async #take(window: PermitWindow, refusal: ProblemType): Promise<Headers> {
    const { granted, remaining } = await this.#leases.take(window)
    const seconds = String(Math.ceil((window.endsAt - this.#clock()) / 1000))
    const headers = {
      'ratelimit-limit': String(window.limit),
      'ratelimit-remaining': String(remaining),
      'ratelimit-reset': seconds,
    }
    if (granted) return headers
    throw new Problem(refusal, { headers: { ...headers, 'retry-after': seconds } })
  }
}

function rateWindow({ keyId, rateLimit }: ApiKeyRecord, now: number): PermitWindow | undefined {
  if (!rateLimit) return undefined
  const { limit, windowSeconds } = rateLimit
  const number = Math.floor(now / (windowSeconds * 1000))
  const endsAt = (number + 1) * windowSeconds * 1000
  return { key: `key#${digest(keyId)}#${limit}#${windowSeconds}#${number}`, limit, endsAt }
}

function quotaWindow({ keyId, monthlyQuota }: ApiKeyRecord, now: number): PermitWindow | undefined {
  if (monthlyQuota === undefined) return undefined
  const date = new Date(now)
  const endsAt = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)
  return {
    key: `quota#${digest(keyId)}#${date.toISOString().slice(0, 7)}`,
    limit: monthlyQuota,
    endsAt,
  }
}
