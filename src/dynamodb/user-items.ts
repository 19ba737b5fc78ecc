import { createHash } from 'node:crypto'
import type { KeySuspension } from '../lib/suspension.js'

/** The condition that makes a put into the Users table reserve its key. */
export const ABSENT = 'attribute_not_exists(pk)'

export const profileKey = (id: string) => ({ pk: `USER#${id}` })
/** Many, so that those who look for unknown addresses at once do not meet at one item. */
const DECOYS = 64

/** A profile that does not exist, to be read where no account has an address: that costs as many calls. */
export const decoyProfileKey = (email: string) =>
  profileKey(`decoy-${createHash('sha256').update(email).digest().readUInt8() % DECOYS}`)

export const emailKey = (email: string) => ({ pk: `EMAIL#${email}` })
/** @param identity `identityKey` of issuer and subject. */
export const pointerKey = (identity: string) => ({ pk: `IDENTITY#${identity}` })

/** @param id of the credential of a passkey, base64url. */
export const credentialKey = (id: string) => ({ pk: `CREDENTIAL#${id}` })

/** The user whose profile a key is of; undefined for a key of another item. */
export const userOfKey = (key: Readonly<Record<string, unknown>>): string | undefined =>
  typeof key.pk === 'string' && key.pk.startsWith('USER#') ? key.pk.slice(5) : undefined

/** What other stores than the users' own read of a profile. */
export interface ProfileItem {
  readonly status: 'active' | 'disabled'
  readonly role: 'user' | 'admin'
  readonly epoch: number
  /** Set while keys are still to be suspended; until then it speaks for them. */
  readonly suspendingKeys?: KeySuspension
}
