import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { SecretKeyRing } from '../keyring/secret-ring.js'
import type { Clock } from '../lib/clock.js'
import { cleanName } from '../lib/display-name.js'
import { FREEING_COOKIE } from '../http/cookies.js'
import type { Random } from '../lib/random.js'
import { DEFAULT_RETURN_TO } from '../http/return-to.js'
import { SealedCookie } from '../http/sealed-cookie.js'
import { newTicket, type TicketStore } from '../tickets/store.js'
import { giveUp } from './ending.js'
import { enter, type SignedIn } from './entering.js'
import { FLOW_SECONDS } from './flow.js'
import type { ProvenProfile } from './profile.js'

/** A social sign-in whose address an account holds that has not proved it. */
interface Pending {
  /** Lets it be used once. */
  readonly ticket: string
  readonly profile: ProvenProfile
  readonly held: Held
  readonly returnTo: string
}

type Held = Extract<SignedIn, { readonly how: 'held' }>

/** What the person is asked about. */
interface Question {
  readonly email: string
  /** Id of the provider that has proved the address. */
  readonly provider: string
}

export interface FreeingOptions {
  readonly tickets: TicketStore
  readonly ticketKeys: SecretKeyRing
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
export default fp<FreeingOptions>(
  async function freeing(app, { tickets, ticketKeys, clock, random }) {
    const cookie = new SealedCookie<Pending>({
      name: FREEING_COOKIE,
      type: 'latchkey-freeing+jwe',
      label: 'latchkey/freeing',
      seconds: FLOW_SECONDS,
      keys: ticketKeys,
      clock,
    })

    const ask = async (reply: FastifyReply, pending: Omit<Pending, 'ticket'>): Promise<void> => {
      const ticket = newTicket(random)
      await tickets.put('freeing', ticket, {}, clock() + FLOW_SECONDS * 1000)
      await cookie.write(reply, { ...pending, ticket, profile: bounded(pending) })
    }

    /** Too late, or a form that was sent twice: a person who is signed in has got what they wanted. */
    const giveOut = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const isSignedIn = (await app.currentSession(request)) !== undefined
      return reply.redirect(isSignedIn ? DEFAULT_RETURN_TO : EXPIRED, 303)
    }

    const signIn = async (
      request: FastifyRequest,
      reply: FastifyReply,
      { profile, held, returnTo }: Pending,
    ): Promise<FastifyReply> => {
      const { provider } = profile
      try {
        const arrival = await app.identities.signIn(profile, held.holderId)
        if (arrival.how === 'held') {
          await ask(reply, { profile, held: arrival, returnTo })
          return await reply.redirect(FREEING_PATH, 303)
        }
        await enter(request, reply, { provider, arrival })
        return await reply.redirect(returnTo, 303)
      } catch (error) {
        return giveUp(request, reply, { provider, error, isSignedIn: false, status: 303 })
      }
    }

    app.decorate('freeing', {
      ask,
      async read(request) {
        const pending = await cookie.read(request)
        if (!pending) return undefined
        const { held, profile } = pending
        return { email: held.address, provider: profile.provider }
      },
      async confirm(request, reply) {
        const pending = await cookie.read(request)
        cookie.drop(reply)
        // A copy of the cookie must be good for nothing either.
        const isGood = pending && (await tickets.consume('freeing', pending.ticket))
        return isGood ? signIn(request, reply, pending) : giveOut(request, reply)
      },
    } satisfies Freeing)
  },
  {
    name: 'freeing',
    fastify: '5.x',
    dependencies: ['users', 'sessions', 'session-actions', 'cookies'],
  },
)

/** What fits into a cookie: the provider has proved the address, so that its domain alone matters of all domains. */
function bounded({ profile, held: { address } }: Omit<Pending, 'ticket'>): ProvenProfile {
  const { name = '', ...rest } = profile
  const cut = cleanName(name, MAX_NAME)
  const domains = [address.slice(address.lastIndexOf('@') + 1)]
  return { ...rest, domains, ...(cut !== undefined && { name: cut }) }
}

interface Freeing {
  /** Keeps the sign-in in the browser until its person has answered. */
  ask(reply: FastifyReply, pending: Omit<Pending, 'ticket'>): Promise<void>
  /** @returns undefined where this browser is asked nothing. */
  read(request: FastifyRequest): Promise<Question | undefined>
  /** The person says that the address is to be freed: once. Sends them on, whether it succeeds or fails. */
  confirm(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Missing where no provider is configured. */
    freeing?: Freeing
  }
}
