const SECOND = 1000
const HOUR = 3_600 * SECOND
const DAY = 24 * HOUR

/** Times of the keys' lives, milliseconds. */
export const RING_TIMES = {
  /** A key signs only after it has stood in the JWKS for longer than any verifier may cache it. */
  publishBeforeSigning: 2 * HOUR,
  /** How old a ring may be that an instance still works with: it may sign with the old key until then. */
  reread: 300 * SECOND,
  /** How long CloudFront, where it is in front, may answer with the JWKS that it has. */
  edge: 60 * SECOND,
  /** A key older than this gets a successor. */
  rotateAfter: 30 * DAY,
} as const

/** Until every verifier that asks for the JWKS knows a key of it, milliseconds from its publication. */
export const KNOWN_EVERYWHERE =
  RING_TIMES.publishBeforeSigning + RING_TIMES.reread + RING_TIMES.edge
