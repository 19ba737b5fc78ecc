import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { report } from '../events/report.js'
import { ownerOf } from './verification/format.js'
import { presentedKey } from './verification/hooks.js'
import { Problem } from '../http/problem.js'
import type { KeySuspension } from '../lib/suspension.js'
import type { ApiKey, ApiKeyChanges, ApiKeySettings } from './api-key.js'
import type { IssuedKey, SignedInActor } from './api-keys.js'
import { API_KEY_NOT_FOUND } from './errors.js'
import { presentToHolder } from './present.js'

/** A day, unless the caller says otherwise. */
const DEFAULT_OVERLAP_SECONDS = 86_400

/** What the same change is called when an administrator makes it. */
const ADMIN_ACTIONS = {
  sensitive_update: 'update_key',
  sensitive_delete: 'delete_key',
  authn_token_created: 'rotate_key',
} as const

/**
 * What an owner, or an administrator, changes in keys, with its events, for the JSON routes and for the
 * pages. Each comes after `requireSession()`.
 */
export default fp(
  async function keyActions(app) {
    app.decorate('suspendRecentKeys', async (request, userId, suspension) => {
      const keyIds = await app.apiKeys.suspendRecent(userId, suspension)
      const { reason } = suspension
      for (const keyId of keyIds) {
        report(request.log, 'api_key_suspended', { userId, keyId, reason })
      }
      await app.users.store.endKeySuspension(userId, suspension)
    })
    /** An administrator may come before the owner. */
    const finishSuspensionOf = async (request: FastifyRequest, ownerId: string | undefined) => {
      if (ownerId === undefined || ownerId === request.session.account.id) return
      const owner = await app.users.store.findById(ownerId)
      if (owner?.suspendingKeys) {
        await app.suspendRecentKeys(request, ownerId, owner.suspendingKeys)
      }
    }
    // What an outage has left of a suspension is done before its owner looks at keys, or changes anything.
    app.addHook('preHandler', (request, _reply, done) => {
      const { id, suspendingKeys } = (request.session as LiveSession | undefined)?.account ?? {}
      if (id === undefined || suspendingKeys === undefined) {
        done()
        return
      }
      app.suspendRecentKeys(request, id, suspendingKeys).then(() => done(), done)
    })
    app.decorate('listKeys', async (request, ownerId) => {
      const { id, role } = actorOf(request)
      // For an ordinary user another person's keys do not exist, neither in a list nor one by one.
      if (ownerId !== id && role !== 'admin') return []
      logLook(request, ownerId)
      await finishSuspensionOf(request, ownerId)
      return app.apiKeys.list(ownerId)
    })
    app.decorate('findKey', async (request, keyId) => {
      const key = await app.apiKeys.find(actorOf(request), keyId)
      logLook(request, key.ownerId, keyId)
      return key
    })
    app.decorate('generateKey', async (request, settings) => {
      app.assertRecent(request.session)
      const issued = await app.apiKeys.generate(actorOf(request), settings)
      logChange(request, 'sensitive_create', issued.key.keyId)
      return issued
    })
    app.decorate('updateKey', async (request, keyId, changes) => {
      const assertMayWiden = () => app.assertRecent(request.session)
      const actor = actorOf(request)
      if (actor.role === 'admin') await finishSuspensionOf(request, ownerOf(keyId))
      const key = await app.apiKeys.update(actor, keyId, changes, assertMayWiden)
      logChange(request, 'sensitive_update', keyId)
      if (key.events?.at(-1)?.what === 'lifted') {
        const { ownerId } = key
        report(request.log, 'api_key_suspension_lifted', { userId: actor.id, keyId, ownerId })
      }
      return key
    })
    app.decorate('deleteKey', async (request, keyId) => {
      await app.apiKeys.delete(actorOf(request), keyId)
      logChange(request, 'sensitive_delete', keyId)
    })
    app.decorate('rotateKey', async (request, keyId, overlapSeconds = DEFAULT_OVERLAP_SECONDS) => {
      app.assertRecent(request.session)
      const issued = await app.apiKeys.rotate(actorOf(request), keyId, overlapSeconds * 1000)
      logChange(request, 'authn_token_created', keyId)
      return issued
    })
    app.decorate('authenticateHolder', async (request) => {
      request.apiKey = await app.verifyApiKey(presentedKey(request), request.ip)
    })
    app.decorate('describeHeldKey', async (request) => {
      const { keyId, ownerId, scopes } = request.apiKey
      const key = await app.apiKeys.find({ id: ownerId, role: 'user' }, keyId)
      const remaining = await app.apiKeyLimits.remaining(key)
      return presentToHolder(key, { text: presentedKey(request), scopes, remaining })
    })
    app.decorate(
      'rotateHeldKey',
      async (request, keyId, overlapSeconds = DEFAULT_OVERLAP_SECONDS) => {
        // Another key is not there for its holder, as for a user.
        if (keyId !== request.apiKey.keyId) throw new Problem(API_KEY_NOT_FOUND)
        const text = presentedKey(request)
        const issued = await app.apiKeys.rotateItself(text, keyId, overlapSeconds * 1000)
        report(request.log, 'authn_token_created', { keyId, ownerId: ownerOf(keyId) })
        return issued
      },
    )
  },
  { name: 'key-actions', fastify: '5.x', dependencies: ['api-keys', 'sessions'] },
)

