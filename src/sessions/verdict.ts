import { isSameAgent, isSameNetwork, type Origin } from './origin.js'
import { hashSecret, successorOf, type TokenKey } from './refresh-token.js'
import { expiresAt, type Session } from './session.js'

/** Why a genuine refresh token did not move its session's head. */
export type Verdict =
  /** Its own client presents it again (another tab, a lost answer, our own retry): the same successor. */
  | { readonly kind: 'replayed'; readonly successor: Buffer }
  /** The first presenter of this generation with half of the rotator's origin: the successor, and a strike. */
  | { readonly kind: 'near'; readonly successor: Buffer; readonly strike: Strike | undefined }
  /** A presenter with nothing of the rotator's origin gets no token, and the session lives on. */
  | { readonly kind: 'foreign'; readonly strike: Strike | undefined }
  /** It was rotated longer ago, is older still, or is struck for the third time in a row. The session must die. */
  | { readonly kind: 'reused'; readonly strike?: Strike }
  /** The session ended or expired; nothing is suspicious about that. */
  | { readonly kind: 'ended' }

/** A generation in which more than one party presented the same token. Each generation has at most one. */
export interface Strike {
  readonly generation: number
  /** How many generations in a row are struck, this one included. */
  readonly strikes: number
}

export interface Presented {
  readonly secret: Buffer
  /** The key that derived the head, if it is still in the ring. */
  readonly derivingKey: TokenKey | undefined
  /** Where the token comes from, under each key that the session's own origins are digested with. */
  readonly origins: readonly Origin[]
  /** A browser goes to a page and sends the token as its cookie. */
  readonly isNavigation: boolean
  readonly now: number
  readonly graceMs: number
}

/** Two connections of one program race within this time; a thief without a signal does not aim that well. */
const TWIN_MS = 1000
/** How long a browser that lost the answer to a navigation may come back with what it has. */
const LOST_ANSWER_MS = 24 * 3_600_000
const MAX_STRIKES = 3

/**
 * Judges a token that is not the head of its session (RFC 9700 §4.14.2).
 * @param session the item in the table, if there is one.
 */
export function judge(session: Session | undefined, presented: Presented): Verdict {
  const { secret, derivingKey, origins, isNavigation, now, graceMs } = presented
  if (!session) return { kind: 'ended' }
  const presentedHash = hashSecret(secret)
  // The head itself was refused: the session is past its idle or absolute end.
  if (presentedHash === session.currentHash) return { kind: 'ended' }
  if (presentedHash !== session.previousHash || !derivingKey) return { kind: 'reused' }
  const successor = successorOf(derivingKey, secret)
  if (hashSecret(successor) !== session.currentHash) return { kind: 'reused' }
  if (now >= expiresAt(session)) return { kind: 'ended' }

  const { rotatedAt = 0, rotatedFrom } = session
  const age = now - rotatedAt
  if (age <= graceMs) return judgeReplay(session, successor, age, origins)
  const isRotator = rotatedFrom !== undefined && origins.includes(rotatedFrom)
  return isNavigation && isRotator && age <= LOST_ANSWER_MS
    ? { kind: 'replayed', successor }
    : { kind: 'reused' }
}

/** Who presents again, within the grace window, the token that the head was derived from. */
function judgeReplay(
  session: Session,
  successor: Buffer,
  age: number,
  origins: readonly Origin[],
): Verdict {
  const { rotatedFrom, rotatedFromOld = '', rider } = session
  // Rotated by a version that kept no origins.
  if (rotatedFrom === undefined) return { kind: 'replayed', successor }
  const isSameProgram = origins.some((origin) => isSameAgent(origin, rotatedFrom))
  const isNear = isSameProgram || origins.some((origin) => isSameNetwork(origin, rotatedFrom))
  const isOwn =
    origins.includes(rotatedFrom) ||
    (isSameProgram && age <= TWIN_MS) ||
    (isKnown(session, [rotatedFrom, rotatedFromOld]) && isKnown(session, origins))
  const isRider = isNear && rider !== undefined && origins.includes(rider)
  if (isOwn || isRider) return { kind: 'replayed', successor }

  const strike = strikeOf(session)
  if (strike && strike.strikes >= MAX_STRIKES) return { kind: 'reused', strike }
  if (isNear && rider === undefined) return { kind: 'near', successor, strike }
  return { kind: 'foreign', strike }
}

/** Whether one of the origins is among the last four that the session was refreshed from without a strike. */
export function isKnown(session: Session, origins: readonly Origin[]): boolean {
  const { known1, known2, known3, known4 } = session
  return [known1, known2, known3, known4].some(
    // Sessions of earlier versions have empty ones.
    (known) => Boolean(known) && origins.includes(known as Origin),
  )
}

/** @returns undefined where the generation is struck already. */
function strikeOf({ generation = 0, struckAt, strikes = 0 }: Session): Strike | undefined {
  if (struckAt === generation) return undefined
  return { generation, strikes: struckAt === generation - 1 ? strikes + 1 : 1 }
}
