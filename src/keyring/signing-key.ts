import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { Random } from '../lib/random.js'

/**
 * RSA for API Gateway's JWT authorizer. 2048 bits are 112 bits of strength, good for keys that live 30 days
 * (NIST SP 800-57 part 1, until 2030) and half the time of 3072 to verify.
 */
export const MODULUS_BITS = 2048

/** RFC 7517 public key as it is in the JWKS: one key, one algorithm (RFC 8725 §3.1). */
export interface PublicJwk {
  readonly kty: 'RSA'
  readonly kid: string
  readonly alg: 'RS256'
  readonly use: 'sig'
  readonly n: string
  readonly e: string
}

interface KeyPair {
  readonly kid: string
  /** PKCS #8 PEM. */
  readonly privateKey: string
}

/** A new pair under a random id. */
export async function newKeyPair(random: Random): Promise<KeyPair> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_BITS })
  return {
    kid: random(8).toString('hex'),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

/**
 * The public half of a pair.
 * @throws {Error} for a key of another kind or size, before anything is signed or trusted with it.
 */
export const publicHalf = ({ kid, privateKey }: KeyPair): KeyObject =>
  checkRsa(kid, createPublicKey(createPrivateKey(privateKey)))

/** @throws {Error} as `publicHalf`. */
export const fromJwk = (jwk: PublicJwk): KeyObject =>
  checkRsa(jwk.kid, createPublicKey({ key: { ...jwk }, format: 'jwk' }))

export function asJwk(kid: string, key: KeyObject): PublicJwk {
  const { n, e } = key.export({ format: 'jwk' }) as { n: string; e: string }
  return { kty: 'RSA', kid, alg: 'RS256', use: 'sig', n, e }
}

function checkRsa(kid: string, key: KeyObject): KeyObject {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa' || bits < MODULUS_BITS) {
    throw new Error(`signing key ${kid} must be RSA with at least ${MODULUS_BITS} bits`)
  }
  return key
}
