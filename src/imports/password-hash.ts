import * as Type from 'typebox'
import { Value } from 'typebox/value'
import { bytesOf, DigestError, markImported } from '../users/imported/digest.js'
import type { FirebaseParameters } from './firebase.js'
import type { FirebaseHash, ImportRow, KeycloakCredential } from './row.js'

const ANY_BYTES = { min: 1, max: 1024 }

/**
 * What a profile keeps of the password of a row.
 * @param firebase the parameters of the project whose hashes the rows have.
 * @throws {DigestError} the rest of a sentence about the field.
 */
export function digestOf(
  hash: NonNullable<ImportRow['passwordHash']>,
  firebase: FirebaseParameters | undefined,
): string {
  if (typeof hash === 'string') return fromText(hash)
  if ('hash' in hash) return fromFirebase(hash, firebase)
  return fromKeycloak(hash)
}

const DJANGO = /^pbkdf2_sha256\$([1-9]\d{0,9})\$([^$]+)\$([^$]+)$/

function fromText(text: string): string {
  const django = DJANGO.exec(text)
  if (!django) return markImported({ kind: text.startsWith('$2') ? 'bcrypt' : 'argon2', text })
  const [, iterations, salt = '', hash] = django
  return markImported({
    kind: 'pbkdf2',
    algorithm: 'sha256',
    iterations: Number(iterations),
    // Django hashes the letters of the salt, whichever they are.
    salt: Buffer.from(salt),
    hash: bytesOf('hash', hash, ANY_BYTES),
  })
}

/**
 * Firebase encrypts the key of the project by a stream that comes from the password, and keeps the result: the key taken
 * off again leaves the stream, which says as much of the password and nothing of the key.
 */
function fromFirebase(
  { hash, salt }: FirebaseHash,
  firebase: FirebaseParameters | undefined,
): string {
  if (!firebase)
    throw new DigestError('is of Firebase: give the parameters of the project (--firebase-config)')
  const { signerKey, saltSeparator, rounds, memCost } = firebase
  const encrypted = bytesOf('hash', hash, ANY_BYTES)
  if (encrypted.length !== signerKey.length) {
    throw new DigestError('is not as long as the key of the Firebase project')
  }
  return markImported({
    kind: 'scrypt',
    ...{ memCost, rounds },
    salt: Buffer.concat([bytesOf('salt', salt, ANY_BYTES), saltSeparator]),
    stream: Buffer.from(encrypted.map((byte, at) => byte ^ (signerKey[at] ?? 0))),
  })
}

const SecretData = Type.Object({ value: Type.String(), salt: Type.String() })
const CredentialData = Type.Object({
  hashIterations: Type.Integer({ minimum: 1 }),
  algorithm: Type.String(),
  additionalParameters: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
})

function fromKeycloak({ secretData, credentialData }: KeycloakCredential): string {
  const { value, salt } = parsed(SecretData, secretData, 'secretData')
  const { hashIterations, algorithm, additionalParameters } = parsed(
    CredentialData,
    credentialData,
    'credentialData',
  )
  if (algorithm === 'pbkdf2-sha256' || algorithm === 'pbkdf2-sha512') {
    return markImported({
      kind: 'pbkdf2',
      algorithm: algorithm === 'pbkdf2-sha256' ? 'sha256' : 'sha512',
      iterations: hashIterations,
      salt: bytesOf('salt', salt, ANY_BYTES),
      hash: bytesOf('value', value, ANY_BYTES),
    })
  }
  if (algorithm !== 'argon2') throw new DigestError('has an algorithm that can’t be imported')
  const of = (name: string): string => additionalParameters?.[name]?.[0] ?? ''
  const version = of('version') === '1.0' ? 16 : 19
  const costs = `m=${of('memory')},t=${hashIterations},p=${of('parallelism')}`
  const [saltText, hashText] = [salt, value].map((text) => text.replace(/=+$/, ''))
  const text = `$argon2${of('type')}$v=${version}$${costs}$${saltText}$${hashText}`
  return markImported({ kind: 'argon2', text })
}

function parsed<S extends Type.TSchema>(schema: S, text: string, what: string): Type.Static<S> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new DigestError(`has a ${what} that is no JSON`)
  }
  if (!Value.Check(schema, value))
    throw new DigestError(`has a ${what} that Keycloak does not make`)
  return value
}
