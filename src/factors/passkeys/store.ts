import type { Database } from '../../dynamodb/database.js'
import { asRead } from '../../dynamodb/expressions.js'
import type { Part } from '../../dynamodb/part.js'
import { ABSENT, credentialKey, profileKey } from '../../dynamodb/user-items.js'
import { Problem } from '../../http/problem.js'
import { AccountChanged } from '../../users/errors.js'
import { type Factors, hasSecondFactor, type Passkey } from '../../users/factors.js'
import type { User } from '../../users/user.js'
import { factorInvalid } from '../errors.js'
import { PASSKEY_TAKEN } from './errors.js'

/** What an added passkey brings with it. */
export interface Added {
  readonly webauthnId: string
  /** Tells this write from others of the same credential. */
  readonly mark: string
  readonly codes?: Required<Pick<Factors, 'recoveryCodes' | 'recoveryCodesAt'>>
}

/**
 * Passkeys stand twice, as an item that reserves the id of the credential and in the profile of their user; both
 * change in one transaction. Places in the list are read before, and hold while the version of the factors does.
 */
export class PasskeysStore {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, table: string) {
    this.#database = database
    this.#table = table
  }

  /** The id of the user whose credential it is. */
  async findOwner(credentialId: string): Promise<string | undefined> {
    const found = await this.#database.get(this.#table, credentialKey(credentialId))
    return found?.userId as string | undefined
  }

  /** The parts that add a passkey to a user as they were read. */
  adding(user: User, passkey: Passkey, { webauthnId, mark, codes }: Added): Part[] {
    const reservation = {
      TableName: this.#table,
      Item: { ...credentialKey(passkey.id), userId: user.id, mark },
      ConditionExpression: ABSENT,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    }
    const sets = [
      'passkeys = list_append(if_not_exists(passkeys, :none), :new)',
      'webauthnId = :handle',
      ...(codes ? ['recoveryCodes = :codes', 'recoveryCodesAt = :codesAt'] : []),
    ]
    return [
      {
        item: { Put: reservation },
        // A write that was repeated because its answer was lost finds its own work.
        onConflict: (found) => (found?.mark === mark ? undefined : new Problem(PASSKEY_TAKEN)),
      },
      this.#change(user, `SET ${sets.join(', ')}`, {
        ':none': [],
        ':new': [passkey],
        ':handle': webauthnId,
        ...(codes && { ':codes': codes.recoveryCodes, ':codesAt': codes.recoveryCodesAt }),
      }),
    ]
  }

  /** The parts that remove one; the recovery codes go with the last factor. */
  removing(user: User, passkey: Passkey): Part[] {
    const { passkeys = [] } = user
    const rest = passkeys.filter(({ id }) => id !== passkey.id)
    const at = passkeys.findIndex(({ id }) => id === passkey.id)
    const gone = rest.length > 0 ? [`passkeys[${at}]`] : ['passkeys']
    if (!hasSecondFactor({ ...user, passkeys: rest })) {
      gone.push('recoveryCodes', 'recoveryCodesAt')
    }
    const reservation = {
      TableName: this.#table,
      Key: credentialKey(passkey.id),
      ConditionExpression: 'userId = :user',
      ExpressionAttributeValues: { ':user': user.id },
    }
    return [
      { item: { Delete: reservation }, onConflict: () => new AccountChanged() },
      this.#change(user, `REMOVE ${gone.join(', ')}`),
    ]
  }

  /**
   * @param caused is written in the same transaction.
   * @throws {AccountChanged}
   */
  async rename(user: User, passkey: Passkey, name: string, caused: readonly Part[]): Promise<void> {
    const [place, condition] = placeOf(user, passkey)
    const profile = {
      TableName: this.#table,
      Key: profileKey(user.id),
      UpdateExpression: `SET ${place}.#name = :name`,
      ConditionExpression: condition,
      ExpressionAttributeNames: { '#name': 'name' },
      ExpressionAttributeValues: { ':name': name, ':id': passkey.id },
    }
    const { conflict } = await this.#database.updateWith(profile, caused)
    if (conflict) throw new AccountChanged()
  }

  /**
   * The part that notes a use: of two with one counter, one succeeds, but for those whose counter stays 0. It opens
   * one-time passwords again, if too many wrong ones have shut them. A suspended passkey ends its suspension: its
   * person has proved more, as long as the sessions are those of that proof.
   */
  using(user: User, passkey: Passkey, counter: number, at: string): Part {
    const [place, condition] = placeOf(user, passkey)
    const isShut = user.totp !== undefined && user.totp.failures > 0
    const isLifted = passkey.isSuspended === true
    const conditions = [
      ...[condition, `${place}.#counter = :read`],
      ...(isShut ? ['attribute_exists(totp)'] : []),
      ...(isLifted ? ['epoch = :epoch'] : []),
    ]
    const Update = {
      TableName: this.#table,
      Key: profileKey(user.id),
      UpdateExpression: `SET ${place}.lastUsedAt = :at, ${place}.#counter = :counter${isShut ? ', totp.failures = :zero' : ''}${isLifted ? ` REMOVE ${place}.isSuspended` : ''}`,
      ConditionExpression: conditions.join(' AND '),
      ExpressionAttributeNames: { '#counter': 'counter' },
      ExpressionAttributeValues: {
        ':id': passkey.id,
        ':at': at,
        ':counter': counter,
        ':read': passkey.counter,
        ...(isShut && { ':zero': 0 }),
        ...(isLifted && { ':epoch': user.epoch }),
      },
    }
    return { item: { Update }, onConflict: () => factorInvalid() }
  }

  #change(user: User, expression: string, values: Readonly<Record<string, unknown>> = {}): Part {
    const { id, status, epoch, factorsVersion } = user
    const condition = asRead({ status, epoch, factorsVersion })
    const Update = {
      TableName: this.#table,
      Key: profileKey(id),
      UpdateExpression: `${expression} ADD factorsVersion :one`,
      ...condition,
      ExpressionAttributeValues: { ...condition.ExpressionAttributeValues, ...values, ':one': 1 },
    }
    return { item: { Update }, onConflict: () => new AccountChanged() }
  }
}

/** The place of a passkey in the profile, and the condition that it is still there. */
function placeOf({ passkeys = [] }: User, { id }: Passkey): readonly [string, string] {
  const place = `passkeys[${passkeys.findIndex((each) => each.id === id)}]`
  return [place, `${place}.id = :id`]
}
