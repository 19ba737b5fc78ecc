import type { MailRequests } from '../email/requests.js'
import { report } from '../events/report.js'
import type { Caller } from '../http/caller.js'
import type { Transport } from '../sessions/delivery.js'
import type { Grant } from '../sessions/sessions.js'
import { ticketInvalid } from '../tickets/errors.js'
import type { MailTicketRecord, MailTickets } from '../tickets/mail-tickets.js'
import { type Admission, admittedAs, type Admissions } from '../users/invitations/admissions.js'
import type { AddressedUser } from '../users/user.js'
import type { Users } from '../users/users.js'
import { evenHalfWay } from './half-sign-ins.js'
import type { SignIn } from './sign-in.js'

export interface InvitationAcceptanceDependencies {
  readonly users: Users
  readonly admissions: Admissions
  readonly signIn: SignIn
  readonly requests: MailRequests
  readonly tickets: MailTickets
}

/** What an invited person chooses for their account. */
export interface Accepting {
  readonly password: string
  readonly name?: string | undefined
  /** How the tokens of its first session reach their client. */
  readonly transport: Transport
}

const KIND = 'invitation'

/** Makes the accounts of invited people, who have the link of a mail. */
export class InvitationAcceptance {
  readonly #dependencies: InvitationAcceptanceDependencies

  constructor(dependencies: InvitationAcceptanceDependencies) {
    this.#dependencies = dependencies
  }

  /** Whether the service sends mail at all. */
  get isOffered(): boolean {
    return this.#dependencies.requests.hasMail
  }

  /**
   * Makes the account, verified and with the role of the invitation, and opens its first session. All of it is one
   * transaction with the end of the invitation.
   * @throws {Problem} MAIL_NOT_CONFIGURED; TICKET_INVALID for an invitation that is withdrawn, accepted, expired or
   * unknown, and for a link that a newer mail has replaced; PASSWORD_REFUSED, BUSY, STORE_UNAVAILABLE; EMAIL_TAKEN where
   * an account was made meanwhile that has not proved the address.
   */
  async accept(
    caller: Caller,
    ticket: string,
    { password, name, transport }: Accepting,
  ): Promise<Grant<AddressedUser>> {
    const { users, requests, tickets, signIn } = this.#dependencies
    requests.assertConfigured()
    const record = await tickets.prove(caller, KIND, { ticket })
    const admission = await this.#admissionOf(record)
    const { userId: id, address: email } = record.ticket
    const registration = { email, password, ...(name !== undefined && { name }) }
    const draft = await users.draft(registration, caller.address)
    const proved = { ...draft, id, emailVerified: true, provedByMail: true } as const
    const user = admittedAs<AddressedUser>(proved, admission)
    const alongside = [tickets.consumption(record), ...admission.parts(caller, id)]
    const arriving = { transport, method: 'email', alongside, isNew: true } as const
    return evenHalfWay(
      () => signIn.completeSignIn(caller, user, arriving),
      () => report(caller.log, 'user_created', { userId: id }),
    )
  }

  /** A link is bound to the invitation that names it. */
  async #admissionOf({ ticket }: MailTicketRecord): Promise<Admission> {
    const admission = await this.#dependencies.admissions.find(ticket.address)
    const { id, ticketId } = admission?.invitation ?? {}
    if (!admission || id !== ticket.userId || ticketId !== ticket.id) throw ticketInvalid()
    return admission
  }
}
