import { type Factors, type FactorsRemoval, hasSecondFactor } from './factors.js'

const DAY_MS = 86_400_000

/** How long the owner of an account has to object to the word of one administrator. */
export const REMOVAL_WAIT_MS = DAY_MS

/** After so long it lapses: what was forgotten must not stay open to the next person who has the password. */
const REMOVAL_LAPSES_MS = 7 * DAY_MS

/**
 * The removal that is under way. A change of factors ends it, since its person has some then.
 * @param now milliseconds since the epoch.
 */
export function pendingRemoval(user: Factors, now: number): FactorsRemoval | undefined {
  const { factorsRemoval: removal, factorsVersion = 0 } = user
  if (!removal || !hasSecondFactor(user)) return undefined
  const isOpen = now < Date.parse(removal.beganAt) + REMOVAL_LAPSES_MS
  return isOpen && removal.factorsVersion === factorsVersion ? removal : undefined
}

/** The same as administrators see it. */
export interface ListedRemoval {
  /** Ids of administrators. */
  readonly by: string
  readonly confirmedBy: string | null
  /** ISO 8601. */
  readonly beganAt: string
  readonly effectiveAt: string
  /** Whether the owner got the mail that takes it back. */
  readonly isOwnerTold: boolean
}

export function listedRemoval(user: Factors, now: number): ListedRemoval | null {
  const removal = pendingRemoval(user, now)
  if (!removal) return null
  const { by, confirmedBy = null, beganAt, until, ticketId } = removal
  const effectiveAt = new Date(until).toISOString()
  return { by, confirmedBy, beganAt, effectiveAt, isOwnerTold: ticketId !== undefined }
}
