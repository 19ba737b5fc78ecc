/** Why the service suspended a credential. */
export const SUSPENDED_REASONS = [
  ...(['password_changed', 'password_reset', 'address_undone'] as const),
  /** Tables went back in time, and nothing says what became of the credential since then. */
  'restored',
] as const
export type SuspendedReason = (typeof SUSPENDED_REASONS)[number]

/**
 * Written with a new password, or with an address that is back: API keys that were made since then are suspended. It counts from that write on, and
 * is removed once each of the keys says so itself. Times are ISO 8601.
 */
export interface KeySuspension {
  readonly since: string
  readonly at: string
  readonly reason: SuspendedReason
  /** They are not suspended but deleted: the account has another owner, who never made them. */
  readonly isRemoval?: true
}

/** The account's owner would have noticed a credential that a thief made longer ago. */
const RECENT_MS = 7 * 86_400_000

/**
 * Since when a credential counts as recent, where a new password ends sessions: 7 days ago, or when the oldest of
 * the sessions that end began, if that is later. Where none ends, they may have been ended before.
 * @returns milliseconds since the epoch.
 */
export function recentSince(
  now: number,
  ending: readonly { readonly createdAt: number }[],
): number {
  const weekAgo = now - RECENT_MS
  if (ending.length === 0) return weekAgo
  return Math.max(weekAgo, Math.min(...ending.map(({ createdAt }) => createdAt)))
}

/** Since ever: every key is as recent. */
export const EVER = new Date(0).toISOString()

/** A suspension that takes the place of one which is not done yet, without giving back what that one stops. */
export function withPending(
  pending: KeySuspension | undefined,
  next: KeySuspension,
): KeySuspension {
  if (pending === undefined) return next
  if (pending.isRemoval) return pending
  return pending.since < next.since ? { ...next, since: pending.since } : next
}
