import type { FastifyReply, FastifyRequest } from 'fastify'
import { type AccessTokenClaims, FIRST_PARTY_CLIENT } from '../access-tokens/claims.js'
import { ACCESS_TOKEN_REQUIRED, bearerProblem, TOKEN_INVALID } from '../access-tokens/errors.js'
import { bearerToken } from '../access-tokens/hooks.js'
import { powersOf, powersOfApp, type Resources } from '../access-tokens/resources.js'
import type { AccessTokenVerifier } from '../access-tokens/verifier.js'
import { callerOf } from '../http/caller.js'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../http/cookies.js'
import { comesFromElsewhere, isForPerson } from '../http/navigation.js'
import { isSpeculative } from '../http/speculation.js'
import type { SessionRef } from './errors.js'
import { isRefusal } from './reports.js'
import type { LiveSession } from './session.js'
import type { Sessions } from './sessions.js'

/** A live session and the claims of its token, role and scope as they are by now. */
export interface ConfirmedSession {
  readonly session: LiveSession
  readonly claims: AccessTokenClaims
}

export interface CurrentSessionDependencies {
  readonly sessions: Sessions
  /** Takes Latchkey's own tokens. */
  readonly tokens: AccessTokenVerifier
  readonly resources: Resources
}

/** Who is signed in: what a request carries, as a session that the store confirms. */
export class CurrentSession {
  readonly #dependencies: CurrentSessionDependencies

