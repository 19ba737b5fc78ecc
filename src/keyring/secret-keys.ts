import { newSecret, type Random } from '../lib/random.js'
import { RING_TIMES } from './times.js'

/** A symmetric key. Times are milliseconds since the epoch. */
export interface SecretKey {
  /** 8 hexadecimal digits, named by what the key has made. */
  readonly id: string
  /** 32 random bytes, base64url. */
  readonly secret: string
  readonly publishedAt: number
  readonly usedFrom: number
}

/** Keys of one purpose, oldest first. */
export interface SecretKeys {
  readonly keys: readonly SecretKey[]
}

/** A ticket that a mail carries lives at most this long, milliseconds. */
export const TICKET_MS = 7 * 24 * 3_600_000

export const newSecretKey = (publishedAt: number, usedFrom: number, random: Random): SecretKey => ({
  id: random(4).toString('hex'),
  secret: newSecret(random),
  publishedAt,
  usedFrom,
})

/** A successor is used once every instance has had the time to read it. */
export const successorAt = (now: number, random: Random): SecretKey =>
  newSecretKey(now, now + RING_TIMES.reread, random)

/** The newest key that every instance has had the time to read. */
export const secretKeyAt = (keys: readonly SecretKey[], now: number): SecretKey | undefined =>
  keys.findLast((key) => key.usedFrom <= now)

/** Whether the newest of some keys is old enough for a successor. */
export function isSuccessorDue(keys: readonly { publishedAt: number }[], now: number): boolean {
  const newest = keys.at(-1)
  return newest === undefined || now - newest.publishedAt >= RING_TIMES.rotateAfter
}

/** Whether nothing is alive that was made before a key was replaced. */
export const isOutlived = (replacedAt: number | undefined, lifetimeMs: number, now: number) =>
  replacedAt !== undefined && replacedAt + lifetimeMs + RING_TIMES.reread < now

/**
 * The keys with a successor where one is due, and without those that are outlived.
 * @param lifetimeMs of what the keys make; Infinity for what is kept, such as sealed records.
 * @returns the same object where nothing is to be done.
 */
export function renewed(
  held: SecretKeys,
  now: number,
  lifetimeMs: number,
  random: Random,
): SecretKeys {
  const due = isSuccessorDue(held.keys, now)
  const keys = due ? [...held.keys, successorAt(now, random)] : held.keys
  const kept = keys.filter((_, i) => !isOutlived(keys[i + 1]?.usedFrom, lifetimeMs, now))
  return due || kept.length < keys.length ? { keys: kept } : held
}

/** @throws {Error} for a key that is too short to be one. */
export function checkSecretKey(key: SecretKey): SecretKey {
  if (Buffer.from(key.secret, 'base64url').length < 32) {
    throw new Error(`key ${key.id} must have at least 32 bytes`)
  }
  return key
}
