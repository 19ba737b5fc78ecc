import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import argon2 from 'argon2'
import Fastify, { type FastifyInstance } from 'fastify'
import { MODULUS_BITS } from '../../src/keyring/signing-key.js'
import securityHeaders from '../../src/plugins/security-headers.js'
import { DataAnswer } from '../../src/resources/routes.js'
import { decodeRefreshToken } from '../../src/sessions/refresh-token.js'
import { openSessions } from '../support/accounts.js'
import { listen } from '../support/listen.js'
import type { Call, Scene } from '../support/peer.js'
import { openService } from '../support/service.js'
import { ARGON2ID, PASSWORD, USERS } from '../support/users.js'

/** What Fastify itself costs: a route with an answer of the same size and its schema, open to all. */
export const protectedRoute = (): Promise<Scene> => serveProtectedRoute(Fastify())

/** The same, with Latchkey's security headers on each answer and nothing else that is Latchkey's. */
export const protectedRouteWithHeaders = async (): Promise<Scene> =>
  serveProtectedRoute(await withHeaders())

async function serveProtectedRoute(app: FastifyInstance): Promise<Scene> {
  const [{ id: userId } = { id: '' }] = USERS
  const answer = { type: 'object', properties: { userId: { type: 'string' } } }
  app.get('/api/protected', { schema: { response: { 200: answer } } }, async () => ({ userId }))
  const calls = ofEachUser({ line: 'GET /api/protected', holds: userId })
  return { port: await listen(app), calls }
}

/** The same for the route of API keys. */
export const key = (): Promise<Scene> => serveKey(Fastify())

export const keyWithHeaders = async (): Promise<Scene> => serveKey(await withHeaders())

async function serveKey(app: FastifyInstance): Promise<Scene> {
  const keyId = 'k'.repeat(22)
  app.get('/api/data', { schema: { response: { 200: DataAnswer } } }, async () => ({
    data: { keyId },
  }))
  return { port: await listen(app), calls: ofEachUser({ line: 'GET /api/data', holds: keyId }) }
}

async function withHeaders(): Promise<FastifyInstance> {
  const app = Fastify()
  await app.register(securityHeaders)
  return app
}

/** One argon2id for each request. */
export async function signIn(): Promise<Scene> {
  const hash = await argon2.hash(PASSWORD, ARGON2ID)
  const app = Fastify()
  app.post<{ Body: { password: string } }>('/login', async ({ body }, reply) =>
    (await argon2.verify(hash, body.password)) ? { isRight: true } : reply.code(401).send(),
  )
  const calls = ofEachUser({
    line: 'POST /login',
    body: JSON.stringify({ password: PASSWORD }),
    credential: PASSWORD,
    holds: 'isRight',
  })
  return { port: await listen(app), calls }
}

/**
 * The two requests of a refresh (the user is read, the session is moved on, on items as the service writes them) and one RS256
 * signature, without what tells a thief from the owner.
 */
export async function refresh(count: number): Promise<Scene> {
  const service = await openService(process.env as Record<string, string>, { join: true })
  const { tables } = service.config
  const sessions = (await openSessions(service, count)).map((text) => decodeRefreshToken(text))
  const documents = DynamoDBDocumentClient.from(service.client)
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: MODULUS_BITS })

  const app = Fastify()
  app.post<{ Body: { refreshToken: string } }>('/refresh', async ({ body }, reply) => {
    const [userId = '', sessionId = '', secret = ''] = body.refreshToken.split('.')
    const successor = randomBytes(32).toString('base64url')
    const now = Date.now()
    const user = new GetCommand({
      TableName: tables.users,
      Key: { pk: `USER#${userId}` },
      ConsistentRead: true,
    })
    const update = new UpdateCommand({
      TableName: tables.refreshTokens,
      Key: { userId, sessionId },
      UpdateExpression:
        'SET currentHash = :successor, previousHash = :presented, rotatedAt = :now, lastUsedAt = :now,' +
        ' idleExpiresAt = :idle, #ttl = :ttl, generation = generation + :one',
      ConditionExpression: 'currentHash = :presented AND idleExpiresAt > :now',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':successor': hash(successor),
        ':presented': hash(secret),
        ':now': now,
        ':idle': now + 1_209_600_000,
        ':ttl': Math.floor(now / 1000) + 1_209_600,
        ':one': 1,
      },
      ReturnValues: 'ALL_NEW',
    })
    const { Item: found } = await documents.send(user)
    const moved = await documents.send(update).catch(() => undefined)
    if (!found || !moved) return reply.code(401).send()
    const iat = Math.floor(now / 1000)
    const claims = { sub: userId, sid: sessionId, role: found.role as string, iat, exp: iat + 900 }
    const signed = [{ alg: 'RS256', typ: 'at+jwt' }, claims].map(base64).join('.')
    const signature = sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')
    return {
      accessToken: `${signed}.${signature}`,
      refreshToken: [userId, sessionId, successor].join('.'),
    }
  })
  const calls = sessions.map((session) => {
    const { userId = '', sessionId = '', secret } = session ?? {}
    const credential = [userId, sessionId, secret?.toString('base64url')].join('.')
    const body = JSON.stringify({ refreshToken: credential })
    return { line: 'POST /refresh', body, credential, holds: 'accessToken' }
  })
  return { port: await listen(app), calls, successor: 'refreshToken' }
}

/** The same call for each user, of a server that knows none. */
const ofEachUser = (call: Call): Call[] => USERS.map(() => call)

const base64 = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

/** Of a secret in base64url, as the service stores it. */
const hash = (secret: string) =>
  createHash('sha256').update(Buffer.from(secret, 'base64url')).digest('base64url')
