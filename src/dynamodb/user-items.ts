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

/** Partitions of the directory for each status: 16 in all, so that many accounts can be made at once. */
const SHARDS = 8

/** The partitions of the directory that accounts of a status are in. */
export const directoriesOf = (status: ProfileItem['status']): string[] =>
  Array.from({ length: SHARDS }, (_, shard) => `${status}#${shard}`)

/** The partition of the directory that a profile is in: one half of them for each status. */
export const directoryOf = (id: string, status: ProfileItem['status']): string =>
  `${status}#${createHash('sha256').update(id).digest().readUInt8() % SHARDS}`

/**
 * A profile with the attributes by which the indexes of the directory have it. The status changes together with
 * `directory`; the address is a key itself, so that nothing has to be kept in step with it.
 */
export const profileItem = <U extends Listed>(user: U) => ({
  ...profileKey(user.id),
  ...user,
  directory: directoryOf(user.id, user.status),
  listedAs: `${user.createdAt}#${user.id}`,
})

interface Listed {
  readonly id: string
  readonly status: ProfileItem['status']
  readonly createdAt: string
}

/** What other stores than the users' own read of a profile. */
export interface ProfileItem {
  readonly status: 'active' | 'disabled'
  readonly role: 'user' | 'admin'
  readonly epoch: number
  /** Set while keys are still to be suspended; until then it speaks for them. */
  readonly suspendingKeys?: KeySuspension
}
