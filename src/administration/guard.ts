import type { onRequestAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { bearerProblem, FORBIDDEN } from '../access-tokens/errors.js'
import { type AsyncGuard, decorateGuard } from '../http/guards.js'
import type { LiveSession } from '../sessions/session.js'

/** The role is the store's, read with the session. @throws {Problem} FORBIDDEN. */
export function assertAdmin({ account }: LiveSession): void {
  if (account.role !== 'admin') throw bearerProblem(FORBIDDEN)
}

/** The guard that asks for an administrator. */
export default fp(
  async function adminGuard(app) {
    const requireSession = app.requireSession()
    const requireAdmin: onRequestAsyncHookHandler = async (request, reply) => {
      await requireSession.call(app, request, reply)
      assertAdmin(request.session)
    }
    decorateGuard(app, 'requireAdmin', requireAdmin)
  },
  { name: 'admin-guard', fastify: '5.x', dependencies: ['session-guards'] },
)

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Makes an `onRequest` hook: a session that is alive, of a user who is an administrator in the store now; the
     * role in the token does not count.
     */
    requireAdmin: AsyncGuard
  }
}
