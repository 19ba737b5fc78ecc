import type { FastifyInstance } from 'fastify'
import type { ApiKeyRecord } from '../plugins/api-key-record.js'
import type { AccessTokenClaims } from '../plugins/jwt-claims.js'
import { Problem } from '../problem.js'

/** RFC 7662 §2.2: one shape for everything that is not live, whatever the reason. */
const INACTIVE = { active: false } as const

/**
 * What a token is worth now, asked of the store: an access token of an ended session, a disabled user or a
 * deleted key is dead here at once, where its signature alone would hold for its 15 minutes.
 */
export async function introspect(app: FastifyInstance, token: string) {
  try {
    if (token.split('.').length === 3) return await accessToken(app, token)
    const key = await app.apiKeys.identify(token)
    return key ? apiKey(key) : INACTIVE
  } catch (error) {
    if (error instanceof Problem && error.type.status < 500) return INACTIVE
    throw error
  }
}

async function accessToken(app: FastifyInstance, token: string) {
  const claims = await app.verifyAccessToken(token)
  if (!(await isLive(app, claims))) return INACTIVE
  const { iss, aud, sub, client_id, scope, role, exp, iat, jti } = claims
  const told = { iss, aud, sub, client_id, scope, exp, iat, jti }
  return { active: true, token_type: 'Bearer', ...told, ...(role === undefined ? {} : { role }) }
}

async function isLive(app: FastifyInstance, { sub, sid }: AccessTokenClaims): Promise<boolean> {
  if (sid !== undefined) return (await app.sessions.findLive(sub, sid)) !== undefined
  return app.apiKeys.isLive(sub)
}

function apiKey({ keyId, ownerId, scopes, expiresAt, allowedCidrs }: ApiKeyRecord) {
  const exp = expiresAt === undefined ? {} : { exp: Math.floor(expiresAt / 1000) }
  return {
    active: true,
    token_type: 'api_key',
    sub: ownerId,
    client_id: keyId,
    scope: scopes.join(' '),
    ...exp,
    // The caller's address is known to who asks, and not to us.
    ...(allowedCidrs && { allowed_cidrs: [...allowedCidrs] }),
  }
}
