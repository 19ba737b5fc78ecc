import { epochSeconds } from '../clock.js'
import type { Database } from '../dynamodb/database.js'
import { type Device, expiresAt, type Session } from './session.js'

/** The one condition of the ratchet: the presented token is the head of a session that lives. */
const HEAD_OF_LIVE_SESSION =
  'currentHash = :presented AND idleExpiresAt > :now AND absoluteExpiresAt > :now'

export interface Rotation {
  readonly userId: string
  readonly sessionId: string
  readonly presentedHash: string
  readonly successorHash: string
  readonly derivedBy: string
  readonly now: number
  readonly idleExpiresAt: number
  readonly device: Device
}

/** Rotated, or what stands in the table instead of the presented head. */
export type RotationResult =
  | { readonly rotated: true; readonly session: Session }
  | { readonly rotated: false; readonly session: Session | undefined }

export class SessionsStore {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, table: string) {
    this.#database = database
    this.#table = table
  }

  async open(session: Session): Promise<void> {
    const ttl = epochSeconds(expiresAt(session))
    await this.#database.put({ TableName: this.#table, Item: { ...session, ttl } })
  }

  /** One conditional write: of any number of callers with one token, one moves the head. */
  async rotate(rotation: Rotation): Promise<RotationResult> {
    const { userId, sessionId, device } = rotation
    const result = await this.#database.update({
      TableName: this.#table,
      Key: { userId, sessionId },
      UpdateExpression:
        'SET currentHash = :successor, previousHash = :presented, derivedBy = :key, rotatedAt = :now,' +
        ' lastUsedAt = :now, idleExpiresAt = :idle, #ttl = :ttl, ip = :ip, userAgent = :userAgent',
      ConditionExpression: HEAD_OF_LIVE_SESSION,
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':successor': rotation.successorHash,
        ':presented': rotation.presentedHash,
        ':key': rotation.derivedBy,
        ':now': rotation.now,
        ':idle': rotation.idleExpiresAt,
        ':ttl': epochSeconds(rotation.idleExpiresAt),
        ':ip': device.ip,
        ':userAgent': device.userAgent ?? '',
      },
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    if (result.conflict) {
      return { rotated: false, session: result.conflict.item as Session | undefined }
    }
    return { rotated: true, session: result.item as unknown as Session }
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
