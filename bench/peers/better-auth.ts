import { DatabaseSync } from 'node:sqlite'
import { apiKey } from '@better-auth/api-key'
import argon2 from 'argon2'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { fromNodeHeaders, toNodeHandler } from 'better-auth/node'
import Fastify from 'fastify'
import { signInCalls } from '../support/calls.js'
import { listen, listenWith } from '../support/listen.js'
import type { Call, Scene } from '../support/peer.js'
import { ARGON2ID, PASSWORD, USERS } from '../support/users.js'

/** https://www.better-auth.com/docs/authentication/email-password#configuration: a hash of one's own. */
const ARGON2ID_PASSWORDS = {
  hash: (password: string) => argon2.hash(password, ARGON2ID),
  verify: ({ hash, password }: { hash: string; password: string }) => argon2.verify(hash, password),
}

/**
 * https://www.better-auth.com/docs/installation, on SQLite, the first database of that page, by Node's own module
 * (https://www.better-auth.com/docs/adapters/sqlite). The limits of requests, on by default in production, are off, and so are
 * those of API keys.
 */
async function open(password = {}) {
  const auth = betterAuth({
    baseURL: 'http://127.0.0.1',
    secret: 'a secret of the bench that is long enough',
    database: new DatabaseSync(':memory:'),
    emailAndPassword: { enabled: true, ...password },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    plugins: [apiKey({ rateLimit: { enabled: false } })],
  })
  const { runMigrations } = await getMigrations(auth.options)
  await runMigrations()
  return auth
}

type Auth = Awaited<ReturnType<typeof open>>

/** Of as few users as there are connections: each costs a scrypt. */
const signUp = async (auth: Auth, { email }: { email: string }) =>
  auth.api.signUpEmail({ body: { email, name: email, password: PASSWORD }, returnHeaders: true })

/** https://www.better-auth.com/docs/integrations/fastify: the session of a request, which is read each time. */
export async function protectedRoute(): Promise<Scene> {
  const auth = await open({ password: ARGON2ID_PASSWORDS })
  const calls: Call[] = []
  for (const user of USERS) {
    const { headers, response } = await signUp(auth, user)
    const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? ''
    calls.push({
      line: 'GET /api/protected',
      headers: { cookie },
      credential: cookie.slice(cookie.indexOf('=') + 1),
      holds: response.user.id,
    })
  }
  const app = Fastify()
  app.get('/api/protected', async (request, reply) => {
    const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) })
    return session ? { userId: session.user.id } : reply.code(401).send()
  })
  return { port: await listen(app), calls }
}

/** https://www.better-auth.com/docs/plugins/api-key#verify-an-api-key */
export async function key(): Promise<Scene> {
  const auth = await open({ password: ARGON2ID_PASSWORDS })
  const calls: Call[] = []
  for (const user of USERS) {
    const { response } = await signUp(auth, user)
    const created = await auth.api.createApiKey({
      body: { name: 'bench', userId: response.user.id },
    })
    calls.push({
      line: 'GET /api/data',
      headers: { 'x-api-key': created.key },
      credential: created.key,
      holds: created.id,
    })
  }
  const app = Fastify()
  app.get('/api/data', async ({ headers }, reply) => {
    const { valid, key } = await auth.api.verifyApiKey({
      body: { key: String(headers['x-api-key']) },
    })
    return valid && key ? { data: { keyId: key.id } } : reply.code(401).send()
  })
  return { port: await listen(app), calls }
}

/** With its own hash, scrypt. */
export const signIn = (): Promise<Scene> => serveSignIn({})

/** With the hash of the others. */
export const signInArgon2id = (): Promise<Scene> => serveSignIn({ password: ARGON2ID_PASSWORDS })

async function serveSignIn(password: object): Promise<Scene> {
  const auth = await open(password)
  for (const user of USERS) await signUp(auth, user)
  return {
    port: await listenWith(toNodeHandler(auth)),
    calls: signInCalls('/api/auth/sign-in/email'),
  }
}
