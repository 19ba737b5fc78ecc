import { bearerProblem, FORBIDDEN } from '../access-tokens/errors.js'
import type { Database } from '../dynamodb/database.js'
import { asRead } from '../dynamodb/expressions.js'
import type { Part } from '../dynamodb/part.js'
import { unlessErased } from '../dynamodb/tombstones.js'
import type { Clock } from '../lib/clock.js'
import { Problem } from '../http/problem.js'
import { EVER, type KeySuspension } from '../lib/suspension.js'
import type { KnownAddresses } from '../limits/known-addresses.js'
import { ticketInvalid } from '../tickets/errors.js'
import {
  ABSENT,
  credentialKey,
  decoyProfileKey,
  directoryOf,
  pointerKey,
  profileItem,
  profileKey,
} from '../dynamodb/user-items.js'
import { AddressItems } from './addresses/items.js'
import { AddressesStore } from './addresses/store.js'
import { AccountChanged, EMAIL_TAKEN } from './errors.js'
import { FACTOR_ATTRIBUTES, recentPasskeys } from './factors.js'
import { type Identity, identityKey } from './identities/identity.js'
import { isFree, type Reservation } from './reservation.js'
import type { AddressedUser, Role, User, UserChanges } from './user.js'

/** A tombstone has none. */
const EXISTS = 'attribute_exists(epoch)'
const IS_ADMIN = '#role = :admin AND #status = :active'
const IS_ADMIN_SINCE = `${IS_ADMIN} AND adminSince <= :since`
const AS_READ = '#role = :role AND #status = :status'
const HASH_UNCHANGED = 'passwordHash = :expected'
/** A password that was proved with an address: a digest that leads back to an account stays what it was. */
const AS_PROVED = `${HASH_UNCHANGED} AND email = :email`
const NO_HASH = 'attribute_not_exists(passwordHash)'
const SAME_EPOCH = 'epoch = :epoch'
const NO_IDENTITIES = 'attribute_not_exists(identities)'
const NO_FACTORS = 'attribute_not_exists(factorsVersion)'
const END_SESSIONS = 'REMOVE keptSession ADD epoch :one'

/** What is written with a new password. */
export interface NewPassword {
  readonly passwordHash: string
  readonly keptSession: string
  readonly suspension?: Suspension | undefined
}

/** The same where a mailbox is the proof: no session goes on. */
export interface ResetPassword {
  readonly passwordHash: string
  readonly suspension: Suspension
}

export interface Suspension {
  /** The list with the suspended ones marked; undefined for no change. */
  readonly identities?: readonly Identity[] | undefined
  readonly keys: KeySuspension
}

interface TakeOver {
  readonly passwordHash?: string
  /** ISO 8601. */
  readonly at: string
}

interface ProvedChange {
  readonly UpdateExpression: string
  readonly names?: Readonly<Record<string, string>>
  readonly values: Readonly<Record<string, unknown>>
}

export class UsersStore {
  readonly addresses: AddressesStore
  readonly #addressItems: AddressItems
  readonly #database: Database
  readonly #table: string
  readonly #clock: Clock

  constructor(database: Database, table: string, clock: Clock) {
    this.#database = database
    this.#table = table
    this.#clock = clock
    this.addresses = new AddressesStore(database, table, clock)
    this.#addressItems = new AddressItems(table, clock)
  }

  /**
   * @param alongside what is written in the same transaction.
   * @throws {Problem} EMAIL_TAKEN.
   */
  async create(user: AddressedUser, alongside: readonly Part[] = []): Promise<void> {
    await this.#database.writeTogether([...this.creation(user), ...alongside])
  }

  /**
   * Profile and e-mail reservation, the parts of the transaction that makes an account. A retry that finds its own
   * first try counts as made.
   */
  creation(user: User): Part[] {
    const { id, email } = user
    const put = { TableName: this.#table, Item: profileItem(user), ConditionExpression: ABSENT }
    const parts: Part[] = [{ item: { Put: put } }]
    if (email === undefined) return parts
    const reservation: Part = {
      item: this.#addressItems.reserve(email, id),
      onConflict: (found) => (found?.userId === id ? undefined : new Problem(EMAIL_TAKEN)),
    }
    return [reservation, ...parts]
  }

  /**
   * The owner of the mailbox has shown that the account is theirs.
   * @param alongside what is written in the same transaction.
   * @throws {Problem} TICKET_INVALID where the account no longer has the address.
   */
  async proveAddress({ id, email }: AddressedUser, alongside: readonly Part[]): Promise<void> {
    const proved: Part = {
      item: {
        Update: {
          TableName: this.#table,
          Key: profileKey(id),
          UpdateExpression: 'SET emailVerified = :true, provedByMail = :true',
          ConditionExpression: 'email = :email AND #status = :active',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':true': true, ':email': email, ':active': 'active' },
        },
      },
      onConflict: ticketInvalid,
    }
    await this.#database.writeTogether([...alongside, proved])
  }

