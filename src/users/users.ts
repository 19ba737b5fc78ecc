import { bearerProblem, TOKEN_INVALID } from '../access-tokens/errors.js'
import type { Part } from '../dynamodb/part.js'
import type { Clock } from '../lib/clock.js'
import { isOutage, Problem, storeUnavailable } from '../http/problem.js'
import { newId, type Random } from '../lib/random.js'
import type { KeySuspension } from '../lib/suspension.js'
import { commonPasswords } from './blocklist.js'
import { normalizeEmail } from './email.js'
import {
  EMAIL_TAKEN,
  invalidCredentials,
  PASSWORD_CHANGE_UNNEEDED,
  PASSWORD_REFUSED,
  passwordChangeRequired,
} from './errors.js'
import { type Passkey, recentPasskeys } from './factors.js'
import { type Identity, suspendRecent } from './identities/identity.js'
import type { PasswordHasher } from './password-hasher.js'
import { normalizePassword, type Refusal, refusePassword } from './password-policy.js'
import { MAX_PASSWORD_LENGTH } from './schemas.js'
import type { CheckPasswordAnswer } from './schemas.js'
import { guessability } from './guessability.js'
import { Addresses } from './addresses/addresses.js'
import type { Former } from './reservation.js'
import type { UsersStore } from './store.js'
import type { AddressedUser, Role, User } from './user.js'

export interface UsersDependencies {
  readonly store: UsersStore
  readonly hasher: PasswordHasher
  readonly minPasswordLength: number
  /** What the service is called, which no password may be. */
  readonly serviceNames: readonly string[]
  readonly clock: Clock
  readonly random: Random
}

export interface Registration {
  readonly email: string
  readonly password: string
  readonly name?: string
  readonly role?: Role
  /** Whether another person chose the password. */
  readonly mustChangePassword?: true
}

/** How a password is changed. */
export interface PasswordChange {
  /** Left out by a user who has no password yet. */
  readonly current: string | undefined
  readonly next: string
  /** The session that goes on. */
  readonly keptSession: string
  readonly client?: string
  /** What the write suspends; nothing where it is left out. */
  readonly suspension?: KeySuspension | undefined
  /** What is written in the same transaction. */
  readonly caused: (read: User) => Promise<readonly Part[]>
}

/** Ways to sign in that a new password has suspended, as they were before. */
export interface Suspended {
  readonly identities: readonly Identity[]
  readonly passkeys: readonly Passkey[]
}

/** A password that takes the place of one which another person chose. */
export interface OwnPassword {
  readonly password: string
  /** What is written in the same transaction. */
  readonly caused: (user: AddressedUser) => readonly Part[]
}

/** A try that loses to another change of the account reads the account again. */
const CHANGE_ATTEMPTS = 5

/** Who may sign in with an address: the user whose it is; or the former one, to give their account another. */
export interface Candidates {
  readonly user?: AddressedUser
  readonly former?: Former
  /** A former one who came too late: the next sign-in of the user forgets them. */
  readonly outlived?: Former
}

/** Users and their passwords. */
export class Users {
  readonly addresses: Addresses
  readonly #dependencies: UsersDependencies

  constructor(dependencies: UsersDependencies) {
    this.#dependencies = dependencies
    this.addresses = new Addresses(dependencies.store, dependencies.clock)
  }

  get store(): UsersStore {
    return this.#dependencies.store
  }

