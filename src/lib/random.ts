import { randomBytes } from 'node:crypto'
import { v4 } from 'uuid'

/** Returns that many bytes from a CSPRNG. Passed in wherever a rule makes a secret or an id. */
export type Random = (bytes: number) => Buffer

export const systemRandom: Random = (bytes) => randomBytes(bytes)

const SECRET_BYTES = 32
const SECRET = /^[A-Za-z0-9_-]{43}$/

/** 256 random bits, base64url. */
export const newSecret = (random: Random): string => random(SECRET_BYTES).toString('base64url')

/** Whether a text may be one. */
export const isSecret = (text: string | undefined): text is string =>
  text !== undefined && SECRET.test(text)

/** A random identifier (UUIDv4). Identifies; never used as a secret (ASVS V11.5.1). */
export const newId = (random: Random): string => v4({ random: random(16) })
