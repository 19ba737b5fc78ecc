import { hkdfSync } from 'node:crypto'
import { EncryptJWT, errors, jwtDecrypt } from 'jose'
import type { Clock } from './clock.js'

/** A ticket key, by its id. */
export interface SealingKey {
  readonly id: string
  readonly secret: string
}

/** What something is sealed for. */
export interface Seal {
  /** Explicit typing (RFC 8725 §3.11), so nothing else of ours can replace it. */
  readonly type: string
  /** Derives a key that is used for this alone. */
  readonly label: string
  readonly seconds: number
}

/** When it was sealed, seconds since the epoch. */
export interface SealedAt {
  readonly iat: number
}

const ALGORITHM = { alg: 'dir', enc: 'A256GCM' } as const

/** Encrypts and authenticates what a browser keeps for us in a cookie. */
export function seal(
  { type, label, seconds }: Seal,
  content: object,
  key: SealingKey,
  clock: Clock,
): Promise<string> {
  const now = Math.floor(clock() / 1000)
  return new EncryptJWT({ ...content })
    .setProtectedHeader({ ...ALGORITHM, typ: type, kid: key.id })
    .setIssuedAt(now)
    .setExpirationTime(now + seconds)
    .encrypt(deriveKey(key, label))
}

/** @returns undefined for what is expired, damaged, or not ours. */
export async function unseal<T>(
  { type, label }: Seal,
  sealed: string,
  findKey: (id: string) => Promise<SealingKey | undefined>,
  clock: Clock,
): Promise<(T & SealedAt) | undefined> {
  try {
    const { payload } = await jwtDecrypt(
      sealed,
      async ({ kid }) => {
        const key = kid === undefined ? undefined : await findKey(kid)
        if (!key) throw new errors.JWEDecryptionFailed()
        return deriveKey(key, label)
      },
      {
        keyManagementAlgorithms: [ALGORITHM.alg],
        contentEncryptionAlgorithms: [ALGORITHM.enc],
        typ: type,
        requiredClaims: ['iat', 'exp'],
        currentDate: new Date(clock()),
      },
    )
    return payload as unknown as T & SealedAt
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}

const deriveKey = ({ secret }: SealingKey, label: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', Buffer.from(secret, 'base64url'), '', label, 32))
