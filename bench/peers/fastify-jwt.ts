import fastifyJwt from '@fastify/jwt'
import Fastify from 'fastify'
import { bearerCall } from '../support/calls.js'
import { listen } from '../support/listen.js'
import type { Scene } from '../support/peer.js'
import { newRsaKeys } from '../support/rsa.js'
import { newTokens } from '../support/tokens.js'

/** https://github.com/fastify/fastify-jwt#readme: a pair of keys, and the cache of `verify`. */
export const protectedRoute = (): Promise<Scene> => serve({ cache: true })

/** The default: no cache. */
export const uncached = (): Promise<Scene> => serve({})

async function serve(verify: { cache?: boolean }): Promise<Scene> {
  const { publicKey, privateKey } = newRsaKeys()
  const app = Fastify()
  await app.register(fastifyJwt, {
    secret: { private: privateKey, public: publicKey },
    sign: { algorithm: 'RS256' },
    verify: { algorithms: ['RS256'], ...verify },
  })
  app.get('/api/protected', { onRequest: (request) => request.jwtVerify() }, async ({ user }) => ({
    userId: (user as unknown as { sub: string }).sub,
  }))
  const calls = newTokens(privateKey).map(({ token, id }) =>
    bearerCall('/api/protected', token, id),
  )
  return { port: await listen(app), calls }
}
