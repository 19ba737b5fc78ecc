import type { FastifyReply, FastifyRequest } from 'fastify'
import { FREEING_COOKIE } from '../http/cookies.js'
import { DEFAULT_RETURN_TO } from '../http/return-to.js'
import { SealedCookie, type SealingKeys } from '../http/sealed-cookie.js'
import type { Clock } from '../lib/clock.js'
import { cleanName } from '../lib/display-name.js'
import type { Random } from '../lib/random.js'
import type { CurrentSession } from '../sessions/current.js'
import type { SignIn } from '../sign-in/sign-in.js'
import { newTicket, type TicketStore } from '../tickets/store.js'
import type { Held, Identities } from '../users/identities/identities.js'
import type { ProvenProfile } from '../users/identities/identity.js'
import { giveUp } from './ending.js'
import { enter } from './entering.js'
import { FLOW_SECONDS } from './flow.js'

/** A social sign-in whose address an account holds that has not proved it. */
interface Pending {
  /** Lets it be used once. */
  readonly ticket: string
  readonly profile: ProvenProfile
  readonly held: Held
  readonly returnTo: string
}

/** What the person is asked about. */
interface Question {
  readonly email: string
  /** Id of the provider that has proved the address. */
  readonly provider: string
}

export interface FreeingDependencies {
  readonly tickets: TicketStore
  readonly ticketKeys: SealingKeys
  readonly identities: Identities
  readonly signIn: SignIn
  readonly current: CurrentSession
  readonly clock: Clock
  readonly random: Random
}

const MAX_NAME = 100
const EXPIRED = '/login?error=SIGN_IN_EXPIRED'

/** The page that asks. */
export const FREEING_PATH = '/login/free'

/**
 * The question whether an address is to be freed from an account that has not proved it, between the provider's
 * callback and its person's answer. The sign-in is sealed in the browser, and a ticket makes it good once.
 */
export class Freeing {
  readonly #dependencies: FreeingDependencies
  readonly #cookie: SealedCookie<Pending>

  constructor(dependencies: FreeingDependencies) {
    const { ticketKeys: keys, clock } = dependencies
    this.#dependencies = dependencies
    this.#cookie = new SealedCookie<Pending>({
      name: FREEING_COOKIE,
      type: 'latchkey-freeing+jwe',
      label: 'latchkey/freeing',
      seconds: FLOW_SECONDS,
      keys,
      clock,
    })
  }

  /** Keeps the sign-in in the browser until its person has answered. */
  async ask(reply: FastifyReply, pending: Omit<Pending, 'ticket'>): Promise<void> {
    const { tickets, clock, random } = this.#dependencies
    const ticket = newTicket(random)
    await tickets.put('freeing', ticket, {}, clock() + FLOW_SECONDS * 1000)
    await this.#cookie.write(reply, { ...pending, ticket, profile: bounded(pending) })
  }

  /** @returns undefined where this browser is asked nothing. */
  async read(request: FastifyRequest): Promise<Question | undefined> {
    const pending = await this.#cookie.read(request)
    if (!pending) return undefined
    const { held, profile } = pending
    return { email: held.address, provider: profile.provider }
  }

  /** The person says that the address is to be freed: once. Sends them on, whether it succeeds or fails. */
  async confirm(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const pending = await this.#cookie.read(request)
    this.#cookie.drop(reply)
    // A copy of the cookie must be good for nothing either.
    const isGood = pending && (await this.#dependencies.tickets.consume('freeing', pending.ticket))
    return isGood ? this.#signIn(request, reply, pending) : this.#giveOut(request, reply)
  }

  async #signIn(
    request: FastifyRequest,
    reply: FastifyReply,
    { profile, held, returnTo }: Pending,
  ): Promise<FastifyReply> {
    const { identities, signIn } = this.#dependencies
    const { provider } = profile
    try {
      const arrival = await identities.signIn(profile, held.holderId)
      if (arrival.how === 'held') {
        await this.ask(reply, { profile, held: arrival, returnTo })
        return await reply.redirect(FREEING_PATH, 303)
      }
      await enter(signIn, request, reply, { provider, arrival })
      return await reply.redirect(returnTo, 303)
    } catch (error) {
      return giveUp(request, reply, { provider, error, isSignedIn: false, status: 303 })
    }
  }

  /** Too late, or a form that was sent twice: a person who is signed in has got what they wanted. */
  async #giveOut(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const isSignedIn = (await this.#dependencies.current.ofCookies(request)) !== undefined
    return reply.redirect(isSignedIn ? DEFAULT_RETURN_TO : EXPIRED, 303)
  }
}

/** What fits into a cookie: the provider has proved the address, so that its domain alone matters of all domains. */
function bounded({ profile, held: { address } }: Omit<Pending, 'ticket'>): ProvenProfile {
  const { name = '', ...rest } = profile
  const cut = cleanName(name, MAX_NAME)
  const domains = [address.slice(address.lastIndexOf('@') + 1)]
  return { ...rest, domains, ...(cut !== undefined && { name: cut }) }
}
