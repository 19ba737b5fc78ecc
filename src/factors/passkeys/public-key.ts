import { createPublicKey, type KeyObject } from 'node:crypto'
import { decodeCredentialPublicKey } from '@simplewebauthn/server/helpers'

/** Names of COSE (RFC 9052 §7.1, RFC 9053 §7, RFC 8230 §4). */
const KTY = 1
const ALG = 3
const [OKP, EC2, RSA] = [1, 2, 3]
const [P256, ED25519] = [1, 6]

const MIN_RSA_BITS = 2048
const MAX_RSA_BITS = 4096

type Cose = Pick<Map<number, unknown>, 'get'>

/**
 * Whether a key can ever verify a signature of its algorithm, which no attestation proves: one that cannot would be
 * a second factor that locks its owner out. A longer RSA key would fill the profile.
 */
export function isSoundKey(publicKey: Uint8Array<ArrayBuffer>): boolean {
  try {
    const key = keyOf(decodeCredentialPublicKey(publicKey))
    const { modulusLength } = key.asymmetricKeyDetails ?? {}
    return (
      modulusLength === undefined ||
      (modulusLength >= MIN_RSA_BITS && modulusLength <= MAX_RSA_BITS)
    )
  } catch {
    return false
  }
}

/** @throws where the parts do not fit, or are no point of the curve. */
function keyOf(cose: Cose): KeyObject {
  const [kty, alg, curve] = [cose.get(KTY), cose.get(ALG), cose.get(-1)]
  const part = (name: number) => Buffer.from(cose.get(name) as Uint8Array).toString('base64url')
  const jwk =
    alg === -7 && kty === EC2 && curve === P256
      ? { kty: 'EC', crv: 'P-256', x: part(-2), y: part(-3) }
      : alg === -8 && kty === OKP && curve === ED25519
        ? { kty: 'OKP', crv: 'Ed25519', x: part(-2) }
        : alg === -257 && kty === RSA
          ? { kty: 'RSA', n: part(-1), e: part(-2) }
          : undefined
  if (!jwk) throw new Error('no key of a kind that was asked for')
  return createPublicKey({ key: jwk, format: 'jwk' })
}
