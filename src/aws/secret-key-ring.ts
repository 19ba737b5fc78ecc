import type { KeyRingStore, StoredRing } from '../keyring/store.js'
import type { Secrets } from './secrets.js'

const VERSION_DIGITS = 12
/** What CloudFormation generates for a secret that it makes: 32 printable characters, no space. */
const GENERATED = /^[!-~]{32}$/

/**
 * The key ring in a secret of Secrets Manager. The version's id is made of the revision, and Secrets
 * Manager takes one value for an id: of many writers of a revision one wins, and all the others hear so.
 */
export class SecretKeyRingStore implements KeyRingStore {
  readonly #secrets: Secrets
  readonly #id: string

  /** @param id name or ARN of the secret. */
  constructor(secrets: Secrets, id: string) {
    this.#secrets = secrets
    this.#id = id
  }

  /** @throws {Error} for a value that is neither a ring nor the letters that a new secret begins with. */
  async read(): Promise<StoredRing | undefined> {
    const value = await this.#secrets.read(this.#id)
    if (value === undefined) return undefined
    const stored = parse(value)
    if (isRing(stored)) return stored
    if (stored === undefined && GENERATED.test(value)) return undefined
    throw new Error(`the secret ${this.#id} holds no key ring`)
  }

  write({ ring, revision }: StoredRing): Promise<boolean> {
    const version = `latchkey-key-ring-r-${String(revision).padStart(VERSION_DIGITS, '0')}`
    return this.#secrets.write(this.#id, version, JSON.stringify({ revision, ring }))
  }
}

function parse(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    // The parser's message may quote a key.
    return undefined
  }
}

function isRing(value: unknown): value is StoredRing {
  const { revision, ring } = (value ?? {}) as Partial<StoredRing>
  return Number.isInteger(revision) && Array.isArray(ring?.signing) && Array.isArray(ring.refresh)
}