  async isEmailTaken(email: string): Promise<boolean> {
    return !isFree(await this.addresses.find(email), this.#clock())
  }

  async findByEmail(email: string): Promise<AddressedUser | undefined> {
    return (await this.findHolder(email)).holder
  }

  /** Who has and had an address, with the same number of reads for an address that no account has. */
  async findHolder(email: string): Promise<{
    readonly reservation: Reservation
    readonly holder?: AddressedUser
  }> {
    const reservation = await this.addresses.find(email)
    const { userId } = reservation
    const user = await this.#read(
      userId === undefined ? decoyProfileKey(email) : profileKey(userId),
    )
    // Between the two reads the address may have been freed from them.
    return user && hasAddress(user, email) ? { reservation, holder: user } : { reservation }
  }

  findById(id: string): Promise<User | undefined> {
    return this.#read(profileKey(id))
  }

  /** Stores the same password under stronger parameters, unless it was changed or the address freed meanwhile. */
  async rehash(
    { id, email, passwordHash: expected }: AddressedUser & { readonly passwordHash: string },
    passwordHash: string,
  ): Promise<void> {
    await this.#database.update({
      TableName: this.#table,
      Key: profileKey(id),
      UpdateExpression: 'SET passwordHash = :hash',
      ConditionExpression: AS_PROVED,
      ExpressionAttributeValues: { ':hash': passwordHash, ':expected': expected, ':email': email },
    })
  }

  /**
   * A new password, or a first one, ends every session but one in the same write, and suspends identities, passkeys
   * and keys: neither is ever without the other. Consents to apps go, since a thief may have given them. Keys are in
   * another table and may be more than a transaction holds, so the write leaves word of them in the profile, which each
   * verification of a key reads.
   * @param user as they were read with the session that asks: what has ended sessions since has ended that one.
   * @param caused is written in the same transaction.
   * @returns false when the password, the identities or the factors were changed meanwhile, or sessions have ended.
   */
  async changePassword(
    user: User,
    { passwordHash, keptSession, suspension }: NewPassword,
    caused: readonly Part[] = [],
  ): Promise<boolean> {
    const { identities, keys } = suspension ?? {}
    const sets = [
      'passwordHash = :hash',
      'keptSession = :kept',
      ...(identities ? ['identities = :next'] : []),
      ...(keys ? ['suspendingKeys = :keys', ...suspendingPasskeys(user, keys)] : []),
    ]
    const conditions = [
      SAME_EPOCH,
      user.passwordHash === undefined ? NO_HASH : HASH_UNCHANGED,
      ...(suspension
        ? [
            user.identities ? 'identities = :read' : NO_IDENTITIES,
            user.factorsVersion === undefined ? NO_FACTORS : 'factorsVersion = :version',
          ]
        : []),
    ]
    const profile = {
      TableName: this.#table,
      Key: profileKey(user.id),
      UpdateExpression: `SET ${sets.join(', ')} REMOVE mustChangePassword${suspension ? ', consents' : ''} ADD epoch :one`,
      ConditionExpression: conditions.join(' AND '),
      ExpressionAttributeValues: {
        ':hash': passwordHash,
        ...(user.passwordHash !== undefined && { ':expected': user.passwordHash }),
        ...(suspension && user.identities && { ':read': user.identities }),
        ...(suspension && user.factorsVersion !== undefined && { ':version': user.factorsVersion }),
        ...(keys && recentPasskeys(user, keys.since).length > 0 && { ':true': true }),
        ...(identities && { ':next': identities }),
        ...(keys && { ':keys': keys }),
        ':kept': keptSession,
        ':epoch': user.epoch,
        ':one': 1,
      },
    }
    const { conflict } = await this.#database.updateWith(profile, caused)
    return conflict === undefined
  }

  /**
   * A password that the owner of the mailbox has chosen ends every session in the same write, and suspends what a
   * thief may have planted.
   * @param user as they were read.
   * @param alongside is written in the same transaction.
   * @throws {AccountChanged} when what the decision rests on is not as it was read.
   */
  async resetPassword(
    user: AddressedUser,
    { passwordHash, suspension }: ResetPassword,
    alongside: readonly Part[],
  ): Promise<void> {
    const { identities = user.identities, keys } = suspension
    const sets = [
      ...['passwordHash = :hash', 'suspendingKeys = :keys', 'provedByMail = :true'],
      ...suspendingPasskeys(user, keys),
    ]
    const profile = this.#changeProved(user, {
      UpdateExpression: `SET ${[...sets, ...(identities ? ['identities = :next'] : [])].join(', ')} REMOVE keptSession, mustChangePassword, consents ADD epoch :one`,
      values: {
        ':hash': passwordHash,
        ':keys': keys,
        ':one': 1,
        ':true': true,
        ...(identities && { ':next': identities }),
      },
    })
    await this.#database.writeTogether([...alongside, profile])
  }

  /**
   * The owner of the mailbox becomes the owner of an account that has never proved its address: a stranger may have
   * made it. All that was in it goes with one write: the password, or another takes its place; second factors, sessions,
   * identities, keys, consents, known addresses and browsers, and the name. Tickets that are bound to the epoch end with it. The address is proved then.
   * @param user as they were read, their address unproved.
   * @param how `passwordHash` of the owner's password; none where they have not chosen one yet.
   * @param alongside is written in the same transaction.
   * @returns what is still to be done to the keys, which stop at once.
   * @throws {AccountChanged} when what the decision rests on is not as it was read.
   */
  async takeOver(
    user: AddressedUser,
    how: TakeOver,
    alongside: readonly Part[],
  ): Promise<KeySuspension> {
    const { parts, keys } = this.takingOver(user, how)
    await this.#database.writeTogether([...alongside, ...parts])
    return keys
  }

  /** The same as parts of another transaction. */
  takingOver(
    user: AddressedUser,
    { passwordHash, at }: TakeOver,
  ): { readonly parts: readonly Part[]; readonly keys: KeySuspension } {
    const keys: KeySuspension = { since: EVER, at, reason: 'password_reset', isRemoval: true }
    const sets = [
      ...['emailVerified = :true', 'provedByMail = :true'],
      ...['suspendingKeys = :keys', 'ownedSince = :at'],
    ]
    const gone = [
      ...['keptSession', 'mustChangePassword', 'identities', '#name'],
      ...['earlierAddresses', 'knownAddresses', 'consents'],
      ...[...FACTOR_ATTRIBUTES, 'factorsVersion'],
    ]
    const profile = this.#changeProved(user, {
      UpdateExpression: passwordHash
        ? `SET ${sets.join(', ')}, passwordHash = :hash REMOVE ${gone.join(', ')} ADD epoch :one`
        : `SET ${sets.join(', ')} REMOVE ${gone.join(', ')}, passwordHash ADD epoch :one`,
      names: { '#name': 'name' },
      values: {
        ':true': true,
        ':keys': keys,
        ':at': at,
        ':one': 1,
        ...(passwordHash && { ':hash': passwordHash }),
      },
    })
    return { parts: [profile, ...this.unlinking(user)], keys }
  }

  /**
   * The part that proves the address of an account whose owner has the mailbox too.
   * @param user as they were read.
   */
  provingAddress(user: AddressedUser): Part {
    return this.#changeProved(user, {
      UpdateExpression: 'SET emailVerified = :true, provedByMail = :true',
      values: { ':true': true },
    })
  }

  /**
   * Another person's word proves the address.
   * @param user as they were read.
   * @param alongside what is written in the same transaction.
   * @throws {AccountChanged} when what the decision rests on is not as it was read.
   */
  async vouchForAddress(user: AddressedUser, alongside: readonly Part[]): Promise<void> {
    await this.#database.writeTogether([...alongside, this.provingAddress(user)])
  }

  /** A change of the profile that is made only while it is what a proof of its mailbox was judged by. */
  #changeProved(user: AddressedUser, { UpdateExpression, names, values }: ProvedChange): Part {
    const { id, email, emailVerified, role, status, epoch, identities } = user
    const { suspendingKeys, factorsVersion } = user
    const factors = { suspendingKeys, factorsVersion }
    const judged = { email, emailVerified, role, status, epoch, identities, ...factors }
    const condition = asRead(judged)
    return {
      item: {
        Update: {
          TableName: this.#table,
          Key: profileKey(id),
          UpdateExpression,
          ConditionExpression: condition.ConditionExpression,
          ExpressionAttributeNames: { ...condition.ExpressionAttributeNames, ...names },
          ExpressionAttributeValues: {
            ...condition.ExpressionAttributeValues,
            ...values,
          },
        },
      },
      onConflict: () => new AccountChanged(),
    }
  }

  /** Every key that it is about says by now that it is suspended. */
  async endKeySuspension(id: string, suspension: KeySuspension): Promise<void> {
    await this.#database.update({
      TableName: this.#table,
      Key: profileKey(id),
      UpdateExpression: 'REMOVE suspendingKeys',
      ConditionExpression: 'suspendingKeys = :done',
      ExpressionAttributeValues: { ':done': suspension },
    })
  }

  /**
   * A password of the person's own, in place of the one that was chosen for them.
   * @param caused is written in the same transaction.
   * @returns false when the password was changed or the address freed meanwhile.
   */
  async replaceInitialPassword(
    user: AddressedUser,
    passwordHash: string,
    caused: readonly Part[],
  ): Promise<boolean> {
    const profile = {
      TableName: this.#table,
      Key: profileKey(user.id),
      UpdateExpression: 'SET passwordHash = :hash REMOVE mustChangePassword',
      ConditionExpression: AS_PROVED,
      ExpressionAttributeValues: {
        ':hash': passwordHash,
        ':expected': user.passwordHash,
        ':email': user.email,
      },
    }
    const { conflict } = await this.#database.updateWith(profile, caused)
    return conflict === undefined
  }

  /**
   * What the transaction that opens a session has to do with the profile.
   * @param known addresses that the account knows from now on; undefined for no change. They are left out where the
   * account has learnt another one meanwhile, or where sessions have ended, of which that one is then one.
   * @param isHeld whether no session is opened where sessions have ended: each change of the status ends them, and
   * each of the password.
   */
  signingIn(user: User, known: KnownAddresses | undefined, isHeld: boolean): Part[] {
    const { id, epoch } = user
    const onConflict = isHeld ? () => new AccountChanged() : 'omit'
    if (known) return [{ item: { Update: this.#knowing(user, known) }, onConflict }]
    if (!isHeld) return []
    const profile = { TableName: this.#table, Key: profileKey(id) }
    return [{ item: { ConditionCheck: { ...profile, ...asRead({ epoch }) } }, onConflict }]
  }

  /** The same after a transaction that has changed the profile for something else: it writes an item once. */
  async learn(user: User, known: KnownAddresses): Promise<void> {
    await this.#database.update(this.#knowing(user, known))
  }

  #knowing({ id, epoch, knownAddresses }: User, next: KnownAddresses) {
    const condition = asRead({ epoch, knownAddresses })
    return {
      TableName: this.#table,
      Key: profileKey(id),
      UpdateExpression: 'SET knownAddresses = :next',
      ...condition,
      ExpressionAttributeValues: { ...condition.ExpressionAttributeValues, ':next': next },
    }
  }

  /** Whether parts of a transaction change the profile of a user. */
  writesProfile({ id }: User, parts: readonly Part[]): boolean {
    const { pk } = profileKey(id)
    return parts.some(({ item: { Put, Update } }) => {
      const { TableName } = Put ?? Update ?? {}
      return TableName === this.#table && (Put?.Item ?? Update?.Key)?.pk === pk
    })
  }

  /**
   * Ends every session of the user in one write.
   * @param caused is written in the same transaction.
   * @returns false for an unknown user.
   */
  async endSessions(id: string, caused: readonly Part[] = []): Promise<boolean> {
    const profile = {
      TableName: this.#table,
      Key: profileKey(id),
      UpdateExpression: END_SESSIONS,
      ConditionExpression: EXISTS,
      ExpressionAttributeValues: { ':one': 1 },
    }
    const { conflict } = await this.#database.updateWith(profile, caused)
    return conflict === undefined
  }

  /**
   * Both in one write. A change of status ends every session; enabling again revives none.
   * @param caused is written in the same transaction.
   * @returns false for an unknown user.
   */
  async change(id: string, changes: UserChanges, caused: readonly Part[] = []): Promise<boolean> {
    const { expression, values } = changing(id, changes, this.#clock())
    const profile = {
      TableName: this.#table,
      Key: profileKey(id),
      UpdateExpression: expression,
      ConditionExpression: EXISTS,
      ExpressionAttributeNames: namesIn(expression),
      ExpressionAttributeValues: values,
    }
    const { conflict } = await this.#database.updateWith(profile, caused)
    return conflict === undefined
  }

  /**
   * The same in the name of an administrator, who must be one while it is written: of two who demote each other
   * one is too late. A transaction tells nothing of what it replaces, so `user` must still be as they were read.
   * @param caused is written in the same transaction.
   * @returns false when either has changed meanwhile.
   */
  async changeAs(
    actorId: string,
    user: User,
    changes: UserChanges,
    caused: readonly Part[],
  ): Promise<boolean> {
    const { id, role, status } = user
    const { expression, values } = changing(id, changes, this.#clock(), role)
    const { conflict } = await this.#database.transact({
      TransactItems: [
        // A transaction may touch an item only once: an actor who is also the target was checked by the read above.
        ...(actorId === id ? [] : [this.whileAdmin(actorId).item]),
        {
          Update: {
            TableName: this.#table,
            Key: profileKey(id),
            UpdateExpression: expression,
            ConditionExpression: AS_READ,
            ExpressionAttributeNames: ROLE_AND_STATUS,
            ExpressionAttributeValues: { ...values, ':role': role, ':status': status },
          },
        },
        ...caused.map(({ item }) => item),
      ],
    })
    return conflict === undefined
  }

  /**
   * The part of a transaction that is written only while a user is an administrator.
   * @param since at the latest, ISO 8601, see `tenureBefore`.
   */
  whileAdmin(id: string, since?: string): Part {
    return {
      item: {
        ConditionCheck: {
          TableName: this.#table,
          Key: profileKey(id),
          ConditionExpression: since === undefined ? IS_ADMIN : IS_ADMIN_SINCE,
          ExpressionAttributeNames: ROLE_AND_STATUS,
          ExpressionAttributeValues: {
            ':admin': 'admin',
            ':active': 'active',
            ...(since !== undefined && { ':since': since }),
          },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      onConflict: () => bearerProblem(FORBIDDEN),
    }
  }

  /** The part of a transaction that is written only while an account is not erased. @throws {AccountChanged} */
  unlessErased(id: string): Part {
    return unlessErased(this.#table, id, () => new AccountChanged())
  }

  /** The parts after which no identity and no passkey leads to a user. */
  unlinking({ id, identities = [], passkeys = [] }: User): Part[] {
    const pointers = [
      ...identities.map(({ issuer, subject }) => pointerKey(identityKey(issuer, subject))),
      ...passkeys.map((passkey) => credentialKey(passkey.id)),
    ]
    return pointers.map((Key) => ({
      item: {
        Delete: {
          TableName: this.#table,
          Key,
          ConditionExpression: 'userId = :user',
          ExpressionAttributeValues: { ':user': id },
        },
      },
      onConflict: () => new AccountChanged(),
    }))
  }

  /** A tombstone is no user. */
  async #read(key: Record<string, string>): Promise<User | undefined> {
    const found = (await this.#database.get(this.#table, key)) as User | undefined
    return found?.status && found
  }
}

/** Marks passkeys at their places, which hold while the version of the factors does. */
const suspendingPasskeys = (user: User, { since }: KeySuspension): string[] =>
  recentPasskeys(user, since).map(
    (passkey) => `passkeys[${user.passkeys?.indexOf(passkey)}].isSuspended = :true`,
  )

const hasAddress = (user: User, email: string): user is AddressedUser => user.email === email

const ROLE_AND_STATUS = { '#role': 'role', '#status': 'status' }

/**
 * @param now milliseconds since the epoch.
 * @param before the role that it replaces, where that is known.
 */
function changing(id: string, { role, status }: UserChanges, now: number, before?: Role) {
  const isPromotion = role === 'admin' && status !== 'disabled'
  const isDemotion = role === 'user' && before !== 'user'
  const sets = [
    ...(role === undefined ? [] : ['#role = :newrole']),
    ...(status === undefined ? [] : ['#status = :newstatus', 'directory = :directory']),
    ...(isPromotion ? ['adminSince = if_not_exists(adminSince, :now)'] : []),
    ...(isDemotion ? ['adminUntil = :now'] : []),
  ]
  const removed = [
    ...(isDemotion || status === 'disabled' ? ['adminSince'] : []),
    ...(isPromotion ? ['adminUntil'] : []),
    ...(status === undefined ? [] : ['keptSession']),
  ]
  return {
    expression: [
      `SET ${sets.join(', ')}`,
      ...(removed.length > 0 ? [`REMOVE ${removed.join(', ')}`] : []),
      ...(status === undefined ? [] : ['ADD epoch :one']),
    ].join(' '),
    values: {
      ...(role !== undefined && { ':newrole': role }),
      ...(status !== undefined && {
        ':newstatus': status,
        ':directory': directoryOf(id, status),
        ':one': 1,
      }),
      ...((isPromotion || isDemotion) && { ':now': new Date(now).toISOString() }),
    },
  }
}

/** DynamoDB refuses names that an expression does not use. */
const namesIn = (expression: string) =>
  Object.fromEntries(Object.entries(ROLE_AND_STATUS).filter(([name]) => expression.includes(name)))
