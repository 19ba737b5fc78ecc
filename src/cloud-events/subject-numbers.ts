import type { Database } from '../dynamodb/database.js'
import type { EventKey } from '../events/trail.js'
import { storeUnavailable } from '../http/problem.js'
import { isSentItem } from './sent-keys.js'

export interface SubjectNumbersOptions {
  readonly database: Database
  /** The table of events. */
  readonly table: string
}

/** Partition keys of the counts of users. */
export const NUMBERS_PREFIX = 'NUMBERS#'

/** The item that counts the events of a user. */
export const numbersKey = (id: string): EventKey => ({
  userId: NUMBERS_PREFIX + id,
  eventId: 'last',
})

/** Others number events of the same user at the same time only where the stream is read twice. */
const MOST_TRIES = 5

/**
 * Gives each event of a user a number, once: 1, 2, 3 and so on, in the order in which it is asked. Nothing promises that
 * events arrive in order; by their numbers a receiver finds the order, and which one is missing. They are given where the
 * stream is read, so that no sign-in waits for them, and a service that sends no events pays nothing.
 */
export class SubjectNumbers {
  readonly #options: SubjectNumbersOptions

  constructor(options: SubjectNumbersOptions) {
    this.#options = options
  }

  /**
   * @returns the number of an event; undefined where there is none that is sent, as after an erase.
   * @throws {Problem} STORE_UNAVAILABLE.
   */
  async of(key: EventKey): Promise<number | undefined> {
    const { database, table } = this.#options
    const counter = numbersKey(key.userId)
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const items = await database.getMany(table, [{ ...key }, { ...counter }])
      const isCounter = ({ userId }: Record<string, unknown>) => userId === counter.userId
      const event = items.find((item) => !isCounter(item))
      if (!event || !isSentItem(event)) return undefined
      if (event.subjectNumber !== undefined) return event.subjectNumber
      const last = items.find(isCounter)?.last as number | undefined
      const next = (last ?? 0) + 1
      if (await this.#give(key, next, last)) return next
    }
    throw storeUnavailable(new Error('events of a user are numbered by others'))
  }

  /** One transaction, so that a number is neither given twice nor lost. */
  async #give(key: EventKey, next: number, last: number | undefined): Promise<boolean> {
    const { database, table } = this.#options
    const { conflict } = await database.transact({
      TransactItems: [
        {
          Update: {
            TableName: table,
            Key: { ...numbersKey(key.userId) },
            UpdateExpression: 'SET #last = :next',
            ConditionExpression:
              last === undefined ? 'attribute_not_exists(#last)' : '#last = :last',
            ExpressionAttributeNames: { '#last': 'last' },
            ExpressionAttributeValues: {
              ':next': next,
              ...(last !== undefined && { ':last': last }),
            },
          },
        },
        {
          Update: {
            TableName: table,
            Key: { ...key },
            UpdateExpression: 'SET subjectNumber = :next',
            // An erase that is under way must find all that is left of a person: nothing is counted without an event.
            ConditionExpression: 'attribute_exists(userId) AND attribute_not_exists(subjectNumber)',
            ExpressionAttributeValues: { ':next': next },
          },
        },
      ],
    })
    return conflict === undefined
  }
}
