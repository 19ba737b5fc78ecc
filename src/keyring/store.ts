import type { KeyRing } from './ring.js'
import type { SecretKeys } from './secret-keys.js'
import type { SpareKeys } from './spare.js'

export interface Stored<R> {
  readonly ring: R
  /** Counts up from 1; a write names the revision that it makes. */
  readonly revision: number
}

/** Where keys of one kind are kept: a folder of 0600 files locally, Secrets Manager in AWS. */
export interface RingStore<R> {
  read(): Promise<Stored<R> | undefined>
  /**
   * Writes a revision that must not exist yet.
   * @returns false when another writer made it first; read again then.
   */
  write(stored: Stored<R>): Promise<boolean>
}

export type StoredRing = Stored<KeyRing>
export type KeyRingStore = RingStore<KeyRing>

/** What the app reads. */
export interface KeyStores {
  /** Signing and refresh keys. */
  readonly keyRing: KeyRingStore
  readonly ticketKeys: RingStore<SecretKeys>
  readonly dataKeys: RingStore<SecretKeys>
}

/** What the rotation reads and writes. */
export interface RotationStores extends KeyStores {
  readonly spareKeys: RingStore<SpareKeys>
}
