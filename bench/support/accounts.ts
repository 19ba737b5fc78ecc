import { randomBytes } from 'node:crypto'
import argon2 from 'argon2'
import { newId, systemRandom } from '../../src/lib/random.js'
import { encodeRefreshToken, hashSecret } from '../../src/sessions/refresh-token.js'
import type { AddressedUser } from '../../src/users/user.js'
import { newUser } from './holders.js'
import { type Put, putAll } from './items.js'
import type { Service } from './service.js'
import { ARGON2ID, PASSWORD, USERS } from './users.js'

/** Users with a password, of this process alone: others use the same database. */
export async function createUsers({ services }: Service): Promise<AddressedUser[]> {
  const passwordHash = await argon2.hash(PASSWORD, ARGON2ID)
  const users = USERS.map(({ email }) => ({ ...newUser(`${process.pid}.${email}`), passwordHash }))
  for (const user of users) await services.users.store.create(user)
  return users
}

/**
 * Sessions of 100 users in turn: the service opens one, and all are copies of its item with a token of their own.
 * @returns their refresh tokens.
 */
export async function openSessions(service: Service, count: number): Promise<string[]> {
  const { services, config, endpoint } = service
  const users = await createUsers(service)
  const [first] = users as [AddressedUser]
  const sample = await openSession(service, first)
  const key = await services.keyRing.refreshKey()
  const tokens: string[] = []
  const puts: Put[] = []
  for (let number = 0; number < count; number++) {
    const { id: userId } = users[number % users.length] as AddressedUser
    const [sessionId, secret] = [newId(systemRandom), randomBytes(32)]
    tokens.push(encodeRefreshToken(key, { userId, sessionId, secret }))
    const item = { ...sample, userId, sessionId, currentHash: hashSecret(secret) }
    puts.push({ table: config.tables.refreshTokens, item })
  }
  await putAll(endpoint, puts)
  return tokens
}

/** @returns its item. */
async function openSession({ app, services, config }: Service, user: AddressedUser) {
  const { sessions, trail, database } = services
  const { sessionId } = await sessions.open(
    user,
    { ip: '127.0.0.1', log: app.log },
    {
      event: (opened) =>
        trail.part({}, 'authn_login_success', {
          userId: user.id,
          method: 'password',
          sessionId: opened.sessionId,
        }),
    },
  )
  const item = await database.get(config.tables.refreshTokens, { userId: user.id, sessionId })
  if (!item) throw new Error('The session that was opened is not there')
  return item
}
