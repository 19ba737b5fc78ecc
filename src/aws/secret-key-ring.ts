import type { KeyRingStore, StoredRing } from '../keyring/store.js'
import type { Secrets } from './secrets.js'

const VERSION_DIGITS = 12

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

  /** A secret that CloudFormation has just made holds random letters, which are no ring. */
  async read(): Promise<StoredRing | undefined> {
    const value = await this.#secrets.read(this.#id)
    return value?.startsWith('{"revision":') ? (JSON.parse(value) as StoredRing) : undefined
  }

  write({ ring, revision }: StoredRing): Promise<boolean> {
    const version = `latchkey-key-ring-r-${String(revision).padStart(VERSION_DIGITS, '0')}`
    return this.#secrets.write(this.#id, version, JSON.stringify({ revision, ring }))
  }
}
