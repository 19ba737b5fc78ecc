import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { scopesFor } from '../api-key-scopes.js'
import { ownerOf } from '../plugins/api-key-format.js'
import { Problem } from '../problem.js'
import type { ApiKey, ApiKeyChanges, ApiKeySettings } from './api-key.js'
import type { Actor, IssuedKey } from './api-keys.js'
import { SCOPE_RESERVED } from './errors.js'

/** A day, unless the caller says otherwise. */
const DEFAULT_OVERLAP_SECONDS = 86_400

/**
 * What an owner, or an administrator, changes in keys, with its events, for whatever speaks to people: the
 * JSON routes and the pages. Each comes after `requireSession`.
 */
export default fp(
  async function keyActions(app) {
    app.decorate('listKeys', async (request, ownerId) => {
      const { id, role } = actorOf(request)
      // Somebody else's keys are not there for an ordinary user, as with each of them.
      if (ownerId !== id && role !== 'admin') return []
      logLook(request, ownerId)
      return app.apiKeys.list(ownerId)
    })
    app.decorate('findKey', async (request, keyId) => {
      const key = await app.apiKeys.find(actorOf(request), keyId)
      logLook(request, key.ownerId, keyId)
      return key
    })
    app.decorate('generateKey', async (request, settings) => {
      assertMayGive(request, settings.scopes)
      const issued = await app.apiKeys.generate(request.session.account.id, settings)
      logChange(request, 'sensitive_create', issued.key.keyId)
      return issued
    })
    app.decorate('updateKey', async (request, keyId, changes) => {
      assertMayGive(request, changes.scopes)
      const key = await app.apiKeys.update(actorOf(request), keyId, changes)
      logChange(request, 'sensitive_update', keyId)
      return key
    })
    app.decorate('deleteKey', async (request, keyId) => {
      await app.apiKeys.delete(actorOf(request), keyId)
      logChange(request, 'sensitive_delete', keyId)
    })
    app.decorate('rotateKey', async (request, keyId, overlapSeconds = DEFAULT_OVERLAP_SECONDS) => {
      const issued = await app.apiKeys.rotate(actorOf(request), keyId, overlapSeconds * 1000)
      logChange(request, 'authn_token_created', keyId)
      return issued
    })
  },
  { name: 'key-actions', fastify: '5.x', dependencies: ['api-keys', 'sessions'] },
)

function actorOf({ session }: FastifyRequest): Actor {
  return { id: session.account.id, role: session.account.role }
}

/** @throws {Problem} SCOPE_RESERVED. */
function assertMayGive({ session }: FastifyRequest, scopes: readonly string[] = []): void {
  const allowed = scopesFor(session.account.role, scopes)
  const reserved = scopes.filter((scope) => !allowed.includes(scope))
  if (reserved.length > 0) throw new Problem(SCOPE_RESERVED, { detail: reserved.join(' ') })
}

/** Whose it is follows from its id (`api-key-format.ts`), whoever changes it. */
function logChange(request: FastifyRequest, event: string, keyId: string): void {
  const userId = request.session.account.id
  request.log.info({ event, userId, keyId, ownerId: ownerOf(keyId) })
}

/** What administrators look at of others is recorded. */
function logLook(request: FastifyRequest, targetId: string, keyId?: string): void {
  const userId = request.session.account.id
  if (userId === targetId) return
  const what = { action: 'find_keys', targetId, ...(keyId !== undefined && { keyId }) }
  request.log.warn({ event: 'authz_admin', userId, ...what })
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The keys of a user: one's own, and for an administrator anybody's. */
    listKeys(request: FastifyRequest, ownerId: string): Promise<ApiKey[]>
    /** @throws {Problem} API_KEY_NOT_FOUND, for somebody else's too. */
    findKey(request: FastifyRequest, keyId: string): Promise<ApiKey>
    /** @throws {Problem} VALIDATION_FAILED, SCOPE_RESERVED, TOO_MANY_KEYS. */
    generateKey(
      request: FastifyRequest,
      settings: Partial<ApiKeySettings> & { name: string },
    ): Promise<IssuedKey>
    /** @throws {Problem} VALIDATION_FAILED, SCOPE_RESERVED, API_KEY_NOT_FOUND. */
    updateKey(request: FastifyRequest, keyId: string, changes: ApiKeyChanges): Promise<ApiKey>
    /** @throws {Problem} API_KEY_NOT_FOUND. */
    deleteKey(request: FastifyRequest, keyId: string): Promise<void>
    /** The old secret works for `overlapSeconds`. @throws {Problem} API_KEY_NOT_FOUND. */
    rotateKey(request: FastifyRequest, keyId: string, overlapSeconds?: number): Promise<IssuedKey>
  }
}
