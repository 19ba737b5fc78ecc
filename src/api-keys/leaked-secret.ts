import { sameHash } from './verification/format.js'
import type { OldSecret } from './verification/record.js'
import type { ApiKey } from './api-key.js'
import type { KeyChanges } from './store.js'

/** Whether a hash is of a secret that the key has, or had before its last rotations, working or not. */
export const hasSecret = ({ hash, oldSecrets = [] }: ApiKey, presented: string): boolean =>
  [{ hash }, ...oldSecrets].some((secret) => sameHash(presented, secret.hash))

/**
 * Ends the secret of that hash after `graceMs`, and no other: a new secret is not given up for an old one.
 * The current one takes the key along where there is no grace.
 * @returns undefined when it has ended already, or is the key's no more.
 */
export function endSecret(
  key: ApiKey,
  presented: string,
  now: number,
  graceMs: number,
): KeyChanges | undefined {
  const { hash, secretUntil = Infinity, oldSecrets = [] } = key
  const end = now + graceMs
  if (sameHash(presented, hash)) {
    if (secretUntil <= now) return undefined
    const disabled = graceMs === 0 ? disabling(key) : {}
    return { secretUntil: Math.min(secretUntil, end), ...disabled }
  }
  const isIt = (old: OldSecret) => sameHash(presented, old.hash) && old.until > now
  if (!oldSecrets.some(isIt)) return undefined
  return {
    oldSecrets: oldSecrets.map((old) => (isIt(old) ? endBy(old, end) : old)),
    selfRotation: null,
  }
}

/** Stops a key without making a suspension one that its owner can lift. */
export const disabling = ({ status }: ApiKey): KeyChanges =>
  status === 'suspended' ? {} : { status: 'disabled' }

export const endBy = ({ hash, until }: OldSecret, end: number): OldSecret => ({
  hash,
  until: Math.min(until, end),
})
