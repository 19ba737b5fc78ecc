import Fastify, { type FastifyInstance } from 'fastify'
import { systemClock } from '../../src/clock.js'
import jwt from '../../src/plugins/jwt.js'
import { UserAnswer } from '../../src/users/schemas.js'
import type { Profile } from '../../src/users/user.js'
import { type Environment, openService, type Service } from './service.js'

/** What a server process of a bench can be. */
export type Variant = keyof typeof VARIANTS

/** Sent once, when the server listens. */
export interface Listening {
  readonly port: number
}

/** The answer to any message: what the server has spent so far. */
export interface Usage {
  readonly cpuMicroseconds: number
  /** Keys looked up to check a signature; counted by `uncached` only. */
  readonly signatureChecks: number
}

const VARIANTS = { bare, cached, uncached }
let signatureChecks = 0

/** What Fastify costs: the same route, schema and answer, and nothing else. */
async function bare({ BARE_PROFILE = '' }: Environment): Promise<FastifyInstance> {
  const user = JSON.parse(BARE_PROFILE) as Profile
  const app = Fastify()
  app.get('/api/profile', { schema: { response: { 200: UserAnswer } } }, async () => ({ user }))
  return app
}

/** The service as it is. */
async function cached(environment: Environment): Promise<FastifyInstance> {
  return (await openService(environment, true)).app
}

/** The service, its bearer tokens checked by a jwt plugin that remembers none of them. */
async function uncached(environment: Environment): Promise<FastifyInstance> {
  const service = await openService(environment, true)
  service.app.requireAccessToken = await bearerHookWithoutCache(service)
  return service.app
}

async function bearerHookWithoutCache({ app, config }: Service) {
  const { keyRing } = app
  const verifying = Fastify()
  await verifying.register(jwt, {
    issuer: config.issuer,
    audience: config.audience,
    keys: {
      publicKey(kid) {
        signatureChecks++
        return keyRing.publicKey(kid)
      },
      publicKeyAfterReread: (kid) => keyRing.publicKeyAfterReread(kid),
    },
    clock: systemClock,
    cacheSize: 0,
  })
  return verifying.requireAccessToken
}

function send(message: Listening | Usage): void {
  process.send?.(message)
}

// Ctrl-C in a terminal reaches this process too; it ends with the bench, however that ends.
process.on('SIGINT', () => undefined).on('disconnect', () => process.exit())
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  send({ cpuMicroseconds: user + system, signatureChecks })
})

const app = await VARIANTS[process.argv[2] as Variant](process.env as Environment)
await app.listen({ host: '127.0.0.1', port: 0, listenTextResolver: () => 'listening' })
send({ port: app.addresses()[0]?.port ?? 0 })
