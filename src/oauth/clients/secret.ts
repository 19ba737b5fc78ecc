import { hashKey, sameHash } from '../../api-keys/verification/format.js'
import { newSecret, type Random } from '../../lib/random.js'
import type { ClientSecret } from './client.js'

/** What secret scanners look for. */
const PREFIX = 'lkcs_'

/** A secret of 256 bits, which is shown once, and what is kept of it. */
export function newClientSecret(random: Random, addedAt: number) {
  const secret = PREFIX + newSecret(random)
  const kept: ClientSecret = { hash: hashKey(secret), addedAt }
  return { secret, kept }
}

/** Whether a secret works at a time: up to the end of its overlap, once another has taken its place. */
export const isInForce = ({ until = Infinity }: ClientSecret, now: number): boolean => now < until

/** Whether the text is one of the secrets that work now; compared in constant time. */
export function isSecretOf(
  { secrets }: { readonly secrets: readonly ClientSecret[] },
  text: string,
  now: number,
): boolean {
  const hash = hashKey(text)
  return secrets.some((secret) => sameHash(secret.hash, hash) && isInForce(secret, now))
}
