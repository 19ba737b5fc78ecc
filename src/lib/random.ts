import { randomBytes } from 'node:crypto'
import { v4 } from 'uuid'

/** Returns that many bytes from a CSPRNG. Passed in wherever a rule makes a secret or an id. */
export type Random = (bytes: number) => Buffer

export const systemRandom: Random = (bytes) => randomBytes(bytes)

/** A random identifier (UUIDv4). Identifies; never used as a secret (ASVS V11.5.1). */
export const newId = (random: Random): string => v4({ random: random(16) })
