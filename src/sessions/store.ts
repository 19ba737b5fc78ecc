import type { Authentication } from '../access-tokens/authentication.js'
import { bearerProblem, TOKEN_INVALID } from '../access-tokens/errors.js'
import { epochSeconds } from '../lib/clock.js'
import type { Database } from '../dynamodb/database.js'
import type { Part } from '../dynamodb/part.js'
import type { SessionRef } from './errors.js'
import type { Origin } from './origin.js'
import type { Strike } from './ratchet.js'
import { type Device, expiresAt, type Session } from './session.js'

/** The one condition of the ratchet: the presented token is the head of a session that lives. */
const LIVE_SESSION = 'idleExpiresAt > :now AND absoluteExpiresAt > :now'
const HEAD_OF_LIVE_SESSION = `currentHash = :presented AND ${LIVE_SESSION}`

/** The first try: nothing has rotated since the window began, so that no time of a rotation matters any more. */
const NOT_ROTATED_LATELY = '(attribute_not_exists(rotatedAt) OR rotatedAt <= :windowStart)'

/** The generation that a replay was judged in is still the newest, and nothing else has been written to it. */
const SAME_GENERATION = 'currentHash = :head'
const NOT_STRUCK = '(attribute_not_exists(struckAt) OR struckAt <> :generation)'
const EXISTS = 'attribute_exists(sessionId)'
const NO_RIDER = 'attribute_not_exists(rider)'

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

/** What a presenter leaves in the generation whose token it presented a second time. */
export interface ReplayMark {
  readonly strike: Strike | undefined
  /** Set where the presenter gets the successor. */
  readonly rider: Origin | undefined
  readonly device: Device
  readonly at: number
}

/** Whether a mark was left, or the item that the condition met. */
export type MarkResult =
  { readonly written: true } | { readonly written: false; readonly session: Session | undefined }

/** Written, or the item that the condition met. */
export type ConditionalResult =
  | { readonly written: true; readonly session: Session }
  | { readonly written: false; readonly session: Session | undefined }

type Update = Parameters<Database['update']>[0]

export class SessionsStore {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, table: string) {
    this.#database = database
    this.#table = table
  }

  /** @param alongside what is written in the same transaction. */
  async open(session: Session, alongside: readonly Part[]): Promise<void> {
    const Item = { ...session, ttl: epochSeconds(expiresAt(session)) }
    const put = { item: { Put: { TableName: this.#table, Item } } }
    await this.#database.writeTogether([put, ...alongside])
  }

  /** The end of a session, as a part of the transaction that opens another. */
  ending({ userId, sessionId }: SessionRef): Part {
    return { item: { Delete: { TableName: this.#table, Key: { userId, sessionId } } } }
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

  /**
   * At most one strike and one rider a generation, of any number of presenters.
   * @param caused is written in the same transaction.
   */
  async markReplay(
    session: Session,
    mark: ReplayMark,
    caused: readonly Part[],
  ): Promise<MarkResult> {
    const { userId, sessionId, currentHash } = session
    const { strike, rider, device, at } = mark
    const struck =
      'strikes = :strikes, struckAt = :generation, candidate = known1, #replay = :replay'
    const sets = [...(strike ? [struck] : []), ...(rider === undefined ? [] : ['rider = :rider'])]
    const conditions = [
      SAME_GENERATION,
      ...(strike ? [NOT_STRUCK] : []),
      ...(rider === undefined ? [] : [NO_RIDER]),
    ]
    const update = {
      TableName: this.#table,
      Key: { userId, sessionId },
      UpdateExpression: `SET ${sets.join(', ')}`,
      ConditionExpression: conditions.join(' AND '),
      ...(strike && { ExpressionAttributeNames: { '#replay': 'replay' } }),
      ExpressionAttributeValues: {
        ':head': currentHash,
        ...(rider !== undefined && { ':rider': rider }),
        ...(strike && {
          ':strikes': strike.strikes,
          ':generation': strike.generation,
          ':replay': { ...device, at },
        }),
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    }
    const { conflict } = await this.#database.updateWith(update, caused)
    return conflict
      ? { written: false, session: conflict.item as Session | undefined }
      : { written: true }
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

  async list(userId: string): Promise<Session[]> {
    const items = await this.#database.query({
      TableName: this.#table,
      KeyConditionExpression: 'userId = :userId',
      ExpressionAttributeValues: { ':userId': userId },
    })
    return items as unknown as Session[]
  }

  /**
   * Ends a session because of what was done with its token.
   * @param caused is written in the same transaction, and by the first of any number of presenters alone.
   */
  async endStruck({ userId, sessionId }: SessionRef, caused: readonly Part[]): Promise<void> {
    if (caused.length === 0) {
      await this.end(userId, sessionId)
      return
    }
    const Delete = {
      TableName: this.#table,
      Key: { userId, sessionId },
      ConditionExpression: EXISTS,
    }
    await this.#database.transact({
      TransactItems: [{ Delete }, ...caused.map(({ item }) => item)],
    })
  }

  /** @returns false when there was none. */
  async end(userId: string, sessionId: string): Promise<boolean> {
    const { item } = (await this.#database.delete({
      TableName: this.#table,
      Key: { userId, sessionId },
      ReturnValues: 'ALL_OLD',
    })) as { item?: Session }
    return item !== undefined
  }
}
