import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign as signBytes,
} from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'

export type Algorithm = 'ES256' | 'RS256' | 'EdDSA'

/** Bits of authenticator data (WebAuthn §6.1). */
export const FLAGS = { UP: 1, UV: 4, BE: 8, BS: 16, AT: 64, ED: 128 } as const

/** Creation options, as far as an authenticator reads them. */
export interface CreationOptions {
  readonly challenge: string
  readonly rp: { readonly id: string }
  readonly user: { readonly id: string }
}

export interface RequestOptions {
  readonly challenge: string
  readonly rpId: string
}

export interface PasskeySettings {
  readonly origin: string
  readonly algorithm?: Algorithm
  /** Whether it can be backed up: BE, and with it BS. */
  readonly isSynced?: boolean
  /** Whether its counter rises; those of most passkeys stay 0. */
  readonly isCounting?: boolean
}

/** What an honest authenticator and its browser say, and a forged ceremony may say otherwise. */
export interface Forgery {
  readonly id?: string
  readonly rawId?: string
  readonly kind?: string
  readonly type?: string
  readonly challenge?: string
  readonly origin?: string
  readonly rpId?: string
  readonly flags?: number
  readonly counter?: number
  /** `null` leaves it out. */
  readonly userHandle?: string | null
  /** Members that client data has besides. */
  readonly clientData?: Readonly<Record<string, unknown>>
  /** Bytes behind the authenticator data. */
  readonly behind?: Buffer
  /** Changes the signature. */
  readonly signature?: (signature: Buffer) => Buffer
  /** Signs with the key of another. */
  readonly signer?: SoftPasskey
  /** The COSE key, where another than the own one is registered. */
  readonly publicKey?: Uint8Array
  readonly credentialId?: Buffer
  readonly format?: string
  readonly statement?: Map<string, unknown>
}

const cbor = (value: unknown): Buffer => Buffer.from(isoCBOR.encode(value as never))
const sha256 = (value: string | Buffer): Buffer => createHash('sha256').update(value).digest()
const url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

/** A passkey whose authenticator and browser are this object: all that they say can be forged. */
export class SoftPasskey {
  readonly id = randomBytes(32)
  counter = 0
  userHandle: string | undefined
  readonly #settings: PasskeySettings
  readonly #keys: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }

  constructor(settings: PasskeySettings) {
    this.#settings = settings
    this.#keys = newKeys(settings.algorithm)
  }

  /** The answer of `navigator.credentials.create()`, by `toJSON()`. */
  create(options: CreationOptions, forgery: Forgery = {}) {
    this.userHandle = options.user.id
    const credentialId = forgery.credentialId ?? this.id
    const length = Buffer.alloc(2)
    length.writeUInt16BE(credentialId.length)
    const key = forgery.publicKey ?? this.coseKey()
    const attested = Buffer.concat([Buffer.alloc(16), length, credentialId, key])
    const authData = this.#authenticatorData(options.rp.id, FLAGS.AT, forgery, attested)
    const statement = new Map<string, unknown>([
      ['fmt', forgery.format ?? 'none'],
      ['attStmt', forgery.statement ?? new Map()],
      ['authData', new Uint8Array(authData)],
    ])
    const clientData = this.#clientData('webauthn.create', options.challenge, forgery)
    return {
      ...this.#credential({ id: url(credentialId), ...forgery }),
      response: {
        clientDataJSON: url(clientData),
        attestationObject: url(cbor(statement)),
        transports: this.#settings.isSynced ? ['internal', 'hybrid'] : ['usb'],
      },
    }
  }

  /** The answer of `navigator.credentials.get()`, by `toJSON()`. */
  get(options: RequestOptions, forgery: Forgery = {}) {
    const authData = this.#authenticatorData(options.rpId, 0, forgery)
    const clientData = this.#clientData('webauthn.get', options.challenge, forgery)
    const { signer = this, userHandle = this.userHandle } = forgery
    const signature = signer.sign(Buffer.concat([authData, sha256(clientData)]))
    return {
      ...this.#credential(forgery),
      response: {
        clientDataJSON: url(clientData),
        authenticatorData: url(authData),
        signature: url(forgery.signature?.(signature) ?? signature),
        ...(userHandle != null && { userHandle }),
      },
    }
  }

  sign(data: Buffer): Buffer {
    const hash = this.#settings.algorithm === 'EdDSA' ? null : 'sha256'
    return signBytes(hash, data, this.#keys.privateKey)
  }

  coseKey(): Buffer {
    const { x = '', y = '', n = '', e = '' } = this.#keys.publicKey.export({ format: 'jwk' })
    const bytes = (part: string) => new Uint8Array(Buffer.from(part, 'base64url'))
    const { algorithm = 'ES256' } = this.#settings
    const parts: Record<Algorithm, readonly (readonly [number, unknown])[]> = {
      ES256: [
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, bytes(x)],
        [-3, bytes(y)],
      ],
      RS256: [
        [1, 3],
        [3, -257],
        [-1, bytes(n)],
        [-2, bytes(e)],
      ],
      EdDSA: [
        [1, 1],
        [3, -8],
        [-1, 6],
        [-2, bytes(x)],
      ],
    }
    return cbor(new Map(parts[algorithm]))
  }

  #credential({ id = url(this.id), rawId = id, kind = 'public-key' }: Forgery) {
    const clientExtensionResults = {}
    const type = kind as 'public-key'
    return { id, rawId, type, authenticatorAttachment: 'platform', clientExtensionResults }
  }

  #authenticatorData(
    rpId: string,
    further: number,
    { rpId: forgedId = rpId, flags, counter, behind = Buffer.alloc(0) }: Forgery,
    attested = Buffer.alloc(0),
  ): Buffer {
    const { isSynced = false, isCounting = false } = this.#settings
    if (isCounting) this.counter += 1
    const backup = isSynced ? FLAGS.BE | FLAGS.BS : 0
    const head = Buffer.alloc(5)
    head.writeUInt8(flags ?? FLAGS.UP | FLAGS.UV | backup | further)
    head.writeUInt32BE(counter ?? this.counter, 1)
    return Buffer.concat([sha256(forgedId), head, attested, behind])
  }

  #clientData(type: string, challenge: string, forgery: Forgery): Buffer {
    const data = {
      type: forgery.type ?? type,
      challenge: forgery.challenge ?? challenge,
      origin: forgery.origin ?? this.#settings.origin,
      crossOrigin: false,
      ...forgery.clientData,
    }
    return Buffer.from(JSON.stringify(data))
  }
}

function newKeys(algorithm: Algorithm = 'ES256') {
  if (algorithm === 'RS256') return generateKeyPairSync('rsa', { modulusLength: 2048 })
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519')
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}
