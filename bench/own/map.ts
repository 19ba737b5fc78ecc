import { verify } from 'node:crypto'
import Fastify from 'fastify'
import { bearerCall } from '../support/calls.js'
import { listen } from '../support/listen.js'
import type { Scene } from '../support/peer.js'
import { newRsaKeys } from '../support/rsa.js'
import { newTokens } from '../support/tokens.js'
import { USERS } from '../support/users.js'

/** The least that is safe: RS256 by node:crypto, and a Map of what was verified. */
export async function protectedRoute(): Promise<Scene> {
  const { publicKey, privateKey } = newRsaKeys()
  const verified = new Map<string, { sub: string; exp: number }>()
  const claimsOf = (token: string) => {
    const known = verified.get(token)
    if (known) return known
    const [header = '', payload = '', signature = ''] = token.split('.')
    const signed = Buffer.from(`${header}.${payload}`)
    if (!verify('RSA-SHA256', signed, publicKey, Buffer.from(signature, 'base64url')))
      return undefined
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
      sub: string
      exp: number
    }
    verified.set(token, claims)
    return claims
  }
  const app = Fastify()
  app.get('/api/protected', async ({ headers }, reply) => {
    const claims = claimsOf(headers.authorization?.slice('Bearer '.length) ?? '')
    if (!claims || claims.exp * 1000 < Date.now()) return reply.code(401).send()
    return { userId: claims.sub }
  })
  const tokens = newTokens(privateKey)
  const calls = tokens.map(({ token, id }) => bearerCall('/api/protected', token, id))
  return { port: await listen(app), calls }
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
