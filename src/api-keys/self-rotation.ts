import { sameHash } from './verification/format.js'
import type { ApiKey } from './api-key.js'

/** How long a secret may rotate its key again after an answer that was lost, milliseconds. */
const LOST_ANSWER_MS = 10 * 60_000

/**
 * Whether a good secret of a key may ask for a new one without its owner. Only the current one may: a secret
 * that was replaced may be in other hands, and would otherwise outlive its overlap. The one exception is the
 * secret that asked for the last rotation, for ten minutes, since the answer may have been lost. A secret that
 * was reported as leaked may not.
 */
export function mayRotateItself(
  { hash, secretUntil, selfRotation }: ApiKey,
  presented: string,
  now: number,
): boolean {
  if (sameHash(presented, hash)) return secretUntil === undefined
  return (
    selfRotation !== undefined &&
    sameHash(presented, selfRotation.hash) &&
    now - selfRotation.at < LOST_ANSWER_MS
  )
}
