import type { AskedMail, MailRequests } from '../email/requests.js'
import { report } from '../events/report.js'
import type { Caller } from '../http/caller.js'
import { Problem } from '../http/problem.js'
import type { Transport } from '../sessions/delivery.js'
import type { LiveSession } from '../sessions/session.js'
import type { Grant } from '../sessions/sessions.js'
import { ticketInvalid } from '../tickets/errors.js'
import type { MailProof, MailTicketRecord, MailTickets } from '../tickets/mail-tickets.js'
import { NOTHING_TO_VERIFY, PASSWORD_REQUIRED } from '../users/errors.js'
import { admittedAs, type Admissions } from '../users/invitations/admissions.js'
import { retryConflicts } from '../users/retry-conflicts.js'
import type { AddressedUser } from '../users/user.js'
import { evenHalfWay } from './half-sign-ins.js'
import type { Registrations } from './registrations.js'
import type { SignIn } from './sign-in.js'
import { isTakeable, takeOver, type TakingOverDependencies } from './taking-over.js'
import { findHolder } from './ticket-holder.js'

export interface VerificationDependencies extends TakingOverDependencies {
  readonly signIn: SignIn
  readonly registrations: Registrations
  readonly admissions: Admissions
  readonly requests: MailRequests
  readonly tickets: MailTickets
}

/** How a person proves that the account is theirs, beside the mailbox. */
export interface Ownership {
  /** The session that the request has, if it has one. */
  readonly session?: LiveSession | undefined
  readonly password?: string | undefined
  /** How the tokens of a new account's session reach their client. */
  readonly transport: Transport
}

/** An account whose address is proved. */
export interface Verified {
  readonly user: AddressedUser
  /** The session of an account that has just been made. */
  readonly grant?: Grant<AddressedUser>
}

const KIND = 'verification'

/**
 * Proves addresses by mail. Two things at once: that the mailbox is the person's, and that the account is. Otherwise a
 * stranger could have their account proved by the owner of the address, or by a program that opens all links.
 */
export class Verification {
  readonly #dependencies: VerificationDependencies

  constructor(dependencies: VerificationDependencies) {
    this.#dependencies = dependencies
  }

  /** Whether the service sends mail at all. */
  get isOffered(): boolean {
    return this.#dependencies.requests.hasMail
  }

  /**
   * Sends a link and a code to the address of a person who is signed in.
   * @throws {Problem} MAIL_NOT_CONFIGURED, NOTHING_TO_VERIFY, STORE_UNAVAILABLE.
   */
  async ask(caller: Caller, { account }: LiveSession): Promise<AskedMail> {
    const { requests } = this.#dependencies
    requests.assertConfigured()
    const { email: address, emailVerified } = account
    if (address === undefined || emailVerified) throw new Problem(NOTHING_TO_VERIFY)
    return requests.ask(caller, { kind: KIND, message: KIND, address, user: account })
  }

  /**
   * Proves an address. A code works where the mail was asked for; a link there, in a session of the account, and
   * anywhere else with the password. Where the ticket is that of a registration, this makes the account and opens its
   * first session.
   * @throws {Problem} MAIL_NOT_CONFIGURED, TICKET_INVALID, PASSWORD_REQUIRED, INVALID_CREDENTIALS, RATE_LIMITED, BUSY,
   * SIGN_UP_CLOSED, STORE_UNAVAILABLE; EMAIL_TAKEN where another registration of the address was quicker.
   */
  async confirm(caller: Caller, proof: MailProof, ownership: Ownership): Promise<Verified> {
    const { users, requests, tickets, registrations, trail } = this.#dependencies
    requests.assertConfigured()
    const record = await tickets.prove(caller, KIND, proof)
    const drafted = registrations.drafted(record)
    const user = drafted ?? (await findHolder(this.#dependencies, record))
    const isAskersCode = 'code' in proof
    if (!isAskersCode && !tickets.isOfFlow(record, proof.flow))
      await this.#assertOwner(caller, user, ownership)
    if (drafted) return this.#create(caller, record, drafted, ownership.transport)
    const event = trail.part(caller, 'address_verified', { userId: user.id })
    await users.store.proveAddress(user, [tickets.consumption(record), event])
    report(caller.log, 'address_verified', { userId: user.id })
    return { user: { ...user, emailVerified: true } }
  }

  /**
   * The owner of the mailbox says that the account is another person's. It becomes theirs, with nothing in it: they
   * may set a password by mail. A registration that waits for its proof comes to nothing. Administrators keep their
   * accounts: only another administrator could have given one a wrong address.
   * @throws {Problem} MAIL_NOT_CONFIGURED, TICKET_INVALID, STORE_UNAVAILABLE.
   */
  async disown(caller: Caller, ticket: string): Promise<void> {
    const { requests, tickets, registrations } = this.#dependencies
    requests.assertConfigured()
    const record = await tickets.prove(caller, KIND, { ticket })
    if (registrations.drafted(record)) return tickets.spend(record)
    const finish = await retryConflicts(async () => {
      const user = await findHolder(this.#dependencies, record)
      if (!isTakeable(user)) throw ticketInvalid()
      const alongside = [tickets.consumption(record)]
      return takeOver(caller, user, { alongside }, this.#dependencies)
    })
    await finish()
  }

  async #assertOwner(
    caller: Caller,
    user: AddressedUser,
    { session, password }: Ownership,
  ): Promise<void> {
    if (session?.account.id === user.id) return
    if (password === undefined) throw new Problem(PASSWORD_REQUIRED)
    await this.#dependencies.signIn.provePassword(caller, user, password)
  }

  async #create(
    caller: Caller,
    record: MailTicketRecord,
    drafted: AddressedUser,
    transport: Transport,
  ): Promise<Verified> {
    const { tickets, admissions, signIn } = this.#dependencies
    const admission = await admissions.admit(drafted.email)
    const user = admittedAs(drafted, admission)
    const alongside = [tickets.consumption(record), ...admission.parts(caller, user.id)]
    const arriving = { transport, method: 'email', alongside, isNew: true } as const
    const complete = () => signIn.completeSignIn(caller, user, arriving)
    const grant = await evenHalfWay(complete, () => {
      report(caller.log, 'user_created', { userId: user.id })
      report(caller.log, 'address_verified', { userId: user.id })
    })
    return { user, grant }
  }
}
