import { report } from '../events/report.js'
import type { Caller } from '../http/caller.js'
import { Problem } from '../http/problem.js'
import type { ApiKeys, IssuedKey } from './api-keys.js'
import { API_KEY_NOT_FOUND } from './errors.js'
import type { KeyLimits } from './limits.js'
import { DEFAULT_OVERLAP_SECONDS } from '../lib/overlap.js'
import { presentToHolder } from './present.js'
import { ownerOf } from './verification/format.js'
import type { VerifiedKey } from './verification/record.js'

export interface HolderKeysDependencies {
  readonly apiKeys: ApiKeys
  readonly limits: KeyLimits
}

/** A key that was found good, and the text that it was presented as. */
export interface HeldKey {
  readonly key: VerifiedKey
  readonly text: string
}

/** What the holder of a key does with it, by the key alone. */
export class HolderKeys {
  readonly #dependencies: HolderKeysDependencies

  constructor(dependencies: HolderKeysDependencies) {
    this.#dependencies = dependencies
  }

  /** What the key may do, until when, and what is left. */
  async describe({ key: { keyId, ownerId, scopes }, text }: HeldKey) {
    const { apiKeys, limits } = this.#dependencies
    const key = await apiKeys.find({ id: ownerId, role: 'user' }, keyId)
    return presentToHolder(key, { text, scopes, remaining: await limits.remaining(key) })
  }

  /**
   * As `KeyDesk.rotate`, without a session.
   * @throws {Problem} API_KEY_NOT_FOUND for another key, SECRET_SUPERSEDED.
   */
  async rotate(
    caller: Pick<Caller, 'log' | 'ip' | 'userAgent'>,
    { key, text }: HeldKey,
    keyId: string,
    overlapSeconds = DEFAULT_OVERLAP_SECONDS,
  ): Promise<IssuedKey> {
    // Another key is not there for its holder, as for a user.
    if (keyId !== key.keyId) throw new Problem(API_KEY_NOT_FOUND)
    const issued = await this.#dependencies.apiKeys.rotateItself(
      caller,
      text,
      keyId,
      overlapSeconds * 1000,
    )
    report(caller.log, 'sensitive_rotate', { keyId, ownerId: ownerOf(keyId) })
    return issued
  }
}
