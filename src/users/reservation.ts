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
  readonly former?: Former
}

/** @returns undefined for a holder without a password: their identities at providers still let them in. */
export const formerOf = (
  { id: userId, passwordHash }: User,
  now: number,
): { readonly former?: Former } =>
  passwordHash === undefined ? {} : { former: { userId, passwordHash, until: now + FORMER_MS } }
