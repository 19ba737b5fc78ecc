import { type Clock, epochSeconds } from '../lib/clock.js'
import type { Database } from '../dynamodb/database.js'
import { isOutage } from '../http/problem.js'
import type { Random } from '../lib/random.js'
import { FLOW_SECONDS, flowId } from './flow.js'

const UNUSED = 'attribute_not_exists(#key)'
const ID_BYTES = 16

const keyOf = (state: string) => ({ key: `oauth-flow#${flowId(state)}` })

/** Marks of flows whose callback has come, kept for as long as the flow's cookie would open. */
export class UsedFlows {
  readonly #database: Database
  readonly #table: string
  readonly #clock: Clock
  readonly #random: Random

  constructor(database: Database, table: string, clock: Clock, random: Random) {
    this.#database = database
    this.#table = table
    this.#clock = clock
    this.#random = random
  }

  /**
   * @returns whether the flow is the caller's to go on with: true for one caller. A repeated write that finds
   * its own mark has been the first.
   */
  async use(state: string): Promise<boolean> {
    const by = this.#random(ID_BYTES).toString('base64url')
    const { conflict } = await this.#database.put({
      TableName: this.#table,
      Item: {
        ...keyOf(state),
        by,
        ttl: epochSeconds(this.#clock() + FLOW_SECONDS * 1000),
      },
      ConditionExpression: UNUSED,
      ExpressionAttributeNames: { '#key': 'key' },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    return conflict === undefined || conflict.item?.by === by
  }

  /** The flow has done what it was begun for. A lost mark costs the person a notice, not the sign-in. */
  async recordSuccess(state: string, userId: string): Promise<void> {
    try {
      await this.#database.update({
        TableName: this.#table,
        Key: keyOf(state),
        UpdateExpression: 'SET userId = :user',
        ConditionExpression: 'attribute_exists(#key)',
        ExpressionAttributeNames: { '#key': 'key' },
        ExpressionAttributeValues: { ':user': userId },
      })
    } catch (error) {
      if (!isOutage(error)) throw error
    }
  }

  /** @returns the user of a flow that has succeeded. */
  async findUser(state: string): Promise<string | undefined> {
    const mark = await this.#database.get(this.#table, keyOf(state))
    return mark?.userId as string | undefined
  }
}
