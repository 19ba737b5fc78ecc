import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as Type from 'typebox'
import type { TSchema } from 'typebox'
import { report } from '../events/report.js'
import type { SecretKeyRing } from '../keyring/secret-ring.js'
import type { Clock } from '../lib/clock.js'
import { renderFailure } from '../http/errors.js'
import { problems } from '../http/openapi/problems.js'
import { isNavigation } from '../http/navigation.js'
import { readParameters } from '../http/oauth-parameters.js'
import { isOutage, Problem } from '../http/problem.js'
import type { Random } from '../lib/random.js'
import type { CurrentSession } from '../sessions/current.js'
import type { Sessions } from '../sessions/sessions.js'
import type { SignIn } from '../sign-in/sign-in.js'
import type { Identities } from '../users/identities/identities.js'
import type { ProvenProfile } from '../users/identities/identity.js'
import { type AuthorizationResponse, type Client, createClient } from './client.js'
import { arrive, giveUp } from './ending.js'
import { enter } from './entering.js'
import {
  FOREIGN_LINK,
  providerError,
  providerUnavailable,
  RETURN_TO_INVALID,
  signInProblem,
} from './errors.js'
import type { Flow } from './flow.js'
import { FlowCookies } from './flow-cookies.js'
import { type Freeing, FREEING_PATH } from './freeing.js'
import type { Provider } from './provider.js'
import { DEFAULT_RETURN_TO, isReturnTo } from '../http/return-to.js'
import { isSpeculative, sendNothing } from '../http/speculation.js'
import type { TicketStore } from '../tickets/store.js'
import { CallbackQuery, StartQuery } from './schemas.js'
import { UsedFlows } from './used-flows.js'

export interface ProviderRoutesOptions {
  readonly tickets: TicketStore
  readonly ticketKeys: SecretKeyRing
  readonly identities: Identities
  readonly sessions: Sessions
  readonly current: CurrentSession
  readonly signIn: SignIn
  readonly freeing: Freeing
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
  const { tickets, ticketKeys, clock, random } = options
  const { provider, issuer, returnOrigins, timeoutMs } = options
  const { identities, sessions, current, freeing } = options
  const path = `/api/auth/${provider.id}`
  const redirectUri = `${issuer}${path}/callback`
  const client: Client = createClient({ provider, redirectUri, timeoutMs, clock, random })
  const flows = new FlowCookies(ticketKeys, clock)
  const used = new UsedFlows(tickets, clock)

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
      const { returnTo = DEFAULT_RETURN_TO, link } = request.query
      if (!isReturnTo(returnTo, { issuer, origins: returnOrigins })) {
        throw new Problem(RETURN_TO_INVALID)
      }
      if (link !== undefined) assertOwnPage(request)
      try {
        const linkIn = link === undefined ? undefined : await sessionToLink(request)
        const { url, ...begun } = await client.begin(request)
        if (linkIn && provider.linkPrompt !== undefined) {
          url.searchParams.set('prompt', provider.linkPrompt)
        }
        const flow = { ...begun, provider: provider.id, returnTo, ...(linkIn && { link: linkIn }) }
        await flows.put(request, reply, flow)
        return await reply.redirect(url.href, 302)
      } catch (error) {
        if (!isNavigation(request)) throw error
        return await stop(request, reply, error)
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
      try {
        const flow = await takeFlow(request, reply, request.query)
        if (!flow) return await repeated(request, reply, request.query)
        const code = await codeOf(request.query)
        // The flow's cookie is gone from its browser, but a copy of it must be good for nothing either.
        if (!(await used.use(flow.state))) return await repeated(request, reply, request.query)
        const profile = await client.complete(code, flow)
        if (!flow.link) return await signIn(request, reply, { profile, flow })
        return await succeed(reply, flow, await linkIn(request, flow.link, profile))
      } catch (error) {
        return await stop(request, reply, error)
      }
    },
  )

  /** A flow of this provider that this browser has begun. */
  async function takeFlow(
    request: FastifyRequest,
    reply: FastifyReply,
    { state }: AuthorizationResponse,
  ): Promise<Flow | undefined> {
    const flow = state === undefined ? undefined : await flows.take(request, reply, state)
    return flow?.provider === provider.id ? flow : undefined
  }

  async function codeOf(response: AuthorizationResponse): Promise<string> {
    await client.assertIssuer(response)
    const { error, code } = response
    if (error !== undefined) throw refusalOf(error)
    if (code === undefined) throw providerError('code_missing')
    return code
  }

  /** The back button, a callback sent twice: the flow has succeeded, and its user is signed in. */
  async function repeated(
    request: FastifyRequest,
    reply: FastifyReply,
    { state }: AuthorizationResponse,
  ): Promise<FastifyReply> {
    const session = state === undefined ? undefined : await current.ofCookies(request)
    if (state !== undefined && session && (await used.findUser(state)) === session.account.id) {
      return arrive(reply, DEFAULT_RETURN_TO)
    }
    throw signInProblem('SIGN_IN_EXPIRED')
  }

  /** Says what went wrong where the person is: a session that goes on has its own page. */
  async function stop(request: FastifyRequest, reply: FastifyReply, error: unknown) {
    return giveUp(request, reply, {
      provider: provider.id,
      error,
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

  async function signIn(
    request: FastifyRequest,
    reply: FastifyReply,
    { profile, flow }: { readonly profile: ProvenProfile; readonly flow: Flow },
  ): Promise<FastifyReply> {
    const arrival = await identities.signIn(profile)
    if (arrival.how === 'held') {
      await freeing.ask(reply, { profile, held: arrival, returnTo: flow.returnTo })
      return arrive(reply, FREEING_PATH)
    }
    return succeed(
      reply,
      flow,
      await enter(options.signIn, request, reply, { provider: provider.id, arrival }),
    )
  }

  async function succeed(reply: FastifyReply, { state, returnTo }: Flow, userId: string) {
    await used.recordSuccess(state, userId)
    return arrive(reply, returnTo)
  }

  /** The session that began the link must be the browser's still, and alive. */
  async function linkIn(request: FastifyRequest, began: LinkSession, profile: ProvenProfile) {
    const session = await current.ofCookies(request)
    if (session?.sessionId !== began.sessionId) throw signInProblem('SIGN_IN_REQUIRED')
    await identities.link(session.account, profile)
    const userId = session.account.id
    report(request.log, 'identity_linked', { userId, provider: provider.id })
    return userId
  }

  async function sessionToLink(request: FastifyRequest): Promise<LinkSession> {
    const session = await current.ofCookies(request)
    if (!session) throw signInProblem('SIGN_IN_REQUIRED')
    sessions.assertRecent(session)
    return { userId: session.account.id, sessionId: session.sessionId }
  }
}

export default providerRoutes

const REDIRECT: TSchema = Type.Null({ description: 'On to the next page' })

const NOTHING: TSchema = Type.Null({ description: 'A prefetch or HEAD, which has no effect' })

type LinkSession = NonNullable<Flow['link']>

/** RFC 6749 §4.1.2.1, of which a person can fix the first. */
function refusalOf(error: string): Problem {
  if (error === 'access_denied') return signInProblem('ACCESS_DENIED')
  if (error === 'temporarily_unavailable' || error === 'server_error') {
    return providerUnavailable(error)
  }
  return providerError('authorization_error')
}

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
