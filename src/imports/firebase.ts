import {
  bytesOf,
  DigestError,
  MAX_SCRYPT_MEM_COST,
  MAX_SCRYPT_ROUNDS,
} from '../users/imported/digest.js'

/** What all passwords of a Firebase project are hashed with. It is read for one run, and kept nowhere. */
export interface FirebaseParameters {
  readonly signerKey: Buffer
  readonly saltSeparator: Buffer
  readonly rounds: number
  readonly memCost: number
}

const KEY_BYTES = { min: 16, max: 256 }
const SEPARATOR_BYTES = { min: 0, max: 64 }

/**
 * Reads what the console of Firebase shows as the hash parameters of a project.
 * @param text such as `hash_config { algorithm: SCRYPT, base64_signer_key: …, … }`.
 * @throws {DigestError} the rest of a sentence about the file.
 */
export function readFirebaseParameters(text: string): FirebaseParameters {
  const named = new Map(
    [...text.matchAll(/(\w+)\s*:\s*([\w+/=]+)/g)].map(([, name, value]) => [name, value]),
  )
  if (named.get('algorithm') !== 'SCRYPT') throw new DigestError('has no `algorithm: SCRYPT`')
  return {
    signerKey: bytesOf('base64_signer_key', named.get('base64_signer_key'), KEY_BYTES),
    saltSeparator: bytesOf(
      'base64_salt_separator',
      named.get('base64_salt_separator'),
      SEPARATOR_BYTES,
    ),
    rounds: numberOf('rounds', named.get('rounds'), MAX_SCRYPT_ROUNDS),
    memCost: numberOf('mem_cost', named.get('mem_cost'), MAX_SCRYPT_MEM_COST),
  }
}

function numberOf(name: string, text: string | undefined, max: number): number {
  const value = /^[1-9]\d?$/.test(text ?? '') ? Number(text) : 0
  if (value < 1 || value > max) throw new DigestError(`has no ${name} from 1 to ${max}`)
  return value
}
