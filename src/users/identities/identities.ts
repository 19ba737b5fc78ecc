import type { Part } from '../../dynamodb/part.js'
import type { Doer, Notices } from '../../email/notices.js'
import type { Trail } from '../../events/trail.js'
import type { Clock } from '../../lib/clock.js'
import { Problem } from '../../http/problem.js'
import { newId, type Random } from '../../lib/random.js'
import type { Holding } from '../addresses/store.js'
import { providedAddress } from '../email.js'
import {
  ACCOUNT_DISABLED,
  ACCOUNT_EXISTS,
  EMAIL_MISSING,
  EMAIL_UNSUPPORTED,
  EMAIL_UNVERIFIED,
  IDENTITY_NOT_FOUND,
  IDENTITY_SUSPENDED,
  IDENTITY_TAKEN,
  LAST_SIGN_IN_METHOD,
  SIGN_IN_REQUIRED,
  TOO_MANY_IDENTITIES,
} from '../errors.js'
import type { IdentitiesStore } from './store.js'
import {
  displayName,
  type Identity,
  identityOf,
  isUsableIdentity,
  MAX_IDENTITIES,
  type ProvenProfile,
  provesAddress,
} from './identity.js'
import { isKept } from '../reservation.js'
import { retryConflicts } from '../retry-conflicts.js'
import { type Admission, admittedAs, type Admissions } from '../invitations/admissions.js'
import { assertLookUp, type SignUpPolicy } from '../sign-up.js'
import type { UsersStore } from '../store.js'
import type { AddressedUser, User } from '../user.js'

export interface IdentitiesDependencies {
  readonly store: IdentitiesStore
  readonly users: UsersStore
  readonly signUp: SignUpPolicy
  readonly admissions: Admissions
  readonly notices: Notices
  readonly trail: Trail
  /** The name of a provider, by its id. */
  readonly providerNames: ReadonlyMap<string, string>
  readonly clock: Clock
  readonly random: Random
}

/** How a person who came from a provider got in, and the account that their address was freed from. */
export type Arrival =
  | { readonly user: User; readonly how: 'returned' | 'created' | 'linked' }
  | { readonly user: User; readonly how: 'freed'; readonly freedFrom: string }

/** The address is held by an account that has not proved it: the person must say that it is to be freed. */
export interface Held {
  readonly how: 'held'
  readonly holderId: string
  /** In its normal form. */
  readonly address: string
}

/** An address without an account. */
interface NewArrival {
  readonly email: string
  /** Undefined for an address that the provider does not prove. */
  readonly admission: Admission | undefined
}

interface Made {
  readonly user: AddressedUser
  readonly identity: Identity
}

interface Enabled {
  readonly identity: Identity
  readonly wasSuspended: boolean
}

/** The identities of users at providers: an identity is (issuer, subject) and belongs to one user. */
export class Identities {
  readonly #dependencies: IdentitiesDependencies

