import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { jwt, type JwtVariables } from 'hono/jwt'
import { bearerCall } from '../support/calls.js'
import { listenWith } from '../support/listen.js'
import type { Scene } from '../support/peer.js'
import { newRsaKeys } from '../support/rsa.js'
import { newTokens } from '../support/tokens.js'

/** https://hono.dev/docs/middleware/builtin/jwt, on https://hono.dev/docs/getting-started/nodejs */
export async function protectedRoute(): Promise<Scene> {
  const { publicKey, privateKey } = newRsaKeys()
  const app = new Hono<{ Variables: JwtVariables<{ sub: string }> }>()
  app.use('/api/*', jwt({ secret: publicKey, alg: 'RS256' }))
  app.get('/api/protected', (c) => c.json({ userId: c.get('jwtPayload').sub }))
  const calls = newTokens(privateKey).map(({ token, id }) =>
    bearerCall('/api/protected', token, id),
  )
  return { port: await listenWith(getRequestListener(app.fetch)), calls }
}
