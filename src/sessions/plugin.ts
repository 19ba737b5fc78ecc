import type {
  FastifyInstance,
  FastifyRequest,
  onRequestAsyncHookHandler,
  onRequestHookHandler,
} from 'fastify'
import fp from 'fastify-plugin'
import type { Clock } from '../clock.js'
import { ACCESS_COOKIE } from '../plugins/cookies.js'
import { bearerToken } from '../plugins/jwt.js'
import { ACCESS_TOKEN_REQUIRED, bearerProblem, TOKEN_INVALID } from '../plugins/jwt-errors.js'
import type { Random } from '../random.js'
import type { SessionLifetimes } from './session.js'
import { Sessions } from './sessions.js'
import { SessionsStore } from './store.js'

export interface SessionsOptions {
  readonly lifetimes: SessionLifetimes
  readonly clock: Clock
  readonly random: Random
}

/** A user as the users feature hands them out. */
export type User = Awaited<ReturnType<FastifyInstance['users']['authenticate']>>

/** A session that the store has just confirmed, and its user. */
export interface LiveSession {
  readonly sessionId: string
  readonly account: User
}

/**
 * Sessions, and the two hooks that ask for one:
 * - `requireUser`: a bearer token, which stands on its own for its 15 minutes, or the access cookie,
 *   whose session must be alive in the store;
 * - `requireSession`: either one, and alive in the store; for what changes an account.
 */
export default fp<SessionsOptions>(
  async function sessions(app, { lifetimes, clock, random }) {
    const sessions = new Sessions({
      store: new SessionsStore(app.database, app.tables.refreshTokens),
      findUser: (id) => app.users.store.findById(id),
      keys: app.keyRing,
      lifetimes,
      clock,
      random,
    })
    app.decorate('sessions', sessions)
    app.decorateRequest('session')

    /** The token of a session that the store confirms, however it came. */
    const accept = async (request: FastifyRequest, token: string): Promise<void> => {
      request.user = await app.verifyAccessToken(token)
      const { sub, sid } = request.user
      const account = sid && (await sessions.findLive(sub, sid))
      if (!account) throw bearerProblem(TOKEN_INVALID)
      request.session = { sessionId: sid, account }
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

    app.decorate('requireUser', (request, reply, done) => {
      if (goesByCookie(request)) authenticateByCookie(request).then(() => done(), done)
      else {
        app.requireAccessToken.call(app, request, reply, (error?: Error) => {
          if (error) done(error)
          else done(isPersonal(request) ? undefined : bearerProblem(TOKEN_INVALID))
        })
      }
    })
    app.decorate('requireSession', (request) =>
      goesByCookie(request) ? authenticateByCookie(request) : authenticateByToken(request),
    )
  },
  {
    name: 'sessions',
    fastify: '5.x',
    dependencies: ['dynamodb', 'users', 'keyring', 'jwt', 'cookies'],
  },
)

/** A machine's token belongs to no session, and to no person. */
const isPersonal = ({ user }: FastifyRequest): boolean => user.sid !== undefined

/** An Authorization header, of whatever scheme, leaves no second try to a cookie. */
const goesByCookie = ({ headers }: FastifyRequest): boolean =>
  headers.authorization === undefined && headers.cookie !== undefined

declare module 'fastify' {
  interface FastifyInstance {
    sessions: Sessions<User>
    requireUser: onRequestHookHandler
    requireSession: onRequestAsyncHookHandler
  }
  interface FastifyRequest {
    /** Set by `requireSession`. */
    session: LiveSession
  }
}
