import { hashSecret, successorOf, type TokenKey } from './refresh-token.js'
import type { Session } from './session.js'

/** Why a genuine refresh token did not move its session's head. */
export type Verdict =
  /** It was rotated a moment ago (another tab, a lost answer, our own retry): hand out the same successor. */
  | { readonly kind: 'replayed'; readonly successor: Buffer }
  /** It was rotated longer ago, or is older still: stolen or replayed. The session must die. */
  | { readonly kind: 'reused' }
  /** The session ended or expired; nothing is suspicious about that. */
  | { readonly kind: 'ended' }

export interface Presented {
  readonly secret: Buffer
  /** The key that derived the head, if it is still in the ring. */
  readonly derivingKey: TokenKey | undefined
  readonly now: number
  readonly graceMs: number
}

/**
 * Judges a token that is not the head of its session (RFC 9700 §4.14.2).
 * @param session what stands in the table, if anything.
 */
export function judge(session: Session | undefined, presented: Presented): Verdict {
  const { secret, derivingKey, now, graceMs } = presented
  if (!session) return { kind: 'ended' }
  const presentedHash = hashSecret(secret)
  // The head itself was refused: the session is past its idle or absolute end.
  if (presentedHash === session.currentHash) return { kind: 'ended' }
  if (presentedHash === session.previousHash && derivingKey) {
    const successor = successorOf(derivingKey, secret)
    const fresh = now - (session.rotatedAt ?? 0) <= graceMs
    if (fresh && hashSecret(successor) === session.currentHash)
      return { kind: 'replayed', successor }
  }
  return { kind: 'reused' }
}
