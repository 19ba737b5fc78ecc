import argon2 from 'argon2'
import type { AddressedUser } from '../../src/users/user.js'
import { newUser } from './holders.js'
import type { Service } from './service.js'
import { ARGON2ID, PASSWORD, USERS } from './users.js'

/** How many sessions are opened at once. */
const AT_ONCE = 10

/** Users with a password, of this process alone: others use the same database. */
export async function createUsers({ services }: Service): Promise<AddressedUser[]> {
  const passwordHash = await argon2.hash(PASSWORD, ARGON2ID)
  const users = USERS.map(({ email }) => ({ ...newUser(`${process.pid}.${email}`), passwordHash }))
  for (const user of users) await services.users.store.create(user)
  return users
}

/** @returns their refresh tokens. */
export async function openSessions(service: Service, count: number): Promise<string[]> {
  const users = await createUsers(service)
  const tokens: string[] = []
  while (tokens.length < count) {
    const begun = Array.from({ length: AT_ONCE }, (_, index) =>
      openSession(service, users[(tokens.length + index) % users.length] as AddressedUser),
    )
    tokens.push(...(await Promise.all(begun)))
  }
  return tokens
}

async function openSession({ app, services }: Service, user: AddressedUser): Promise<string> {
  const { sessions, trail } = services
  const { refreshToken } = await sessions.open(
    user,
    { ip: '127.0.0.1', log: app.log },
    {
      event: ({ sessionId }) =>
        trail.part({}, 'authn_login_success', { userId: user.id, method: 'password', sessionId }),
    },
  )
  return refreshToken
}
