import { bearerProblem, FORBIDDEN } from '../access-tokens/errors.js'
import type { Part } from '../dynamodb/part.js'
import type { Doer } from '../email/notices.js'
import type { Outbox } from '../email/outbox.js'
import type { MailRequests } from '../email/requests.js'
import type { AdminAct } from '../events/catalogue.js'
import { report } from '../events/report.js'
import type { Place, Trail } from '../events/trail.js'
import type { Caller } from '../http/caller.js'
import { Problem } from '../http/problem.js'
import type { Clock } from '../lib/clock.js'
import { ticketInvalid } from '../tickets/errors.js'
import type { MailTickets } from '../tickets/mail-tickets.js'
import { AccountChanged } from '../users/errors.js'
import type { FactorsRemoval } from '../users/factors.js'
import { pendingRemoval, REMOVAL_WAIT_MS } from '../users/factors-removal.js'
import { retryConflicts } from '../users/retry-conflicts.js'
import type { UsersStore } from '../users/store.js'
import { isAdminAccount, tenureBefore } from '../users/tenure.js'
import type { User } from '../users/user.js'
import {
  administratorTooNew,
  FACTORS_REMOVAL_NOT_FOUND,
  isRemovalVoid,
  OWN_FACTORS,
  secondAdministratorRequired,
} from './errors.js'
import { type RemovalStore, withoutFactors } from './removal-store.js'
import type { FactorRemover } from './remover.js'

export interface FactorsRemovalsDependencies {
  readonly store: RemovalStore
  readonly remover: FactorRemover
  readonly users: Pick<UsersStore, 'findById' | 'whileAdmin'>
  readonly requests: MailRequests
  readonly tickets: MailTickets
  readonly outbox: Outbox
  readonly trail: Trail
  readonly clock: Clock
}

const KIND = 'factors-removal'

/**
 * Recovery of lost second factors by people. One administrator begins it, and the owner of the account has 24 hours to
 * take it back by a mail; another administrator spares the wait. For the account of an administrator both are wanted.
 * Nothing runs when the 24 hours are over: the next sign-in judges it, or an administrator who confirms it.
 */
export class FactorsRemovals {
  readonly #dependencies: FactorsRemovalsDependencies

  constructor(dependencies: FactorsRemovalsDependencies) {
    this.#dependencies = dependencies
  }

  /** Whether the service sends mail at all: without it no owner is told. */
  get isOffered(): boolean {
    return this.#dependencies.requests.hasMail
  }

  /**
   * Begins one, and tells the owner. One that is under way stays as it is, and so do its 24 hours.
   * @param actorId of an administrator, who must be one while it is written.
   * @returns whether this began it.
   * @throws {Problem} OWN_FACTORS, USER_NOT_FOUND, FACTOR_NOT_FOUND, ADMINISTRATOR_TOO_NEW, FORBIDDEN,
   * STORE_UNAVAILABLE.
   */
  async begin(doer: Doer, actorId: string, id: string): Promise<boolean> {
    if (id === actorId) throw new Problem(OWN_FACTORS)
    const { store, remover, clock } = this.#dependencies
    return retryConflicts(async () => {
      const user = await remover.find(id)
      const pending = pendingRemoval(user, clock())
      if (pending && (await this.#isAdmin(pending.by))) return false
      const { parts, ticketId } = await this.#tell(doer, user)
      const now = clock()
      const removal: FactorsRemoval = {
        by: actorId,
        beganAt: new Date(now).toISOString(),
        until: now + REMOVAL_WAIT_MS,
        factorsVersion: user.factorsVersion ?? 0,
        ...(ticketId !== undefined && { ticketId }),
      }
      // Where two are wanted, one who is too new for it would only be in the way.
      const actor = this.#whileAdmin(user, removal, actorId, {
        isOneOfTwo: isOfAdmin(user, removal),
      })
      const event = this.#act(doer, actorId, { action: 'begin_factors_removal', targetId: id })
      await store.write([actor, store.keeping(user, removal), ...parts, event])
      return true
    })
  }