  constructor(dependencies: CurrentSessionDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * What a token of a session is worth now: its claims, with the role and scope that its user has by now.
   * @returns undefined for an ended session, and for a token of none.
   */
  async confirm(claims: AccessTokenClaims): Promise<ConfirmedSession | undefined> {
    const { sessions, resources } = this.#dependencies
    const { sub, sid } = claims
    const session = sid === undefined ? undefined : await sessions.findLive(sub, sid)
    if (!session || clientOf(session) !== claims.client_id) return undefined
    const { account, app } = session
    const resource = resources.find(claims.aud)
    const powers = app ? powersOfApp(app, account, resource) : powersOf(account, resource)
    return { claims: { ...claims, ...powers }, session }
  }

  /**
   * For programs, and scripts of pages: by the bearer token, or by the access cookie where no `Authorization` header,
   * of any scheme, is sent.
   * @throws {Problem} ACCESS_TOKEN_REQUIRED, INVALID_REQUEST, TOKEN_INVALID, TOKEN_EXPIRED; FOREIGN_ORIGIN.
   */
  async ofRequest(request: FastifyRequest): Promise<ConfirmedSession> {
    const token = isByCookie(request) ? request.readCookie(ACCESS_COOKIE) : bearerToken(request)
    if (token === undefined) throw bearerProblem(ACCESS_TOKEN_REQUIRED)
    if (isByCookie(request)) request.assertOwnOrigin({ strict: true })
    const confirmed = await this.confirm(await this.#dependencies.tokens.verify(token))
    if (!confirmed) throw bearerProblem(TOKEN_INVALID)
    return confirmed
  }

  /**
   * The same where a session is not required: a token that is no good counts as none.
   * @throws {Problem} INVALID_REQUEST, FOREIGN_ORIGIN, STORE_UNAVAILABLE.
   */
  async ofRequestIfAny(request: FastifyRequest): Promise<LiveSession | undefined> {
    try {
      return (await this.ofRequest(request)).session
    } catch (error) {
      if (!isRefusal(error)) throw error
      return undefined
    }
  }

  /**
   * For what a browser opens, by cookies alone: the access cookie, or the refresh cookie that outlives it. Nothing is
   * renewed.
   * @returns undefined for no session, a dead one, a spent cookie, and a refresh cookie alone from an origin that its
   * session does not know.
   * @throws {Problem} DUPLICATE_COOKIE, REFRESH_CONFLICT, STORE_UNAVAILABLE.
   */
  async ofCookies(request: FastifyRequest): Promise<LiveSession | undefined> {
    const access = request.readCookie(ACCESS_COOKIE)
    const refresh = request.readCookie(REFRESH_COOKIE)
    const live = await this.#ofAccessToken(access)
    if (live || refresh === undefined) return live
    return this.#look(request, refresh)
  }

  /**
   * The same for our own pages, which work without scripts: an access cookie that has expired is renewed by the refresh
   * cookie on the way. One that is no good is dropped.
   */
  async resume(request: FastifyRequest, reply: FastifyReply): Promise<LiveSession | undefined> {
    const live = await this.#ofAccessToken(request.readCookie(ACCESS_COOKIE))
    if (live || isSpeculative(request)) return live
    const refresh = request.readCookie(REFRESH_COOKIE)
    if (refresh === undefined) return undefined
    // A foreign page may let the answer be lost with the successor in it: the next page of our own renews.
    const seen = comesFromElsewhere(request) ? await this.#look(request, refresh) : undefined
    return seen ?? this.#renew(request, reply, refresh)
  }

  /**
   * The session that its client wants to end: by access token; or by a refresh cookie, which outlives its access
   * cookie, or by that one where it is no good.
   * @throws {Problem} ACCESS_TOKEN_REQUIRED, FOREIGN_ORIGIN, and what the tokens are refused with.
   */
  async toEnd(request: FastifyRequest): Promise<SessionRef> {
    const { sessions, tokens } = this.#dependencies
    const bearer = bearerToken(request)
    if (bearer !== undefined) return sessionOf(await tokens.verify(bearer))
    const refresh = request.readCookie(REFRESH_COOKIE)
    const access = request.readCookie(ACCESS_COOKIE)
    if (refresh === undefined && access === undefined) throw bearerProblem(ACCESS_TOKEN_REQUIRED)
    request.assertOwnOrigin({ strict: true })
    if (refresh !== undefined) {
      try {
        return await sessions.identify(refresh)
      } catch (error) {
        if (access === undefined || !isRefusal(error)) throw error
      }
    }
    return sessionOf(await tokens.verify(access as string))
  }

  /** A token that is no good counts as none; our own trouble is no verdict on it. */
  async #ofAccessToken(token: string | undefined): Promise<LiveSession | undefined> {
    if (token === undefined) return undefined
    try {
      return (await this.confirm(await this.#dependencies.tokens.verify(token)))?.session
    } catch (error) {
      if (!isRefusal(error)) throw error
      return undefined
    }
  }

  #look(request: FastifyRequest, refreshToken: string): Promise<LiveSession | undefined> {
    const isNavigation = isForPerson(request)
    return this.#dependencies.sessions.look(callerOf(request), refreshToken, { isNavigation })
  }

  async #renew(
    request: FastifyRequest,
    reply: FastifyReply,
    refreshToken: string,
  ): Promise<LiveSession | undefined> {
    const { sessions } = this.#dependencies
    const isNavigation = isForPerson(request)
    try {
      const grant = await sessions.refresh(callerOf(request), refreshToken, { isNavigation })
      await reply.deliverTokens(grant, 'cookies')
      const { sessionId, amr, authTime, user: account, isShort } = grant
      return { sessionId, amr, authTime, account, isShort }
    } catch (error) {
      if (!isRefusal(error)) throw error
      reply.dropCookies()
      return undefined
    }
  }
}

/** A request with an Authorization header, of any scheme, is never judged by its cookie. */
export const isByCookie = ({ headers }: FastifyRequest): boolean =>
  headers.authorization === undefined && headers.cookie !== undefined

const clientOf = ({ app }: LiveSession): string => app?.clientId ?? FIRST_PARTY_CLIENT

function sessionOf({ sub, sid }: AccessTokenClaims): SessionRef {
  if (sid === undefined) throw bearerProblem(TOKEN_INVALID)
  return { userId: sub, sessionId: sid }
}
