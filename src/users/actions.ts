import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { report } from '../events/report.js'
import { addressOf, callerOf } from '../http/caller.js'
import { isOutage, type Problem } from '../http/problem.js'
import { settleAll } from '../lib/settle-all.js'
import type { Clock } from '../lib/clock.js'
import { type KeySuspension, recentSince } from '../lib/suspension.js'
import { INVALID_CREDENTIALS } from './errors.js'
import { type Identity, type ListedIdentity, listedIdentity } from './identity.js'
import { assertPasswordSignUp, type SignUpPolicy } from './sign-up.js'
import type { Return } from './addresses.js'
import type { AddressedUser, User } from './user.js'
import type { Registration } from './users.js'

export interface UserActionsOptions {
  /** Ids of the providers that one can sign in with. */
  readonly providers: readonly string[]
  readonly signUp: SignUpPolicy
  readonly clock: Clock
}

/** A new password, as its owner chooses it. */
export interface ChosenPassword {
  /** Left out by a user who has no password yet. */
  readonly current: string | undefined
  readonly next: string
  /** Whether keys and identities that were made lately are suspended; they are unless their owner says no. */
  readonly suspendRecentCredentials?: boolean | undefined
}

/**
 * What a person does with their account, with its limits and its events, for the JSON routes and for
 * the pages.
 */
export default fp<UserActionsOptions>(
  async function userActions(app, { providers, signUp, clock }) {
    /** What a password that is changed now suspends: what was made since the sessions that end by it could make it. */
    const suspensionNow = async (request: FastifyRequest): Promise<KeySuspension> => {
      const { account, sessionId } = request.session
      const sessions = await app.sessions.list(account)
      const ending = sessions.filter((session) => session.sessionId !== sessionId)
      const now = clock()
      return {
        since: new Date(recentSince(now, ending)).toISOString(),
        at: new Date(now).toISOString(),
        reason: 'password_changed',
      }
    }

    /** The password is changed, and its suspension counts: what fails here is done with the owner's next request. */
    const suspendKeys = async (request: FastifyRequest, suspension: KeySuspension) => {
      const { id: userId } = request.session.account
      try {
        await app.suspendRecentKeys(request, userId, suspension)
      } catch (error) {
        if (!isOutage(error)) throw error
        report(request.log, 'api_key_suspension_delayed', { userId })
      }
    }

    app.decorate('signUp', async (request, registration) => {
      assertPasswordSignUp(signUp)
      const user = await app.users.register(registration, addressOf(request))
      report(request.log, 'user_created', { userId: user.id })
      return user
    })

    app.decorate('changePassword', async (request, change) => {
      const { current, next, suspendRecentCredentials = true } = change
      const { account, sessionId } = request.session
      if (account.passwordHash === undefined) app.assertRecent(request.session)
      const attempt = await app.limitPasswordChange(callerOf(request), account)
      let suspension: KeySuspension | undefined
      let identities: readonly Identity[]
      try {
        if (suspendRecentCredentials) suspension = await suspensionNow(request)
        const client = addressOf(request)
        const how = { current, next, keptSession: sessionId, client, suspension }
        identities = await app.users.changePassword(account, how)
      } catch (error) {
        const { code } = (error as Partial<Problem>).type ?? {}
        if (code !== INVALID_CREDENTIALS.code) await attempt.takeBack()
        report(request.log, 'authn_password_change_fail', { userId: account.id, reason: code })
        throw error
      }
      report(request.log, 'authn_password_change', { userId: account.id })
      for (const { id: identityId, provider } of identities) {
        const which = { identityId, provider, reason: 'password_changed' }
        report(request.log, 'identity_suspended', { userId: account.id, ...which })
      }
      await settleAll([
        attempt.takeBack(),
        app.rememberAddress(callerOf(request), account.email),
        suspension && suspendKeys(request, suspension),
      ])
    })

    app.decorate('unlinkIdentity', async (request, identityId) => {
      app.assertRecent(request.session)
      const { id: userId } = request.session.account
      await app.identities.unlink(userId, identityId, providers)
      report(request.log, 'identity_unlinked', { userId })
    })

    app.decorate('enableIdentity', async (request, identityId) => {
      app.assertRecent(request.session)
      const { id: userId, epoch } = request.session.account
      const identity = await app.identities.enable(userId, identityId, epoch)
      report(request.log, 'identity_suspension_lifted', { userId, identityId })
      return listedIdentity(identity)
    })

    app.decorate('readdress', async (request, ticket, email) => {
      const user = await app.users.addresses.comeBack(ticket, email)
      if (user) report(request.log, 'address_changed', { userId: user.id })
      return user
    })
  },
  {
    name: 'user-actions',
    fastify: '5.x',
    dependencies: ['users', 'sessions'],
  },
)

declare module 'fastify' {
  interface FastifyInstance {
    /** @throws {Problem} SIGN_UP_CLOSED, PASSWORD_REFUSED, EMAIL_TAKEN, BUSY, STORE_UNAVAILABLE. */
    signUp(
      request: FastifyRequest,
      registration: Omit<Registration, 'role'>,
    ): Promise<AddressedUser>
    /**
     * After `requireSession()`. Other sessions end; what a thief may have planted through them is suspended.
     * @throws {Problem} INVALID_CREDENTIALS, PASSWORD_REFUSED, RECENT_SIGN_IN_REQUIRED, RATE_LIMITED; TOKEN_INVALID
     * when the session has ended meanwhile.
     */
    changePassword(request: FastifyRequest, change: ChosenPassword): Promise<void>
    /**
     * After `requireSession()`.
     * @throws {Problem} RECENT_SIGN_IN_REQUIRED, IDENTITY_NOT_FOUND, LAST_SIGN_IN_METHOD.
     */
    unlinkIdentity(request: FastifyRequest, identityId: string): Promise<void>
    /**
     * After `requireSession()`: lifts the suspension of one of the user's identities.
     * @throws {Problem} RECENT_SIGN_IN_REQUIRED, IDENTITY_NOT_FOUND, SIGN_IN_REQUIRED.
     */
    enableIdentity(request: FastifyRequest, identityId: string): Promise<ListedIdentity>
    /**
     * Gives the account that an address was freed from another one.
     * @returns undefined where the ticket leads to no account any more.
     * @throws {Problem} EMAIL_TAKEN.
     */
    readdress(request: FastifyRequest, ticket: Return, email: string): Promise<User | undefined>
  }
}