  /**
   * What another administrator does at once, and the first one after 24 hours. At an administrator's account another
   * one confirms at any time, and it is done after the 24 hours.
   * @returns whether the factors are gone.
   * @throws {Problem} OWN_FACTORS, USER_NOT_FOUND, FACTOR_NOT_FOUND, FACTORS_REMOVAL_NOT_FOUND,
   * SECOND_ADMINISTRATOR_REQUIRED, ADMINISTRATOR_TOO_NEW, FORBIDDEN, STORE_UNAVAILABLE.
   */
  async confirm(caller: Caller, actorId: string, id: string): Promise<boolean> {
    if (id === actorId) throw new Problem(OWN_FACTORS)
    const { store, remover, trail, clock } = this.#dependencies
    const isRemoved = await retryConflicts(async () => {
      const user = await remover.find(id)
      const removal = pendingRemoval(user, clock())
      if (!removal) throw new Problem(FACTORS_REMOVAL_NOT_FOUND)
      const actor = this.#whileAdmin(user, removal, actorId)
      const confirmed = confirmedBy(removal, actorId)
      if (this.#isEnough(user, confirmed)) {
        const others = this.#whileWanted(user, confirmed, actorId)
        const event = trail.part(caller, 'authn_factors_removed', { userId: id }, { by: actorId })
        await store.write([actor, ...others, ...remover.removing(caller, user, event)])
        return true
      }
      if (actorId === removal.by) throw secondAdministratorRequired(user, removal)
      const beginner = this.#whileBeginner(user, removal)
      const event = this.#act(caller, actorId, { action: 'confirm_factors_removal', targetId: id })
      await store.write([actor, beginner, store.keeping(user, confirmed), event])
      return false
    })
    if (isRemoved) reportRemoved(caller, id)
    return isRemoved
  }

  /**
   * An administrator takes it back, the one whose account it is included.
   * @throws {Problem} USER_NOT_FOUND, FACTOR_NOT_FOUND, FACTORS_REMOVAL_NOT_FOUND, FORBIDDEN, STORE_UNAVAILABLE.
   */
  async takeBack(place: Place, actorId: string, id: string): Promise<void> {
    const { store, remover, users, clock } = this.#dependencies
    await retryConflicts(async () => {
      const user = await remover.find(id)
      if (!pendingRemoval(user, clock())) throw new Problem(FACTORS_REMOVAL_NOT_FOUND)
      // A transaction touches an item once.
      const actor = id === actorId ? [] : [users.whileAdmin(actorId)]
      const event = this.#act(place, actorId, { action: 'take_back_factors_removal', targetId: id })
      await store.write([...actor, store.keeping(user, undefined), event])
      return true
    })
  }

  /**
   * The owner takes it back by the link of the mail, which needs no session and no factor.
   * @throws {Problem} MAIL_NOT_CONFIGURED, TICKET_INVALID, STORE_UNAVAILABLE.
   */
  async cancel(caller: Caller, ticket: string): Promise<void> {
    const { store, users, requests, tickets, trail, clock } = this.#dependencies
    requests.assertConfigured()
    const record = await tickets.prove(caller, KIND, { ticket })
    const { id, userId } = record.ticket
    await retryConflicts(async () => {
      const user = await users.findById(userId)
      const isOpen = user && tickets.isOf(record, user)
      if (!isOpen || pendingRemoval(user, clock())?.ticketId !== id) throw ticketInvalid()
      const event = trail.part(caller, 'authn_factors_removal_cancelled', { userId })
      await store.write([tickets.consumption(record), store.keeping(user, undefined), event])
      return true
    })
    report(caller.log, 'authn_factors_removal_cancelled', { userId })
  }

  /** As `FactorRemover.unlock`, by an administrator. @throws {Problem} FORBIDDEN, and as there. */
  async unlock(place: Place, actorId: string, id: string): Promise<void> {
    const { remover, users } = this.#dependencies
    const event = this.#act(place, actorId, { action: 'unlock_factors', targetId: id })
    await remover.unlock(id, [...(id === actorId ? [] : [users.whileAdmin(actorId)]), event])
  }

