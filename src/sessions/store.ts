import type { Authentication } from '../access-tokens/authentication.js'
import { bearerProblem, TOKEN_INVALID } from '../access-tokens/errors.js'
import { profileKey } from '../dynamodb/user-items.js'
import { epochSeconds } from '../lib/clock.js'
import type { Database } from '../dynamodb/database.js'
import type { Part } from '../dynamodb/part.js'
import type { SessionRef } from './errors.js'
import type { Origin } from './origin.js'
import { expiresAt, type Session } from './session.js'
import type { User } from '../users/user.js'

/** The one condition of the ratchet: the presented token is the head of a session that lives. */
const LIVE_SESSION = 'idleExpiresAt > :now AND absoluteExpiresAt > :now'
const HEAD_OF_LIVE_SESSION = `currentHash = :presented AND ${LIVE_SESSION}`

/** The first try: nothing has rotated since the window began, so that no time of a rotation matters any more. */
const NOT_ROTATED_LATELY = '(attribute_not_exists(rotatedAt) OR rotatedAt <= :windowStart)'

const EXISTS = 'attribute_exists(sessionId)'

/**
 * The origins move on in the write that moves the head. Sessions of earlier versions have none: no origin is
 * empty, so theirs are known to no presenter.
 */
const ORIGINS_MOVE_ON =
  ' generation = if_not_exists(generation, :zero) + :one, rotatedFrom = :origin, rotatedFromOld = :oldOrigin,' +
  ' candidate = :origin,' +
  ' known1 = if_not_exists(candidate, :none), known2 = if_not_exists(known1, :none),' +
  ' known3 = if_not_exists(known2, :none), known4 = if_not_exists(known3, :none)'

export interface Rotation {
  readonly userId: string
  readonly sessionId: string
  readonly presentedHash: string
  readonly successorHash: string
  readonly derivedBy: string
  readonly now: number
  readonly idleExpiresAt: number
  readonly origin: Origin
  /** The same under the server key before, if there is one. */
  readonly oldOrigin: Origin | undefined
  readonly windowStart: number
  /**
   * When the session has rotated since the window began, as its item says; undefined for a first try, which only
   * moves the head of a session that has not.
   */
  readonly recent: readonly number[] | undefined
}

/** Written, or the item that the condition met. */
export type ConditionalResult =
  | { readonly written: true; readonly session: Session }
  | { readonly written: false; readonly session: Session | undefined }

/** The names of the tables that sessions and their users are in. */
interface SessionTables {
  readonly refreshTokens: string
  readonly users: string
}

type Update = Parameters<Database['update']>[0]

export class SessionsStore {
  readonly #database: Database
  readonly #table: string
  readonly #usersTable: string

  constructor(database: Database, { refreshTokens, users }: SessionTables) {
    this.#database = database
    this.#table = refreshTokens
    this.#usersTable = users
  }

