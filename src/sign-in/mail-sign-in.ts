import type { AskedMail, MailRequests } from '../email/requests.js'
import { report } from '../events/report.js'
import type { Caller } from '../http/caller.js'
import { Problem } from '../http/problem.js'
import type { SecretKeyRing } from '../keyring/secret-ring.js'
import { deviceCookieOf, deviceOf } from '../limits/known-devices.js'
import type { Grant } from '../sessions/sessions.js'
import { ticketInvalid } from '../tickets/errors.js'
import type { MailProof, MailTicketRecord, MailTickets } from '../tickets/mail-tickets.js'
import { ACCOUNT_UNPROVED } from '../users/errors.js'
import { admittedAs, type Admissions } from '../users/invitations/admissions.js'
import { retryConflicts } from '../users/retry-conflicts.js'
import type { AddressedUser } from '../users/user.js'
import { askForMail } from './ask-for-mail.js'
import { evenHalfWay } from './half-sign-ins.js'
import { isOwnersTicket, type SignIn, type SignInWish } from './sign-in.js'
import { isTakeable, takingOver, type TakingOverDependencies } from './taking-over.js'
import { findHolderIfAny } from './ticket-holder.js'

export interface MailSignInDependencies extends TakingOverDependencies {
  readonly signIn: SignIn
  readonly requests: MailRequests
  readonly tickets: MailTickets
  readonly admissions: Admissions
  readonly dataKeys: Pick<SecretKeyRing, 'byId'>
}

export interface MailSignInWish extends SignInWish {
  /** The person takes an account over that they can not show to be theirs; all that was in it goes. */
  readonly startOver?: boolean | undefined
}

const KIND = 'sign-in'

/** Signs people in who have the mailbox of their account, and people up who have that of an invitation. */
export class MailSignIn {
  readonly #dependencies: MailSignInDependencies

  constructor(dependencies: MailSignInDependencies) {
    this.#dependencies = dependencies
  }

  /** Whether the service sends mail at all. */
  get isOffered(): boolean {
    return this.#dependencies.requests.hasMail
  }

  /**
   * Sends a link and a code to an address. Known, unknown and disabled accounts cost the same calls.
   * @throws {Problem} MAIL_NOT_CONFIGURED, STORE_UNAVAILABLE.
   */
  ask(caller: Caller, email: string): Promise<AskedMail> {
    return askForMail(this.#dependencies, caller, KIND, email)
  }

  /**
   * Opens a session. Link and code are good where the mail was asked for, and nowhere else: a program that opens the
   * links of mails gets none. They are used up by the transaction that opens the session.
   * @throws {Problem} MAIL_NOT_CONFIGURED, TICKET_INVALID, ACCOUNT_UNPROVED, STORE_UNAVAILABLE.
   */
  async confirm(
    caller: Caller,
    proof: MailProof,
    wish: MailSignInWish,
  ): Promise<Grant<AddressedUser>> {
    const { requests, tickets } = this.#dependencies
    requests.assertConfigured()
    const record = await tickets.prove(caller, KIND, proof)
    return retryConflicts(async () => {
      const holder = await findHolderIfAny(this.#dependencies, record)
      return holder ? this.#enter(caller, record, holder, wish) : this.#signUp(caller, record, wish)
    })
  }

  /**
   * A stranger may have made an account whose address is unproved, and have left a password, keys and identities in
   * it that open it later. So the mailbox alone opens it in two cases: the person has proved by password or provider
   * as well that it is theirs, just now or in this browser before; or they take it over.
   */
  async #enter(
    caller: Caller,
    record: MailTicketRecord,
    holder: AddressedUser,
    { startOver = false, ...wish }: MailSignInWish,
  ): Promise<Grant<AddressedUser>> {
    const { users, tickets, signIn, trail } = this.#dependencies
    const used = tickets.consumption(record)
    const arriving = { ...wish, method: 'email' } as const
    if (holder.emailVerified)
      return signIn.completeSignIn(caller, holder, { ...arriving, alongside: [used], isHeld: true })
    if (isOwnersTicket(record) || (await this.#isKnown(caller, holder))) {
      const event = trail.part(caller, 'address_verified', { userId: holder.id })
      const alongside = [used, users.store.provingAddress(holder), event]
      const user = { ...holder, emailVerified: true }
      return signIn.completeSignIn(caller, user, { ...arriving, alongside })
    }
    // A role was given to the person who made the account.
    if (!startOver || !isTakeable(holder)) throw new Problem(ACCOUNT_UNPROVED)
    return this.#takeOver(caller, record, holder, wish)
  }

  /** Makes the account of an invitation. */
  async #signUp(
    caller: Caller,
    record: MailTicketRecord,
    { transport, isShort }: SignInWish,
  ): Promise<Grant<AddressedUser>> {
    const { tickets, admissions, signIn, clock } = this.#dependencies
    const { userId: id, address: email } = record.ticket
    const admission = await admissions.find(email)
    if (admission?.invitation?.id !== id) throw ticketInvalid()
    const user = admittedAs<AddressedUser>(
      {
        ...{ id, email, role: 'user', status: 'active', epoch: 0 },
        ...{ emailVerified: true, provedByMail: true },
        createdAt: new Date(clock()).toISOString(),
      },
      admission,
    )
    const alongside = [tickets.consumption(record), ...admission.parts(caller, id)]
    const arriving = { transport, isShort, method: 'email', alongside, isNew: true } as const
    return evenHalfWay(
      () => signIn.completeSignIn(caller, user, arriving),
      () => report(caller.log, 'user_created', { userId: id }),
    )
  }

  async #takeOver(
    caller: Caller,
    record: MailTicketRecord,
    holder: AddressedUser,
    wish: SignInWish,
  ): Promise<Grant<AddressedUser>> {
    const { tickets, signIn } = this.#dependencies
    const { user, parts, finish } = takingOver(caller, holder, this.#dependencies)
    const alongside = [tickets.consumption(record), ...parts]
    const arriving = { ...wish, method: 'email', alongside } as const
    return evenHalfWay(() => signIn.completeSignIn(caller, user, arriving), finish)
  }

  /** Whether this browser has been signed in to the account before, and so by other means than the mailbox. */
  async #isKnown(caller: Caller, holder: AddressedUser): Promise<boolean> {
    const { dataKeys } = this.#dependencies
    const device = await deviceOf(deviceCookieOf(caller), holder, (id) => dataKeys.byId(id))
    return device !== undefined
  }
}
