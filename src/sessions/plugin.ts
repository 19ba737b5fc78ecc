import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { powersOf, type Resource, type Resources } from '../access-tokens/resources.js'
import type { Database } from '../dynamodb/database.js'
import type { Clock } from '../lib/clock.js'
import { callerOf } from '../http/caller.js'
import { ACCESS_COOKIE } from '../http/cookies.js'
import { type AsyncGuard, decorateGuard, type Guard } from '../http/guards.js'
import { ACCESS_TOKEN_SECONDS, type AccessTokenClaims } from '../access-tokens/claims.js'
import { bearerToken, ofPeople } from '../access-tokens/hooks.js'
import { ACCESS_TOKEN_REQUIRED, bearerProblem, TOKEN_INVALID } from '../access-tokens/errors.js'
import type { Random } from '../lib/random.js'
import { claimsFor } from './claims.js'
import { recentSignInRequired } from './errors.js'
import type { Device, SessionLifetimes } from './session.js'
import { type Grant, Sessions } from './sessions.js'
import { SessionsStore } from './store.js'
import type { RefreshKeys } from './refresh-token.js'
import { deliver, type Transport } from './transport.js'

export interface SessionsOptions {
  readonly database: Database
  readonly table: string
  readonly keyRing: RefreshKeys
  readonly lifetimes: SessionLifetimes
  readonly resources: Resources
  readonly clock: Clock
  readonly random: Random
}

/** A user as the users feature hands them out. */
export type User = NonNullable<Awaited<ReturnType<FastifyInstance['users']['store']['findById']>>>

/** A session that the store has just confirmed, and its user. */
export interface LiveSession {
  readonly sessionId: string
  /** When its user signed in, milliseconds since the epoch. */
  readonly createdAt: number
  readonly account: User
}

/** A live session and the claims of its token, role and scope as they are by now. */
interface ConfirmedSession {
  readonly session: LiveSession
  readonly claims: AccessTokenClaims & ReturnType<typeof powersOf>
}

/** How long after signing in a user may change how they sign in without signing in again, milliseconds. */
const RECENT_MS = 15 * 60_000

/**
 * Sessions, and the guards that ask for one:
 * - `requireUser()`: a bearer token, which stands on its own for its 15 minutes, or the access cookie,
 *   whose session must be alive in the store;
 * - `requireSession()`: either one, and alive in the store; for what changes an account;
 * - `requireRecentSession()`: the same, and begun lately; for what changes how one signs in (ASVS V7.5.1).
 *
 * Where the store was asked, role and scope are those of the account, and not what they were when the token
 * was made.
 */
