import { sameHash } from '../plugins/api-key-format.js'
import type { ApiKey } from './api-key.js'
import type { KeyChanges } from './store.js'

/** Whether a hash is of a secret that the key has, or had before its last rotation, working or not. */
export const hasSecret = ({ hash, previousHash }: ApiKey, presented: string): boolean =>
  sameHash(presented, hash) || (previousHash !== undefined && sameHash(presented, previousHash))

/**
 * Ends the secret of that hash after `graceMs`, and no other: a new secret is not given up for an old one.
 * The current one takes the key along where there is no grace.
 * @returns undefined when it has ended already, or is the key's no more.
 */
export function endSecret(
  { hash, secretUntil = Infinity, previousHash, previousUntil = 0 }: ApiKey,
  presented: string,
  now: number,
  graceMs: number,
): KeyChanges | undefined {
  const end = now + graceMs
  if (sameHash(presented, hash)) {
    if (secretUntil <= now) return undefined
    const disabled = graceMs === 0 ? { status: 'disabled' as const } : {}
    return { secretUntil: Math.min(secretUntil, end), ...disabled }
  }
  const isPrevious = previousHash !== undefined && sameHash(presented, previousHash)
  if (!isPrevious || previousUntil <= now) return undefined
  return { previousUntil: Math.min(previousUntil, end) }
}
