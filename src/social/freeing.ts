import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../http/caller.js'
import { FREEING_COOKIE } from '../http/cookies.js'
import { DEFAULT_RETURN_TO, otherThanDefault } from '../http/return-to.js'
import { SealedCookie, type SealingKeys } from '../http/sealed-cookie.js'
import type { Clock } from '../lib/clock.js'
import { withQuery } from '../lib/with-query.js'
import type { CurrentSession } from '../sessions/current.js'
import { HalfWayFlows } from '../sign-in/half-way-flow.js'
import { arrive, giveUp } from './ending.js'
import type { Entrance, Question } from './entrance.js'
import { FLOW_SECONDS } from './flow.js'

/** What the person is asked about. */
interface Asked {
  readonly email: string
  /** Id of the provider that has proved the address. */
  readonly provider: string
  /** Where the sign-in should end; undefined for the account's own page. */
  readonly returnTo: string | undefined
}

export interface FreeingDependencies {
  readonly entrance: Entrance
  readonly ticketKeys: SealingKeys
  readonly current: CurrentSession
  readonly clock: Clock
}

/** Keeps a question in its browser until its person has answered. */
export const questionCookie = (keys: SealingKeys, clock: Clock): SealedCookie<Question> =>
  new SealedCookie({
    name: FREEING_COOKIE,
    type: 'latchkey-freeing+jwe',
    label: 'latchkey/freeing',
    seconds: FLOW_SECONDS,
    keys,
    clock,
  })

/**
 * The question whether an address is to be freed from an account that has not proved it, between the provider's
 * callback and its person's answer. The sign-in is sealed in the browser, and a ticket makes it good once.
 */
export class Freeing {
  readonly #dependencies: FreeingDependencies
  readonly #cookie: SealedCookie<Question>

  constructor(dependencies: FreeingDependencies) {
    const { ticketKeys, clock } = dependencies
    this.#dependencies = dependencies
    this.#cookie = questionCookie(ticketKeys, clock)
  }

  /** @returns undefined where this browser is asked nothing. */
  async read(request: FastifyRequest): Promise<Asked | undefined> {
    const question = await this.#cookie.read(request)
    if (!question) return undefined
    const { held, profile, returnTo } = question
    return { email: held.address, provider: profile.provider, returnTo: otherThanDefault(returnTo) }
  }

  /**
   * The person says that the address is to be freed. Sends them on, whether it succeeds or fails.
   * @param onward where the page says that the sign-in should end.
   */
  async confirm(
    request: FastifyRequest,
    reply: FastifyReply,
    onward: string | undefined,
  ): Promise<FastifyReply> {
    const { current, entrance } = this.#dependencies
    const question = await this.#cookie.read(request)
    const isTaken = question !== undefined && (await entrance.take(question))
    // Not before: where the store is unavailable, the person presses the button again.
    this.#cookie.drop(reply)
    if (!isTaken) {
      // Too late, or a form that was sent twice: a person who is signed in has got what they wanted.
      const returnTo = question?.returnTo ?? onward
      const isSignedIn = (await current.ofCookies(request)) !== undefined
      if (isSignedIn) return reply.redirect(returnTo ?? DEFAULT_RETURN_TO, 303)
      const expired = { error: 'SIGN_IN_EXPIRED', returnTo: otherThanDefault(returnTo) }
      return reply.redirect(withQuery('/login', expired), 303)
    }
    const { returnTo, isShort } = question
    const { provider } = question.profile
    try {
      const entry = await entrance.free(callerOf(request), question)
      return await arrive(reply, entry, {
        questions: this.#cookie,
        halfWay: new HalfWayFlows(this.#dependencies),
        status: 303,
      })
    } catch (error) {
      const stop = { provider, error, returnTo, isShort, isSignedIn: false }
      return giveUp(request, reply, { ...stop, status: 303 })
    }
  }
}