  /** How many characters a new password must have, and may. */
  get passwordRules(): { readonly min: number; readonly max: number } {
    return { min: this.#dependencies.minPasswordLength, max: MAX_PASSWORD_LENGTH }
  }

  /**
   * @param client the address that the request comes from, here and below: it may fill its share of the queue.
   * @param alongside what is written in the same transaction.
   * @throws {Problem} PASSWORD_REFUSED, EMAIL_TAKEN, BUSY, and what `alongside` throws.
   */
  async register(
    registration: Registration,
    client?: string,
    alongside?: (user: AddressedUser) => Promise<readonly Part[]>,
  ): Promise<AddressedUser> {
    const { store } = this.#dependencies
    const { email, password } = registration
    const address = normalizeEmail(email)
    await this.#checkNewPassword(password, address, '/password')
    if (await store.isEmailTaken(address)) throw new Problem(EMAIL_TAKEN)
    const user = await this.#newUser(registration, client)
    await store.create(user, await alongside?.(user))
    return user
  }

  /**
   * The account as it will be once its address is proved. None of it is stored.
   * @throws {Problem} PASSWORD_REFUSED, BUSY.
   */
  async draft(registration: Registration, client?: string): Promise<AddressedUser> {
    const { email, password } = registration
    await this.#checkNewPassword(password, normalizeEmail(email), '/password')
    return this.#newUser(registration, client)
  }

  /** The user of an address. */
  find(email: string): Promise<AddressedUser | undefined> {
    return this.#dependencies.store.findByEmail(normalizeEmail(email))
  }

  /** Who may sign in with an address, in as many reads for an unknown one. */
  async findCandidates(email: string): Promise<Candidates> {
    const { store, clock } = this.#dependencies
    const { reservation, holder } = await store.findHolder(normalizeEmail(email))
    const { former } = reservation
    const isOutlived = former !== undefined && former.until <= clock()
    return {
      ...(holder && { user: holder }),
      ...(former && (isOutlived ? { outlived: former } : { former })),
    }
  }

  /**
   * Authenticates a user by password. Unknown user, wrong password and disabled user take the same reads,
   * the same hash and the same answer; so does the former holder of the address, whose digest is compared where
   * there is no other.
   * @param next takes the place of a password that another person chose.
   * @throws {Problem} INVALID_CREDENTIALS or PASSWORD_CHANGE_REQUIRED, its `cause` a `CredentialsFailure`;
   * PASSWORD_REFUSED, PASSWORD_CHANGE_UNNEEDED.
   */
  async authenticate(
    { user, former }: Candidates,
    password: string,
    client?: string,
    next?: OwnPassword,
  ): Promise<AddressedUser> {
    const { hasher } = this.#dependencies
    const digest = user?.passwordHash ?? former?.passwordHash
    const matches = await hasher.verify(digest, password, client)
    if (former && matches && user?.passwordHash === undefined) {
      throw invalidCredentials({ reason: 'address_freed', userId: former.userId })
    }
    if (!user) throw invalidCredentials({ reason: 'unknown_user' })
    const { id: userId, passwordHash } = user
    if (passwordHash === undefined) throw invalidCredentials({ reason: 'no_password', userId })
    if (!matches) throw invalidCredentials({ reason: 'wrong_password', userId })
    if (user.status !== 'active') throw invalidCredentials({ reason: 'user_disabled', userId })
    if (user.mustChangePassword)
      return this.#replaceInitial(user, { initial: password, next }, client)
    if (next !== undefined) throw new Problem(PASSWORD_CHANGE_UNNEEDED)
    if (hasher.isWeak(passwordHash)) await this.#rehash({ ...user, passwordHash }, password)
    return user
  }

  /**
   * Ends every session but the given one. A user who has no password yet has none to prove.
   * @param user as they were read with their session.
   * @returns what was suspended.
   * @throws {Problem} INVALID_CREDENTIALS, PASSWORD_REFUSED; TOKEN_INVALID when the session has ended.
   */
  async changePassword(
    user: User,
    { current, next, keptSession, client, suspension, caused }: PasswordChange,
  ): Promise<Suspended> {
    const { store, hasher } = this.#dependencies
    if (user.passwordHash !== undefined || current !== undefined) {
      const proved = await hasher.verify(user.passwordHash, current ?? '', client)
      if (!proved) throw invalidCredentials({ reason: 'wrong_password', userId: user.id })
    }
    await this.#checkNewPassword(next, user.email ?? '', '/newPassword')
    const passwordHash = await hasher.hash(next, client)
    let read = user
    for (let attempt = 0; attempt < CHANGE_ATTEMPTS; attempt++) {
      const recent = suspension && suspendRecent(read, suspension)
      const identities = recent?.suspended.length ? recent.identities : undefined
      const keys = suspension && { identities, keys: suspension }
      const how = { passwordHash, keptSession, suspension: keys }
      const changed = await store.changePassword(read, how, await caused(read))
      const now = changed ? undefined : await store.findById(user.id)
      // A lost answer makes the retry find its own write.
      if (changed || now?.passwordHash === passwordHash) {
        return {
          identities: recent?.suspended ?? [],
          passkeys: suspension ? recentPasskeys(read, suspension.since) : [],
        }
      }
      if (!now || now.passwordHash !== user.passwordHash) {
        throw invalidCredentials({ reason: 'wrong_password', userId: user.id })
      }
      if (now.epoch !== user.epoch) throw bearerProblem(TOKEN_INVALID)
      read = now
    }
    throw storeUnavailable(new Error('the account keeps changing'))
  }

  /**
   * The digest of a password for the account of an address.
   * @throws {Problem} PASSWORD_REFUSED, BUSY.
   */
  async hashNewPassword(password: string, email: string, client?: string): Promise<string> {
    await this.#checkNewPassword(password, email, '/newPassword')
    return this.#dependencies.hasher.hash(password, client)
  }

  /**
   * Refuses what no account may have, so that the answer says nothing of one.
   * @throws {Problem} PASSWORD_REFUSED.
   */
  assertChoosable(password: string): Promise<void> {
    return this.#checkNewPassword(password, '', '/newPassword')
  }

  /**
   * What the rules say of a password before it is chosen, and how hard it is to guess. An address that is
   * not typed yet is in none.
   */
  async assessPassword(password: string, email: string): Promise<CheckPasswordAnswer> {
    const [refusal, strength] = await Promise.all([
      this.#refuse(password, email),
      guessability(password, email),
    ])
    if (!refusal) return { accepted: true, strength }
    const { code, message } = refusal
    return { accepted: false, refusal: code, message, strength }
  }

  async #newUser(
    { email, password, name, role = 'user', mustChangePassword }: Registration,
    client?: string,
  ): Promise<AddressedUser> {
    const { hasher, clock, random } = this.#dependencies
    const createdAt = new Date(clock()).toISOString()
    return {
      id: newId(random),
      email: normalizeEmail(email),
      ...(name === undefined ? {} : { name }),
      role,
      ...(role === 'admin' && { adminSince: createdAt }),
      status: 'active',
      passwordHash: await hasher.hash(password, client),
      ...(mustChangePassword && { mustChangePassword }),
      epoch: 0,
      createdAt,
    }
  }

