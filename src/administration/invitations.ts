import type { Part } from '../dynamodb/part.js'
import type { Outbox } from '../email/outbox.js'
import type { MailRequests } from '../email/requests.js'
import type { AdminAct } from '../events/catalogue.js'
import { Problem } from '../http/problem.js'
import type { Clock } from '../lib/clock.js'
import { newId, type Random } from '../lib/random.js'
import type { TicketMaker } from '../tickets/ticket-maker.js'
import { normalizeEmail } from '../users/email.js'
import { AccountChanged, EMAIL_TAKEN, SIGN_UP_CLOSED } from '../users/errors.js'
import { INVITATION_MS, type Invitation } from '../users/invitations/invitation.js'
import type { InvitationsPage, InvitationsStore } from '../users/invitations/store.js'
import { retryConflicts } from '../users/retry-conflicts.js'
import type { SignUpPolicy } from '../users/sign-up.js'
import type { UsersStore } from '../users/store.js'
import type { Role } from '../users/user.js'
import type { Acting, Administration } from './administration.js'
import { invitationNotFound } from './errors.js'

export interface InvitationsDependencies {
  readonly store: InvitationsStore
  readonly users: Pick<UsersStore, 'isEmailTaken'>
  readonly administration: Pick<Administration, 'act'>
  readonly requests: Pick<MailRequests, 'assertConfigured' | 'write'>
  readonly tickets: Pick<TicketMaker, 'issue'>
  readonly outbox: Outbox
  readonly signUp: SignUpPolicy
  readonly clock: Clock
  readonly random: Random
}

/** Who is invited, and as what. */
export interface Invited {
  readonly email: string
  readonly role: Role
}

/**
 * What administrators do with invitations, from the command line, by HTTP, and on a page. No administrator ever sees the
 * link of a mail, the command line included, which reads no ticket key. `guards` are written in the same transaction.
 */
export class Invitations {
  readonly #dependencies: InvitationsDependencies

  constructor(dependencies: InvitationsDependencies) {
    this.#dependencies = dependencies
  }

  /** Up to 100 open ones, in no order. @param after `last` of the page before. */
  list(after?: string): Promise<InvitationsPage> {
    return this.#dependencies.store.list(after)
  }

  /**
   * Sends a mail with an invitation. It takes the place of one that is open: the former link is good for nothing.
   * @throws {Problem} MAIL_NOT_CONFIGURED, SIGN_UP_CLOSED where no one may make an account, EMAIL_TAKEN,
   * STORE_UNAVAILABLE.
   */
  invite(acting: Acting, { email, role }: Invited, guards: readonly Part[]): Promise<Invitation> {
    const { store, clock, random } = this.#dependencies
    const address = normalizeEmail(email)
    return this.#sending(address, async () => {
      const before = await store.find(address)
      const createdAt = new Date(clock()).toISOString()
      const of = { id: newId(random), email: address, role, createdAt }
      return this.#send(acting, { of, before, action: 'invite', guards })
    })
  }

  /**
   * Sends the mail once more. The invitation is open for seven days again, and the former link is good for nothing.
   * @throws {Problem} MAIL_NOT_CONFIGURED, SIGN_UP_CLOSED, INVITATION_NOT_FOUND, EMAIL_TAKEN, STORE_UNAVAILABLE.
   */
  resend(acting: Acting, email: string, guards: readonly Part[]): Promise<Invitation> {
    const address = normalizeEmail(email)
    return this.#sending(address, async () => {
      const before = await this.#find(address)
      return this.#send(acting, { of: before, before, action: 'resend_invitation', guards })
    })
  }

  /** @throws {Problem} INVITATION_NOT_FOUND, STORE_UNAVAILABLE. */
  withdraw(acting: Acting, email: string, guards: readonly Part[]): Promise<Invitation> {
    const { store, requests, administration } = this.#dependencies
    return retryConflicts(async () => {
      const invitation = await this.#find(normalizeEmail(email))
      const act = { action: 'withdraw_invitation', targetId: invitation.id } as const
      await requests.write([
        ...guards,
        store.ending(invitation, () => new AccountChanged()),
        administration.act(acting, act),
      ])
      return invitation
    })
  }

  async #find(address: string): Promise<Invitation> {
    const invitation = await this.#dependencies.store.find(address)
    if (!invitation) throw invitationNotFound()
    return invitation
  }

  async #sending(address: string, send: () => Promise<Invitation>): Promise<Invitation> {
    const { requests, users, signUp } = this.#dependencies
    requests.assertConfigured()
    if (signUp === 'closed') throw new Problem(SIGN_UP_CLOSED)
    if (await users.isEmailTaken(address)) throw new Problem(EMAIL_TAKEN)
    return retryConflicts(send)
  }

  async #send(acting: Acting, { of, before, action, guards }: Sending): Promise<Invitation> {
    const { store, requests, administration, tickets, outbox, clock } = this.#dependencies
    const { id, email, role, createdAt } = of
    const kind = 'invitation'
    const { ticket, item } = await tickets.issue({ kind, address: email, user: { id, epoch: 0 } })
    const invitation: Invitation = {
      ...{ id, email, role, createdAt },
      invitedBy: acting.actorId,
      expiresAt: clock() + INVITATION_MS,
      ticketId: ticket.id,
    }
    const { language } = acting
    const mail = outbox.item({ kind, to: email, isDecoy: false, language, ticket, facts: { role } })
    await requests.write([
      ...guards,
      store.keeping(invitation, before),
      { item },
      { item: mail },
      administration.act(acting, { action, targetId: id, to: role }),
    ])
    return invitation
  }
}

interface Sending {
  readonly of: Pick<Invitation, 'id' | 'email' | 'role' | 'createdAt'>
  /** The one whose place it takes. */
  readonly before: Invitation | undefined
  readonly action: AdminAct['action']
  readonly guards: readonly Part[]
}
