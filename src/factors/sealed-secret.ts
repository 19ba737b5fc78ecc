import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { SecretKey } from '../keyring/secret-keys.js'
import type { Random } from '../lib/random.js'
import type { Sealed } from '../users/factors.js'

/** The data keys, as far as they seal and open what is kept. */
export interface DataKeys {
  current(): Promise<SecretKey>
  byId(id: string): Promise<SecretKey | undefined>
}

/** Where a sealed secret stands. It opens nowhere else: neither in another profile nor in another field. */
export interface Place {
  readonly userId: string
  readonly field: string
}

/** Of the secret of an authenticator app, also before it is confirmed. */
export const totpPlace = (userId: string): Place => ({ userId, field: 'totp' })

/** A secret that was opened. */
export interface Opened {
  readonly secret: Buffer
  /** The same under the newest key, for the next write of its record; undefined where it is under that already. */
  readonly resealed?: Sealed
}

const CIPHER = 'aes-256-gcm'
/** NIST SP 800-38D §8.2.2. A key of one purpose seals far fewer than 2^32 secrets. */
const NONCE_BYTES = 12
const TAG_BYTES = 16
const LABEL = 'latchkey sealed secret'

/** Seals secrets that are kept for years under data keys, which no rotation removes. */
export class SealedSecrets {
  readonly #keys: DataKeys
  readonly #random: Random

  constructor(keys: DataKeys, random: Random) {
    this.#keys = keys
    this.#random = random
  }

  /** @returns `keyId.` and nonce, ciphertext and tag, base64url. */
  async seal(secret: Uint8Array, place: Place): Promise<Sealed> {
    return this.#seal(await this.#keys.current(), secret, place)
  }

  /**
   * @throws {Error} for what was sealed for another place, is damaged, or whose key is gone: all of them mean that a
   * record was tampered with, or the keys were.
   */
  async open(sealed: Sealed, place: Place): Promise<Opened> {
    const { keyId, bytes } = parse(sealed)
    const key = await this.#keys.byId(keyId)
    if (!key) throw new Error(`data key ${keyId} is gone`)
    const nonce = bytes.subarray(0, NONCE_BYTES)
    const decipher = createDecipheriv(CIPHER, derive(key), nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(associated(keyId, place))
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
    const secret = Buffer.concat([text, decipher.final()])
    const newest = await this.#keys.current()
    if (newest.id === keyId) return { secret }
    return { secret, resealed: this.#seal(newest, secret, place) }
  }

  #seal(key: SecretKey, secret: Uint8Array, place: Place): Sealed {
    const nonce = this.#random(NONCE_BYTES)
    const cipher = createCipheriv(CIPHER, derive(key), nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(associated(key.id, place))
    const text = Buffer.concat([cipher.update(secret), cipher.final()])
    const bytes = Buffer.concat([nonce, text, cipher.getAuthTag()])
    return `${key.id}.${bytes.toString('base64url')}`
  }
}

function parse(sealed: Sealed): { readonly keyId: string; readonly bytes: Buffer } {
  const [keyId = '', text = ''] = sealed.split('.')
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('a sealed secret is damaged')
  return { keyId, bytes }
}

/** Of its own: data keys make digests as well. */
const derive = ({ secret }: SecretKey): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', Buffer.from(secret, 'base64url'), '', LABEL, 32))

const associated = (keyId: string, { userId, field }: Place): Buffer =>
  Buffer.from([LABEL, keyId, userId, field].join('\0'))