  /**
   * Of an account that is erased meanwhile it writes a session that opens nothing, which `delete ID` removes: the condition
   * that there is none would cost every sign-in two more write units.
   * @param alongside what is written in the same transaction.
   * @throws what `alongside` says.
   */
  async open(session: Session, alongside: readonly Part[]): Promise<void> {
    const Item = { ...session, ttl: epochSeconds(expiresAt(session)) }
    const put = { item: { Put: { TableName: this.#table, Item } } }
    await this.#database.writeTogether([put, ...alongside])
  }

  /** The end of a session, as a part of the transaction that opens another. */
  ending({ userId, sessionId }: SessionRef): Part {
    return { item: { Delete: { TableName: this.#table, Key: { userId, sessionId } } } }
  }

  /** The condition that a session lives, as a part of a transaction. */
  whileAlive({ userId, sessionId }: SessionRef, now: number, refusal: () => Error): Part {
    return {
      item: {
        ConditionCheck: {
          TableName: this.#table,
          Key: { userId, sessionId },
          ConditionExpression: LIVE_SESSION,
          ExpressionAttributeValues: { ':now': now },
        },
      },
      onConflict: refusal,
    }
  }

  /** Changes how the user of a session that lives has authenticated, as a part of what proves it. */
  steppingUp(
    { userId, sessionId }: SessionRef,
    { amr, authTime }: Authentication,
    now: number,
  ): Part {
    return {
      item: {
        Update: {
          TableName: this.#table,
          Key: { userId, sessionId },
          UpdateExpression: 'SET amr = :amr, authTime = :authTime',
          ConditionExpression: LIVE_SESSION,
          ExpressionAttributeValues: { ':amr': amr, ':authTime': authTime, ':now': now },
        },
      },
      onConflict: () => bearerProblem(TOKEN_INVALID),
    }
  }

  /** Ties a mail to the session that asked for it, as a part of the transaction that is its cause. */
  askingForAddress({ userId, sessionId }: SessionRef, flow: string): Part {
    return {
      item: {
        Update: {
          TableName: this.#table,
          Key: { userId, sessionId },
          UpdateExpression: 'SET addressFlow = :flow',
          ConditionExpression: 'attribute_exists(sessionId)',
          ExpressionAttributeValues: { ':flow': flow },
        },
      },
      onConflict: () => bearerProblem(TOKEN_INVALID),
    }
  }

  /** One conditional write: of any number of callers with one token, one moves the head. */
  async rotate(rotation: Rotation): Promise<ConditionalResult> {
    const { userId, sessionId, recent } = rotation
    return this.#update({
      Key: { userId, sessionId },
      UpdateExpression:
        'SET currentHash = :successor, previousHash = :presented, derivedBy = :key, rotatedAt = :now,' +
        ` lastUsedAt = :now, idleExpiresAt = :idle, #ttl = :ttl,${ORIGINS_MOVE_ON}` +
        (recent ? ', recent = :recent REMOVE rider' : ' REMOVE rider, recent'),
      // The head is part of both: nothing else can have rotated since the item was seen.
      ConditionExpression: recent
        ? HEAD_OF_LIVE_SESSION
        : `${HEAD_OF_LIVE_SESSION} AND ${NOT_ROTATED_LATELY}`,
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':successor': rotation.successorHash,
        ':presented': rotation.presentedHash,
        ':key': rotation.derivedBy,
        ':now': rotation.now,
        ':idle': rotation.idleExpiresAt,
        ':ttl': epochSeconds(rotation.idleExpiresAt),
        ':origin': rotation.origin,
        ':oldOrigin': rotation.oldOrigin ?? '',
        ':none': '',
        ':zero': 0,
        ':one': 1,
        ...(recent ? { ':recent': recent } : { ':windowStart': rotation.windowStart }),
      },
    })
  }

  async #update(input: Omit<Update, 'TableName'>): Promise<ConditionalResult> {
    const result = await this.#database.update({
      ...input,
      TableName: this.#table,
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    if (result.conflict) {
      return { written: false, session: result.conflict.item as Session | undefined }
    }
    return { written: true, session: result.item as unknown as Session }
  }

  async find(userId: string, sessionId: string): Promise<Session | undefined> {
    const item = await this.#database.get(this.#table, { userId, sessionId })
    return item as Session | undefined
  }

  /** A session and its user in one round trip. */
  async findWithUser(
    userId: string,
    sessionId: string,
  ): Promise<{ readonly session: Session | undefined; readonly user: User | undefined }> {
    const found = await this.#database.getEach({
      [this.#table]: { userId, sessionId },
      [this.#usersTable]: profileKey(userId),
    })
    const { [this.#table]: session, [this.#usersTable]: user } = found
    return { session: session as Session | undefined, user: user as User | undefined }
  }

  async list(userId: string): Promise<Session[]> {
    const items = await this.#database.query({
      TableName: this.#table,
      KeyConditionExpression: 'userId = :userId',
      ExpressionAttributeValues: { ':userId': userId },
    })
    return items as unknown as Session[]
  }

  /**
   * @param caused is written in the same transaction, by the first who ends the session alone.
   * @returns false when there was none.
   */
  async end(userId: string, sessionId: string, caused: readonly Part[] = []): Promise<boolean> {
    const item = { TableName: this.#table, Key: { userId, sessionId } }
    if (caused.length === 0) {
      const { item: ended } = (await this.#database.delete({
        ...item,
        ReturnValues: 'ALL_OLD',
      })) as { item?: Session }
      return ended !== undefined
    }
    const { conflict } = await this.#database.deleteWith(
      { ...item, ConditionExpression: EXISTS },
      caused,
    )
    return conflict === undefined
  }
}
