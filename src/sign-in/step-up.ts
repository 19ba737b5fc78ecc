import { type Amr, union } from '../access-tokens/authentication.js'
import type { Database } from '../dynamodb/database.js'
import type { Part } from '../dynamodb/part.js'
import { report } from '../events/report.js'
import type { Trail } from '../events/trail.js'
import { factorInvalid } from '../factors/errors.js'
import type { FactorProof, SecondFactors } from '../factors/second-factors.js'
import type { Caller } from '../http/caller.js'
import type { Clock } from '../lib/clock.js'
import type { Random } from '../lib/random.js'
import type { Delivered } from '../sessions/delivery.js'
import type { LiveSession } from '../sessions/session.js'
import type { Sessions } from '../sessions/sessions.js'
import { newTicket, type TicketStore } from '../tickets/store.js'
import type { FactorKind } from '../users/factors.js'
import type { User } from '../users/user.js'
import { isStillFor, recordFor } from './account-ticket.js'
import { reportUsed, type UsedFactor } from './second-step.js'
import type { SignIn } from './sign-in.js'

export interface StepUpDependencies {
  readonly tickets: TicketStore
  readonly database: Database
  readonly factors: SecondFactors
  readonly signIn: SignIn
  readonly sessions: Sessions
  readonly trail: Trail
  readonly clock: Clock
  readonly random: Random
}

/** What a step-up can be completed with. Empty for a user who can but sign in again, at a provider or by mail. */
export interface BegunStepUp {
  readonly ticket: string
  readonly factors: readonly (FactorKind | 'password')[]
}

/** The password counts for an account that has no second factor. */
export type StepUpProof = FactorProof | { readonly password: string }

const KIND = 'step-up'

const LIFETIME_MS = 5 * 60_000

/** What a first step can prove: all that is left of a session's where a password alone is proved again. */
const FIRST_STEPS: ReadonlySet<Amr> = new Set<Amr>(['pwd', 'email', 'fed'])

/** What a proof says of a session, and what uses it up. */
interface Proved extends UsedFactor {
  readonly amr: readonly Amr[]
  readonly parts: readonly Part[]
  readonly factor: FactorKind | 'password'
}

/** A session that says more by now. Its refresh token is the one that its client has. */
export interface SteppedUp extends Delivered {
  readonly recoveryCodesLeft?: number | undefined
}

/**
 * Proves more in a session that is open (RFC 9470): the session says so from then on, and so do the tokens of its
 * refresh. No other session does, and no refresh token is handed out.
 */
export class StepUp {
  readonly #dependencies: StepUpDependencies

  constructor(dependencies: StepUpDependencies) {
    this.#dependencies = dependencies
  }

  /** @throws {Problem} STORE_UNAVAILABLE. */
  async begin({ account, sessionId }: LiveSession): Promise<BegunStepUp> {
    const { tickets, factors, sessions, clock, random } = this.#dependencies
    const ticket = newTicket(random)
    const record = { ...recordFor(account), sessionId }
    await tickets.put(KIND, ticket, record, clock() + LIFETIME_MS)
    if (sessions.needsSecondFactor(account)) return { ticket, factors: factors.kindsOf(account) }
    return { ticket, factors: account.passwordHash === undefined ? [] : ['password'] }
  }

  /** Whether a ticket is one of this session, and still good. */
  async isOpen({ account, sessionId }: LiveSession, ticket: string): Promise<boolean> {
    const record = await this.#dependencies.tickets.find(KIND, ticket)
    return record?.sessionId === sessionId && isStillFor(record, account)
  }

  /**
   * @param session the one that asked: a ticket is good in no other.
   * @throws {Problem} FACTOR_INVALID for a wrong proof, and for a ticket that is unknown, used, expired, of another
   * session, or older than a change of the account; INVALID_CREDENTIALS, RATE_LIMITED, TOKEN_INVALID,
   * STORE_UNAVAILABLE.
   */
  async complete(
    caller: Caller,
    session: LiveSession,
    { ticket, proof }: { readonly ticket: string; readonly proof: StepUpProof },
  ): Promise<SteppedUp> {
    const { tickets, database, sessions, trail, clock } = this.#dependencies
    if (!(await this.isOpen(session, ticket))) throw factorInvalid()
    const { account: user, sessionId, isShort } = session
    const proved = await this.#prove(caller, session, proof)
    const { amr, parts, factor, recoveryCodesLeft } = proved
    const authentication = { amr, authTime: clock() }
    const steppedUp = { userId: user.id, sessionId, factor }
    await database.writeTogether([
      tickets.consumption(KIND, ticket, factorInvalid),
      sessions.steppingUp(session, authentication),
      ...parts,
      trail.part(caller, 'authn_step_up', steppedUp),
    ])
    report(caller.log, 'authn_step_up', steppedUp)
    reportUsed(caller, user, proved)
    return { user, sessionId, ...authentication, isShort, recoveryCodesLeft }
  }

  async #prove(caller: Caller, { account, amr }: LiveSession, proof: StepUpProof): Promise<Proved> {
    const { factors } = this.#dependencies
    if ('password' in proof) {
      await this.#provePassword(caller, account, proof.password)
      const others = amr.filter((method) => FIRST_STEPS.has(method))
      return { amr: union(others, ['pwd']), parts: [], factor: 'password' }
    }
    const proved = await factors.verify(caller, account, proof)
    return { ...proved, amr: union(amr, proved.amr), factor: proved.kind }
  }

  async #provePassword(caller: Caller, user: User, password: string): Promise<void> {
    const { email } = user
    if (this.#dependencies.sessions.needsSecondFactor(user) || email === undefined)
      throw factorInvalid()
    await this.#dependencies.signIn.provePassword(caller, { ...user, email }, password)
  }
}
