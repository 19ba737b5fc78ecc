import { isDeepStrictEqual } from 'node:util'
import type { Database } from '../dynamodb/database.js'
import { asRead } from '../dynamodb/expressions.js'
import type { Part } from '../dynamodb/part.js'
import { credentialKey, profileKey } from '../dynamodb/user-items.js'
import { AccountChanged } from '../users/errors.js'
import { FACTOR_ATTRIBUTES, type FactorsRemoval } from '../users/factors.js'
import type { User } from '../users/user.js'

const HAS_TOTP = 'attribute_exists(totp)'

/** A user without what goes with all second factors. */
export function withoutFactors<U extends User>(user: U): U {
  const left = Object.entries(user).filter(
    ([name]) => !(FACTOR_ATTRIBUTES as readonly string[]).includes(name),
  )
  const { epoch, factorsVersion = 0 } = user
  return { ...Object.fromEntries(left), epoch: epoch + 1, factorsVersion: factorsVersion + 1 } as U
}

/** Removals of all second factors of a user, from their beginning to their end. */
export class RemovalStore {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, table: string) {
    this.#database = database
    this.#table = table
  }

  /** @throws what the parts say whose conditions do not hold. */
  write(parts: readonly Part[]): Promise<void> {
    return this.#database.writeTogether(parts)
  }

  /**
   * The part that begins, confirms or, without one, takes back a removal.
   * @param user as they were read.
   * @throws {AccountChanged} from the transaction.
   */
  keeping(user: User, removal: FactorsRemoval | undefined): Part {
    const condition = this.#asJudged(user)
    return {
      item: {
        Update: {
          TableName: this.#table,
          Key: profileKey(user.id),
          UpdateExpression: removal ? 'SET factorsRemoval = :next' : 'REMOVE factorsRemoval',
          ...condition,
          ExpressionAttributeValues: {
            ...condition.ExpressionAttributeValues,
            ...(removal && { ':next': removal }),
          },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      onConflict: (found) => {
        const isOwn = found && isDeepStrictEqual(found.factorsRemoval, removal)
        return isOwn ? undefined : new AccountChanged()
      },
    }
  }

  /**
   * The parts that remove all second factors, with what reserves the passkeys, and end every session. Where another
   * request has done just that, it counts as done.
   * @param user as they were read.
   * @throws {AccountChanged} from the transaction.
   */
  removing(user: User): Part[] {
    const { id, status, role, passkeys = [] } = user
    const { epoch, factorsVersion, passwordHash } = withoutFactors(user)
    const condition = this.#asJudged(user)
    const profile: Part = {
      item: {
        Update: {
          TableName: this.#table,
          Key: profileKey(id),
          UpdateExpression: `REMOVE ${FACTOR_ATTRIBUTES.join()}, keptSession ADD epoch :one, #factorsVersion :one`,
          ...condition,
          ExpressionAttributeValues: { ...condition.ExpressionAttributeValues, ':one': 1 },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      onConflict: (found = {}) => {
        const after = { status, role, passwordHash, epoch, factorsVersion }
        const isDone =
          Object.entries(after).every(([name, value]) => found[name] === value) &&
          FACTOR_ATTRIBUTES.every((name) => found[name] === undefined)
        return isDone ? undefined : new AccountChanged()
      },
    }
    const credentials = passkeys.map((passkey): Part => {
      const Key = credentialKey(passkey.id)
      return { item: { Delete: { TableName: this.#table, Key } } }
    })
    return [profile, ...credentials]
  }

  /**
   * The part after which one-time passwords are compared again after any number of wrong ones.
   * @param refusal where the account has no authenticator app.
   */
  unlocking({ id }: User, refusal: () => Error): Part {
    return {
      item: {
        Update: {
          TableName: this.#table,
          Key: profileKey(id),
          UpdateExpression: 'SET totp.failures = :none',
          ConditionExpression: HAS_TOTP,
          ExpressionAttributeValues: { ':none': 0 },
        },
      },
      onConflict: refusal,
    }
  }

  /** All that decides on a removal is as it was. */
  #asJudged({ status, role, adminUntil, epoch, factorsVersion, factorsRemoval }: User) {
    return asRead({ status, role, adminUntil, epoch, factorsVersion, factorsRemoval })
  }
}
