import type { User } from './user.js'

/** How long the former holder of an address may come back by it, milliseconds. */
const FORMER_MS = 30 * 86_400_000

/** Whose an address was, until it was freed from their account. */
export interface Former {
  readonly userId: string
  /** The digest of the password that the account had with the address. */
  readonly passwordHash: string
  /** Milliseconds since the epoch. */
  readonly until: number
}

/** What is kept of an address: whose it is, and who may still come back by it. */
export interface Reservation {
  readonly userId?: string
  /**
   * Set where that account has another address by now: until then the change can be undone, and no other account gets
   * this one. Milliseconds since the epoch.
   */
  readonly keptUntil?: number
  readonly former?: Former
}

/** Whether an account may have an address back that it has changed from. */
export const isKept = ({ keptUntil }: Reservation, now: number): boolean =>
  keptUntil !== undefined && now < keptUntil

/** Whether no account has an address, nor may have it back. */
export const isFree = (reservation: Reservation, now: number): boolean =>
  reservation.userId === undefined ||
  (reservation.keptUntil !== undefined && !isKept(reservation, now))

/** The same for an account that would have the address: what is kept for itself is free for it. */
export const isFreeFor = (id: string, reservation: Reservation, now: number): boolean =>
  isFree(reservation, now) || (reservation.userId === id && reservation.keptUntil !== undefined)

/** @returns undefined for a holder without a password: their identities at providers still let them in. */
export const formerOf = (
  { id: userId, passwordHash }: User,
  now: number,
): { readonly former?: Former } =>
  passwordHash === undefined ? {} : { former: { userId, passwordHash, until: now + FORMER_MS } }
