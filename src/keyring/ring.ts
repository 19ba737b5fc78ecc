import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { Random } from '../random.js'

/**
 * RSA for API Gateway's JWT authorizer. 2048 bits are 112 bits of strength, good for keys that live 30 days
 * (NIST SP 800-57 part 1, until 2030) and half the time of 3072 to verify.
 */
export const MODULUS_BITS = 2048

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Times of the ring's life, milliseconds. */
export const RING_TIMES = {
  /** A key signs only after it has stood in the JWKS for longer than any verifier may cache it. */
  publishBeforeSigning: 2 * HOUR,
  /** How old a ring may be that an instance still works with: it may sign with the old key until then. */
  reread: 5 * 60_000,
  /** A signing key older than this gets a successor. */
  rotateAfter: 30 * DAY,
} as const

/** A key pair for access tokens. Times are milliseconds since the epoch. */
export interface SigningKey {
  readonly kid: string
  /** PKCS #8 PEM. */
  readonly privateKey: string
  readonly publishedAt: number
  readonly signsFrom: number
}

/** A server key of refresh tokens: it authenticates them and derives their successors. */
export interface RefreshKey {
  /** 8 hexadecimal digits, named in each token. */
  readonly id: string
  /** 32 random bytes, base64url. */
  readonly secret: string
  readonly publishedAt: number
  readonly usedFrom: number
}

/** All keys of the service, oldest first. */
export interface KeyRing {
  readonly signing: readonly SigningKey[]
  readonly refresh: readonly RefreshKey[]
}

/** How long tokens live that the ring's keys made, milliseconds. */
export interface TokenLifetimes {
  readonly accessMs: number
  readonly refreshMs: number
}

/** The first ring: its key signs at once, since no verifier can hold an older JWKS. */
export async function createRing(now: number, random: Random): Promise<KeyRing> {
  return {
    signing: [await newSigningKey(now, now, random)],
    refresh: [newRefreshKey(now, now, random)],
  }
}

/** Publishes a successor for every key; the old ones stay until the last token they made has expired. */
export async function rotate(ring: KeyRing, now: number, random: Random): Promise<KeyRing> {
  const signsFrom = now + RING_TIMES.publishBeforeSigning + RING_TIMES.reread
  return {
    signing: [...ring.signing, await newSigningKey(now, signsFrom, random)],
    refresh: [...ring.refresh, newRefreshKey(now, now + RING_TIMES.reread, random)],
  }
}

/** Whether the newest key is old enough for a successor. */
export function isRotationDue(ring: KeyRing, now: number): boolean {
  const newest = ring.signing.at(-1)
  return newest === undefined || now - newest.publishedAt >= RING_TIMES.rotateAfter
}

/** Without the keys that no live token can name any more. Returns the same ring where none is left over. */
export function prune(ring: KeyRing, now: number, lifetimes: TokenLifetimes): KeyRing {
  const outlived = (replacedAt: number | undefined, lifetime: number): boolean =>
    replacedAt !== undefined && replacedAt + lifetime + RING_TIMES.reread < now
  const signing = ring.signing.filter(
    (_, i) => !outlived(ring.signing[i + 1]?.signsFrom, lifetimes.accessMs),
  )
  const refresh = ring.refresh.filter(
    (_, i) => !outlived(ring.refresh[i + 1]?.usedFrom, lifetimes.refreshMs),
  )
  const same = signing.length === ring.signing.length && refresh.length === ring.refresh.length
  return same ? ring : { signing, refresh }
}

/** The newest key that may sign at `now`. */
export function signingKeyAt(ring: KeyRing, now: number): SigningKey | undefined {
  return ring.signing.findLast((key) => key.signsFrom <= now)
}

/** The newest refresh key that every instance has had the time to read. */
export function refreshKeyAt(ring: KeyRing, now: number): RefreshKey | undefined {
  return ring.refresh.findLast((key) => key.usedFrom <= now)
}

async function newSigningKey(
  publishedAt: number,
  signsFrom: number,
  random: Random,
): Promise<SigningKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_BITS })
  return {
    kid: random(8).toString('hex'),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    publishedAt,
    signsFrom,
  }
}

const newRefreshKey = (publishedAt: number, usedFrom: number, random: Random): RefreshKey => ({
  id: random(4).toString('hex'),
  secret: random(32).toString('base64url'),
  publishedAt,
  usedFrom,
})
