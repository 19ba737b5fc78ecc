import type {} from '@fastify/jwt'
import Fastify, {
  type FastifyInstance,
  type FastifyRequest,
  type onRequestHookHandler,
} from 'fastify'
import fp from 'fastify-plugin'
import { ACCESS_TOKEN_TYPE, type AccessTokenClaims } from './jwt-claims.js'
import {
  ACCESS_TOKEN_REQUIRED,
  bearerProblem,
  FORBIDDEN,
  INSUFFICIENT_SCOPE,
  INVALID_REQUEST,
} from './jwt-errors.js'
import { AccessTokenVerifier, type VerifierOptions } from './jwt-verifier.js'

export interface JwtOptions extends VerifierOptions {
  /** The private key that signs now (PKCS #8 PEM). Leave out to verify only. */
  readonly signingKey?: () => Promise<{ kid: string; privateKey: string }>
}

/**
 * Access tokens for a Fastify app: `requireAccessToken`, `requireRole` and `requireScope` as `onRequest`
 * hooks, `verifyAccessToken` for one that came another way, and `signAccessToken` where there is a key.
 *
 * `@fastify/jwt` signs, in an app of its own that is made for the first token: loading it takes a quarter of
 * a start. Verification is `AccessTokenVerifier`, stricter than what a general library accepts; there is no
 * `request.jwtVerify()` beside it.
 */
export default fp<JwtOptions>(
  async function jwt(app, options) {
    const { issuer, audience, signingKey } = options
    const verifier = new AccessTokenVerifier(options)
    let signer: Promise<FastifyInstance> | undefined
    app.decorateRequest('user')

    app.decorate('verifyAccessToken', (token: string) => verifier.verify(token))

    app.decorate('signAccessToken', async (claims) => {
      if (!signingKey) throw new Error('register the jwt plugin with a signingKey to sign')
      const { kid, privateKey } = await signingKey()
      const payload: AccessTokenClaims = { iss: issuer, aud: audience, ...claims }
      // The types of @fastify/jwt only know static keys.
      const header = { alg: 'RS256', typ: ACCESS_TOKEN_TYPE, kid }
      signer ??= openSigner()
      return (await signer).jwt.sign(payload, { key: privateKey, kid, header } as object)
    })

    const requireAccessToken: onRequestHookHandler = (request, _reply, done) => {
      let claims
      try {
        const token = bearerToken(request)
        if (token === undefined) throw bearerProblem(ACCESS_TOKEN_REQUIRED)
        claims = verifier.verify(token)
      } catch (error) {
        done(error as Error)
        return
      }
      if (claims instanceof Promise) {
        claims.then((found) => {
          request.user = found
          done()
        }, done)
        return
      }
      request.user = claims
      done()
    }
    app.decorate('requireAccessToken', requireAccessToken)

    app.decorate('requireRole', (role: string): onRequestHookHandler => {
      return (request, _reply, done) => {
        done(request.user.role === role ? undefined : bearerProblem(FORBIDDEN))
      }
    })

    app.decorate('requireScope', (...scopes: string[]): onRequestHookHandler => {
      const wanted = scopes.join(' ')
      return (request, _reply, done) => {
        const held = request.user.scope.split(' ')
        const allowed = scopes.every((scope) => held.includes(scope))
        done(allowed ? undefined : bearerProblem(INSUFFICIENT_SCOPE, wanted))
      }
    })
  },
  { name: 'jwt', fastify: '5.x' },
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

/**
 * RFC 6750 §2.1: the token of the one Authorization header, its scheme in any case.
 * @returns undefined without a bearer credential.
 * @throws {Problem} INVALID_REQUEST for two headers, a list, or a token in the URL.
 */
export function bearerToken(request: FastifyRequest): string | undefined {
  if ('access_token' in (request.query as object)) throw bearerProblem(INVALID_REQUEST)
  const { authorization } = request.headers
  if (authorization === undefined) return undefined
  if (!isBearer(authorization)) return undefined
  const token = authorization.slice(7).replace(/^ +/, '')
  if (token === '' || /[\s,]/.test(token) || countAuthorization(request.raw.rawHeaders) > 1) {
    throw bearerProblem(INVALID_REQUEST)
  }
  return token
}

const isBearer = (header: string): boolean => header.slice(0, 7).toLowerCase() === 'bearer '

/** Node keeps the first of two Authorization headers and says nothing. */
function countAuthorization(rawHeaders: readonly string[]): number {
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string
    if (name.length === 13 && name.toLowerCase() === 'authorization') count++
  }
  return count
}

type Issued = 'iss' | 'aud'

declare module 'fastify' {
  interface FastifyInstance {
    /** @throws {Problem} TOKEN_INVALID or TOKEN_EXPIRED. */
    verifyAccessToken(token: string): AccessTokenClaims | Promise<AccessTokenClaims>
    /** Signs an RFC 9068 access token. */
    signAccessToken(claims: Omit<AccessTokenClaims, Issued>): Promise<string>
    /** `onRequest` hook: a valid bearer token, its claims in `request.user`. */
    requireAccessToken: onRequestHookHandler
    /** `onRequest` hook, after one that authenticates: 403 for another role. */
    requireRole(role: string): onRequestHookHandler
    /** `onRequest` hook, after one that authenticates: 403 unless every scope is held. */
    requireScope(...scopes: string[]): onRequestHookHandler
  }
}

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: AccessTokenClaims
    user: AccessTokenClaims
  }
}
