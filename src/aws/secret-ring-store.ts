import type { RingStore, Stored } from '../keyring/store.js'
import type { Secrets } from './secrets.js'

const VERSION_DIGITS = 12
/** What CloudFormation generates for a secret that it makes: 32 printable characters, no space. */
const GENERATED = /^[!-~]{32}$/

/**
 * Keys of one kind in a secret of Secrets Manager. The version's id is made of the revision, and Secrets
 * Manager takes one value for an id: of several writers of a revision one wins, and all the others are told.
 */
export class SecretRingStore<R extends object> implements RingStore<R> {
  readonly #secrets: Secrets
  readonly #id: string
  readonly #lists: readonly (keyof R)[]

  /**
   * @param id name or ARN of the secret.
   * @param lists of keys that what it holds must have.
   */
  constructor(secrets: Secrets, id: string, lists: readonly (keyof R)[]) {
    this.#secrets = secrets
    this.#id = id
    this.#lists = lists
  }

  /** @throws {Error} for a value that is neither keys nor the letters that a new secret begins with. */
  async read(): Promise<Stored<R> | undefined> {
    const value = await this.#secrets.read(this.#id)
    if (value === undefined) return undefined
    const stored = parse(value)
    if (this.#isStored(stored)) return stored
    if (stored === undefined && GENERATED.test(value)) return undefined
    throw new Error(`the secret ${this.#id} holds no key ring`)
  }

  write({ ring, revision }: Stored<R>): Promise<boolean> {
    const version = `latchkey-key-ring-r-${String(revision).padStart(VERSION_DIGITS, '0')}`
    return this.#secrets.write(this.#id, version, JSON.stringify({ revision, ring }))
  }

  #isStored(value: unknown): value is Stored<R> {
    const { revision, ring } = (value ?? {}) as Partial<Stored<R>>
    return Number.isInteger(revision) && this.#lists.every((name) => Array.isArray(ring?.[name]))
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
