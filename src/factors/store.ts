import { isDeepStrictEqual } from 'node:util'
import type { Database } from '../dynamodb/database.js'
import { asRead, changeOf } from '../dynamodb/expressions.js'
import type { Part } from '../dynamodb/part.js'
import { profileKey } from '../dynamodb/user-items.js'
import { AccountChanged } from '../users/errors.js'
import {
  type Factors,
  MAX_TOTP_FAILURES,
  type PendingTotp,
  type Sealed,
  type TrustedDevice,
} from '../users/factors.js'
import type { User } from '../users/user.js'
import { factorInvalid } from './errors.js'

/** What a change of factors sets, and where it is undefined, removes. */
export type FactorChanges = {
  readonly [Name in 'totp' | 'pendingTotp' | 'recoveryCodes' | 'recoveryCodesAt']?:
    Factors[Name] | undefined
}

/** A one-time password that was accepted. */
export interface UsedTotp {
  readonly step: number
  /** Its secret under the newest key, where it was under another. */
  readonly resealed?: Sealed | undefined
}

const SAME_TOTP = 'totp.addedAt = :addedAt'
const UNUSED_STEP = `${SAME_TOTP} AND totp.lastStep < :step`
const ROOM_FOR_FAILURE = `${SAME_TOTP} AND totp.failures < :max`
const UNUSED_CODE = 'contains(recoveryCodes, :digest)'

/** Second factors in the profiles of their users. */
export class FactorsStore {
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
   * The part that changes the factors of a user, while sessions and factors are as they were read; no two changes are
   * made of one reading. A write that was repeated because its answer was lost finds its own work.
   * @throws {AccountChanged} from the transaction.
   */
  changing(user: User, changes: FactorChanges): Part {
    const { id, status, epoch, factorsVersion } = user
    return {
      item: {
        Update: {
          TableName: this.#table,
          Key: profileKey(id),
          ...changeOf({ status, epoch, factorsVersion }, changes, 'factorsVersion'),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      onConflict: (found = {}) => {
        const isOwn =
          found.epoch === epoch &&
          found.factorsVersion === (factorsVersion ?? 0) + 1 &&
          Object.entries(changes).every(([name, to]) => isDeepStrictEqual(found[name], to))
        return isOwn ? undefined : new AccountChanged()
      },
    }
  }

  /**
   * Keeps a secret that is to be confirmed, in place of any other.
   * @returns false where the account is not as it was read.
   */
  async keepPending(user: User, pendingTotp: PendingTotp): Promise<boolean> {
    const { id, status, epoch, factorsVersion } = user
    const condition = asRead({ status, epoch, factorsVersion })
    const { conflict } = await this.#database.update({
      TableName: this.#table,
      Key: profileKey(id),
      UpdateExpression: 'SET pendingTotp = :pending',
      ...condition,
      ExpressionAttributeValues: {
        ...condition.ExpressionAttributeValues,
        ':pending': pendingTotp,
      },
    })
    return conflict === undefined
  }

  /**
   * Replaces the list of trusted devices.
   * @param user as they were read.
   * @param caused is written in the same transaction.
   * @throws {AccountChanged}
   */
  async keepDevices(
    user: User,
    trustedDevices: readonly TrustedDevice[],
    caused: readonly Part[],
  ): Promise<void> {
    const { id, status, epoch, factorsVersion, trustedDevices: before } = user
    const condition = asRead({ status, epoch, factorsVersion, trustedDevices: before })
    const profile = {
      TableName: this.#table,
      Key: profileKey(id),
      UpdateExpression: 'SET trustedDevices = :next',
      ...condition,
      ExpressionAttributeValues: {
        ...condition.ExpressionAttributeValues,
        ':next': trustedDevices,
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    }
    const { conflict } = await this.#database.updateWith(profile, caused)
    const isOwn = isDeepStrictEqual(conflict?.item?.trustedDevices, trustedDevices)
    if (conflict && !isOwn) throw new AccountChanged()
  }

  /** The part that uses up a time step and each before it, and with a right password the wrong ones in a row. */
  usingTotp({ id, totp }: User, { step, resealed }: UsedTotp): Part {
    const sets = ['totp.lastStep = :step', 'totp.failures = :none']
    return {
      item: {
        Update: {
          TableName: this.#table,
          Key: profileKey(id),
          UpdateExpression: `SET ${[...sets, ...(resealed ? ['totp.secret = :resealed'] : [])].join()}`,
          ConditionExpression: UNUSED_STEP,
          ExpressionAttributeValues: {
            ':step': step,
            ':none': 0,
            ':addedAt': totp?.addedAt,
            ...(resealed && { ':resealed': resealed }),
          },
        },
      },
      onConflict: () => factorInvalid(),
    }
  }

  /** The part that uses up a recovery code. One-time passwords are accepted again after any number of wrong ones. */
  usingRecoveryCode({ id, totp }: User, digest: string): Part {
    return {
      item: {
        Update: {
          TableName: this.#table,
          Key: profileKey(id),
          UpdateExpression: `${totp ? 'SET totp.failures = :none ' : ''}DELETE recoveryCodes :used`,
          ConditionExpression: `${UNUSED_CODE}${totp ? ` AND ${SAME_TOTP}` : ''}`,
          ExpressionAttributeValues: {
            ':digest': digest,
            ':used': new Set([digest]),
            ...(totp && { ':none': 0, ':addedAt': totp.addedAt }),
          },
        },
      },
      onConflict: () => factorInvalid(),
    }
  }

  /**
   * Counts a one-time password as wrong before it is compared.
   * @returns false where too many in a row were.
   */
  async countFailure({ id, totp }: User): Promise<boolean> {
    const { conflict } = await this.#database.update({
      TableName: this.#table,
      Key: profileKey(id),
      UpdateExpression: 'SET totp.failures = totp.failures + :one',
      ConditionExpression: ROOM_FOR_FAILURE,
      ExpressionAttributeValues: {
        ':one': 1,
        ':max': MAX_TOTP_FAILURES,
        ':addedAt': totp?.addedAt,
      },
    })
    return conflict === undefined
  }

  /**
   * Replaces a sealed secret by the same one under another key.
   * @returns false where it has changed meanwhile.
   */
  async reseal(userId: string, sealed: Sealed, resealed: Sealed): Promise<boolean> {
    const { conflict } = await this.#database.update({
      TableName: this.#table,
      Key: profileKey(userId),
      UpdateExpression: 'SET totp.secret = :resealed',
      ConditionExpression: 'totp.secret = :sealed',
      ExpressionAttributeValues: { ':sealed': sealed, ':resealed': resealed },
    })
    return conflict === undefined
  }
}