  constructor(dependencies: IdentitiesDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * The user of an identity: the one it is linked to; or one with the same address, if the provider and the account
   * have both proved it; or a new one, whose address is verified only if the provider proves it.
   * @param freeFrom the account that the person wants the address to be freed from: one that has not proved it.
   * @throws {Problem} ACCOUNT_DISABLED, IDENTITY_SUSPENDED, EMAIL_MISSING, EMAIL_UNVERIFIED, ACCOUNT_EXISTS,
   * SIGN_UP_CLOSED, TOO_MANY_IDENTITIES.
   */
  async signIn(doer: Doer, profile: ProvenProfile, freeFrom?: string): Promise<Arrival | Held> {
    const { store, users, signUp, admissions, clock } = this.#dependencies
    return retryConflicts(async () => {
      const known = await store.findUser(profile)
      if (known) {
        assertUsable(active(known), profile)
        return { user: known, how: 'returned' as const }
      }

      const email = verifiedEmail(profile)
      assertLookUp(signUp, profile, email)
      const { reservation, holder } = await users.findHolder(email)
      if (!holder) {
        if (isKept(reservation, clock())) throw new Problem(ACCOUNT_EXISTS)
        // Open to all, it takes an address that the provider does not prove, which no invitation is for.
        const isProved = provesAddress(profile, email)
        const admission = isProved ? await admissions.admit(email) : undefined
        const user = await this.#create(doer, profile, { email, admission })
        return user && { user, how: 'created' as const }
      }
      const admission = isFreeable(holder, profile) ? await admissions.find(email) : undefined
      if (admission) {
        const { id: holderId } = active(holder)
        if (holderId !== freeFrom) return { how: 'held' as const, holderId, address: email }
        const user = await this.#free(doer, profile, { reservation, holder, admission })
        return user && { user, how: 'freed' as const, freedFrom: holderId }
      }
      if (!isLinkable(holder, profile)) throw new Problem(ACCOUNT_EXISTS)
      const user = await this.#link(doer, active(holder), profile)
      return user && { user, how: 'linked' as const }
    })
  }

  /**
   * Adds an identity to a user who is signed in.
   * @param signedIn the user as they were read with their session: what has ended sessions since has ended that one.
   * @throws {Problem} IDENTITY_TAKEN, IDENTITY_SUSPENDED, ACCOUNT_DISABLED, SIGN_IN_REQUIRED, TOO_MANY_IDENTITIES.
   */
  async link(
    doer: Doer,
    { id: userId, epoch }: Pick<User, 'id' | 'epoch'>,
    profile: ProvenProfile,
  ): Promise<User> {
    const { store, users } = this.#dependencies
    return retryConflicts(async () => {
      const known = await store.findUser(profile)
      if (known && known.id !== userId) throw new Problem(IDENTITY_TAKEN)
      if (known) {
        assertUsable(known, profile)
        return known
      }
      const user = await users.findById(userId)
      if (!user) return undefined
      active(user)
      if (user.epoch !== epoch) throw new Problem(SIGN_IN_REQUIRED)
      return this.#link(doer, user, profile)
    })
  }

  /**
   * Lets a suspended identity sign in again; any other stays as it is.
   * @param change its `epoch`, where its user asks, is theirs as they were read with their session.
   * @returns the identity as it is then, and whether it was suspended before.
   * @throws {Problem} IDENTITY_NOT_FOUND, ACCOUNT_DISABLED, SIGN_IN_REQUIRED.
   */
  async enable(
    userId: string,
    identityId: string,
    { epoch, caused }: { readonly epoch?: number; readonly caused: readonly Part[] },
  ): Promise<Enabled> {
    const { store, users } = this.#dependencies
    let wasSuspended = false
    return retryConflicts(async () => {
      const user = await users.findById(userId)
      const identity = user?.identities?.find(({ id }) => id === identityId)
      if (!user || !identity) throw new Problem(IDENTITY_NOT_FOUND)
      if (isUsableIdentity(identity)) return { identity, wasSuspended }
      wasSuspended = true
      if (epoch !== undefined && user.epoch !== epoch) throw new Problem(SIGN_IN_REQUIRED)
      await store.enable(active(user), identity, caused)
      return undefined
    })
  }

  /**
   * An address that no other identity proves is not verified any more.
   * @param change its `usable` has the ids of the providers that one can sign in with now.
   * @throws {Problem} IDENTITY_NOT_FOUND; LAST_SIGN_IN_METHOD when the user could not sign in any more.
   */
  async unlink(
    userId: string,
    identityId: string,
    { usable, caused }: { readonly usable: readonly string[]; readonly caused: readonly Part[] },
  ): Promise<User> {
    const { store, users } = this.#dependencies
    return retryConflicts(async () => {
      const user = await users.findById(userId)
      const identity = user?.identities?.find(({ id }) => id === identityId)
      if (!user || !identity) throw new Problem(IDENTITY_NOT_FOUND)
      const others = user.identities?.filter(
        (each) =>
          each.id !== identityId && usable.includes(each.provider) && isUsableIdentity(each),
      )
      // A password is of no use without an address.
      const hasPassword = user.passwordHash !== undefined && user.email !== undefined
      if (!hasPassword && !others?.length) throw new Problem(LAST_SIGN_IN_METHOD)
      return (await store.unlink(user, identity, caused)) ? user : undefined
    })
  }

  async #create(
    doer: Doer,
    profile: ProvenProfile,
    arriving: NewArrival,
  ): Promise<User | undefined> {
    const made = this.#newUser(profile, arriving)
    const { user, identity } = made
    const caused = this.#creation(doer, made, arriving)
    return (await this.#dependencies.store.create(user, identity, caused)) ? user : undefined
  }

  #creation(doer: Doer, { user, identity }: Made, { admission }: NewArrival): Part[] {
    const { id: identityId, provider } = identity
    const fields = { userId: user.id, provider }
    return [
      this.#dependencies.trail.part(doer, 'user_created', fields, { facts: { identityId } }),
      ...(admission?.parts(doer, user.id) ?? []),
    ]
  }

