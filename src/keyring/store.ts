import type { KeyRing } from './ring.js'

export interface StoredRing {
  readonly ring: KeyRing
  /** Counts up from 1; a write names the revision that it makes. */
  readonly revision: number
}

/** Where the ring is kept: a 0600 file locally, Secrets Manager in AWS. */
export interface KeyRingStore {
  read(): Promise<StoredRing | undefined>
  /**
   * Writes a revision that must not exist yet.
   * @returns false when another writer made it first; read again then.
   */
  write(stored: StoredRing): Promise<boolean>
}
