import { storeUnavailable } from '../http/problem.js'
import { AccountChanged } from './errors.js'

/** Each try that loses to another request reads again what that one has done. */
const ATTEMPTS = 5

/**
 * Tries until an attempt has not lost to another request.
 * @param attempt throws `AccountChanged`, or returns undefined, where what it read had changed before it wrote.
 * @throws {Problem} STORE_UNAVAILABLE.
 */
export async function retryConflicts<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < ATTEMPTS; tries++) {
    const result = await attempt().catch(passOver)
    if (result !== undefined) return result
  }
  throw storeUnavailable(new Error('the account keeps changing'))
}

function passOver(error: unknown): undefined {
  if (!(error instanceof AccountChanged)) throw error
}
