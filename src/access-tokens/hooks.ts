import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { Clock } from '../lib/clock.js'
import { decorateGuard, decorateGuardOf, type Guard } from '../http/guards.js'
import { valuesOf } from '../http/protocol.js'
import { parseBearer } from './bearer.js'
import type { AccessTokenClaims } from './claims.js'
import {
  ACCESS_TOKEN_REQUIRED,
  bearerProblem,
  FORBIDDEN,
  INSUFFICIENT_SCOPE,
  insufficientAuthentication,
  INVALID_REQUEST,
  TOKEN_INVALID,
} from './errors.js'
import {
  type AuthenticationRequirement,
  isSatisfied,
  requirementFault,
} from './required-authentication.js'
import { isLimitedByConsent, USER_SCOPE } from './scopes.js'
import type { AccessTokenVerifier } from './verifier.js'

/** What a hook goes through before it is handed out. */
export type HookWrapper = (hook: onRequestHookHandler) => onRequestHookHandler

export interface JwtHooks {
  readonly verifier: AccessTokenVerifier
  readonly clock: Clock
  /** @default - the hooks as they are */
  readonly wrap?: HookWrapper
}

/**
 * The guards `requireAccessToken()`, `requireRole(role)`, `requireScope(...scopes)` and
 * `requireAuthentication({ acrValues, maxAge })`.
 */
export function decorateWithJwt(
  app: FastifyInstance,
  { verifier, clock, wrap = (hook) => hook }: JwtHooks,
): void {
  app.decorateRequest('user')

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
  decorateGuard(app, 'requireAccessToken', wrap(requireAccessToken))

  decorateGuardOf(app, 'requireRole', (role: string) => {
    assertStrings('requireRole', [role])
    return wrap((request, _reply, done) => {
      done(request.user.role === role ? undefined : bearerProblem(FORBIDDEN))
    })
  })

  decorateGuardOf(app, 'requireScope', (...scopes: string[]) => {
    assertStrings('requireScope', scopes)
    const wanted = scopes.join(' ')
    return wrap((request, _reply, done) => {
      const held = request.user.scope.split(' ')
      const allowed = scopes.every((scope) => held.includes(scope))
      done(allowed ? undefined : bearerProblem(INSUFFICIENT_SCOPE, wanted))
    })
  })

  decorateGuardOf(app, 'requireAuthentication', (requirement: AuthenticationRequirement) => {
    const fault = requirementFault(requirement)
    if (fault !== undefined) throw new TypeError(`requireAuthentication: ${fault}.`)
    const { acrValues, ...rest } = requirement
    // What was checked stays: the caller's list may change.
    const checked = { ...rest, ...(acrValues && { acrValues: [...acrValues] }) }
    return wrap((request, _reply, done) => {
      const satisfied = isSatisfied(checked, request.user, clock())
      done(satisfied ? undefined : insufficientAuthentication(checked))
    })
  })
}

function assertStrings(name: string, options: readonly unknown[]): void {
  if (options.length > 0 && options.every((option) => typeof option === 'string')) return
  throw new TypeError(`${name} takes strings, such as ${name}('admin').`)
}

/**
 * What `authenticate` lets in, if it is a person's own: a machine's token belongs to no session, and one of an app of
 * others is for routes that name a scope.
 */
export const ofPeople = (authenticate: onRequestHookHandler): onRequestHookHandler =>
  function (request, reply, done) {
    authenticate.call(this, request, reply, (error) => {
      if (error) done(error)
      else if (request.user.sid === undefined) done(bearerProblem(TOKEN_INVALID))
      else if (isLimitedByConsent(request.user)) done(bearerProblem(INSUFFICIENT_SCOPE, USER_SCOPE))
      else done()
    })
  }

/**
 * RFC 6750 §2.1: the token of the one Authorization header, its scheme in any case.
 * @returns undefined without a bearer credential.
 * @throws {Problem} INVALID_REQUEST for two headers, a list, or a token in the URL.
 */
export function bearerToken(request: FastifyRequest): string | undefined {
  if ('access_token' in (request.query as object)) throw bearerProblem(INVALID_REQUEST)
  const token = parseBearer(request.headers.authorization)
  if (token !== undefined && valuesOf(request.raw.rawHeaders, 'authorization').length > 1) {
    throw bearerProblem(INVALID_REQUEST)
  }
  return token
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Makes an `onRequest` hook: a valid bearer token, its claims in `request.user`. */
    requireAccessToken: Guard
    /** Makes an `onRequest` hook, to stand after one that authenticates: 403 for another role. */
    requireRole: (role: string) => onRequestHookHandler
    /** Makes an `onRequest` hook, to stand after one that authenticates: 403 unless every scope is held. */
    requireScope: (...scopes: string[]) => onRequestHookHandler
    /**
     * Makes an `onRequest` hook, to stand after one that authenticates: 401 with the challenge of RFC 9470 unless the
     * person has signed in as strongly and as recently as is asked. A machine's token is always refused.
     * @throws {TypeError} for options that are missing, misspelt or wrong.
     * @example
     * app.post('/refunds', {
     *   onRequest: [app.requireUser(), app.requireAuthentication({ acrValues: ['urn:latchkey:2'], maxAge: 300 })],
     * }, refund)
     */
    requireAuthentication: (requirement: AuthenticationRequirement) => onRequestHookHandler
  }
  interface FastifyRequest {
    /** Set by `requireAccessToken()`. */
    user: AccessTokenClaims
  }
}
