import { createHash, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { parse, stringify } from 'uuid'
import type { Random } from '../../lib/random.js'
import { fromBase62, toBase62 } from '../../lib/base62.js'

/** `lk_live_` and the like: what a secret scanner sees first. */
export interface KeyPrefix {
  /** Names the service, e.g. `lk`. */
  readonly name: string
  /** Names the environment, e.g. `live`. */
  readonly environment: string
}

/** A key taken apart. The id says whose it is, so that one read fetches key and owner. */
export interface ParsedKey {
  readonly keyId: string
  readonly ownerId: string
  readonly secret: string
}

const OWNER = 22
const SERIAL = 8
const ID = OWNER + SERIAL
const SECRET_BYTES = 32
/** 62^43 > 2^256. */
const SECRET = 43
/** 62^6 > 2^32. */
const CHECKSUM = 6
const LETTERS = ID + SECRET + CHECKSUM

/** The id of a new key of that owner: a serial, which tells an owner's keys apart, and the owner. */
export function newKeyId(ownerId: string, random: Random): string {
  // 5 bytes always fit into 8 letters.
  return toBase62(random(5), SERIAL) + toBase62(Buffer.from(parse(ownerId)), OWNER)
}

/** A whole key around a new secret of 256 bits. */
export function newKey(prefix: KeyPrefix, keyId: string, random: Random): string {
  const body = `${prefix.name}_${prefix.environment}_${keyId}${toBase62(random(SECRET_BYTES), SECRET)}`
  return body + checksum(body)
}

/** The whole key from an id and a secret; a secret that is a whole key already stays as it is. */
export function assembleKey(prefix: KeyPrefix, keyId: string, secret: string): string {
  if (secret.length !== SECRET) return secret
  const body = `${prefix.name}_${prefix.environment}_${keyId}${secret}`
  return body + checksum(body)
}

/** What any service may begin its keys with (`API_KEY_PREFIX`, `API_KEY_ENVIRONMENT`). */
const ANY_PREFIX = /^([a-z][a-z0-9]{1,15})_([a-z][a-z0-9]{1,15})_/

/** @returns undefined for what begins like no key of any service. */
export function prefixOf(text: string): KeyPrefix | undefined {
  const [, name, environment] = ANY_PREFIX.exec(text) ?? []
  return name === undefined || environment === undefined ? undefined : { name, environment }
}

/** A key of any service. @returns undefined for a key that is mistyped or cut. */
export function parseAnyKey(text: string): ParsedKey | undefined {
  const prefix = prefixOf(text)
  return prefix && parseKey(prefix, text)
}

/** @returns undefined for what is no key of this service: mistyped, cut, or of another environment. */
export function parseKey(prefix: KeyPrefix, text: string): ParsedKey | undefined {
  const start = `${prefix.name}_${prefix.environment}_`
  if (text.length !== start.length + LETTERS || !text.startsWith(start)) return undefined
  const body = text.slice(0, -CHECKSUM)
  if (checksum(body) !== text.slice(-CHECKSUM)) return undefined
  const keyId = body.slice(start.length, start.length + ID)
  const ownerId = ownerOf(keyId)
  return ownerId === undefined ? undefined : { keyId, ownerId, secret: body.slice(-SECRET) }
}

/** @returns undefined for an id that names no possible owner. */
export function ownerOf(keyId: string): string | undefined {
  const bytes = keyId.length === ID ? fromBase62(keyId.slice(SERIAL), 16) : undefined
  try {
    return bytes && stringify(bytes)
  } catch {
    return undefined
  }
}

/** What is stored of a key. 256 random bits need no slow hash (ASVS V6.5.2). */
export const hashKey = (key: string): string => createHash('sha256').update(key).digest('base64url')

/** Compares two stored hashes in constant time. */
export const sameHash = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

/** CRC-32, as GitHub's tokens have: it finds typing errors, and is no protection. */
function checksum(body: string): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body))
  return toBase62(bytes, CHECKSUM)
}
