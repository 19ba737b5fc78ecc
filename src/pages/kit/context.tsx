import type { FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { ASKED_COOKIE, AUTHORIZATION_COOKIE } from '../../http/cookies.js'
import { isReturnTo, parkedIdOf, parkedPath } from '../../http/return-to.js'
import { judgeError } from '../../http/errors.js'
import { isOutage, type ProblemType, Problem } from '../../http/problem.js'
import { withQuery } from '../../lib/with-query.js'
import type { Glimpse } from '../../oauth/authorization/authorization.js'
import type { Decision } from '../../oauth/authorization/decision.js'
import { AuthorizationRefusal } from '../../oauth/authorization/errors.js'
import { PARKED_SECONDS } from '../../oauth/authorization/parked.js'
import type { OpenRequest } from '../../oauth/authorization/request.js'
import { type Assets, makeAssets } from './assets.js'
import { queryOf } from './query.js'
import { languageOf } from './language.js'
import { formTargetOf, pagePolicy } from './policy.js'
import type { PageServices, PagesOptions } from './options.js'
import { STEP_UP } from './paths.js'
import { en, type TextKey } from '../texts/en.js'
import type { Notice, View } from './view.js'
import type { Owner } from './account-page.js'

export const openContext = async (options: PagesOptions): Promise<PageContext> =>
  new PageContext(options, await options.services(), await makeAssets(options.brand))

/** What every handler of a page works with. */
export class PageContext {
  readonly options: PagesOptions
  readonly services: PageServices
  readonly assets: Assets

  constructor(options: PagesOptions, services: PageServices, assets: Assets) {
    this.options = options
    this.services = services
    this.assets = assets
  }

  view(request: FastifyRequest): View {
    const language = languageOf(request.headers['accept-language'])
    return { language, brand: this.options.brand, assets: this.assets }
  }

  send(reply: FastifyReply, page: VNode, status = 200): FastifyReply {
    return reply
      .code(status)
      .type('text/html; charset=utf-8')
      .send(`<!doctype html>${renderToString(page)}`)
  }

  /** What the query says has happened, in the words of a closed list; nothing else of it is shown. */
  notice(request: FastifyRequest): Notice | undefined {
    const { error, done } = queryOf(request)
    const { text } = this.view(request).language
    const [failed, succeeded] = [`error.${error}`, `done.${done}`]
    if (isTextKey(failed)) return { tone: 'bad', text: text(failed) }
    return isTextKey(succeeded) ? { tone: 'good', text: text(succeeded) } : undefined
  }

  /** Where the sign-in should end, if it may end there. */
  returnTo(given: string | undefined): string | undefined {
    const { issuer, returnOrigins: origins } = this.options
    return given !== undefined && isReturnTo(given, { issuer, origins }) ? given : undefined
  }

  /**
   * The app that has sent a person here, where the page leads back to it. A form of the page may end where that app gets
   * its answer.
   */
  async asking(
    request: FastifyRequest,
    reply: FastifyReply,
    returnTo: string | undefined,
  ): Promise<Glimpse | undefined> {
    const id = parkedIdOf(returnTo)
    if (id === undefined) return undefined
    const browser = request.readCookie(AUTHORIZATION_COOKIE)
    const asking = await this.services.authorization.glimpse(id, browser)
    this.leadTo(reply, asking?.redirectUri)
    return asking
  }

  /** Keeps where a person goes on who makes their account by the mail of an invitation, which no page has asked for. */
  keepAsked(reply: FastifyReply, returnTo: string | undefined): void {
    const id = parkedIdOf(returnTo)
    if (id !== undefined) reply.writeCookie(ASKED_COOKIE, id, PARKED_SECONDS)
  }

  /** What was kept last, with the app, while its request is open. */
  async askedLast(
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<{ readonly returnTo?: string; readonly appName?: string | undefined }> {
    const id = request.readCookie(ASKED_COOKIE)
    const returnTo = id === undefined ? undefined : parkedPath(id)
    const asking = await this.asking(request, reply, returnTo)
    return asking && returnTo !== undefined ? { returnTo, appName: asking.appName } : {}
  }

  /**
   * The request of the app that has sent a person here who is signed in, and what it needs next.
   * @returns undefined where the page leads back to no app, and for a request that is over or is refused: then there is
   * nothing to ask its person, and the way on says so.
   */
  async pending(
    request: FastifyRequest,
    returnTo: string | undefined,
  ): Promise<{ readonly open: OpenRequest; readonly next: Decision } | undefined> {
    const { authorization } = this.services
    const id = parkedIdOf(returnTo)
    if (id === undefined) return undefined
    try {
      const { session } = request
      const open = await authorization.open(id, request.readCookie(AUTHORIZATION_COOKIE), session)
      return open && { open, next: authorization.decide(open, session) }
    } catch (error) {
      if (!(error instanceof AuthorizationRefusal)) throw error
      return undefined
    }
  }

  /** Lets the forms of a page end at a URI: Chromium counts the redirects after a form as the form's own doing. */
  leadTo(reply: FastifyReply, uri: string | undefined): void {
    const targets = formTargetOf(uri)
    if (targets.length > 0) {
      reply.headers(pagePolicy([...this.options.returnOrigins, ...targets]))
    }
  }

  /** A failure as the page says it; logged, and the answer's status and headers set. */
  explain(request: FastifyRequest, reply: FastifyReply, error: unknown): Notice {
    const { type, extras } = judgeError(error, request)
    reply.code(type.status).headers(extras.headers ?? {})
    return { tone: 'bad', text: this.#textOf(request, type, extras.headers?.['retry-after']) }
  }

  #textOf(request: FastifyRequest, { code, status }: ProblemType, retryAfter = '60'): string {
    const { text } = this.view(request).language
    const key = `problem.${code}`
    const minutes = Math.ceil(Number(retryAfter) / 60)
    if (code === 'RATE_LIMITED' && minutes <= 1) return text('problem.RATE_LIMITED.minute')
    if (isTextKey(key)) return text(key, { minutes })
    return text(status === 503 ? 'problem.STORE_UNAVAILABLE' : 'problem.OTHER')
  }

  /** The user whose page it is, for a request with a session. */
  owner({ session }: FastifyRequest): Owner {
    const { id, email, name, role } = session.account
    return { id, email, name, role }
  }
}

export const isTextKey = (key: string): key is TextKey => Object.hasOwn(en, key)

/** The stable code of a failure that says something about the request; undefined for our own trouble. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Problem && !isOutage(error) ? error.type.code : undefined
}

/** After a change the browser is sent on, so that loading the page again does nothing again. */
export function goOn(reply: FastifyReply, path: string, done?: string): FastifyReply {
  return reply.redirect(withQuery(path, { done }), 303)
}

/** Whether a change needs a person who has proved more recently, or by a second factor, who they are. */
export const isTooLate = (error: unknown): boolean => codeOf(error) === 'RECENT_SIGN_IN_REQUIRED'

/** Has the person prove who they are, and leads back to the page; what was typed is typed again. */
export function proveAgain(reply: FastifyReply, returnTo: string): FastifyReply {
  return reply.redirect(withQuery(STEP_UP, { returnTo }), 303)
}
