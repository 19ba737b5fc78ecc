import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import { AccessTokenVerifier } from '../../src/access-tokens/verifier.js'
import { systemClock } from '../../src/lib/clock.js'
import { DataAnswer } from '../../src/resources/routes.js'
import { RegisterAnswer } from '../../src/users/schemas.js'
import type { Profile } from '../../src/users/user.js'
import { type Environment, openService, type Service } from './service.js'

/** What a server process can be. */
export type Variant = keyof typeof VARIANTS

/** Sent once, when the server listens. */
export interface Listening {
  readonly port: number
}

/** What a server has spent since it started: its answer to any message. */
export interface Usage {
  readonly cpuMicroseconds: number
  /** Tokens whose signature was checked; counted by `uncached` only. */
  readonly signatureChecks: number
}

const VARIANTS = { bare, cached, uncached, keyed }
let signatureChecks = 0

/** What Fastify itself costs: a route with the same answer and schema, and nothing else. */
async function bare({ BARE_PROFILE = '' }: Environment): Promise<FastifyInstance> {
  const user = JSON.parse(BARE_PROFILE) as Profile
  const app = Fastify()
  app.get('/api/profile', { schema: { response: { 200: RegisterAnswer } } }, async () => ({ user }))
  return app
}

/** The service as it is. */
async function cached(environment: Environment): Promise<FastifyInstance> {
  return (await openService(environment, { join: true })).app
}

/** The service, its bearer tokens checked by a verifier that remembers none. */
async function uncached(environment: Environment): Promise<FastifyInstance> {
  const service = await openService(environment, { join: true })
  service.services.tokenVerifier.verify = verifyWithoutCache(service)
  return service.app
}

/** The service, and beside `GET /api/data` the same route without authentication. */
async function keyed(environment: Environment): Promise<FastifyInstance> {
  const { app } = await openService(environment, { join: true })
  const keyId = environment.KEY_ID ?? ''
  app.get('/open/data', { schema: { response: { 200: DataAnswer } } }, async () => ({
    data: { keyId },
  }))
  return app
}

function verifyWithoutCache({ services, config }: Service) {
  const { keyRing } = services
  const { issuer, audience } = config
  const keys = {
    publicKey(kid: string) {
      signatureChecks++
      return keyRing.publicKey(kid)
    },
    publicKeyAfterReread: (kid: string) => keyRing.publicKeyAfterReread(kid),
  }
  const verifier = new AccessTokenVerifier({
    issuer,
    audiences: [audience],
    keys,
    clock: systemClock,
    cacheSize: 0,
  })
  return (token: string) => verifier.verify(token)
}

const send = (message: Listening | Usage) => process.send?.(message)

// Ctrl-C in a terminal reaches this process too; it ends when the bench does, and not before.
process.on('SIGINT', () => undefined).on('disconnect', () => process.exit())
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  send({ cpuMicroseconds: user + system, signatureChecks })
})

const app = await VARIANTS[process.argv[2] as Variant](process.env as Environment)
await app.listen({ host: '127.0.0.1', port: 0, listenTextResolver: () => 'listening' })
const { port } = app.server.address() as AddressInfo
send({ port })
