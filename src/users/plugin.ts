import fp from 'fastify-plugin'
import type { Database } from '../dynamodb/database.js'
import type { Clock } from '../lib/clock.js'
import { userOfKey } from '../dynamodb/user-items.js'
import type { Random } from '../lib/random.js'
import { Identities } from './identities.js'
import { IdentitiesStore } from './identities-store.js'
import { type HasherOptions, PasswordHasher } from './password-hasher.js'
import { Profiles } from './profiles.js'
import type { SignUpPolicy } from './sign-up.js'
import { UsersStore } from './store.js'
import { Users } from './users.js'

export interface UsersOptions {
  readonly database: Database
  readonly table: string
  readonly passwords: HasherOptions & { readonly minLength: number }
  readonly signUp: SignUpPolicy
  /** How long a profile may be shown from memory, milliseconds. */
  readonly profileCacheMs: number
  readonly clock: Clock
  readonly random: Random
}

/** Accounts, their passwords and their identities at providers, for the features that authenticate people. */
export default fp<UsersOptions>(
  async function users(app, options) {
    const { database, table, passwords, signUp, profileCacheMs, clock, random } = options
    const store = new UsersStore(database, table)
    const hasher = new PasswordHasher(passwords, random)
    const minPasswordLength = passwords.minLength
    app.decorate('users', new Users({ store, hasher, minPasswordLength, clock, random }))
    const identities = new IdentitiesStore(database, table)
    app.decorate(
      'identities',
      new Identities({ store: identities, users: store, signUp, clock, random }),
    )
    const profiles = new Profiles(store, clock, profileCacheMs)
    app.decorate('profiles', profiles)
    database.onWrite(table, (key) => {
      const userId = userOfKey(key)
      if (userId !== undefined) profiles.forget(userId)
    })
  },
  { name: 'users', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyInstance {
    users: Users
    identities: Identities
    profiles: Profiles
  }
}
