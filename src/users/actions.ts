import fp from 'fastify-plugin'
import { clientAddress } from '../limits/by-address.js'
import type { Problem } from '../http/problem.js'
import { settleAll } from '../lib/settle-all.js'
import { INVALID_CREDENTIALS } from './errors.js'
import { assertPasswordSignUp, type SignUpPolicy } from './sign-up.js'
import type { User } from './user.js'
import type { Registration } from './users.js'

export interface UserActionsOptions {
  /** Ids of the providers that one can sign in with. */
  readonly providers: readonly string[]
  readonly signUp: SignUpPolicy
}

/**
 * What a person does with their account, with its limits and its events, for whatever speaks to people: the
 * JSON routes and the pages.
 */
export default fp<UserActionsOptions>(
  async function userActions(app, { providers, signUp }) {
    app.decorate('signUp', async (request, registration) => {
      assertPasswordSignUp(signUp)
      const user = await app.users.register(registration, clientAddress(request))
      request.log.info({ event: 'user_created', userId: user.id })
      return user
    })

    app.decorate('changePassword', async (request, current, next) => {
      const { account, sessionId } = request.session
      if (account.passwordHash === undefined) app.assertRecent(request.session)
      const attempt = await app.limitPasswordChange(request, account)
      try {
        await app.users.changePassword(account, current, next, sessionId, clientAddress(request))
      } catch (error) {
        const { code } = (error as Partial<Problem>).type ?? {}
        if (code !== INVALID_CREDENTIALS.code) await attempt.takeBack()
        request.log.warn({ event: 'authn_password_change_fail', userId: account.id, reason: code })
        throw error
      }
      await settleAll([attempt.takeBack(), app.rememberAddress(request, account.email)])
      request.log.info({ event: 'authn_password_change', userId: account.id })
    })

    app.decorate('unlinkIdentity', async (request, identityId) => {
      app.assertRecent(request.session)
      const { id: userId } = request.session.account
      await app.identities.unlink(userId, identityId, providers)
      request.log.info({ event: 'identity_unlinked', userId })
    })
  },
  { name: 'user-actions', fastify: '5.x', dependencies: ['users', 'sessions', 'account-limit'] },
)

declare module 'fastify' {
  interface FastifyInstance {
    /** @throws {Problem} SIGN_UP_CLOSED, PASSWORD_REFUSED, EMAIL_TAKEN, BUSY, STORE_UNAVAILABLE. */
    signUp(request: FastifyRequest, registration: Omit<Registration, 'role'>): Promise<User>
    /**
     * After `requireSession()`. A user who has no password yet leaves `current` out.
     * @throws {Problem} INVALID_CREDENTIALS, PASSWORD_REFUSED, RECENT_SIGN_IN_REQUIRED, RATE_LIMITED.
     */
    changePassword(
      request: FastifyRequest,
      current: string | undefined,
      next: string,
    ): Promise<void>
    /**
     * After `requireSession()`.
     * @throws {Problem} RECENT_SIGN_IN_REQUIRED, IDENTITY_NOT_FOUND, LAST_SIGN_IN_METHOD.
     */
    unlinkIdentity(request: FastifyRequest, identityId: string): Promise<void>
  }
}
