import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { report } from '../events/report.js'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../http/cookies.js'
import type { AccessTokenClaims } from '../access-tokens/claims.js'
import { bearerToken } from '../access-tokens/hooks.js'
import { ACCESS_TOKEN_REQUIRED, bearerProblem, TOKEN_INVALID } from '../access-tokens/errors.js'
import { isForPerson } from '../http/navigation.js'
import { addressOf, callerOf } from '../http/caller.js'
import { logExceeded } from '../limits/by-address.js'
import { isOutage, Problem } from '../http/problem.js'
import { settleAll } from '../lib/settle-all.js'
import {
  REFRESH_CONFLICT,
  REFRESH_TOKEN_REUSED,
  type RefreshFailure,
  type ReplayReport,
  SESSION_NOT_FOUND,
  type SessionRef,
} from './errors.js'
import type { SecretKeyRing } from '../keyring/secret-ring.js'
import type { User } from './plugin.js'
import type { Current, Grant } from './sessions.js'
import type { Transport } from './transport.js'
import { digestAddress } from './tried-address.js'

/** How a sign-in reaches its client. With cookies, the session that the browser had before ends. */
export interface StartOptions {
  readonly transport: Transport
  /** The identity provider that proved who it is, if it was one. */
  readonly provider?: string
}

export interface SessionActionsOptions {
  readonly dataKeys: SecretKeyRing
}

/**
 * What a person does with sessions, with its limits and its events, for the JSON routes and for
 * the pages. How the outcome is delivered is theirs.
 */
export default fp<SessionActionsOptions>(
  async function sessionActions(app, { dataKeys }) {
    /** What does not depend on each other goes in one round trip; argon2 waits for the limit. */
    app.decorate('signIn', async (request, email, password, transport, newPassword) => {
      const [counting, finding] = [
        app.limitSignIn(callerOf(request), email),
        app.users.findCandidates(email),
      ]
      // Whether it failed matters only to an attempt that is let in.
      finding.catch(() => undefined)
      const attempt = await counting
      const authenticating = finding.then((found) =>
        app.users.authenticate(
          attempt.isOpen ? found : {},
          password,
          addressOf(request),
          newPassword,
        ),
      )
      const user = await authenticating.catch(async (error: unknown) => {
        const reason = attempt.isOpen ? undefined : 'rate_limited'
        await failSignIn(request, { dataKeys, email, error, reason }, () => attempt.takeBack())
        if (attempt.refusal === undefined || !isWrongPassword(error)) throw error
        logExceeded(callerOf(request))
        throw attempt.refusal
      })
      if (newPassword !== undefined) {
        report(request.log, 'authn_password_change', { userId: user.id })
      }
      const starting = app.startSession(request, user, { transport })
      const [grant] = await settleAll([starting, attempt.takeBack()])
      return { ...grant, user }
    })

    app.decorate('startSession', async (request, user, { transport, provider }) => {
      const replaced = transport === 'cookies' ? await sessionInBrowser(app, request) : undefined
      const [grant] = await settleAll([
        app.sessions.open(user, request.device(), replaced),
        app.rememberAddress(callerOf(request), user.email),
      ])
      const { sessionId } = grant
      if (replaced) {
        const { userId, sessionId: ended } = replaced
        report(request.log, 'authn_session_ended', { reason: 'replaced', userId, sessionId: ended })
      }
      const how = provider === undefined ? {} : { provider }
      report(request.log, 'authn_login_success', { userId: user.id, ...how, sessionId })
      return grant
    })

    app.decorate('refreshSession', async (request, token, { isNavigation = false } = {}) => {
      try {
        const visit = { ...request.device(), isNavigation }
        const grant = await app.sessions.refresh(token, visit)
        const { user, sessionId, replay } = grant
        if (replay) reportReplay(request, { userId: user.id, sessionId, replay })
        report(request.log, 'authn_token_refresh', { userId: user.id, sessionId })
        return grant
      } catch (error) {
        reportRefusal(request, error)
        throw error
      }
    })

    app.decorate('currentSession', async (request) => {
      const access = request.readCookie(ACCESS_COOKIE)
      const cookie = request.readCookie(REFRESH_COOKIE)
      const live = access === undefined ? undefined : await sessionOfToken(app, access)
      if (live || cookie === undefined) return live
      try {
        const visit = { ...request.device(), isNavigation: isForPerson(request) }
        const current = await app.sessions.current(cookie, visit)
        if (current?.replay) {
          const { session, replay } = current
          reportReplay(request, { userId: session.userId, sessionId: session.sessionId, replay })
        }
        return current
      } catch (error) {
        reportRefusal(request, error)
        if (!isRefusal(error)) throw error
        return undefined
      }
    })

    app.decorateReply('forgetSession', function () {
      return this.dropCookies().dropQuestions().header('clear-site-data', '"cache", "storage"')
    })

    app.decorate('signOut', async (request, reply) => {
      const { userId, sessionId } = await sessionToEnd(app, request)
      await app.sessions.end(userId, sessionId)
      report(request.log, 'authn_logout', { userId, sessionId })
      reply.forgetSession()
    })

    app.decorate('endSession', async (request, reply, sessionId) => {
      const { account, sessionId: current } = request.session
      if (!(await app.sessions.end(account.id, sessionId))) throw new Problem(SESSION_NOT_FOUND)
      report(request.log, 'authn_session_ended', { userId: account.id, sessionId })
      if (sessionId === current) reply.forgetSession()
    })

    app.decorate('endSessions', async (request, reply) => {
      const { id: userId } = request.session.account
      await app.users.store.endSessions(userId)
      report(request.log, 'authn_sessions_ended', { userId })
      reply.forgetSession()
    })
  },
  { name: 'session-actions', fastify: '5.x', dependencies: ['sessions'] },
)