type LiveSession = FastifyRequest['session']

function actorOf({ session }: FastifyRequest): SignedInActor {
  const { id, role, epoch } = session.account
  return { id, role, epoch }
}

/** What an administrator does to another's key is one of their acts too (OWASP `authz_admin`). */
function logChange(
  request: FastifyRequest,
  event: 'sensitive_create' | keyof typeof ADMIN_ACTIONS,
  keyId: string,
): void {
  const userId = request.session.account.id
  const ownerId = ownerOf(keyId)
  report(request.log, event, { userId, keyId, ownerId })
  if (ownerId === userId || event === 'sensitive_create') return
  report(request.log, 'authz_admin', {
    userId,
    action: ADMIN_ACTIONS[event],
    targetId: ownerId,
    keyId,
  })
}

/** What administrators look at of others is recorded. */
function logLook(request: FastifyRequest, targetId: string, keyId?: string): void {
  const userId = request.session.account.id
  if (userId === targetId) return
  const which = keyId === undefined ? {} : { keyId }
  report(request.log, 'authz_admin', { userId, action: 'find_keys', targetId, ...which })
}

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Makes each key that a new password suspends say so itself. Until that is done, the owner's profile says it for
     * them: this may fail, and is done again with the owner's next request.
     * @throws {Problem} STORE_UNAVAILABLE.
     */
    suspendRecentKeys(
      request: FastifyRequest,
      ownerId: string,
      suspension: KeySuspension,
    ): Promise<void>
    /**
     * The key that a request carries, in `request.apiKey`, without a call being counted: for what its holder asks
     * about the key itself.
     * @throws {Problem} API_KEY_REQUIRED, API_KEY_MISPLACED, and as `verifyApiKey`.
     */
    authenticateHolder(request: FastifyRequest): Promise<void>
    /** After `authenticateHolder`: what the key may do, until when, and what is left. */
    describeHeldKey(request: FastifyRequest): Promise<ReturnType<typeof presentToHolder>>
    /**
     * After `authenticateHolder`: as `rotateKey`, without a session.
     * @throws {Problem} API_KEY_NOT_FOUND for another key, SECRET_SUPERSEDED.
     */
    rotateHeldKey(
      request: FastifyRequest,
      keyId: string,
      overlapSeconds?: number,
    ): Promise<IssuedKey>
    /** The keys of a user: one's own, and for an administrator those of any user. */
    listKeys(request: FastifyRequest, ownerId: string): Promise<ApiKey[]>
    /** @throws {Problem} API_KEY_NOT_FOUND, also for another person's key. */
    findKey(request: FastifyRequest, keyId: string): Promise<ApiKey>
    /** @throws {Problem} RECENT_SIGN_IN_REQUIRED, VALIDATION_FAILED, SCOPE_RESERVED, TOO_MANY_KEYS. */
    generateKey(
      request: FastifyRequest,
      settings: Partial<ApiKeySettings> & { name: string },
    ): Promise<IssuedKey>
    /**
     * @throws {Problem} RECENT_SIGN_IN_REQUIRED for a change that lets the key do more; VALIDATION_FAILED,
     * SCOPE_RESERVED, API_KEY_RESTRICTED, API_KEY_NOT_FOUND.
     */
    updateKey(request: FastifyRequest, keyId: string, changes: ApiKeyChanges): Promise<ApiKey>
    /** @throws {Problem} API_KEY_NOT_FOUND. */
    deleteKey(request: FastifyRequest, keyId: string): Promise<void>
    /** The old secret works for `overlapSeconds`. @throws {Problem} RECENT_SIGN_IN_REQUIRED, API_KEY_NOT_FOUND. */
    rotateKey(request: FastifyRequest, keyId: string, overlapSeconds?: number): Promise<IssuedKey>
  }
}