  /** OWASP ASVS 6.4.1: a password that another person knows never becomes the one that stays. */
  async #replaceInitial(
    user: AddressedUser,
    { initial, next }: { readonly initial: string; readonly next: OwnPassword | undefined },
    client: string | undefined,
  ): Promise<AddressedUser> {
    const { store, hasher } = this.#dependencies
    const { id: userId } = user
    if (next === undefined) throw passwordChangeRequired(userId)
    const { password, caused } = next
    if (normalizePassword(password) === normalizePassword(initial)) {
      throw refusedPassword(
        { code: 'INITIAL', message: 'must not be the one chosen for you' },
        '/newPassword',
      )
    }
    await this.#checkNewPassword(password, user.email, '/newPassword')
    const passwordHash = await hasher.hash(password, client)
    const isReplaced = await store.replaceInitialPassword(user, passwordHash, caused(user))
    if (!isReplaced) throw invalidCredentials({ reason: 'wrong_password', userId })
    return { ...user, passwordHash }
  }

  /** A failure here does not matter: the password was right, and the next sign-in tries again. */
  async #rehash(
    user: AddressedUser & { readonly passwordHash: string },
    password: string,
  ): Promise<void> {
    const { store, hasher } = this.#dependencies
    try {
      await store.rehash(user, await hasher.hash(password))
    } catch (error) {
      if (!isOutage(error)) throw error
    }
  }

  async #refuse(password: string, email: string): Promise<Refusal | undefined> {
    const { minPasswordLength: minLength, serviceNames } = this.#dependencies
    const blocklist = await commonPasswords()
    return refusePassword(password, { minLength, email, blocklist, serviceNames })
  }

  async #checkNewPassword(password: string, email: string, field: string): Promise<void> {
    const refusal = await this.#refuse(password, email)
    if (refusal) throw refusedPassword(refusal, field)
  }
}

const refusedPassword = ({ code, message }: { code: string; message: string }, field: string) =>
  new Problem(PASSWORD_REFUSED, { errors: [{ field, message, code }], detail: `It ${message}.` })
