import type { Amr } from '../access-tokens/authentication.js'
import type { Database } from '../dynamodb/database.js'
import type { Part } from '../dynamodb/part.js'
import type { Clock } from '../lib/clock.js'
import type { Random } from '../lib/random.js'
import { newTicket, type TicketStore } from '../tickets/store.js'
import { SecondFactorEnrolmentRequired, SecondFactorRequired } from '../users/errors.js'
import type { UsersStore } from '../users/store.js'
import type { User } from '../users/user.js'
import { isStillFor, recordFor } from './account-ticket.js'

/** Ways to prove who one is that a sign-in begins with. */
export type SignInMethod = 'password' | 'provider' | 'email' | 'passkey'

/** What a sign-in has proved before its second factor. */
export interface BegunSignIn {
  readonly method: SignInMethod
  readonly amr: readonly Amr[]
  readonly provider?: string | undefined
  readonly identityId?: string | undefined
  /** On a computer that others use. */
  readonly isShort?: boolean | undefined
}

/** A sign-in that ends half-way. */
export interface HalfWay extends BegunSignIn {
  readonly isNew?: boolean
  readonly alongside?: readonly Part[]
}

export type HalfSignInKind = 'second-factor' | 'enrolment'

/** A half sign-in whose ticket was presented, and its user as they are now. */
export interface FoundHalf {
  readonly user: User
  readonly begun: BegunSignIn
}

export interface HalfSignInsOptions {
  readonly tickets: TicketStore
  readonly database: Database
  readonly users: Pick<UsersStore, 'findById'>
  readonly clock: Clock
  readonly random: Random
}

/** How long the second step may take, milliseconds: a person opens an app, or sets one up. */
export const HALF_SIGN_IN_MS: Readonly<Record<HalfSignInKind, number>> = {
  'second-factor': 5 * 60_000,
  enrolment: 15 * 60_000,
}

/** Sign-ins that lack a second factor: a ticket each, and never a token. */
export class HalfSignIns {
  readonly #options: HalfSignInsOptions

  constructor(options: HalfSignInsOptions) {
    this.#options = options
  }

  /**
   * Keeps a half sign-in.
   * @param parts is written in the same transaction: what the sign-in has used up.
   * @returns the ticket that goes on with it.
   */
  async keep(
    kind: HalfSignInKind,
    user: User,
    { method, amr, provider, identityId, isShort }: BegunSignIn,
    parts: readonly Part[],
  ): Promise<string> {
    const { tickets, clock, random } = this.#options
    const ticket = newTicket(random)
    const begun: BegunSignIn = { method, amr, provider, identityId, isShort }
    const record = recordFor(user, { begun })
    await this.write([
      ...parts,
      ...tickets.putting(kind, ticket, record, clock() + HALF_SIGN_IN_MS[kind]),
    ])
    return ticket
  }

  /**
   * @returns undefined for a ticket that is unknown, used or expired, and where the account's status, sessions or
   * factors are not what they were.
   */
  async find(kind: HalfSignInKind, ticket: string): Promise<FoundHalf | undefined> {
    const { tickets, users } = this.#options
    const record = await tickets.find(kind, ticket)
    const user = record?.userId === undefined ? undefined : await users.findById(record.userId)
    if (!record || !user || !isStillFor(record, user)) return undefined
    return { user, begun: record.detail?.begun as BegunSignIn }
  }

  /**
   * The part that uses a ticket up, in the transaction that opens the session.
   * @param refusal what its caller is told who comes second.
   */
  consumption(kind: HalfSignInKind, ticket: string, refusal: () => Error): Part {
    return this.#options.tickets.consumption(kind, ticket, refusal)
  }

  /** Writes what a half sign-in has used up. */
  async write(parts: readonly Part[]): Promise<void> {
    if (parts.length > 0) await this.#options.database.writeTogether(parts)
  }
}

/**
 * Does what follows from a sign-in that has written what it is about: one that ends half-way has written it too.
 * @param follow once it is written.
 */
export async function evenHalfWay<T>(
  complete: () => Promise<T>,
  follow: () => Promise<void> | void,
): Promise<T> {
  const completed = await complete().catch(async (error: unknown) => {
    if (isWritten(error)) await follow()
    throw error
  })
  await follow()
  return completed
}

/** Unlike a sign-in whose address is to be proved first. */
const isWritten = (error: unknown): boolean =>
  error instanceof SecondFactorRequired || error instanceof SecondFactorEnrolmentRequired
