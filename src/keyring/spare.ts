import type { Random } from '../lib/random.js'
import { newKeyPair } from './signing-key.js'

/** The private half of the key that replaces a compromised one. The ring has its public half. */
export interface SpareKey {
  readonly kid: string
  /** PKCS #8 PEM. */
  readonly privateKey: string
}

/** The spare, and while one takes its place, both. Oldest first. */
export interface SpareKeys {
  readonly spares: readonly SpareKey[]
}

export const newSpare = (random: Random): Promise<SpareKey> => newKeyPair(random)
