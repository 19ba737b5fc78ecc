import { retryAfterOf } from './errors.js'
import type { Platform } from './platform.js'

const ATTEMPTS = 3
/** A longer wait is the caller's to decide on: the error says how long. */
const LONGEST_WAIT_SECONDS = 10

/**
 * Sends again what was answered 503, after the time that the answer names.
 * @param send must be safe to repeat.
 * @returns the last answer, whatever it is.
 */
export async function retried(
  send: () => Promise<Response>,
  { wait }: Platform,
  signal?: AbortSignal,
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const response = await send()
    const seconds = response.status === 503 ? retryAfterOf(response) : undefined
    if (seconds === undefined || seconds > LONGEST_WAIT_SECONDS || attempt === ATTEMPTS) {
      return response
    }
    await response.body?.cancel()
    await wait(seconds * 1000, signal)
  }
}
