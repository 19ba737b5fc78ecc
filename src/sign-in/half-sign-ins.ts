import type { Amr } from '../access-tokens/authentication.js'
import type { Database } from '../dynamodb/database.js'
import type { Part } from '../dynamodb/part.js'
import type { Clock } from '../lib/clock.js'
import type { Random } from '../lib/random.js'
import { newTicket, type TicketStore } from '../tickets/store.js'
import type { User } from '../users/user.js'

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

/** A half sign-in whose ticket was presented. */
export interface FoundHalf {
  readonly userId: string
  readonly epoch: number
  readonly begun: BegunSignIn
}

export interface HalfSignInsOptions {
  readonly tickets: TicketStore
  readonly database: Database
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
    { id: userId, epoch }: User,
    { method, amr, provider, identityId, isShort }: BegunSignIn,
    parts: readonly Part[],
  ): Promise<string> {
    const { tickets, clock, random } = this.#options
    const ticket = newTicket(random)
    const begun: BegunSignIn = { method, amr, provider, identityId, isShort }
    const record = { userId, epoch, detail: { begun } }
    await this.write([
      ...parts,
      tickets.putting(kind, ticket, record, clock() + HALF_SIGN_IN_MS[kind]),
    ])
    return ticket
  }

  /** @returns undefined for a ticket that is unknown, used or expired. */
  async find(kind: HalfSignInKind, ticket: string): Promise<FoundHalf | undefined> {
    const record = await this.#options.tickets.find(kind, ticket)
    if (!record) return undefined
    const { userId, epoch, detail } = record
    return { userId, epoch, begun: detail?.begun } as FoundHalf
  }

  /** Writes what a half sign-in has used up. */
  async write(parts: readonly Part[]): Promise<void> {
    if (parts.length > 0) await this.#options.database.writeTogether(parts)
  }
}
