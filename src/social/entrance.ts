import { report } from '../events/report.js'
import type { Caller } from '../http/caller.js'
import type { Clock } from '../lib/clock.js'
import { cleanName } from '../lib/display-name.js'
import type { Late } from '../lib/late.js'
import type { Random } from '../lib/random.js'
import type { Grant } from '../sessions/sessions.js'
import type { SignIn } from '../sign-in/sign-in.js'
import { newTicket, type TicketStore } from '../tickets/store.js'
import type { Problem } from '../http/problem.js'
import { isHalfWay } from '../users/errors.js'
import type { Arrival, Held, Identities } from '../users/identities/identities.js'
import { identityId, type ProvenProfile } from '../users/identities/identity.js'
import { FLOW_SECONDS } from './flow.js'

export interface EntranceDependencies {
  readonly tickets: TicketStore
  readonly identities: Late<Identities>
  readonly signIn: SignIn
  readonly clock: Clock
  readonly random: Random
}

/** A social sign-in whose address an account holds that has not proved it. */
export interface Question {
  /** Lets it be answered once. */
  readonly ticket: string
  readonly profile: ProvenProfile
  readonly held: Held
  readonly returnTo: string
  /** On a computer that others use. */
  readonly isShort?: boolean | undefined
}

/** What comes of a person whom a provider has proved. */
export type Entry =
  /** A session is open, whose tokens are to be delivered. */
  | { readonly what: 'entered'; readonly grant: Grant; readonly returnTo: string }
  /** The sign-in was right so far: a mail or a second factor is to complete it. */
  | {
      readonly what: 'half-way'
      readonly error: Problem
      readonly email?: string | undefined
      readonly returnTo: string
      readonly isShort?: boolean | undefined
    }
  /** The person is to say whether the address is to be freed. */
  | { readonly what: 'asked'; readonly question: Question }

interface Entering {
  readonly profile: ProvenProfile
  readonly returnTo: string
  readonly isShort?: boolean | undefined
  /** The account that the person wants the address to be freed from. */
  readonly freeFrom?: string
}

const MAX_NAME = 100

/** How people get in whom a provider has proved: at once, or after a question. */
export class Entrance {
  readonly #dependencies: EntranceDependencies

  constructor(dependencies: EntranceDependencies) {
    this.#dependencies = dependencies
  }

  /** @throws {Problem} as `Identities.signIn`; STORE_UNAVAILABLE. */
  async enter(caller: Caller, { profile, returnTo, isShort, freeFrom }: Entering): Promise<Entry> {
    const { identities, signIn } = this.#dependencies
    const { provider } = profile
    const arrival = await identities.signIn(caller, profile, freeFrom)
    if (arrival.how === 'held') return this.#ask({ profile, held: arrival, returnTo, isShort })
    reportArrival(caller, provider, arrival)
    const arriving = {
      transport: 'cookies',
      method: 'provider',
      provider,
      identityId: identityId(profile),
      isShort,
    } as const
    try {
      const grant = await signIn.completeSignIn(caller, arrival.user, arriving)
      return { what: 'entered', grant, returnTo }
    } catch (error) {
      if (!isHalfWay(error)) throw error
      return { what: 'half-way', error, email: arrival.user.email, returnTo, isShort }
    }
  }

  /** Takes a question out of the world: a copy of it must be good for nothing. @returns true for one caller. */
  async take({ ticket }: Question): Promise<boolean> {
    return (await this.#dependencies.tickets.consume('freeing', ticket)) !== undefined
  }

  /** The person says that the address is to be freed. @throws {Problem} as `enter`. */
  free(caller: Caller, { profile, held, returnTo, isShort }: Question): Promise<Entry> {
    return this.enter(caller, { profile, returnTo, isShort, freeFrom: held.holderId })
  }

  async #ask(asked: Omit<Question, 'ticket'>): Promise<Entry> {
    const { tickets, clock, random } = this.#dependencies
    const ticket = newTicket(random)
    await tickets.put('freeing', ticket, {}, clock() + FLOW_SECONDS * 1000)
    return { what: 'asked', question: { ...asked, ticket, profile: bounded(asked) } }
  }
}

/**
 * What fits into a cookie, where the question is kept. The provider has proved the address, so that its domain alone
 * matters of all domains.
 */
function bounded({ profile, held: { address } }: Omit<Question, 'ticket'>): ProvenProfile {
  const { name = '', ...rest } = profile
  const cut = cleanName(name, MAX_NAME)
  const domains = [address.slice(address.lastIndexOf('@') + 1)]
  return { ...rest, domains, ...(cut !== undefined && { name: cut }) }
}

function reportArrival({ log }: Caller, provider: string, arrival: Arrival): void {
  const { user, how } = arrival
  const who = { userId: user.id, provider }
  if (how === 'freed') report(log, 'address_freed', { userId: arrival.freedFrom, provider })
  if (how === 'created' || how === 'freed') report(log, 'user_created', who)
  if (how === 'linked') report(log, 'identity_linked', who)
}