/** Whether a failure says that a credential is no good, and not that we could not tell. */
export const isRefusal = (error: unknown): error is Problem =>
  error instanceof Problem && error.type.status === 401

/** Unlike a password that must be changed first, which is a right one. */
const isWrongPassword = (error: unknown): boolean =>
  error instanceof Problem && error.type.code === 'INVALID_CREDENTIALS'

/** A refresh token is no good: a log line that says whose, since a thief may hold its successor. */
function reportRefusal(request: FastifyRequest, error: unknown): void {
  const isConflict = error instanceof Problem && error.type.code === REFRESH_CONFLICT.code
  if (!isRefusal(error) && !isConflict) return
  const { type, extras } = error
  const { replay, ...whose } = (extras.cause ?? {}) as Partial<RefreshFailure>
  if (replay) reportReplay(request, { ...whose, replay })
  if (isConflict) return
  const isReuse = type.code === REFRESH_TOKEN_REUSED.code
  const event = isReuse ? 'authn_token_reuse' : 'authn_token_refresh_fail'
  report(request.log, event, { reason: type.code, ...whose })
}

/** A second party has presented the token of a rotation: its origin, and that of the rotation, as digests. */
function reportReplay(
  request: FastifyRequest,
  { replay, ...whose }: Partial<SessionRef> & { readonly replay: ReplayReport },
): void {
  report(request.log, 'authn_token_replay', { ...whose, ...replay })
}

/** The session of the refresh cookie that a sign-in replaces in its browser, of any user. */
async function sessionInBrowser(
  app: FastifyInstance,
  request: FastifyRequest,
): Promise<SessionRef | undefined> {
  try {
    const cookie = request.readCookie(REFRESH_COOKIE)
    if (cookie === undefined) return undefined
    const { userId, sessionId } = await app.sessions.identify(cookie)
    return { userId, sessionId }
  } catch (error) {
    // Two cookies of one name, or one that is not ours: none that is known to be replaced.
    if (isOutage(error)) throw error
    return undefined
  }
}

async function sessionOfToken(
  app: FastifyInstance,
  accessToken: string,
): Promise<Current<User> | undefined> {
  try {
    const { userId, sessionId } = sessionOf(await app.verifyAccessToken(accessToken))
    return await app.sessions.findLive(userId, sessionId)
  } catch (error) {
    if (!isRefusal(error)) throw error
    return undefined
  }
}

