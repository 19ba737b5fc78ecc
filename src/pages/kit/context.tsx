import type { FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { isReturnTo } from '../../http/return-to.js'
import { judgeError } from '../../http/errors.js'
import { isOutage, type ProblemType, Problem } from '../../http/problem.js'
import { type Assets, makeAssets } from './assets.js'
import { queryOf } from './forms.js'
import { languageOf } from './language.js'
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
  return reply.redirect(done === undefined ? path : `${path}?done=${done}`, 303)
}

/** Whether a change needs a person who has proved more recently, or by a second factor, who they are. */
export const isTooLate = (error: unknown): boolean => codeOf(error) === 'RECENT_SIGN_IN_REQUIRED'

/** Has the person prove who they are, and leads back to the page; what was typed is typed again. */
export function proveAgain(reply: FastifyReply, returnTo: string): FastifyReply {
  return reply.redirect(`${STEP_UP}?${new URLSearchParams({ returnTo }).toString()}`, 303)
}
