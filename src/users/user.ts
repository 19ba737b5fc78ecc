import type { ProfileItem } from '../dynamodb/user-items.js'
import type { KeySuspension } from '../lib/suspension.js'
import type { KnownAddresses } from '../limits/known-addresses.js'
import type { Consents } from './consent.js'
import { type FactorKind, factorKindsOf, type Factors, isTotpLocked } from './factors.js'
import { type ListedRemoval, listedRemoval } from './factors-removal.js'
import {
  type Identity,
  isUsableIdentity,
  type ListedIdentity,
  listedIdentity,
} from './identities/identity.js'
import { isAdminAccount, type Tenure } from './tenure.js'

export type Role = 'user' | 'admin'
export type Status = ProfileItem['status']

/** An address that an account may have back by undoing a change. */
export interface EarlierAddress {
  readonly email: string
  /** When the account got another one, ISO 8601. */
  readonly changedAt: string
  /** As long it can be undone, milliseconds since the epoch. */
  readonly until: number
  /** Whether it was proved: only then it is kept for the account. */
  readonly isProved: boolean
  /** Of the mail that undoes the change. */
  readonly ticketId: string
}

/** A user as stored. Times are ISO 8601. */
export interface User extends Factors, Tenure {
  readonly id: string
  /** In its normal form (`normalizeEmail`); missing for an account whose address was freed. */
  readonly email?: string
  /** The address that the account had, while its former password still leads to the choice of another. */
  readonly formerEmail?: string
  /** Addresses that it had before, the longest ago first, while it may have them back. */
  readonly earlierAddresses?: readonly EarlierAddress[]
  /** Whether a provider or a mail has proved that the address is this user's. */
  readonly emailVerified?: boolean
  /** Whether a mail, or an administrator's word, has proved it: then no provider's word is needed. */
  readonly provedByMail?: true
  readonly name?: string
  readonly role: Role
  readonly status: Status
  /**
   * PHC string of argon2id, or until the first sign-in what another system made (`imported/mark.ts`); missing for a user
   * who signs in at a provider only.
   */
  readonly passwordHash?: string
  /** Whether another person chose the password: it opens nothing but the choice of a new one. */
  readonly mustChangePassword?: true
  /** When its owner took the account from another person, ISO 8601: browsers that it knew before are strangers. */
  readonly ownedSince?: string
  /** Where the user has signed in from. */
  readonly knownAddresses?: KnownAddresses
  /** Where else the user can sign in. */
  readonly identities?: readonly Identity[]
  /** Rises when all sessions end; a session of a lower epoch is dead unless it is `keptSession`. */
  readonly epoch: number
  /** The session that outlived the last rise, if any. */
  readonly keptSession?: string
  /** Set while API keys are still to be suspended. */
  readonly suspendingKeys?: KeySuspension
  /** What the user has allowed apps that are not the team's own. */
  readonly consents?: Consents
  readonly createdAt: string
  /** The run of `after-restore` that has been through with it, ISO 8601. */
  readonly restoredAt?: string
}

/** A user who has an address. */
export type AddressedUser = User & { readonly email: string }

/** What an administrator may change of a user. */
export type UserChanges = Partial<Pick<User, 'role' | 'status'>>

/** What a user may see of themselves. */
export type Profile = Pick<User, 'id' | 'email' | 'role' | 'name'> & {
  readonly emailVerified: boolean
}

export const profileOf = ({ id, email, emailVerified, role, name }: User): Profile => ({
  id,
  ...(email === undefined ? {} : { email }),
  emailVerified: emailVerified === true,
  role,
  ...(name === undefined ? {} : { name }),
})

/** What an administrator may see of a user. */
export type ManagedUser = Profile &
  Pick<User, 'status' | 'createdAt'> & {
    /** Whether the rules of administrators' accounts hold for it. */
    readonly isAdminAccount: boolean
    readonly hasPassword: boolean
    /** Ids of the providers that the user can sign in at. */
    readonly providers: string[]
    readonly identities: ListedIdentity[]
    /** What the user can prove a second factor with. */
    readonly secondFactors: FactorKind[]
    /** Whether one-time passwords are refused, since too many in a row were wrong. */
    readonly isTotpLocked: boolean
    readonly factorsRemoval: ListedRemoval | null
  }

/** What a list has of each user. */
export type ListedUser = Profile & Pick<User, 'status' | 'createdAt'>

export const listedUser = (user: User): ListedUser => ({
  ...profileOf(user),
  status: user.status,
  createdAt: user.createdAt,
})

/** @param now milliseconds since the epoch. */
export const managedUserOf = (user: User, now: number): ManagedUser => ({
  ...profileOf(user),
  status: user.status,
  createdAt: user.createdAt,
  isAdminAccount: isAdminAccount(user, now),
  hasPassword: user.passwordHash !== undefined,
  providers: (user.identities ?? []).filter(isUsableIdentity).map(({ provider }) => provider),
  identities: (user.identities ?? []).map(listedIdentity),
  secondFactors: factorKindsOf(user),
  isTotpLocked: isTotpLocked(user),
  factorsRemoval: listedRemoval(user, now),
})
