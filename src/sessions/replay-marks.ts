import type { Database } from '../dynamodb/database.js'
import type { Part } from '../dynamodb/part.js'
import type { Origin } from './origin.js'
import type { Device, Session } from './session.js'
import type { Strike } from './verdict.js'

/** The generation that a replay was judged in is still the newest, and nothing else has been written to it. */
const SAME_GENERATION = 'currentHash = :head'
const NOT_STRUCK = '(attribute_not_exists(struckAt) OR struckAt <> :generation)'
const NO_RIDER = 'attribute_not_exists(rider)'

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

/** What is written where a refresh token is presented a second time: late, since few sessions ever need it. */
export class ReplayMarks {
  readonly #database: Database
  readonly #table: string

  /** @param table of sessions. */
  constructor(database: Database, table: string) {
    this.#database = database
    this.#table = table
  }

  /**
   * At most one strike and one rider a generation, of any number of presenters.
   * @param caused is written in the same transaction.
   */
  async leave(session: Session, mark: ReplayMark, caused: readonly Part[]): Promise<MarkResult> {
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
}
