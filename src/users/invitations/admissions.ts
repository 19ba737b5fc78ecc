import type { Part } from '../../dynamodb/part.js'
import type { OtherActor, Place, Trail } from '../../events/trail.js'
import { Problem } from '../../http/problem.js'
import { ticketInvalid } from '../../tickets/errors.js'
import { SIGN_UP_CLOSED } from '../errors.js'
import { isAdmitted, type SignUpPolicy } from '../sign-up.js'
import type { UsersStore } from '../store.js'
import type { Role, User } from '../user.js'
import type { Invitation } from './invitation.js'
import type { InvitationsStore } from './store.js'

export interface AdmissionsDependencies {
  readonly invitations: InvitationsStore
  readonly users: Pick<UsersStore, 'findById' | 'whileAdmin'>
  readonly signUp: SignUpPolicy
  readonly trail: Trail
}

/** What the owner of a proved address may make an account as. */
export interface Admission {
  readonly role: Role
  /** The invitation that the account uses up, if there is one. */
  readonly invitation?: Invitation
  /** What is written in the transaction that makes the account: the end of the invitation, and its event. */
  readonly parts: (place: Place, userId: string) => readonly Part[]
}

const COMMAND_LINE: OtherActor = 'command-line'

const BY_POLICY: Admission = { role: 'user', parts: () => [] }

/** Who may make an account: one rule for every way in that proves an address. */
export class Admissions {
  readonly #dependencies: AdmissionsDependencies

  constructor(dependencies: AdmissionsDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * What an address may make an account as, by its invitation or by the policy.
   * @param address proved, in its normal form.
   * @returns undefined for one that may make none.
   */
  async find(address: string): Promise<Admission | undefined> {
    const { signUp, invitations } = this.#dependencies
    if (signUp === 'closed') return undefined
    const invitation = await invitations.find(address)
    if (invitation && (await this.#isBacked(invitation))) return this.#invited(invitation)
    return isAdmitted(signUp, address) ? BY_POLICY : undefined
  }

  /** The same. @throws {Problem} SIGN_UP_CLOSED for one that may make none. */
  async admit(address: string): Promise<Admission> {
    const admission = await this.find(address)
    if (!admission) throw new Problem(SIGN_UP_CLOSED)
    return admission
  }

  /** The open invitation of an address, unless no one may make an account. */
  async invitationOf(address: string): Promise<Invitation | undefined> {
    const { signUp, invitations } = this.#dependencies
    return signUp === 'closed' ? undefined : invitations.find(address)
  }

  /** An administrator is made in the name of one: who is none any more makes none. */
  async #isBacked({ role, invitedBy }: Invitation): Promise<boolean> {
    if (role !== 'admin' || invitedBy === COMMAND_LINE) return true
    const by = await this.#dependencies.users.findById(invitedBy)
    return by?.role === 'admin' && by.status === 'active'
  }

  #invited(invitation: Invitation): Admission {
    const { invitations, users, trail } = this.#dependencies
    const { id: invitationId, role, invitedBy } = invitation
    const needsAdmin = role === 'admin' && invitedBy !== COMMAND_LINE
    return {
      role,
      invitation,
      parts: (place, userId) => [
        invitations.ending(invitation, ticketInvalid),
        ...(needsAdmin ? [{ ...users.whileAdmin(invitedBy), onConflict: ticketInvalid }] : []),
        trail.part(place, 'invitation_accepted', { userId, invitationId }, { facts: { to: role } }),
      ],
    }
  }
}

/** An account that is about to be made, with the role that it is admitted with. */
export const admittedAs = <U extends User>(user: U, { role }: Admission): U => ({
  ...user,
  role,
  ...(role === 'admin' && { adminSince: user.createdAt }),
})
