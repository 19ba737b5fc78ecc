import { retryAfterOf } from './errors.js'
import type { Platform } from './platform.js'

const ATTEMPTS = 3
const RETRIED: readonly number[] = [409, 503]
/** A longer wait is the caller's to decide on: the error says how long. */
const LONGEST_WAIT_SECONDS = 10

export interface RetryOptions {
  /** @default [409, 503] */
  readonly statuses?: readonly number[]
  readonly signal?: AbortSignal
  /** Asked after each wait. @returns whether sending again has become pointless. */
  readonly isOver?: () => Promise<boolean>
}

/**
 * Sends again what was answered 503, or 409, with a time to wait, after the time that the answer names.
 * @param send must be safe to repeat.
 * @returns the last answer, good or bad.
 */
export async function retried(
  send: () => Promise<Response>,
  { wait }: Platform,
  { statuses = RETRIED, signal, isOver }: RetryOptions = {},
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const response = await send()
    const seconds = statuses.includes(response.status) ? retryAfterOf(response) : undefined
    if (seconds === undefined || seconds > LONGEST_WAIT_SECONDS || attempt === ATTEMPTS) {
      return response
    }
    await wait(seconds * 1000, signal)
    if (await isOver?.()) return response
    await response.body?.cancel()
  }
}