/** By access token; or by a refresh cookie, which outlives its access cookie, or by that one where it is no good. */
async function sessionToEnd(app: FastifyInstance, request: FastifyRequest) {
  const bearer = bearerToken(request)
  if (bearer !== undefined) return sessionOf(await app.verifyAccessToken(bearer))
  const refreshCookie = request.readCookie(REFRESH_COOKIE)
  const accessCookie = request.readCookie(ACCESS_COOKIE)
  if (refreshCookie === undefined && accessCookie === undefined) {
    throw bearerProblem(ACCESS_TOKEN_REQUIRED)
  }
  request.assertOwnOrigin({ strict: true })
  if (refreshCookie !== undefined) {
    try {
      return await app.sessions.identify(refreshCookie)
    } catch (error) {
      if (accessCookie === undefined || !isRefusal(error)) throw error
    }
  }
  return sessionOf(await app.verifyAccessToken(accessCookie as string))
}

function sessionOf({ sub, sid }: AccessTokenClaims) {
  if (sid === undefined) throw bearerProblem(TOKEN_INVALID)
  return { userId: sub, sessionId: sid }
}

/**
 * The tried address as the log may have it: a digest under a data key, the same over rotations. Made whether or
 * not there is such an account, so that the time says nothing.
 * @returns undefined while the keys can't be read.
 */
async function digestTried(dataKeys: SecretKeyRing, email: string): Promise<string | undefined> {
  const key = await dataKeys.first().catch(() => undefined)
  return key && digestAddress(key, email)
}

interface Failed {
  readonly dataKeys: SecretKeyRing
  readonly email: string
  readonly error: unknown
  /** Why, where the password was not looked at. */
  readonly reason: string | undefined
}

async function failSignIn(
  request: FastifyRequest,
  { dataKeys, email, error, reason }: Failed,
  abandon: () => Promise<void>,
): Promise<void> {
  if (isRefusal(error)) {
    const triedAddress = await digestTried(dataKeys, email)
    const why = reason === undefined ? (error.extras.cause as object) : { reason }
    report(request.log, 'authn_login_fail', { ...why, triedAddress })
    return
  }
  const isTaken = error instanceof Problem && error.type.status < 500
  report(request.log, 'authn_login_fail', { reason: isTaken ? error.type.code : 'unavailable' })
  await abandon()
}

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Signs a person in by password and opens a session.
     * @param newPassword takes the place of a password that another person chose.
     * @throws {Problem} INVALID_CREDENTIALS, PASSWORD_CHANGE_REQUIRED, PASSWORD_REFUSED, RATE_LIMITED, BUSY, STORE_UNAVAILABLE.
     */
    signIn(
      request: FastifyRequest,
      email: string,
      password: string,
      transport: Transport,
      newPassword?: string,
    ): Promise<Grant<Awaited<ReturnType<FastifyInstance['users']['authenticate']>>>>
    /**
     * Opens a session for a user who has just proved who they are, at a provider or here, and knows their
     * address from then on.
     */
    startSession(request: FastifyRequest, user: User, options: StartOptions): Promise<Grant<User>>
    /**
     * @throws {Problem} REFRESH_TOKEN_INVALID, REFRESH_TOKEN_REUSED, REFRESH_CONFLICT, STORE_UNAVAILABLE.
     */
    refreshSession(
      request: FastifyRequest,
      token: string,
      how?: { readonly isNavigation?: boolean },
    ): Promise<Grant<User>>
    /**
     * The session of the request's cookies: the access cookie, or the refresh cookie that outlives it, since
     * a person has no script to renew that one. Undefined for none, a dead one, a spent cookie, and a refresh
     * cookie alone from an origin that its session does not know. Nothing is renewed.
     * @throws {Problem} REFRESH_CONFLICT, STORE_UNAVAILABLE.
     */
    currentSession(request: FastifyRequest): Promise<Current<User> | undefined>
    /**
     * Ends the session that the request came with, by token or by cookie, and drops its cookies.
     * @throws {Problem} ACCESS_TOKEN_REQUIRED, FOREIGN_ORIGIN, and what the tokens are refused with.
     */
    signOut(request: FastifyRequest, reply: FastifyReply): Promise<void>
    /** After `requireSession()`: ends one session of its user. @throws {Problem} SESSION_NOT_FOUND. */
    endSession(request: FastifyRequest, reply: FastifyReply, sessionId: string): Promise<void>
    /** After `requireSession()`: ends all sessions of its user. */
    endSessions(request: FastifyRequest, reply: FastifyReply): Promise<void>
  }
  interface FastifyReply {
    /** Removes what a person who ends their own session leaves in the browser: cookies, pages of the account. */
    forgetSession(): FastifyReply
  }
}
