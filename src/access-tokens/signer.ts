import type {} from '@fastify/jwt'
import Fastify, { type FastifyInstance } from 'fastify'
import { onceMade } from '../lib/once-made.js'
import { ACCESS_TOKEN_TYPE, type AccessTokenClaims } from './claims.js'

export interface SignerOptions {
  readonly issuer: string
  /** `aud` of Latchkey's own tokens. */
  readonly audience: string
  /** The private key that signs now (PKCS #8 PEM). */
  readonly signingKey: () => Promise<{ kid: string; privateKey: string }>
}

/** Latchkey's own claims, unless `aud` names an API. */
export type SignedClaims = Omit<AccessTokenClaims, 'iss' | 'aud'> & { readonly aud?: string }

/**
 * Signs RFC 9068 access tokens, and ID tokens, by `@fastify/jwt` in an app of its own that is made for the first token: loading
 * it takes a quarter of a start.
 */
export class AccessTokenSigner {
  readonly #options: SignerOptions
  readonly #library = onceMade(openSigner)

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
    const { kid, privateKey } = await this.#options.signingKey()
    // The types of @fastify/jwt only know static keys, and access tokens.
    const header = { alg: 'RS256', typ, kid }
    const { jwt } = await this.#library()
    return jwt.sign(payload as AccessTokenClaims, { key: privateKey, kid, header } as object)
  }
}

async function openSigner(): Promise<FastifyInstance> {
  const { default: fastifyJwt } = await import('@fastify/jwt')
  const app = Fastify()
  // Each token names its key; the one that the plugin asks for is never used.
  await app.register(fastifyJwt, { secret: NO_KEY, sign: { algorithm: 'RS256' } })
  await app.ready()
  return app
}

const NO_KEY = {
  private: (): never => {
    throw new Error('Each token is signed with the key that it names')
  },
  public: (): never => {
    throw new Error('Access tokens are verified by AccessTokenVerifier')
  },
}

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: AccessTokenClaims
    user: AccessTokenClaims
  }
}
