import type { Part } from '../../dynamodb/part.js'
import { digest } from '../../lib/digest.js'
import { isSecret } from '../../lib/random.js'
import { keyOf, newTicket, OPEN, type TicketUserOptions } from '../../tickets/store.js'
import { requestEnded } from './errors.js'
import type { AskedRequest } from './request.js'

/** Begins each `request_uri` that is ours (RFC 9126 §2.2). */
export const REQUEST_URI = 'urn:ietf:params:oauth:request_uri:'

/** As long as a person may take to register, to read a mail, and to find their second factor. */
export const PARKED_SECONDS = 3600

const KIND = 'authorization-request'

/** A request as it is stored, with the browser that it is for. */
interface Kept extends Omit<AskedRequest, 'id'> {
  /** SHA-256 of what that browser has; missing until it comes for the first time. */
  readonly browser?: string
}

/**
 * Requests that are kept while their people sign in, or since their apps have pushed them (RFC 9126). One is for the
 * browser that comes with it first, and good for one answer.
 */
export class ParkedRequests {
  readonly #options: TicketUserOptions

  constructor(options: TicketUserOptions) {
    this.#options = options
  }

  /**
   * @param browser what the browser has that it is for; without one it is for the first that comes with it.
   * @returns its id, 43 letters.
   */
  async park({ parameters, at }: AskedRequest, browser?: string): Promise<string> {
    const { tickets, clock, random } = this.#options
    const id = newTicket(random)
    const detail = { parameters, at, browser: browser && digest(browser) }
    await tickets.put(KIND, id, { detail }, clock() + PARKED_SECONDS * 1000)
    return id
  }

  /** @returns undefined for one that is unknown, expired, answered, or another browser's. */
  async find(id: string, browser: string | undefined): Promise<AskedRequest | undefined> {
    if (!isSecret(id) || browser === undefined) return undefined
    const found = await this.#options.tickets.find(KIND, id)
    const kept = found?.detail as Kept | undefined
    const own = kept && kept.browser === undefined ? await this.#bind(id, browser) : kept
    if (own?.browser !== digest(browser)) return undefined
    return { id, parameters: own.parameters, at: own.at }
  }

  /** Uses it up, as a part of the transaction that answers it. @throws {Problem} AUTHORIZATION_REQUEST_ENDED. */
  answering(id: string): Part {
    return this.#options.tickets.consumption(KIND, id, requestEnded)
  }

  /** Of all browsers that come with it, it is for the first. */
  async #bind(id: string, browser: string): Promise<Kept | undefined> {
    const { database, table, clock } = this.#options
    const written = await database.update({
      TableName: table,
      Key: keyOf(KIND, id),
      UpdateExpression: 'SET detail.browser = :browser',
      ConditionExpression: `${OPEN} AND (attribute_not_exists(detail.browser) OR detail.browser = :browser)`,
      ExpressionAttributeValues: { ':browser': digest(browser), ':now': clock() },
      ReturnValues: 'ALL_NEW',
    })
    return written.conflict ? undefined : (written.item?.detail as Kept)
  }
}
