/** A longer wait is our caller's decision, and not the issuer's. */
const MAX_SECONDS = 60

/** `Retry-After` in seconds (RFC 9110 §10.2.3), a minute at most; undefined without one. Latchkey sends no dates. */
export function retryAfterSeconds(header: string | null | undefined): number | undefined {
  const seconds = /^\d+$/.test(header ?? '') ? Number(header) : 0
  return seconds > 0 ? Math.min(seconds, MAX_SECONDS) : undefined
}
