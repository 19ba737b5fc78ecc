import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { scopesFor } from '../api-key-scopes.js'
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

export function actorOf({ session }: FastifyRequest): Actor {
  return { id: session.account.id, role: session.account.role }
}

/** @throws {Problem} SCOPE_RESERVED. */
function assertMayGive({ session }: FastifyRequest, scopes: readonly string[] = []): void {
  const allowed = scopesFor(session.account.role, scopes)
  const reserved = scopes.filter((scope) => !allowed.includes(scope))
  if (reserved.length > 0) throw new Problem(SCOPE_RESERVED, { detail: reserved.join(' ') })
}

function logChange(request: FastifyRequest, event: string, keyId: string): void {
  request.log.info({ event, userId: request.session.account.id, keyId })
}

declare module 'fastify' {
  interface FastifyInstance {
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
