import type { AskedMail, MailRequests, PreparedMail } from '../email/requests.js'
import { report } from '../events/report.js'
import type { Trail } from '../events/trail.js'
import type { Caller } from '../http/caller.js'
import { Problem } from '../http/problem.js'
import type { Clock } from '../lib/clock.js'
import type { MailTicketRecord } from '../tickets/mail-tickets.js'
import type { TicketDetail } from '../tickets/ticket-maker.js'
import { normalizeEmail } from '../users/email.js'
import { SIGN_UP_CLOSED } from '../users/errors.js'
import type { Admissions } from '../users/invitations/admissions.js'
import { isFree, type Reservation } from '../users/reservation.js'
import { assertAskable, hasPasswordSignUp, type SignUpPolicy } from '../users/sign-up.js'
import type { AddressedUser } from '../users/user.js'
import type { Registration, Users } from '../users/users.js'

export interface RegistrationsDependencies {
  readonly users: Users
  readonly requests: MailRequests
  readonly trail: Trail
  readonly signUp: SignUpPolicy
  readonly admissions: Pick<Admissions, 'invitationOf'>
  /** Whether there is no account before a mail has proved its address. */
  readonly isProvedFirst: boolean
  readonly clock: Clock
}

/** What a sign-up comes to: an account, or a mail that one comes of. */
export type SignedUp =
  | {
      readonly user: AddressedUser
      /** The mail that proves the address; missing where the service sends none. */
      readonly mail?: AskedMail
    }
  | { readonly user?: undefined; readonly mail: AskedMail }

/** People who make an account of their own, by password. */
export class Registrations {
  readonly #dependencies: RegistrationsDependencies

  constructor(dependencies: RegistrationsDependencies) {
    this.#dependencies = dependencies
  }

  /** Whether anyone can do it at all. */
  get isOpen(): boolean {
    const { signUp, isProvedFirst } = this.#dependencies
    return hasPasswordSignUp(signUp, isProvedFirst)
  }

  /**
   * Makes an account; or, where its address must be proved first, sends a mail that makes it. Then the answer, its
   * time and its calls are the same for an address that has an account, whose owner gets a mail that says so, and for
   * one that is not invited, where only invited people may.
   * @throws {Problem} SIGN_UP_CLOSED, before the address is looked up; PASSWORD_REFUSED, BUSY, STORE_UNAVAILABLE;
   * EMAIL_TAKEN where accounts are made at once.
   */
  async signUp(caller: Caller, registration: Omit<Registration, 'role'>): Promise<SignedUp> {
    const { users, trail, isProvedFirst } = this.#dependencies
    this.#assertAskable(registration.email)
    if (isProvedFirst) return this.#ask(caller, await users.draft(registration, caller.address))
    let mail: PreparedMail | undefined
    const user = await users.register(registration, caller.address, async (made) => {
      mail = await this.#prepareMail(caller, made)
      const event = trail.part(caller, 'user_created', { userId: made.id })
      return [...(mail?.parts ?? []), event]
    })
    report(caller.log, 'user_created', { userId: user.id })
    return { user, ...(mail && { mail }) }
  }

  /** The account that a ticket makes; undefined for one of an account that is there. */
  drafted({ ticket, detail }: MailTicketRecord): AddressedUser | undefined {
    const { passwordHash, name } = detail
    if (passwordHash === undefined) return undefined
    return {
      id: ticket.userId,
      email: ticket.address,
      emailVerified: true,
      provedByMail: true,
      ...(name === undefined ? {} : { name }),
      role: 'user',
      status: 'active',
      passwordHash,
      epoch: 0,
      createdAt: new Date(this.#dependencies.clock()).toISOString(),
    }
  }

  /** @throws {Problem} SIGN_UP_CLOSED. */
  #assertAskable(email: string): void {
    if (!this.isOpen) throw new Problem(SIGN_UP_CLOSED)
    assertAskable(this.#dependencies.signUp, normalizeEmail(email))
  }

  async #ask(caller: Caller, draft: AddressedUser): Promise<SignedUp> {
    const { users, requests, clock } = this.#dependencies
    const { email: address } = draft
    const { reservation } = await users.store.findHolder(address)
    const isAdmitted = await this.#isAdmitted(address)
    const detail = detailOf(draft)
    const asked = { kind: 'verification', address, detail } as const
    const mail = await requests.ask(
      caller,
      isFree(reservation, clock())
        ? { ...asked, message: 'verification', user: isAdmitted ? draft : undefined }
        : { ...asked, message: 'address-taken', ...noticeTo(reservation) },
    )
    return { mail }
  }

  /** Read for each address where it decides, so that the calls tell nothing. */
  async #isAdmitted(address: string): Promise<boolean> {
    const { signUp, admissions } = this.#dependencies
    return signUp !== 'invited' || (await admissions.invitationOf(address)) !== undefined
  }

  async #prepareMail(caller: Caller, user: AddressedUser) {
    const { requests } = this.#dependencies
    if (!requests.hasMail) return undefined
    const { email: address } = user
    return requests.prepare(caller, {
      kind: 'verification',
      message: 'verification',
      address,
      user,
    })
  }
}

const noticeTo = ({ userId }: Reservation) => ({
  user: undefined,
  isNotice: true,
  ownerId: userId,
})

const detailOf = ({ passwordHash = '', name }: AddressedUser): TicketDetail => ({
  passwordHash,
  ...(name === undefined ? {} : { name }),
})