export default fp<SessionsOptions>(
  async function sessions(app, options) {
    const { database, table, keyRing, lifetimes, resources, clock, random } = options
    const sessions = new Sessions({
      store: new SessionsStore(database, table),
      findUser: (id) => app.users.store.findById(id),
      keys: keyRing,
      lifetimes,
      clock,
      random,
    })
    app.decorate('sessions', sessions)
    app.decorateRequest('session')
    app.decorateRequest('device', function () {
      const userAgent = this.headers['user-agent']
      return { ip: this.ip, ...(userAgent && { userAgent }) }
    })
    app.decorateReply(
      'deliverTokens',
      async function ({ user, sessionId, refreshToken, isSignIn }, transport, resource) {
        const sign = (target?: Resource) =>
          app.signAccessToken(claimsFor(user, sessionId, clock, random, target))
        const refreshSeconds = lifetimes.idleMs / 1000
        const forResource = resource && {
          accessToken: await sign(resource),
          expiresIn: resource.lifetimeSeconds,
        }
        if (forResource && transport === 'body') {
          return deliver(this, { ...forResource, refreshToken }, transport, refreshSeconds)
        }
        // A cookie never holds a token of another API.
        const own = { accessToken: await sign(), refreshToken, expiresIn: ACCESS_TOKEN_SECONDS }
        const answer = { ...deliver(this, own, transport, refreshSeconds), ...forResource }
        if (isSignIn && transport === 'cookies') {
          this.dropQuestions()
          await app.rememberBrowser(callerOf(this.request), this, user.email)
        }
        return answer
      },
    )

    app.decorate('confirmSession', async (claims) => {
      const { sub, sid } = claims
      const live = sid === undefined ? undefined : await sessions.findLive(sub, sid)
      if (!live) return undefined
      const { session, user: account } = live
      return {
        claims: { ...claims, ...powersOf(account, resources.find(claims.aud)) },
        session: { sessionId: session.sessionId, createdAt: session.createdAt, account },
      }
    })

    /** The token of a session that the store confirms, however it came. */
    const accept = async (request: FastifyRequest, token: string): Promise<void> => {
      const live = await app.confirmSession(await app.verifyAccessToken(token))
      if (!live) throw bearerProblem(TOKEN_INVALID)
      request.user = live.claims
      request.session = live.session
    }

    const authenticateByCookie = async (request: FastifyRequest): Promise<void> => {
      const token = request.readCookie(ACCESS_COOKIE)
      if (token === undefined) throw bearerProblem(ACCESS_TOKEN_REQUIRED)
      request.assertOwnOrigin({ strict: true })
      await accept(request, token)
    }

    const authenticateByToken = async (request: FastifyRequest): Promise<void> => {
      const token = bearerToken(request)
      if (token === undefined) throw bearerProblem(ACCESS_TOKEN_REQUIRED)
      await accept(request, token)
    }

    const authenticate = (request: FastifyRequest): Promise<void> =>
      goesByCookie(request) ? authenticateByCookie(request) : authenticateByToken(request)

    const requireToken = ofPeople(app.requireAccessToken())
    const requireUser: onRequestHookHandler = (request, reply, done) => {
      if (goesByCookie(request)) authenticateByCookie(request).then(() => done(), done)
      else requireToken.call(app, request, reply, done)
    }
    decorateGuard(app, 'requireUser', requireUser)
    decorateGuard(app, 'requireSession', authenticate)
    app.decorate('assertRecent', ({ createdAt }) => {
      if (clock() - createdAt >= RECENT_MS) throw recentSignInRequired(RECENT_MS / 1000)
    })
    decorateGuard(app, 'requireRecentSession', async (request: FastifyRequest) => {
      await authenticate(request)
      app.assertRecent(request.session)
    })
  },
  {
    name: 'sessions',
    fastify: '5.x',
    dependencies: ['users', 'jwt', 'cookies'],
  },
)

/** A request with an Authorization header, of any scheme, is never judged by its cookie. */
const goesByCookie = ({ headers }: FastifyRequest): boolean =>
  headers.authorization === undefined && headers.cookie !== undefined

declare module 'fastify' {
  interface FastifyInstance {
    sessions: Sessions<User>
    requireUser: Guard
    /**
     * What a token of a session is worth now: its claims, with the role and scope that its user has by now.
     * Undefined for an ended session, and for a token of none.
     */
    confirmSession(claims: AccessTokenClaims): Promise<ConfirmedSession | undefined>
    requireSession: AsyncGuard
    requireRecentSession: AsyncGuard
    /** @throws {Problem} RECENT_SIGN_IN_REQUIRED for a session that began too long ago to change how one signs in. */
    assertRecent(session: Pick<LiveSession, 'createdAt'>): void
  }
  interface FastifyReply {
    /**
     * The one place where tokens reach a client: Latchkey's own, or that of one API.
     * @returns the members of the answer.
     */
    deliverTokens(
      grant: Grant<User>,
      transport: Transport,
      resource?: Resource,
    ): Promise<ReturnType<typeof deliver>>
  }
  interface FastifyRequest {
    /** What the request comes from, for the owner of a session to recognise. */
    device(): Device
    /** Set by `requireSession()`. */
    session: LiveSession
  }
}
