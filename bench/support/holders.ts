import { newId, systemRandom } from '../../src/lib/random.js'
import { type AddressedUser, type Profile, profileOf } from '../../src/users/user.js'
import type { Service } from './service.js'

/** A user and an access token of theirs. */
export interface Holder {
  readonly profile: Profile
  readonly token: string
}

const DAY_SECONDS = 86_400

/** That many users, written through the store, each with a token of the app's that outlives the run. */
export async function createHolders(
  { services }: Pick<Service, 'services'>,
  count: number,
): Promise<Holder[]> {
  const holders: Holder[] = []
  for (let number = 0; number < count; number++) {
    const user = newUser(`user-${String(number).padStart(6, '0')}@example.com`)
    await services.users.store.create(user)
    holders.push({ profile: profileOf(user), token: await signToken(services, user.id) })
  }
  return holders
}

/** Ready to be written; without a password that anyone has. */
export function newUser(email: string): AddressedUser {
  return {
    id: newId(systemRandom),
    email,
    role: 'user',
    status: 'active',
    passwordHash: 'nobody signs in',
    epoch: 0,
    createdAt: new Date().toISOString(),
  }
}

/** With the claims that a sign-in gives. */
export function signToken({ tokenSigner }: Service['services'], sub: string): Promise<string> {
  const iat = Math.floor(Date.now() / 1000)
  return tokenSigner.sign({
    sub,
    client_id: 'latchkey',
    iat,
    exp: iat + DAY_SECONDS,
    jti: newId(systemRandom),
    sid: newId(systemRandom),
    role: 'user',
    scope: 'user',
  })
}
