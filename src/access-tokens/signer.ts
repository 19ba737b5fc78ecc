import type {} from '@fastify/jwt'
import Fastify, { type FastifyInstance } from 'fastify'
import { BoundedMap } from '../lib/bounded-map.js'
import { onceMade } from '../lib/once-made.js'
import { ACCESS_TOKEN_TYPE, type AccessTokenClaims } from './claims.js'

export interface SignerOptions {
  readonly issuer: string
  /** `aud` of Latchkey's own tokens. */
  readonly audience: string
  /** The private key that signs now. */
  readonly signingKey: () => Promise<SigningKey>
}

interface SigningKey {
  readonly kid: string
  /** PKCS #8 PEM. */
  readonly privateKey: string
}

/** Latchkey's own claims, unless `aud` names an API. */
export type SignedClaims = Omit<AccessTokenClaims, 'iss' | 'aud'> & { readonly aud?: string }

/** The key that signs and the one before it, for tokens of two types. */
const MAX_LIBRARIES = 4

/**
 * Signs RFC 9068 access tokens, and ID tokens, by `@fastify/jwt` in an app of its own that is made for the first token: loading
 * it takes a quarter of a start. Each key and type has one, because reading a key takes as long as signing with it.
 */
export class AccessTokenSigner {
  readonly #options: SignerOptions
  /** By type and key; what signs is still the key that `signingKey` gives each time. */
  readonly #libraries = new BoundedMap<string, () => Promise<FastifyInstance>>(MAX_LIBRARIES)

  constructor(options: SignerOptions) {
    this.#options = options
  }

  /** @throws {Problem} STORE_UNAVAILABLE while no key can be read. */
  async sign(claims: SignedClaims): Promise<string> {
    const { issuer, audience } = this.#options
    return this.#sign(ACCESS_TOKEN_TYPE, { iss: issuer, aud: audience, ...claims })
  }

  /** The same for what is no access token: its type keeps it from being one (RFC 8725 §3.11). */
  async signAs(typ: 'JWT', claims: Readonly<Record<string, unknown>>): Promise<string> {
    return this.#sign(typ, { iss: this.#options.issuer, ...claims })
  }

  async #sign(typ: string, payload: object): Promise<string> {
    const key = await this.#options.signingKey()
    const { jwt } = await this.#libraryOf(typ, key)
    // The types of @fastify/jwt only know access tokens.
    return jwt.sign(payload as AccessTokenClaims)
  }

  #libraryOf(typ: string, key: SigningKey): Promise<FastifyInstance> {
    const name = `${typ} ${key.kid} ${key.privateKey}`
    const known = this.#libraries.get(name)
    if (known) return known()
    const open = onceMade(() => openLibrary(typ, key))
    this.#libraries.set(name, open)
    return open()
  }
}

async function openLibrary(typ: string, { kid, privateKey }: SigningKey): Promise<FastifyInstance> {
  const { default: fastifyJwt } = await import('@fastify/jwt')
  const app = Fastify()
  await app.register(fastifyJwt, {
    secret: { private: privateKey, public: verifyNothing },
    sign: { algorithm: 'RS256', kid, header: { alg: 'RS256', typ, kid } },
  })
  await app.ready()
  return app
}

const verifyNothing = (): never => {
  throw new Error('Access tokens are verified by AccessTokenVerifier')
}

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: AccessTokenClaims
    user: AccessTokenClaims
  }
}
