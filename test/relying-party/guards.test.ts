import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance, type onRequestHookHandler } from 'fastify'
import t from 'tap'
import { newKey, newKeyId } from '../../src/api-keys/verification/format.js'
import { systemRandom } from '../../src/lib/random.js'
import apiKey from '../../src/relying-party/api-key.js'
import jwt from '../../src/relying-party/jwt.js'
import { startIssuer } from '../support/issuer.js'
import { newTokenFor, ORDERS } from '../support/resources.js'
import { newAdmin } from '../support/keys.js'

const OPTIONS = { issuer: 'https://auth.example.com', resource: ORDERS }
const open = async () => ['secret order']

/** What JavaScript lets through, where the published types do not. */
const untyped = (app: FastifyInstance) => app as unknown as Record<string, onRequestHookHandler>

/** One that no service knows. */
const aKey = () => {
  const prefix = { name: 'lk', environment: 'live' }
  return newKey(prefix, newKeyId(randomUUID(), systemRandom), systemRandom)
}

const GUARDS = [
  'requireUser',
  'requireAccessToken',
  'requireRole',
  'requireScope',
  'requireAuthentication',
]
const HOOKS = ['onRequest', 'preValidation', 'preHandler'] as const

t.test('the types of the relying party’s guards are not those of a hook', async (t) => {
  const app = Fastify()
  await app.register(jwt, OPTIONS)
  // @ts-expect-error a guard is a call
  t.throws(() => app.get('/user', { onRequest: app.requireUser }, open))
  // @ts-expect-error a guard is a call
  t.throws(() => app.get('/token', { onRequest: [app.requireAccessToken] }, open))
  // @ts-expect-error a guard is a call
  t.throws(() => app.get('/role', { preHandler: app.requireRole }, open))
  // @ts-expect-error a guard is a call
  t.throws(() => app.get('/scope', { preHandler: app.requireScope }, open))
  // @ts-expect-error a guard is a call
  t.throws(() => app.get('/key', { onRequest: app.requireApiKey }, open))
  // @ts-expect-error a guard is a call
  t.throws(() => app.get('/fresh', { preHandler: app.requireAuthentication }, open))
  app.get('/orders', { onRequest: [app.requireUser(), app.requireRole('admin')] }, open)
  t.equal((await app.inject('/orders')).statusCode, 401)
})

t.test(
  'a relying party’s guard that is not called is refused when its route is registered',
  async (t) => {
    for (const guard of GUARDS) {
      for (const hook of HOOKS) {
        const app = Fastify()
        await app.register(jwt, OPTIONS)
        const uncalled = untyped(app)[guard] as onRequestHookHandler
        const call = `app.${guard}()`
        const message = {
          message: `GET /orders: ${hook} is the guard ${guard} itself. Call it: { ${hook}: ${call} }.`,
        }
        t.throws(() => app.get('/orders', { [hook]: uncalled }, open), message)
        t.throws(() => app.get('/orders', { [hook]: [app.requireUser(), uncalled] }, open), message)
        const child = app.register(async (inner) => {
          inner.get('/orders', { [hook]: uncalled }, open)
        })
        await t.rejects(Promise.resolve(child.ready()), message, `${guard} in a child`)
      }
    }
  },
)

t.test(
  'a relying party’s guard that is misspelt is refused when its route is registered',
  async (t) => {
    const app = Fastify()
    await app.register(jwt, OPTIONS)
    const misspelt = untyped(app).requireUsr as onRequestHookHandler
    const missing = { message: /GET \/orders: onRequest is undefined/ }
    t.throws(() => app.get('/orders', { onRequest: misspelt }, open), missing)
    t.throws(() => app.get('/orders', { onRequest: [app.requireUser(), misspelt] }, open))
    t.throws(() => app.route({ method: 'GET', url: '/orders', onRequest: misspelt, handler: open }))
    const calls = app as unknown as Record<string, () => onRequestHookHandler>
    t.throws(() => app.get('/orders', { onRequest: calls.requireUsr?.() as never }, open), missing)
  },
)

t.test(
  'a guard of a relying party’s plugin that is not registered, or not yet, throws',
  async (t) => {
    const bare = Fastify()
    t.throws(() => bare.get('/orders', { onRequest: bare.requireUser() }, open), TypeError)
    const early = Fastify()
    early.register(jwt, OPTIONS)
    t.throws(() => early.get('/orders', { onRequest: early.requireUser() }, open), TypeError)
  },
)

t.test(
  'the old form of a guard before the relying party’s plugin has loaded stops the app',
  async (t) => {
    for (const hook of HOOKS) {
      const app = Fastify()
      void app.register(jwt, OPTIONS)
      app.get('/orders', { [hook]: untyped(app).requireUser as onRequestHookHandler }, open)
      await t.rejects(Promise.resolve(app.ready()), { message: /await app\.register/ }, hook)
      await t.rejects(app.inject('/orders'), hook)
    }
    const app = Fastify()
    void app.register(apiKey, { ...OPTIONS, introspectionKey: aKey() })
    app.get('/stock', { onRequest: untyped(app).requireApiKey as onRequestHookHandler }, open)
    await t.rejects(Promise.resolve(app.ready()))
  },
)

t.test(
  'routes of a relying party without a guard or one of the plugins stay as they are',
  async (t) => {
    const app = Fastify()
    app.get('/healthz', open)
    void app.register(jwt, OPTIONS)
    app.register(async (inner) => {
      inner.get('/orders', { onRequest: inner.requireUser() }, open)
    })
    t.equal((await app.inject('/healthz')).statusCode, 200)
    t.equal((await app.inject('/orders')).statusCode, 401)

    const other = Fastify()
    other.get('/', { onRequest: undefined as unknown as onRequestHookHandler }, open)
    t.equal((await other.inject('/')).statusCode, 200)
  },
)

t.test(
  'a relying party’s guard added as a hook of the whole app lets no request through',
  async (t) => {
    const issuer = await startIssuer(t)
    const token = await newTokenFor(issuer.service, ORDERS)
    const headers = { authorization: `Bearer ${token}` }
    const admin = await newAdmin(issuer.service)
    const { secret } = await admin.generate({ scopes: ['token:introspect'] })
    for (const guard of [...GUARDS, 'requireApiKey']) {
      const app = Fastify()
      await app.register(jwt, { issuer: issuer.url, resource: ORDERS })
      await app.register(apiKey, { issuer: issuer.url, introspectionKey: secret })
      app.addHook('onRequest', untyped(app)[guard] as onRequestHookHandler)
      app.get('/orders', open)
      t.equal((await app.inject({ url: '/orders', headers })).statusCode, 500, guard)
    }
  },
)
