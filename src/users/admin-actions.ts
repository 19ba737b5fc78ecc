import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import type { AdminAct } from '../events/catalogue.js'
import { report } from '../events/report.js'
import { type AsyncGuard, decorateGuard } from '../http/guards.js'
import { bearerProblem, FORBIDDEN } from '../access-tokens/errors.js'
import { Administration } from './administration.js'
import { type ManagedUser, managedUserOf, type UserChanges } from './user.js'

/**
 * What an administrator does with users, with its events, for the JSON routes and for the
 * pages. Each comes after `requireAdmin()`.
 */
export default fp(
  async function adminActions(app) {
    const administration = new Administration(app.users)

    app.decorate('assertAdmin', ({ session }) => {
      if (session.account.role !== 'admin') throw bearerProblem(FORBIDDEN)
    })
    const requireSession = app.requireSession()
    const requireAdmin: onRequestAsyncHookHandler = async (request, reply) => {
      await requireSession.call(app, request, reply)
      app.assertAdmin(request)
    }
    decorateGuard(app, 'requireAdmin', requireAdmin)

    app.decorate('findUser', async (request, wanted) => {
      const user = await ('id' in wanted
        ? administration.findById(wanted.id)
        : administration.findByEmail(wanted.email))
      log(request, { action: 'find', targetId: user.id })
      return managedUserOf(user)
    })
    app.decorate('changeUser', async (request, id, changes) => {
      if (givesPower(changes)) app.assertRecent(request.session)
      const before = await administration.changeAs(request.session.account.id, id, changes)
      const { role, status } = changes
      if (role !== undefined) {
        log(request, { action: 'role', targetId: id, from: before.role, to: role })
      }
      if (status !== undefined) {
        log(request, { action: 'status', targetId: id, from: before.status, to: status })
      }
      return managedUserOf({ ...before, ...changes })
    })
    app.decorate('enableIdentityOf', async (request, id, identityId) => {
      app.assertRecent(request.session)
      await administration.findById(id)
      const { account } = request.session
      const epoch = account.id === id ? account.epoch : undefined
      await app.identities.enable(id, identityId, epoch)
      log(request, { action: 'enable_identity', targetId: id, identityId })
      return managedUserOf(await administration.findById(id))
    })
    app.decorate('endSessionsOf', async (request, id) => {
      await administration.endSessions(id)
      log(request, { action: 'end_sessions', targetId: id })
    })
  },
  { name: 'admin-actions', fastify: '5.x', dependencies: ['users', 'sessions'] },
)

/** A role, or an account that works again. Disabling is never held up. */
const givesPower = ({ role, status }: UserChanges): boolean =>
  role !== undefined || status === 'active'

/** All that administrators do is recorded. */
function log(request: FastifyRequest, act: AdminAct): void {
  report(request.log, 'authz_admin', { userId: request.session.account.id, ...act })
}

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Makes an `onRequest` hook: a session that is alive, of a user who is an administrator in the store now; the
     * role in the token does not count.
     */
    requireAdmin: AsyncGuard
    /** After `requireSession()`. @throws {Problem} FORBIDDEN. */
    assertAdmin(request: FastifyRequest): void
    /** @throws {Problem} USER_NOT_FOUND. */
    findUser(
      request: FastifyRequest,
      wanted: { readonly email: string } | { readonly id: string },
    ): Promise<ManagedUser>
    /** @throws {Problem} RECENT_SIGN_IN_REQUIRED for a role or for enabling; USER_NOT_FOUND, OWN_ACCOUNT, FORBIDDEN. */
    changeUser(request: FastifyRequest, id: string, changes: UserChanges): Promise<ManagedUser>
    /**
     * Lifts the suspension of a user's identity.
     * @throws {Problem} RECENT_SIGN_IN_REQUIRED, USER_NOT_FOUND, IDENTITY_NOT_FOUND, ACCOUNT_DISABLED.
     */
    enableIdentityOf(request: FastifyRequest, id: string, identityId: string): Promise<ManagedUser>
    /** @throws {Problem} USER_NOT_FOUND. */
    endSessionsOf(request: FastifyRequest, id: string): Promise<void>
  }
}
