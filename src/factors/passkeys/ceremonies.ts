import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server'
import { decodeAttestationObject, isoBase64URL, isoCBOR } from '@simplewebauthn/server/helpers'
import { ALGORITHMS } from './algorithms.js'
import { readClientData } from './client-data.js'
import { isSoundKey } from './public-key.js'
import type { RelyingParty } from './relying-party.js'
import type { Assertion, Attestation } from './schemas.js'

/*
 * The two ceremonies of WebAuthn Level 3, over a library that no start reads: what it and this file weigh is loaded by
 * the first passkey. All that is wrong is thrown, in words for no one.
 */

/** The most that an id may have, bytes (§7.1 step 25). */
const MAX_ID_BYTES = 1023
const MAX_TRANSPORTS = 8
const TRANSPORT = /^[a-z-]{1,16}$/

/** What an authenticator has made, once it is proved. */
export interface CreatedCredential {
  readonly id: string
  /** COSE, base64url. */
  readonly publicKey: string
  readonly counter: number
  readonly isSynced: boolean
  readonly transports: readonly string[]
}

/** What is kept of a passkey that an assertion must agree with. */
export interface KnownCredential {
  readonly id: string
  readonly publicKey: string
  readonly isSynced: boolean
}

/**
 * Registration (§7.1). Attestation is not asked for, and a statement that comes unasked is not looked at: an
 * authenticator that signs for itself may send one all the same (§5.1.3).
 * @param challenge that has been used up.
 */
export async function proveCreation(
  rp: RelyingParty,
  challenge: string,
  attestation: Attestation,
): Promise<CreatedCredential> {
  const { response } = attestation
  assertFromOwnPage(response.clientDataJSON)
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: {
      ...attestation,
      response: { ...response, ...withoutStatement(response) },
      clientExtensionResults: {},
    },
    expectedChallenge: challenge,
    expectedOrigin: rp.origin,
    expectedRPID: rp.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: [...ALGORITHMS],
  })
  if (!verified) throw new Error('not verified')
  const { credential, credentialDeviceType } = registrationInfo
  const { id, publicKey, counter } = credential
  if (id !== attestation.id) throw new Error('the id is not that of the credential')
  const idBytes = isoBase64URL.toBuffer(id).length
  if (idBytes === 0 || idBytes > MAX_ID_BYTES) throw new Error('the id has a wrong length')
  if (!isSoundKey(publicKey)) throw new Error('the public key is none that can be used')
  return {
    id,
    publicKey: Buffer.from(publicKey).toString('base64url'),
    counter,
    isSynced: credentialDeviceType === 'multiDevice',
    transports: transportsOf(response.transports),
  }
}

/**
 * Authentication (§7.2), but for the counter, which the caller judges, and for whose credential it is.
 * @param challenge that has been used up.
 * @returns the counter of the authenticator.
 */
export async function proveAssertion(
  rp: RelyingParty,
  challenge: string,
  assertion: Assertion,
  known: KnownCredential,
): Promise<number> {
  if (assertion.id !== known.id) throw new Error('the id is not that of the credential')
  const { clientDataJSON, authenticatorData, signature } = assertion.response
  assertFromOwnPage(clientDataJSON)
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: {
      ...assertion,
      response: { clientDataJSON, authenticatorData, signature },
      clientExtensionResults: {},
    },
    expectedChallenge: challenge,
    expectedOrigin: rp.origin,
    expectedRPID: rp.id,
    requireUserVerification: true,
    credential: {
      id: known.id,
      publicKey: new Uint8Array(Buffer.from(known.publicKey, 'base64url')),
      // The library refuses each one that goes back, and with that locks out the owners of synced passkeys.
      counter: 0,
    },
  })
  if (!verified) throw new Error('not verified')
  const { credentialDeviceType, newCounter } = authenticationInfo
  // Whether it can be backed up never changes (§6.1.3, §7.2 step 18).
  if ((credentialDeviceType === 'multiDevice') !== known.isSynced) {
    throw new Error('the credential was of another kind')
  }
  return newCounter
}

/** A page in a frame of another site's is no page of ours (§13.4.2). */
function assertFromOwnPage(clientDataJSON: string): void {
  const { crossOrigin, topOrigin } = readClientData(clientDataJSON) ?? {}
  if ((crossOrigin ?? false) !== false || topOrigin !== undefined) {
    throw new Error('it was made in a page of another site')
  }
}

function withoutStatement({ attestationObject }: Attestation['response']) {
  const authData = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject)).get('authData')
  const none = new Map<string, unknown>([
    ['fmt', 'none'],
    ['attStmt', new Map()],
    ['authData', authData],
  ])
  return { attestationObject: isoBase64URL.fromBuffer(isoCBOR.encode(none as never)) }
}

/** They are hints (§5.8.4), and new names come up: what looks like none is left out. */
const transportsOf = (transports: readonly unknown[] = []): string[] =>
  transports
    .filter((name): name is string => typeof name === 'string' && TRANSPORT.test(name))
    .slice(0, MAX_TRANSPORTS)
