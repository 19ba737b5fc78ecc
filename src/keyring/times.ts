const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Times of the keys' lives, milliseconds. */
export const RING_TIMES = {
  /** A key signs only after it has stood in the JWKS for longer than any verifier may cache it. */
  publishBeforeSigning: 2 * HOUR,
  /** How old a ring may be that an instance still works with: it may sign with the old key until then. */
  reread: 5 * 60_000,
  /** A key older than this gets a successor. */
  rotateAfter: 30 * DAY,
} as const
