import type { KeyRing } from '../keyring/ring.js'
import type { SecretKeys } from '../keyring/secret-keys.js'
import type { SpareKeys } from '../keyring/spare.js'
import type { KeyStores, RingStore, RotationStores } from '../keyring/store.js'
import { SecretRingStore } from './secret-ring-store.js'
import type { Secrets } from './secrets.js'

/** Names or ARNs of the secrets of the keys. */
export interface KeySecrets {
  readonly keyRing: string
  readonly ticketKeys: string
  readonly dataKeys: string
}

/** The keys that derive what mails carry. */
export const ticketKeyStore = (secrets: Secrets, id: string): RingStore<SecretKeys> =>
  new SecretRingStore<SecretKeys>(secrets, id, ['keys'])

/** The keys of what is kept sealed. */
export const dataKeyStore = (secrets: Secrets, id: string): RingStore<SecretKeys> =>
  new SecretRingStore<SecretKeys>(secrets, id, ['keys'])

/** What the app reads. */
export const keyStores = (secrets: Secrets, ids: KeySecrets): KeyStores => ({
  keyRing: new SecretRingStore<KeyRing>(secrets, ids.keyRing, ['signing', 'refresh']),
  ticketKeys: ticketKeyStore(secrets, ids.ticketKeys),
  dataKeys: dataKeyStore(secrets, ids.dataKeys),
})

/** What the rotation reads and writes. */
export const rotationStores = (
  secrets: Secrets,
  ids: KeySecrets & { readonly spareKey: string },
): RotationStores => ({
  ...keyStores(secrets, ids),
  spareKeys: new SecretRingStore<SpareKeys>(secrets, ids.spareKey, ['spares']),
})
