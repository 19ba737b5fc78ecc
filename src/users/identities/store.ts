import type { Clock } from '../../lib/clock.js'
import type { Database } from '../../dynamodb/database.js'
import type { Part } from '../../dynamodb/part.js'
import { ABSENT, pointerKey, profileItem, profileKey } from '../../dynamodb/user-items.js'
import { AddressItems } from '../addresses/items.js'
import { type Identity, identityKey, staysVerified } from './identity.js'
import type { AddressedUser, User } from '../user.js'

type Pointer = Pick<Identity, 'issuer' | 'subject'>

const keyOf = ({ issuer, subject }: Pointer) => pointerKey(identityKey(issuer, subject))

/**
 * Identities stand twice, as a pointer that reserves (issuer, subject) and in the list of their user;
 * both change in one transaction.
 */
export class IdentitiesStore {
  readonly #database: Database
  readonly #table: string
  readonly #addressItems: AddressItems

  constructor(database: Database, table: string, clock: Clock) {
    this.#database = database
    this.#table = table
    this.#addressItems = new AddressItems(table, clock)
  }

  async findUser(pointer: Pointer): Promise<User | undefined> {
    const found = await this.#database.get(this.#table, keyOf(pointer))
    if (found === undefined) return undefined
    return this.#user(found.userId as string)
  }

  /**
   * User, identity and e-mail reservation at once.
   * @param caused is written in the same transaction, here and below.
   * @returns false when one of them was taken meanwhile.
   */
  async create(user: AddressedUser, identity: Identity, caused: readonly Part[]): Promise<boolean> {
    const { conflict } = await this.#database.transact({
      TransactItems: [
        this.#addressItems.reserve(user.email, user.id),
        this.#reserve(keyOf(identity), user.id),
        {
          Put: {
            TableName: this.#table,
            Item: profileItem({ ...user, identities: [identity] }),
            ConditionExpression: ABSENT,
          },
        },
        ...caused.map(({ item }) => item),
      ],
    })
    return conflict === undefined || conflict.item?.userId === user.id
  }

  /**
   * @param vouches that the provider has verified the account's own address.
   * @returns false when the user or the identity changed meanwhile.
   */
  async link(
    user: User,
    identity: Identity,
    vouches: boolean,
    caused: readonly Part[],
  ): Promise<boolean> {
    const { conflict } = await this.#database.transact({
      TransactItems: [
        this.#reserve(keyOf(identity), user.id),
        this.#replaceList(
          user,
          [...(user.identities ?? []), identity],
          vouches || user.emailVerified,
        ),
        ...caused.map(({ item }) => item),
      ],
    })
    return conflict === undefined
  }

  /** @returns false when the user or the identity changed meanwhile. */
  async unlink(user: User, identity: Identity, caused: readonly Part[]): Promise<boolean> {
    const rest = user.identities?.filter(({ id }) => id !== identity.id) ?? []
    const { email, emailVerified, provedByMail = false } = user
    const isVerified = emailVerified && (provedByMail || staysVerified(email, identity, rest))
    const { conflict } = await this.#database.transact({
      TransactItems: [
        {
          Delete: {
            TableName: this.#table,
            Key: keyOf(identity),
            ConditionExpression: 'userId = :user',
            ExpressionAttributeValues: { ':user': user.id },
          },
        },
        this.#replaceList(user, rest, isVerified),
        ...caused.map(({ item }) => item),
      ],
    })
    return conflict === undefined
  }

  /** @returns false when the user or the identity changed meanwhile. */
  async enable(user: User, identity: Identity, caused: readonly Part[]): Promise<boolean> {
    const enabled = { ...identity }
    delete enabled.suspendedReason
    const identities = user.identities?.map((each) => (each.id === identity.id ? enabled : each))
    const { conflict } = await this.#database.updateWith(
      this.#replaceList(user, identities ?? [], user.emailVerified).Update,
      caused,
    )
    return conflict === undefined
  }

  async #user(id: string): Promise<User | undefined> {
    return (await this.#database.get(this.#table, profileKey(id))) as User | undefined
  }

  #reserve(key: { pk: string }, userId: string) {
    return {
      Put: {
        TableName: this.#table,
        Item: { ...key, userId },
        ConditionExpression: ABSENT,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      },
    }
  }

  /**
   * What the decision was made on must still be so: the list, the status, the role, the password, the address, and
   * the sessions.
   */
  #replaceList(user: User, identities: readonly Identity[], emailVerified = false) {
    const sets = ['identities = :next', 'emailVerified = :verified']
    const conditions = [
      '#status = :status',
      '#role = :role',
      'epoch = :epoch',
      ...unchanged('identities', user.identities),
      ...unchanged('email', user.email),
      ...unchanged('emailVerified', user.emailVerified),
      user.passwordHash === undefined
        ? 'attribute_not_exists(passwordHash)'
        : 'attribute_exists(passwordHash)',
    ]
    return {
      Update: {
        TableName: this.#table,
        Key: profileKey(user.id),
        UpdateExpression: `SET ${sets.join(', ')}`,
        ConditionExpression: conditions.join(' AND '),
        ExpressionAttributeNames: { '#status': 'status', '#role': 'role' },
        ExpressionAttributeValues: {
          ':next': identities,
          ':status': 'active',
          ':role': user.role,
          ':epoch': user.epoch,
          ':verified': emailVerified,
          ...(user.identities && { ':identities': user.identities }),
          ...(user.email !== undefined && { ':email': user.email }),
          ...(user.emailVerified !== undefined && { ':emailVerified': user.emailVerified }),
        },
      },
    }
  }
}

const unchanged = (attribute: string, value: unknown): string[] => [
  value === undefined ? `attribute_not_exists(${attribute})` : `${attribute} = :${attribute}`,
]
