import { parse, stringify } from 'uuid'
import type { Authentication } from '../../access-tokens/authentication.js'
import type { Part } from '../../dynamodb/part.js'
import type { Origin } from '../../sessions/origin.js'
import { keyOf, OPEN, type TicketUserOptions } from '../../tickets/store.js'
import type { AuthorizationRequest } from './request.js'

/** What an authorization code stands for. Times are milliseconds since the epoch. */
export interface CodeRecord
  extends
    Authentication,
    Pick<AuthorizationRequest, 'redirectUri' | 'challenge' | 'scopes' | 'resources'> {
  readonly userId: string
  /** The user's epoch when the code was made. */
  readonly epoch: number
  /** The browser's session: the code ends with it. */
  readonly sessionId: string
  readonly clientId: string
  readonly clientName: string
  readonly nonce?: string | undefined
}

/** A code as the store has it, used or not. */
export interface KeptCode {
  readonly detail: CodeRecord
  readonly expiresAt: number
  /** The app's session that it made, or a mark of the request that was wrong. */
  readonly usedBy?: string
  /** When and where from the session was made; missing where the code was spent on a request that was wrong. */
  readonly usedAt?: number
  readonly usedFrom?: Origin
}

const KIND = 'authorization-code'

/** RFC 6749 §4.1.2 allows ten minutes. */
const CODE_MS = 60_000

const USER_ID_BYTES = 16
const SECRET_BYTES = 32
const CODE = /^[A-Za-z0-9_-]{64}$/

/**
 * Authorization codes. One is the id of its user and 256 random bits, base64url, so that an exchange reads the code,
 * its user and its client at once; the store keeps the SHA-256. A code that is used stays until it is removed, with
 * what a second redemption is judged by (RFC 6749 §4.1.2).
 */
export class Codes {
  readonly #options: TicketUserOptions

  constructor(options: TicketUserOptions) {
    this.#options = options
  }

  /** A new code for `putting`; it goes to the app, and is not stored. */
  newCode(userId: string): string {
    const secret = this.#options.random(SECRET_BYTES)
    return Buffer.concat([parse(userId), secret]).toString('base64url')
  }

  /** Keeps what a code stands for, as parts of the transaction that grants it. */
  putting(code: string, record: CodeRecord): Part[] {
    const { tickets, clock } = this.#options
    const { userId } = record
    return tickets.putting(KIND, code, { userId, detail: { ...record } }, clock() + CODE_MS)
  }

  /** @returns a code of any age, used or not; undefined for one that never was, or is removed. */
  async find(code: string): Promise<KeptCode | undefined> {
    const { database, table } = this.#options
    return (await database.get(table, keyOf(KIND, code))) as KeptCode | undefined
  }

  /** When it was made, milliseconds since the epoch. */
  issuedAt({ expiresAt }: KeptCode): number {
    return expiresAt - CODE_MS
  }

  isOpen({ usedBy, expiresAt }: KeptCode): boolean {
    return usedBy === undefined && expiresAt > this.#options.clock()
  }

  /**
   * Uses a code up, as a part of the transaction that opens the app's session. A transaction that was repeated because
   * its answer was lost finds its own session, and has succeeded.
   * @param refusal what its caller is told where the code was used, or has expired, since it was read.
   */
  consumption(
    code: string,
    { sessionId, origin }: { readonly sessionId: string; readonly origin: Origin },
    refusal: () => Error,
  ): Part {
    const { table, clock } = this.#options
    return {
      item: {
        Update: {
          TableName: table,
          Key: keyOf(KIND, code),
          UpdateExpression: 'SET usedBy = :by, usedAt = :now, usedFrom = :from',
          ConditionExpression: OPEN,
          ExpressionAttributeValues: { ':by': sessionId, ':now': clock(), ':from': origin },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      onConflict: (found) => (found?.usedBy === sessionId ? undefined : refusal()),
    }
  }

  /** Ends a code without a session, because a request that named it was wrong. */
  async spend(code: string): Promise<void> {
    await this.#options.tickets.consume(KIND, code)
  }
}

/** Whose code it is, if it is any: nothing is read for what can be none. */
export function userIdOfCode(code: string): string | undefined {
  if (!CODE.test(code)) return undefined
  try {
    return stringify(Buffer.from(code, 'base64url').subarray(0, USER_ID_BYTES))
  } catch {
    return undefined
  }
}
