import { createHash } from 'node:crypto'
import type { EventFields } from '../../events/catalogue.js'
import type { Passkey } from '../../users/factors.js'

/** A passkey as its owner sees it. Times are ISO 8601. */
export interface ListedPasskey {
  /** Short, for URLs: ids of credentials have up to 1,364 characters. */
  readonly id: string
  readonly credentialId: string
  readonly name: string
  readonly addedAt: string
  readonly lastUsedAt: string | null
  readonly isSynced: boolean
  readonly transports: string[]
  readonly status: 'active' | 'suspended'
}

export const listedId = ({ id }: Pick<Passkey, 'id'>): string =>
  createHash('sha256').update(id).digest('base64url').slice(0, 22)

export const listedPasskey = (passkey: Passkey): ListedPasskey => ({
  id: listedId(passkey),
  credentialId: passkey.id,
  name: passkey.name,
  addedAt: passkey.addedAt,
  lastUsedAt: passkey.lastUsedAt ?? null,
  isSynced: passkey.isSynced,
  transports: [...(passkey.transports ?? [])],
  status: passkey.isSuspended ? 'suspended' : 'active',
})

/** The event of one that is gone. */
export const removedPasskey = (
  userId: string,
  passkey: Pick<Passkey, 'id'>,
): EventFields['authn_factor_removed'] => ({
  userId,
  factor: 'passkey',
  passkeyId: listedId(passkey),
})