  #act(place: Place, actorId: string, act: AdminAct): Part {
    return this.#dependencies.trail.part(place, 'authz_admin', { userId: actorId, ...act })
  }

  /**
   * Does what 24 hours have made due, when its person has proved the first factor.
   * @param user as they were read.
   * @returns the user without factors; as they were where nothing is due, or no longer is.
   * @throws {Problem} STORE_UNAVAILABLE.
   */
  async settle<U extends User>(caller: Caller, user: U): Promise<U> {
    const { store, remover, trail, clock } = this.#dependencies
    const removal = pendingRemoval(user, clock())
    if (!removal || !this.#isEnough(user, removal)) return user
    try {
      const wanted = this.#whileWanted(user, removal)
      const about = { userId: user.id }
      const event = trail.part(caller, 'authn_factors_removed', about, { by: removal.by })
      await store.write([...wanted, ...remover.removing(caller, user, event)])
    } catch (error) {
      if (isRemovalVoid(error) || error instanceof AccountChanged) return user
      throw error
    }
    reportRemoved(caller, user.id)
    return withoutFactors(user)
  }

  /** Whether all who are wanted have said so, and have waited for as long as they must. */
  #isEnough(user: User, removal: FactorsRemoval): boolean {
    const hasTwo = removal.confirmedBy !== undefined
    const hasWaited = this.#hasWaited(removal)
    return isOfAdmin(user, removal) ? hasWaited && hasTwo : hasWaited || hasTwo
  }

  #hasWaited({ until }: FactorsRemoval): boolean {
    return until <= this.#dependencies.clock()
  }

  /**
   * The parts that are written only while those are administrators whose word it takes.
   * @param actorId is checked anyway.
   */
  #whileWanted(user: User, removal: FactorsRemoval, actorId?: string): Part[] {
    const { confirmedBy: other } = removal
    const beginner = removal.by === actorId ? [] : [this.#whileBeginner(user, removal)]
    if (other === undefined || other === actorId || !this.#takesTwo(user, removal)) return beginner
    const refusal = (): Error => secondAdministratorRequired(user, removal)
    return [...beginner, this.#whileAdmin(user, removal, other, { refusal })]
  }

  /** A removal of an administrator who is none any more comes to nothing. */
  #whileBeginner(user: User, removal: FactorsRemoval): Part {
    const refusal = (): Error => new Problem(FACTORS_REMOVAL_NOT_FOUND)
    return this.#whileAdmin(user, removal, removal.by, { refusal })
  }

  /**
   * The part that is written only while someone is an administrator. One of two has been one since long before it
   * began: an administrator must not make the other.
   */
  #whileAdmin(
    user: User,
    removal: FactorsRemoval,
    id: string,
    {
      isOneOfTwo = this.#takesTwo(user, removal),
      refusal = () => bearerProblem(FORBIDDEN),
    }: { readonly isOneOfTwo?: boolean; readonly refusal?: () => Error } = {},
  ): Part {
    const since = isOneOfTwo ? tenureBefore(removal.beganAt) : undefined
    return {
      ...this.#dependencies.users.whileAdmin(id, since),
      onConflict: (found) =>
        isOneOfTwo && found?.role === 'admin' && found.status === 'active'
          ? administratorTooNew(user, removal, removal.by === id)
          : refusal(),
    }
  }

  #takesTwo(user: User, removal: FactorsRemoval): boolean {
    return isOfAdmin(user, removal) || !this.#hasWaited(removal)
  }

  async #isAdmin(id: string): Promise<boolean> {
    const user = await this.#dependencies.users.findById(id)
    return user?.role === 'admin' && user.status === 'active'
  }

  /** The mail is sent however many there were: each has a link of its own. */
  async #tell(
    { language }: Doer,
    user: User,
  ): Promise<{ readonly parts: readonly Part[]; readonly ticketId?: string }> {
    const { requests, tickets, outbox } = this.#dependencies
    const { email: to } = user
    if (!requests.hasMail || to === undefined) return { parts: [] }
    const { ticket, item } = await tickets.issue({ kind: KIND, address: to, user })
    const kind = 'factors-removal-begun'
    const mail = outbox.item({ kind, to, isDecoy: false, language, ticket })
    return { parts: [{ item }, { item: mail }], ticketId: ticket.id }
  }
}

/** Whether it follows the rules of administrators' accounts, from its beginning or by now. */
const isOfAdmin = (user: User, { beganAt }: FactorsRemoval): boolean =>
  isAdminAccount(user, Date.parse(beganAt))

/** A removal with the word of another administrator than the one who began it. */
const confirmedBy = (removal: FactorsRemoval, actorId: string): FactorsRemoval =>
  actorId === removal.by ? removal : { ...removal, confirmedBy: actorId }

const reportRemoved = ({ log }: Caller, userId: string): void =>
  report(log, 'authn_factors_removed', { userId })
