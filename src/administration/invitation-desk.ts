import { report } from '../events/report.js'
import type { Caller } from '../http/caller.js'
import type { Clock } from '../lib/clock.js'
import { digest } from '../lib/digest.js'
import { type Limit, logExceeded, rateLimited } from '../limits/by-address.js'
import { type RateLimitCounter, windowOf } from '../limits/counter.js'
import type { LiveSession } from '../sessions/session.js'
import type { Sessions } from '../sessions/sessions.js'
import type { Invitation } from '../users/invitations/invitation.js'
import type { UsersStore } from '../users/store.js'
import type { Acting } from './administration.js'
import type { Invitations, Invited } from './invitations.js'

export interface InvitationDeskDependencies {
  readonly invitations: Invitations
  readonly users: Pick<UsersStore, 'whileAdmin'>
  readonly sessions: Pick<Sessions, 'assertRecent'>
  readonly counter: RateLimitCounter
  readonly clock: Clock
}

/** An invitation as administrators see it. */
export interface ListedInvitation {
  readonly email: string
  readonly role: Invitation['role']
  readonly invitedBy: string
  /** ISO 8601, as `expiresAt`. */
  readonly createdAt: string
  readonly expiresAt: string
}

export interface ListedInvitations {
  /** Of one page, the newest first. */
  readonly invitations: ListedInvitation[]
  /** Leads on to the next page; null where there is none. */
  readonly cursor: string | null
}

/** Mails with invitations that one administrator may send: a stolen session writes to no more strangers. */
const SENT: Limit = { max: 100, windowMs: 3_600_000 }

/**
 * What an administrator does with invitations over HTTP, with its events. `admin` is the session of one (`assertAdmin`),
 * who must be one while it is written.
 */
export class InvitationDesk {
  readonly #dependencies: InvitationDeskDependencies

  constructor(dependencies: InvitationDeskDependencies) {
    this.#dependencies = dependencies
  }

  async list(
    { log }: Caller,
    { account }: LiveSession,
    cursor?: string,
  ): Promise<ListedInvitations> {
    const { invitations, last = null } = await this.#dependencies.invitations.list(cursor)
    const act = { action: 'list_invitations', targetId: undefined } as const
    report(log, 'authz_admin', { userId: account.id, ...act })
    const newest = invitations.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
    return { invitations: newest.map(listedInvitation), cursor: last }
  }

  /** @throws {Problem} RECENT_SIGN_IN_REQUIRED, RATE_LIMITED, FORBIDDEN, and as `Invitations.invite`. */
  async invite(caller: Caller, admin: LiveSession, invited: Invited): Promise<ListedInvitation> {
    await this.#count(caller, admin)
    const { invitations } = this.#dependencies
    const invitation = await invitations.invite(...this.#by(caller, admin, invited))
    const { id: targetId, role: to } = invitation
    report(caller.log, 'authz_admin', {
      userId: admin.account.id,
      ...{ action: 'invite', targetId, to },
    })
    return listedInvitation(invitation)
  }

  /** @throws {Problem} RECENT_SIGN_IN_REQUIRED, RATE_LIMITED, FORBIDDEN, and as `Invitations.resend`. */
  async resend(caller: Caller, admin: LiveSession, email: string): Promise<ListedInvitation> {
    await this.#count(caller, admin)
    const { invitations } = this.#dependencies
    const invitation = await invitations.resend(...this.#by(caller, admin, email))
    const { id: targetId, role: to } = invitation
    report(caller.log, 'authz_admin', {
      userId: admin.account.id,
      ...{ action: 'resend_invitation', targetId, to },
    })
    return listedInvitation(invitation)
  }

  /** Never held up: it takes something away. @throws {Problem} FORBIDDEN, and as `Invitations.withdraw`. */
  async withdraw(caller: Caller, admin: LiveSession, email: string): Promise<void> {
    const { invitations } = this.#dependencies
    const { id: targetId } = await invitations.withdraw(...this.#by(caller, admin, email))
    report(caller.log, 'authz_admin', {
      userId: admin.account.id,
      ...{ action: 'withdraw_invitation', targetId },
    })
  }

  #by<Wanted>(caller: Caller, { account }: LiveSession, wanted: Wanted) {
    const acting: Acting = { ...caller, actorId: account.id }
    return [acting, wanted, [this.#dependencies.users.whileAdmin(account.id)]] as const
  }

  async #count({ log, route }: Caller, admin: LiveSession): Promise<void> {
    const { sessions, counter, clock } = this.#dependencies
    sessions.assertRecent(admin)
    const subject = `invitations#${digest(admin.account.id)}`
    const { key, endsAt, resetMs } = windowOf(subject, SENT.windowMs, clock())
    if ((await counter.add(key, 1, endsAt)) <= SENT.max) return
    logExceeded({ log, route })
    throw rateLimited(SENT, resetMs)
  }
}

export const listedInvitation = (invitation: Invitation): ListedInvitation => {
  const { email, role, invitedBy, createdAt, expiresAt } = invitation
  return { email, role, invitedBy, createdAt, expiresAt: new Date(expiresAt).toISOString() }
}
