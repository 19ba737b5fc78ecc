import { epochSeconds } from '../lib/clock.js'

/**
 * Where an account has been entered from: a keyed digest of each address, and when it became known, epoch seconds.
 * They are in the account's profile, so that it costs no request to know them.
 */
export type KnownAddresses = Readonly<Record<string, number>>

/** With 20 of them a profile stays below the 1 kB that one write unit holds. */
const MAX_ADDRESSES = 20
/** How long an address stays known after its owner has signed in there. */
export const KNOWN_MS = 30 * 86_400_000
/** An address that is used on stays known: it is written again after half of that time, and not each time. */
const RENEWED_MS = KNOWN_MS / 2

const ageOf = (known: KnownAddresses, digest: string, now: number): number =>
  now - (known[digest] ?? -Infinity) * 1000

export const isKnownAddress = (known: KnownAddresses = {}, digest: string, now: number): boolean =>
  ageOf(known, digest, now) < KNOWN_MS

/**
 * What an account knows after a sign-in from an address; the oldest goes for it.
 * @returns undefined where nothing needs to be written.
 */
export function withAddress(
  known: KnownAddresses = {},
  digest: string,
  now: number,
): KnownAddresses | undefined {
  if (ageOf(known, digest, now) < RENEWED_MS) return undefined
  const others = Object.entries(known)
    .filter(([each]) => each !== digest && isKnownAddress(known, each, now))
    .sort(([, a], [, b]) => b - a)
  return Object.fromEntries([[digest, epochSeconds(now)], ...others.slice(0, MAX_ADDRESSES - 1)])
}
