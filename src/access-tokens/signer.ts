import type {} from '@fastify/jwt'
import Fastify, { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { onceMade } from '../lib/once-made.js'
import { ACCESS_TOKEN_TYPE, type AccessTokenClaims } from './claims.js'

export interface JwtSignerOptions {
  readonly issuer: string
  /** `aud` of Latchkey's own tokens. */
  readonly audience: string
  /** The private key that signs now (PKCS #8 PEM). */
  readonly signingKey: () => Promise<{ kid: string; privateKey: string }>
}

/**
 * `signAccessToken`, by `@fastify/jwt` in an app of its own that is made for the first token: loading it
 * takes a quarter of a start.
 */
export default fp<JwtSignerOptions>(
  async function jwtSigner(app, { issuer, audience, signingKey }) {
    const signer = onceMade(openSigner)
    app.decorate('signAccessToken', async (claims) => {
      const { kid, privateKey } = await signingKey()
      const payload: AccessTokenClaims = { iss: issuer, aud: audience, ...claims }
      // The types of @fastify/jwt only know static keys.
      const header = { alg: 'RS256', typ: ACCESS_TOKEN_TYPE, kid }
      return (await signer()).jwt.sign(payload, { key: privateKey, kid, header } as object)
    })
  },
  { name: 'jwt-signer', fastify: '5.x' },
)

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
    throw new Error('Access tokens are verified by app.verifyAccessToken')
  },
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Signs an RFC 9068 access token: Latchkey's own, unless `aud` names an API. */
    signAccessToken(
      claims: Omit<AccessTokenClaims, 'iss' | 'aud'> & { readonly aud?: string },
    ): Promise<string>
  }
}

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: AccessTokenClaims
    user: AccessTokenClaims
  }
}
