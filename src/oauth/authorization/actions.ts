import type { FastifyReply, FastifyRequest } from 'fastify'
import { AUTHORIZATION_COOKIE } from '../../http/cookies.js'
import { readParameters } from '../../http/oauth-parameters.js'
import { Problem } from '../../http/problem.js'
import { parkedPath } from '../../http/return-to.js'
import { isSecret, newSecret, type Random } from '../../lib/random.js'
import { withQuery } from '../../lib/with-query.js'
import type { CurrentSession } from '../../sessions/current.js'
import type { LiveSession } from '../../sessions/session.js'
import { authenticateApp, type RegisteredApps } from '../app-authentication.js'
import type { ClientBody } from '../credentials.js'
import { OAuthError, refuseUnless } from '../errors.js'
import { type Authorization, isDocument } from './authorization.js'
import type { Decision } from './decision.js'
import { AuthorizationRefusal, refusedOnPage, requestEnded } from './errors.js'
import { PARKED_SECONDS, type ParkedRequests, REQUEST_URI } from './parked.js'
import { once, parametersOf } from './reader.js'
import type { AskedRequest, Parameters } from './request.js'

export interface AuthorizationActionsOptions extends RegisteredApps {
  readonly authorization: Authorization
  readonly parked: ParkedRequests
  readonly current: CurrentSession
  /** Ids of the identity providers that people can sign in with. */
  readonly providers: readonly string[]
  readonly random: Random
}

type PushedBody = ClientBody & { readonly request_uri?: string }

/** Pages that come before an answer, with the parked request as where they lead back to. */
const PAGES: Readonly<Record<Exclude<Decision, 'grant'>, string>> = {
  'sign-in': '/login',
  'sign-up': '/register',
  'step-up': '/step-up',
  consent: '/consent',
}

/** What `/oauth/authorize` and `/oauth/par` do. */
export class AuthorizationActions {
  readonly #options: AuthorizationActionsOptions

  constructor(options: AuthorizationActionsOptions) {
    this.#options = options
  }

  async ask(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    return redirect(reply, this.#wayOn(request, reply))
  }

  async askByForm({ body }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    return redirect(reply, this.#sameByGet(parametersOf(body)))
  }

  async push(request: FastifyRequest, reply: FastifyReply): Promise<object> {
    const { authorization, parked, clock } = this.#options
    const body = readParameters(request.body) as PushedBody | undefined
    refuseUnless(body !== undefined, 'invalid_request', 'Send each parameter once')
    const client = await authenticateApp(request, body, this.#options)
    // RFC 9126 §2.1.
    const isRequest = body.request_uri === undefined
    refuseUnless(isRequest, 'invalid_request', 'request_uri must not be pushed')
    const parameters = parametersOf({ ...body, client_id: client.clientId })
    const asked = { parameters, at: clock() }
    await authorization.read(asked).catch((error: unknown) => {
      // A program reads the answer: RFC 9126 §2.3.
      const isFault = error instanceof Problem && error.type.status < 500
      throw isFault ? new OAuthError('invalid_request', error.type.title) : error
    })
    const id = await parked.park(asked)
    reply.code(201)
    return { request_uri: REQUEST_URI + id, expires_in: PARKED_SECONDS }
  }

  /** @returns where the browser goes: to the app, or to the page that comes first. */
  async #wayOn(request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const { authorization, current, parked, providers } = this.#options
    const session = await current.resume(request, reply)
    const asked = await this.#asked(request, reply)
    const park = async () => asked.id ?? parked.park(asked, this.#browser(request, reply))
    // A client that is known by a document is read for people who are signed in.
    if (!session && isDocument(asked.parameters)) return pagePath('sign-in', await park())
    const open = await authorization.read(asked, session)
    const decision = authorization.decide(open, session)
    if (decision === 'grant') return authorization.grant(open, session as LiveSession)
    const id = await park()
    const { provider } = open.request
    if (!session && provider !== undefined && providers.includes(provider)) {
      return withQuery(`/api/auth/${provider}`, { returnTo: parkedPath(id) })
    }
    return pagePath(decision, id, session !== undefined)
  }

  /**
   * A form of another site comes without cookies, and the `GET` that follows with them: then it is known whose it is.
   */
  async #sameByGet(parameters: Parameters): Promise<string> {
    const { authorization, parked, clock } = this.#options
    if (pushedId(parameters) !== undefined) return pushedPath(parameters)
    const asked = { parameters, at: clock() }
    if (!isDocument(parameters)) await authorization.read(asked)
    return parkedPath(await parked.park(asked))
  }

  /** The request in the URL, or the parked one that it names. */
  async #asked(request: FastifyRequest, reply: FastifyReply): Promise<AskedRequest> {
    const { parked, clock } = this.#options
    const parameters = parametersOf(request.query)
    const id = pushedId(parameters)
    if (id === undefined) return { parameters, at: clock() }
    const found = await parked.find(id, this.#browser(request, reply))
    const clientId = found?.parameters.client_id
    const { client_id: named = clientId } = parameters
    if (!found || named !== clientId) throw requestEnded()
    return found
  }

  /** What ties requests to this browser: one secret for all its tabs, which lives as long as the newest of them. */
  #browser(request: FastifyRequest, reply: FastifyReply): string {
    const kept = request.readCookie(AUTHORIZATION_COOKIE)
    const browser = isSecret(kept) ? kept : newSecret(this.#options.random)
    reply.writeCookie(AUTHORIZATION_COOKIE, browser, PARKED_SECONDS)
    return browser
  }
}

/** The id of a request that was parked before, where `request_uri` names one. */
function pushedId(parameters: Parameters): string | undefined {
  const uri = once(parameters, 'request_uri')
  return uri?.startsWith(REQUEST_URI) ? uri.slice(REQUEST_URI.length) : undefined
}

/** The same request by `GET`: beside `request_uri` the client alone counts (RFC 9126 §4). */
const pushedPath = ({ client_id: clientId, request_uri: uri }: Parameters): string =>
  withQuery('/oauth/authorize', { client_id: clientId?.toString(), request_uri: String(uri) })

/**
 * Nothing goes to an app that is not proved, and no one is sent unasked to one that is known by a document alone: anyone
 * could have written it, to lead people from here to a page of theirs (RFC 9700 §4.11.2). It would not always work
 * either: the forms before the sign-in know no such app, and browsers stop a redirect to it (CSP `form-action`).
 */
async function redirect(reply: FastifyReply, wayOn: Promise<string>): Promise<FastifyReply> {
  const location = await wayOn.catch((error: unknown) => {
    if (!(error instanceof AuthorizationRefusal)) throw error
    if (error.isOfDocument) throw refusedOnPage(error)
    return error.location
  })
  return reply.redirect(location, 303)
}

function pagePath(page: Exclude<Decision, 'grant'>, id: string, isSignedIn = false): string {
  // The page shows its form to a person who is signed in where something says why.
  const error = page === 'sign-in' && isSignedIn ? 'RECENT_SIGN_IN_REQUIRED' : undefined
  return withQuery(PAGES[page], { error, returnTo: parkedPath(id) })
}
