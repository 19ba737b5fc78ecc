import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as Type from 'typebox'
import type { TSchema } from 'typebox'
import { callerOf } from '../http/caller.js'
import type { SecretKeyRing } from '../keyring/secret-ring.js'
import type { Clock } from '../lib/clock.js'
import type { Late } from '../lib/late.js'
import { renderFailure } from '../http/errors.js'
import { problems } from '../http/openapi/problems.js'
import { isNavigation } from '../http/navigation.js'
import { readParameters } from '../http/oauth-parameters.js'
import { isOutage, Problem } from '../http/problem.js'
import type { Random } from '../lib/random.js'
import type { CurrentSession } from '../sessions/current.js'
import type { Sessions } from '../sessions/sessions.js'
import { HalfWayFlows } from '../sign-in/half-way-flow.js'
import type { Identities } from '../users/identities/identities.js'
import { createClient } from './client.js'
import { arrive, giveUp } from './ending.js'
import type { Entrance } from './entrance.js'
import { FOREIGN_LINK, RETURN_TO_INVALID } from './errors.js'
import type { Flow } from './flow.js'
import { FlowCookies } from './flow-cookies.js'
import { questionCookie } from './freeing.js'
import type { Provider } from './provider.js'
import { ProviderSignIn, type Visitor } from './provider-sign-in.js'
import { DEFAULT_RETURN_TO, isReturnTo } from '../http/return-to.js'
import { isSpeculative, sendNothing } from '../http/speculation.js'
import type { TicketStore } from '../tickets/store.js'
import { CallbackQuery, StartQuery } from './schemas.js'
import { UsedFlows } from './used-flows.js'

export interface ProviderRoutesOptions {
  readonly tickets: TicketStore
  readonly ticketKeys: SecretKeyRing
  readonly identities: Late<Identities>
  readonly sessions: Sessions
  readonly current: CurrentSession
  readonly entrance: Entrance
  readonly provider: Provider
  readonly issuer: string
  /** Other origins that a sign-in may end at. */
  readonly returnOrigins: readonly string[]
  /** How long the provider may take for one answer. */
  readonly timeoutMs: number
  readonly clock: Clock
  readonly random: Random
}

/** Start and callback of one provider. */
const providerRoutes: FastifyPluginAsyncTypebox<ProviderRoutesOptions> = async (app, options) => {
  const { tickets, ticketKeys, current, clock, random } = options
  const { provider, issuer, returnOrigins, timeoutMs } = options
  const { entrance, identities, sessions } = options
  const path = `/api/auth/${provider.id}`
  const redirectUri = `${issuer}${path}/callback`
  const client = createClient({ provider, redirectUri, timeoutMs, clock, random })
  const used = new UsedFlows(tickets, clock)
  const signIn = new ProviderSignIn({ provider, client, entrance, identities, sessions, used })
  const flows = new FlowCookies(ticketKeys, clock)
  const questions = questionCookie(ticketKeys, clock)
  const halfWay = new HalfWayFlows({ ticketKeys, clock })

  const visitorOf = (request: FastifyRequest): Visitor => ({
    caller: callerOf(request),
    session: () => current.ofCookies(request),
  })

  app.addHook('onRequest', async (request, reply) => {
    if (isSpeculative(request)) return sendNothing(reply)
  })

  /** What fails before a handler is reached: the count of requests, when the store is unavailable. */
  const failing = (error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    if (isOutage(error) && isNavigation(request)) void stop(request, reply, error)
    else void renderFailure(error, request, reply)
  }

  app.get(
    path,
    {
      config: { rateLimit: {} },
      errorHandler: failing,
      schema: {
        tags: ['Social sign-in'],
        summary: `Sign in with ${provider.name}`,
        description:
          'For a browser to go to. Without an answer from the provider, people are sent on to `/login?error=CODE`, and programs get 503. `HEAD` and prefetches get 204 and start nothing.',
        security: [],
        querystring: StartQuery,
        response: { 204: NOTHING, 302: REDIRECT, ...problems(400, 403, 429, 502, 503) },
      },
    },
    async (request, reply) => {
      const { returnTo = DEFAULT_RETURN_TO, keepSignedIn, link } = request.query
      if (!isReturnTo(returnTo, { issuer, origins: returnOrigins })) {
        throw new Problem(RETURN_TO_INVALID)
      }
      if (link !== undefined) assertOwnPage(request)
      try {
        const wish = { returnTo, isShort: keepSignedIn === 'no', isLink: link !== undefined }
        const { url, flow } = await signIn.begin(visitorOf(request), wish)
        await flows.put(request, reply, flow)
        return await reply.redirect(url.href, 302)
      } catch (error) {
        if (!isNavigation(request)) throw error
        return await stop(request, reply, error, { returnTo, isShort: keepSignedIn === 'no' })
      }
    },
  )

  app.get(
    `${path}/callback`,
    {
      config: { rateLimit: {} },
      errorHandler: failing,
      async preValidation(request) {
        request.query = readParameters(request.query) ?? request.query
      },
      schema: {
        tags: ['Social sign-in'],
        summary: `Where ${provider.name} sends the browser back to`,
        description:
          'Tokens in HttpOnly cookies, never in a URL; failures go to `/login?error=CODE`, or to `/dashboard?error=CODE` for a person who is signed in.',
        security: [],
        querystring: CallbackQuery,
        response: { 204: NOTHING, 302: REDIRECT, ...problems(400, 429) },
      },
    },
    async (request, reply) => {
      const { query } = request
      const { state } = query
      let flow: Flow | undefined
      const end = () => {
        if (state !== undefined) flows.drop(request, reply, state)
      }
      try {
        flow = state === undefined ? undefined : await flows.read(request, state)
        const outcome = await signIn.complete(visitorOf(request), flow, query)
        end()
        return await arrive(reply, outcome, { questions, halfWay })
      } catch (error) {
        // Where the store is unavailable, the person goes back and tries again.
        const isStoreAway = error instanceof Problem && error.type.code === 'STORE_UNAVAILABLE'
        if (!isStoreAway) end()
        return await stop(request, reply, error, flow)
      }
    },
  )

  /** Says what went wrong where the person is: a session that goes on has its own page. */
  async function stop(
    request: FastifyRequest,
    reply: FastifyReply,
    error: unknown,
    { returnTo, isShort }: Pick<Flow, 'isShort'> & { readonly returnTo?: string } = {},
  ) {
    return giveUp(request, reply, {
      provider: provider.id,
      error,
      returnTo,
      isShort,
      isSignedIn: await isSignedIn(request),
    })
  }

  async function isSignedIn(request: FastifyRequest): Promise<boolean> {
    try {
      return (await current.ofCookies(request)) !== undefined
    } catch (error) {
      if (error instanceof Problem) return false
      throw error
    }
  }
}

export default providerRoutes

const REDIRECT: TSchema = Type.Null({ description: 'On to the next page' })

const NOTHING: TSchema = Type.Null({ description: 'A prefetch or HEAD, which has no effect' })

/**
 * A page of another site could have signed the browser in to its own identity at the provider, and have it
 * linked here. So the browser must say that our own page has sent it; `Sec-Fetch-Site: none` (a link in an
 * e-mail) is refused.
 */
function assertOwnPage({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site']
  if (site !== 'same-origin') {
    throw new Problem(FOREIGN_LINK, {
      detail: 'The browser must send Sec-Fetch-Site: same-origin, as all current ones do.',
    })
  }
}
