import { createHash, hkdfSync } from 'node:crypto'
import { EncryptJWT, errors, jwtDecrypt } from 'jose'
import type { Clock } from '../lib/clock.js'
import type { FlowSecrets } from './code-flow.js'

/** A sign-in between the redirect to the provider and the callback; all of it is in the browser. */
export interface Flow extends FlowSecrets {
  readonly provider: string
  readonly nonce: string
  readonly returnTo: string
  /** The session that an identity is to be linked in; a flow without one signs in. */
  readonly link?: { readonly userId: string; readonly sessionId: string }
}

export interface OpenedFlow extends Flow {
  /** When it began, seconds since the epoch. */
  readonly iat: number
}

/** A ticket key, by its id. A replaced one outlives every flow that it has sealed. */
export interface SealingKey {
  readonly id: string
  readonly secret: string
}

/** Longer than anybody types a password, and a second factor. */
export const FLOW_SECONDS = 600

/** Explicit typing (RFC 8725 §3.11), so that nothing else of ours can stand in for a flow. */
const TYPE = 'latchkey-flow+jwe'
const ALGORITHM = { alg: 'dir', enc: 'A256GCM' } as const

/** Encrypts and authenticates a flow for its cookie, under a key that is derived for this alone. */
export function sealFlow(flow: Flow, key: SealingKey, clock: Clock): Promise<string> {
  const now = Math.floor(clock() / 1000)
  return new EncryptJWT({ ...flow })
    .setProtectedHeader({ ...ALGORITHM, typ: TYPE, kid: key.id })
    .setIssuedAt(now)
    .setExpirationTime(now + FLOW_SECONDS)
    .encrypt(deriveKey(key))
}

/** @returns undefined for one that is expired, damaged, or not ours. */
export async function openFlow(
  sealed: string,
  findKey: (id: string) => Promise<SealingKey | undefined>,
  clock: Clock,
): Promise<OpenedFlow | undefined> {
  try {
    const { payload } = await jwtDecrypt(
      sealed,
      async ({ kid }) => {
        const key = kid === undefined ? undefined : await findKey(kid)
        if (!key) throw new errors.JWEDecryptionFailed()
        return deriveKey(key)
      },
      {
        keyManagementAlgorithms: [ALGORITHM.alg],
        contentEncryptionAlgorithms: [ALGORITHM.enc],
        typ: TYPE,
        requiredClaims: ['iat', 'exp'],
        currentDate: new Date(clock()),
      },
    )
    return payload as unknown as OpenedFlow
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}

/** Names a flow in public, where its state must not stand. */
export const flowId = (state: string): string =>
  createHash('sha256').update(state).digest('base64url').slice(0, 22)

const deriveKey = ({ secret }: SealingKey): Uint8Array =>
  new Uint8Array(
    hkdfSync('sha256', Buffer.from(secret, 'base64url'), '', 'latchkey/oauth-flow', 32),
  )
