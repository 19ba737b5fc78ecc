import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { ofPeople } from '../access-tokens/hooks.js'
import { type AsyncGuard, decorateGuard, type Guard } from '../http/guards.js'
import { type CurrentSession, isByCookie } from './current.js'
import type { LiveSession } from './session.js'
import type { Sessions } from './sessions.js'

export interface SessionGuardsOptions {
  readonly current: CurrentSession
  readonly sessions: Sessions
}

/**
 * The guards that ask for a person:
 * - `requireUser()`: a bearer token, which stands on its own for its 15 minutes, or the access cookie,
 *   whose session must be alive in the store;
 * - `requireSession()`: either one, and alive in the store; for what changes an account;
 * - `requireRecentSession()`: the same, and begun lately; for what changes how one signs in (ASVS V7.5.1).
 *
 * Where the store was asked, role and scope are those of the account, and not what they were when the token
 * was made.
 */
export default fp<SessionGuardsOptions>(
  async function sessionGuards(app, { current, sessions }) {
    app.decorateRequest('session')

    const authenticate = async (request: FastifyRequest): Promise<void> => {
      const { claims, session } = await current.ofRequest(request)
      request.user = claims
      request.session = session
    }

    const requireToken = ofPeople(app.requireAccessToken())
    const requireUser: onRequestHookHandler = (request, reply, done) => {
      if (isByCookie(request)) authenticate(request).then(() => done(), done)
      else requireToken.call(app, request, reply, done)
    }
    decorateGuard(app, 'requireUser', requireUser)
    decorateGuard(app, 'requireSession', authenticate)
    decorateGuard(app, 'requireRecentSession', async (request: FastifyRequest) => {
      await authenticate(request)
      sessions.assertRecent(request.session)
    })
  },
  { name: 'session-guards', fastify: '5.x', dependencies: ['jwt', 'cookies'] },
)

declare module 'fastify' {
  interface FastifyInstance {
    requireUser: Guard
    requireSession: AsyncGuard
    requireRecentSession: AsyncGuard
  }
  interface FastifyRequest {
    /** Set by `requireSession()`. */
    session: LiveSession
  }
}
