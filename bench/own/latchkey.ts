import { AccessTokenVerifier } from '../../src/access-tokens/verifier.js'
import { systemClock } from '../../src/lib/clock.js'
import { createUsers, openSessions } from '../support/accounts.js'
import { bearerCall } from '../support/calls.js'
import { signToken } from '../support/holders.js'
import { listen } from '../support/listen.js'
import type { Call, Scene } from '../support/peer.js'
import { openService, type Service } from '../support/service.js'
import { countUnits, UNITS } from '../support/units.js'
import { PASSWORD } from '../support/users.js'

/** Limits that would refuse the load are raised; all else is as it is by default. */
const RAISED = {
  RATE_LIMIT_PER_ADDRESS: '100000',
  RATE_LIMIT_PER_ACCOUNT: '100',
  RATE_LIMIT_ACCOUNT_WINDOW_SECONDS: '1',
}

const open = () => openService({ ...process.env, ...RAISED }, { join: true })

/** The service, for benches that have calls of their own. */
export async function service(): Promise<Scene> {
  const { app } = await openService(process.env as Record<string, string>, { join: true })
  return { port: await listen(app), calls: [] }
}

/** The same, and it counts what it asks of DynamoDB. */
export async function counted(): Promise<Scene> {
  const { app, client } = await open()
  countUnits(client, UNITS)
  return { port: await listen(app), calls: [] }
}

/** A token that was seen before is looked up, and its expiry checked. */
export async function protectedRoute(): Promise<Scene> {
  return serveProtectedRoute(await open())
}

/** Every signature is checked every time. */
export async function uncached(): Promise<Scene> {
  const opened = await open()
  const { services, config } = opened
  const { issuer, audience } = config
  const verifier = new AccessTokenVerifier({
    issuer,
    audiences: [audience],
    keys: services.keyRing,
    clock: systemClock,
    cacheSize: 0,
  })
  services.tokenVerifier.verify = (token) => verifier.verify(token)
  return serveProtectedRoute(opened)
}

async function serveProtectedRoute(opened: Service): Promise<Scene> {
  const calls: Call[] = []
  for (const { id } of await createUsers(opened)) {
    const token = await signToken(opened.services, id)
    calls.push(bearerCall('/api/protected', token, id))
  }
  return { port: await listen(opened.app), calls }
}

export async function key(): Promise<Scene> {
  const opened = await open()
  const { apiKeys } = opened.services
  const calls: Call[] = []
  for (const user of await createUsers(opened)) {
    const { secret, key } = await apiKeys.generate({}, user, { name: 'bench' })
    calls.push({
      line: 'GET /api/data',
      headers: { 'x-api-key': secret },
      credential: secret,
      holds: key.keyId,
    })
  }
  return { port: await listen(opened.app), calls }
}

export async function signIn(): Promise<Scene> {
  const opened = await open()
  const users = await createUsers(opened)
  const calls = users.map(({ id, email }) => ({
    line: 'POST /api/auth/login',
    body: JSON.stringify({ email, password: PASSWORD }),
    credential: PASSWORD,
    holds: id,
  }))
  return { port: await listen(opened.app), calls }
}

export async function refresh(count: number): Promise<Scene> {
  const opened = await open()
  const tokens = await openSessions(opened, count)
  const calls = tokens.map((refreshToken) => ({
    line: 'POST /api/auth/refresh',
    body: JSON.stringify({ refreshToken }),
    credential: refreshToken,
    holds: 'accessToken',
  }))
  return { port: await listen(opened.app), calls, successor: 'refreshToken' }
}
