import { decodeBase64 } from '../../lib/base64.js'
import { MARK } from './mark.js'

/*
 * Digests that another system made, as a profile keeps them until the first sign-in. Each kind has one spelling, and
 * caps on what it may cost: a row of an import is refused above them, and so is an item that says more, before any work.
 */

const MAX_BCRYPT_COST = 12
const MAX_PBKDF2_ITERATIONS = 1_000_000
/** N is two to this power. */
export const MAX_SCRYPT_MEM_COST = 17
/** The block size, which multiplies the memory. */
export const MAX_SCRYPT_ROUNDS = 8
/** KiB: as much as scrypt at its caps. */
const MAX_ARGON2_MEMORY = 131_072
/** KiB times passes. */
const MAX_ARGON2_WORK = 262_144
const MAX_ARGON2_LANES = 8

const SALT_BYTES = { min: 1, max: 128 }
/** A shorter one says too little of the password. */
const HASH_BYTES = { min: 16, max: 256 }

export interface Pbkdf2Digest {
  readonly kind: 'pbkdf2'
  readonly algorithm: 'sha256' | 'sha512'
  readonly iterations: number
  readonly salt: Buffer
  readonly hash: Buffer
}

/** Of Firebase: the stream by which scrypt's key encrypts, in the place of the project's key that it did encrypt. */
export interface ScryptDigest {
  readonly kind: 'scrypt'
  readonly memCost: number
  readonly rounds: number
  readonly salt: Buffer
  readonly stream: Buffer
}

/** One that the library of its kind reads itself. */
export interface WholeDigest {
  readonly kind: 'bcrypt' | 'argon2'
  readonly text: string
}

export type OtherDigest = WholeDigest | Pbkdf2Digest | ScryptDigest

/** Why a digest can't be imported, in the words of a report; never the digest itself. */
export class DigestError extends Error {}

/** @returns what a profile keeps. @throws {DigestError} */
export function markImported(digest: OtherDigest): string {
  const text = spell(digest)
  if (parse(text).kind !== digest.kind) throw unknownKind()
  return MARK + text
}

/** @param text what a profile keeps. @throws {DigestError} */
export const parseImported = (text: string): OtherDigest => parse(text.slice(MARK.length))

const unknownKind = () => new DigestError('is of no kind that can be imported')

function spell(digest: OtherDigest): string {
  if (digest.kind === 'pbkdf2') {
    const { algorithm, iterations, salt, hash } = digest
    return `$pbkdf2-${algorithm}$i=${iterations}$${base64(salt)}$${base64(hash)}`
  }
  if (digest.kind === 'scrypt') {
    const { memCost, rounds, salt, stream } = digest
    return `$firebase-scrypt$n=${memCost},r=${rounds}$${base64(salt)}$${base64(stream)}`
  }
  return digest.text
}

const base64 = (bytes: Buffer): string => bytes.toString('base64')

const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/
const PBKDF2 = /^\$pbkdf2-(sha256|sha512)\$i=([1-9]\d{0,9})\$([^$]+)\$([^$]+)$/
const SCRYPT = /^\$firebase-scrypt\$n=([1-9]\d?),r=([1-9]\d?)\$([^$]+)\$([^$]+)$/
const ARGON2 =
  /^\$argon2(?:id|i|d)\$v=(?:16|19)\$m=([1-9]\d{0,9}),t=([1-9]\d{0,9}),p=([1-9]\d{0,3})\$([^$]+)\$([^$]+)$/

function parse(text: string): OtherDigest {
  return parseBcrypt(text) ?? parsePbkdf2(text) ?? parseScrypt(text) ?? parseArgon2(text)
}

function parseBcrypt(text: string): WholeDigest | undefined {
  const found = BCRYPT.exec(text)
  if (!found) return undefined
  const cost = Number(found[1])
  if (cost < 4) throw new DigestError('has a cost of bcrypt below 4')
  assertAtMost('cost of bcrypt', cost, MAX_BCRYPT_COST)
  return { kind: 'bcrypt', text }
}

function parsePbkdf2(text: string): Pbkdf2Digest | undefined {
  const found = PBKDF2.exec(text)
  if (!found) return undefined
  const [, algorithm, iterations, salt, hash] = found
  assertAtMost('number of PBKDF2 iterations', Number(iterations), MAX_PBKDF2_ITERATIONS)
  return {
    kind: 'pbkdf2',
    algorithm: algorithm === 'sha512' ? 'sha512' : 'sha256',
    iterations: Number(iterations),
    salt: bytesOf('salt', salt, SALT_BYTES),
    hash: bytesOf('hash', hash, HASH_BYTES),
  }
}

function parseScrypt(text: string): ScryptDigest | undefined {
  const found = SCRYPT.exec(text)
  if (!found) return undefined
  const [, memCost, rounds, salt, stream] = found
  assertAtMost('memory cost of scrypt', Number(memCost), MAX_SCRYPT_MEM_COST)
  assertAtMost('number of scrypt rounds', Number(rounds), MAX_SCRYPT_ROUNDS)
  return {
    kind: 'scrypt',
    memCost: Number(memCost),
    rounds: Number(rounds),
    salt: bytesOf('salt', salt, SALT_BYTES),
    stream: bytesOf('hash', stream, HASH_BYTES),
  }
}

function parseArgon2(text: string): WholeDigest {
  const found = ARGON2.exec(text)
  if (!found) throw unknownKind()
  const [, memory, passes, lanes, salt, hash] = found
  assertAtMost('memory of argon2 (KiB)', Number(memory), MAX_ARGON2_MEMORY)
  assertAtMost(
    'memory of argon2 times its passes',
    Number(memory) * Number(passes),
    MAX_ARGON2_WORK,
  )
  assertAtMost('number of argon2 lanes', Number(lanes), MAX_ARGON2_LANES)
  // RFC 9106 §3.1
  if (Number(memory) < 8 * Number(lanes)) throw new DigestError('has too little memory for argon2')
  bytesOf('salt', padded(salt), { ...SALT_BYTES, min: 8 })
  bytesOf('hash', padded(hash), HASH_BYTES)
  return { kind: 'argon2', text }
}

/** PHC strings leave the padding out. */
const padded = (text = ''): string => text.padEnd(Math.ceil(text.length / 4) * 4, '=')

/** @throws {DigestError} */
export function bytesOf(
  what: string,
  text: string | undefined,
  { min, max }: { readonly min: number; readonly max: number },
): Buffer {
  const bytes = decodeBase64(text ?? '')
  if (!bytes) throw new DigestError(`has a ${what} that is no base64`)
  if (bytes.length < min) throw new DigestError(`has a ${what} of less than ${min} bytes`)
  if (bytes.length > max) throw new DigestError(`has a ${what} of more than ${max} bytes`)
  return bytes
}

function assertAtMost(what: string, value: number, max: number): void {
  if (value > max) throw new DigestError(`has a ${what} above ${max}`)
}
