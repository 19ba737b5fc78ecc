import type { Random } from '../lib/random.js'
import {
  isOutlived,
  isSuccessorDue,
  newSecretKey,
  type SecretKey,
  secretKeyAt,
  successorAt,
} from './secret-keys.js'
import { asJwk, newKeyPair, type PublicJwk, publicHalf } from './signing-key.js'
import type { SpareKey, SpareKeys } from './spare.js'
import { KNOWN_EVERYWHERE } from './times.js'

/** A key pair for access tokens. Times are milliseconds since the epoch. */
export interface SigningKey {
  readonly kid: string
  /** PKCS #8 PEM. */
  readonly privateKey: string
  readonly publishedAt: number
  readonly signsFrom: number
}

/** A server key of refresh tokens: it authenticates them and derives their successors. */
export type RefreshKey = SecretKey

/** Signing and refresh keys, oldest first. */
export interface KeyRing {
  readonly signing: readonly SigningKey[]
  readonly refresh: readonly RefreshKey[]
  /** Public half of the key that signs when a signing key is compromised. Rings of older versions have none. */
  readonly spare?: PublicJwk
}

/** How long tokens live that the ring's keys made, milliseconds. */
export interface TokenLifetimes {
  readonly accessMs: number
  readonly refreshMs: number
}

/** The first ring: its key signs at once, since no verifier can hold an older JWKS. */
export async function createRing(now: number, random: Random): Promise<KeyRing> {
  return {
    signing: [{ ...(await newKeyPair(random)), publishedAt: now, signsFrom: now }],
    refresh: [newSecretKey(now, now, random)],
  }
}

/** Publishes a successor for every key; the old ones stay until the last token they made has expired. */
export async function rotate(ring: KeyRing, now: number, random: Random): Promise<KeyRing> {
  const signsFrom = now + KNOWN_EVERYWHERE
  return {
    ...ring,
    signing: [...ring.signing, { ...(await newKeyPair(random)), publishedAt: now, signsFrom }],
    refresh: [...ring.refresh, successorAt(now, random)],
  }
}

/** Whether the newest key is old enough for a successor. */
export const isRotationDue = ({ signing }: KeyRing, now: number): boolean =>
  isSuccessorDue(signing, now)

/** Without the keys that no live token can name any more. Returns the same ring where none is left over. */
export function prune(ring: KeyRing, now: number, lifetimes: TokenLifetimes): KeyRing {
  const signing = ring.signing.filter(
    (_, i) => !isOutlived(ring.signing[i + 1]?.signsFrom, lifetimes.accessMs, now),
  )
  const refresh = ring.refresh.filter(
    (_, i) => !isOutlived(ring.refresh[i + 1]?.usedFrom, lifetimes.refreshMs, now),
  )
  const same = signing.length === ring.signing.length && refresh.length === ring.refresh.length
  return same ? ring : { ...ring, signing, refresh }
}

/** The ring with a spare of which the private half is held; the same one where it has such a spare. */
export function withSpare(ring: KeyRing, { spares }: SpareKeys): KeyRing {
  if (spares.some(({ kid }) => kid === ring.spare?.kid)) return ring
  const free = spares.findLast(({ kid }) => !ring.signing.some((key) => key.kid === kid))
  return free ? { ...ring, spare: asJwk(free.kid, publicHalf(free)) } : ring
}

/**
 * The ring after a compromise: the spare signs at once, since every verifier knows it, and no other key of
 * the old ring stays.
 * @throws {Error} where the spare's private half is not held.
 */
export function replaced(
  ring: KeyRing,
  spares: SpareKeys,
  next: SpareKey,
  now: number,
  random: Random,
): KeyRing {
  const spare = spares.spares.find(({ kid }) => kid === ring.spare?.kid)
  if (!spare) throw new Error('the key ring has no spare whose private half is held')
  return {
    signing: [{ ...spare, publishedAt: now, signsFrom: now }],
    refresh: [newSecretKey(now, now, random)],
    spare: asJwk(next.kid, publicHalf(next)),
  }
}

/** The newest key that may sign at `now`. */
export function signingKeyAt(ring: KeyRing, now: number): SigningKey | undefined {
  return ring.signing.findLast((key) => key.signsFrom <= now)
}

/** The newest refresh key that every instance has had the time to read. */
export const refreshKeyAt = ({ refresh }: KeyRing, now: number): RefreshKey | undefined =>
  secretKeyAt(refresh, now)