  async #free(
    doer: Doer,
    profile: ProvenProfile,
    holding: Holding & { readonly admission: Admission },
  ): Promise<User | undefined> {
    const { users, notices, trail, clock } = this.#dependencies
    const arriving = { email: holding.holder.email, admission: holding.admission }
    const made = this.#newUser(profile, arriving)
    const provider = this.#nameOf(profile)
    const notice = notices.of(doer, 'address-freed', holding.holder, { provider })
    const freed = { userId: holding.holder.id, provider: profile.provider }
    const caused = [
      ...notice,
      trail.part(doer, 'address_freed', freed, { by: 'service' }),
      ...this.#creation(doer, made, arriving),
    ]
    return (await users.addresses.free(holding, made, clock(), caused)) ? made.user : undefined
  }

  #nameOf({ provider }: ProvenProfile): string {
    return this.#dependencies.providerNames.get(provider) ?? provider
  }

  #newUser(profile: ProvenProfile, { email, admission }: NewArrival): Made {
    const { clock, random } = this.#dependencies
    const name = displayName(profile.name)
    const identity = identityOf(profile, clock())
    const user: AddressedUser = {
      id: newId(random),
      email,
      emailVerified: provesAddress(profile, email),
      ...(name === undefined ? {} : { name }),
      role: 'user',
      status: 'active',
      identities: [identity],
      epoch: 0,
      createdAt: identity.linkedAt,
    }
    return { user: admission ? admittedAs(user, admission) : user, identity }
  }

  /** The account's address counts as verified once a provider vouches for the same one. */
  async #link(doer: Doer, user: User, profile: ProvenProfile): Promise<User | undefined> {
    const { store, notices, trail, clock } = this.#dependencies
    if ((user.identities?.length ?? 0) >= MAX_IDENTITIES) throw new Problem(TOO_MANY_IDENTITIES)
    const identity = identityOf(profile, clock())
    const { email } = user
    const isProved = email !== undefined && provesAddress(profile, email)
    const provider = this.#nameOf(profile)
    const notice = notices.of(doer, 'identity-linked', user, { provider })
    const fields = { userId: user.id, provider: identity.provider }
    const event = trail.part(doer, 'identity_linked', fields, {
      facts: { identityId: identity.id },
    })
    const linked = await store.link(user, identity, isProved, [...notice, event])
    return linked ? user : undefined
  }
}

function active(user: User): User {
  if (user.status !== 'active') throw new Problem(ACCOUNT_DISABLED)
  return user
}

/** @throws {Problem} IDENTITY_SUSPENDED. */
function assertUsable({ identities = [] }: User, { issuer, subject }: ProvenProfile): void {
  const identity = identities.find((each) => each.issuer === issuer && each.subject === subject)
  if (identity && !isUsableIdentity(identity)) throw new Problem(IDENTITY_SUSPENDED)
}

/**
 * Whether an address alone leads to an account: never to an administrator's, nor to one that was made with an address
 * of another person (pre-hijacking).
 */
const isLinkable = (holder: AddressedUser, profile: ProvenProfile): boolean =>
  holder.role !== 'admin' &&
  holder.emailVerified === true &&
  provesAddress(profile, holder.email) &&
  !isReassigned(holder, profile)

/**
 * Whether the provider's word takes an address from an account: never from an administrator's, nor from one that has
 * proved it.
 */
const isFreeable = (holder: AddressedUser, profile: ProvenProfile): boolean =>
  holder.role !== 'admin' && holder.emailVerified !== true && provesAddress(profile, holder.email)

/** The issuer knows the account by another subject: it has given the address to another person since. */
const isReassigned = ({ identities = [] }: User, { issuer, subject }: ProvenProfile): boolean =>
  identities.some((known) => known.issuer === issuer && known.subject !== subject)

function verifiedEmail({ email, emailVerified }: ProvenProfile): string {
  if (email === undefined || email.trim() === '') throw new Problem(EMAIL_MISSING)
  const address = providedAddress(email)
  if (address === undefined) throw new Problem(EMAIL_UNSUPPORTED)
  if (!emailVerified) throw new Problem(EMAIL_UNVERIFIED)
  return address
}
