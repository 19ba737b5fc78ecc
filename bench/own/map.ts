import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import Fastify from 'fastify'
import { bearerCall } from '../support/calls.js'
import { listen } from '../support/listen.js'
import type { Scene } from '../support/peer.js'
import { newRsaKeys } from '../support/rsa.js'
import { newTokens } from '../support/tokens.js'
import { USERS } from '../support/users.js'

interface Claims {
  readonly sub: string
  readonly exp: number
}

/** The least that is safe: RS256 by node:crypto, and a Map of what was verified. */
export async function protectedRoute(): Promise<Scene> {
  const { publicKey, privateKey } = newKeys()
  const verified = new Map<string, Claims>()
  return serveProtectedRoute(privateKey, (token) => {
    const known = verified.get(token)
    if (known) return known
    const claims = claimsOf(token, publicKey)
    if (claims) verified.set(token, claims)
    return claims
  })
}

/** The same without the Map: what one signature costs, and so the most that can be had without a cache. */
export async function uncached(): Promise<Scene> {
  const { publicKey, privateKey } = newKeys()
  return serveProtectedRoute(privateKey, (token) => claimsOf(token, publicKey))
}

function newKeys() {
  const { publicKey, privateKey } = newRsaKeys()
  return { publicKey: createPublicKey(publicKey), privateKey }
}

async function serveProtectedRoute(
  privateKey: string,
  verified: (token: string) => Claims | undefined,
): Promise<Scene> {
  const app = Fastify()
  app.get('/api/protected', async ({ headers }, reply) => {
    const claims = verified(headers.authorization?.slice('Bearer '.length) ?? '')
    if (!claims || claims.exp * 1000 < Date.now()) return reply.code(401).send()
    return { userId: claims.sub }
  })
  const tokens = newTokens(privateKey)
  const calls = tokens.map(({ token, id }) => bearerCall('/api/protected', token, id))
  return { port: await listen(app), calls }
}

function claimsOf(token: string, key: KeyObject): Claims | undefined {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const signed = Buffer.from(`${header}.${payload}`)
  if (!verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url'))) return undefined
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims
}

/** A Map of keys in plain text, which is not safe. */
export async function key(): Promise<Scene> {
  const keys = new Map(USERS.map(({ id }) => [`key_${id}_${'x'.repeat(40)}`, id]))
  const app = Fastify()
  app.get('/api/data', async ({ headers }, reply) => {
    const keyId = keys.get(String(headers['x-api-key']))
    return keyId === undefined ? reply.code(401).send() : { data: { keyId } }
  })
  const calls = [...keys].map(([credential, holds]) => ({
    line: 'GET /api/data',
    headers: { 'x-api-key': credential },
    credential,
    holds,
  }))
  return { port: await listen(app), calls }
}
