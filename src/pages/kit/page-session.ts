import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../../http/cookies.js'
import { pathOf } from '../../http/path.js'
import { withQuery } from '../../lib/with-query.js'
import type { CurrentSession } from '../../sessions/current.js'
import { queryOf } from './query.js'

/**
 * Sends a person without a session to sign in and then back. Cookies alone count: what programs send
 * (`Authorization`, `x-api-key`) opens no page.
 */
export const requirePageSession =
  (current: CurrentSession): onRequestAsyncHookHandler =>
  async (request, reply) => {
    const session = await current.resume(request, reply)
    if (session) request.session = session
    else await reply.redirect(signInPath(request), 303)
  }

/**
 * Where to sign in and come back; a form that was on its way is not sent again by itself. A page on the way to somewhere
 * else is passed over, since the sign-in leads there as well.
 */
function signInPath(request: FastifyRequest): string {
  const { returnTo: onward } = queryOf(request)
  const path = request.method === 'GET' ? pathOf(request.url) : ''
  const error = reasonToSignIn(request)
  const own = path === '' || path === '/dashboard' ? undefined : path
  return withQuery('/login', { error, returnTo: onward ?? own })
}

/** A browser that comes from the sign-in form without a session cookie has not kept it. */
function reasonToSignIn(request: FastifyRequest): 'SESSION_ENDED' | 'COOKIE_MISSING' | undefined {
  const sent = [ACCESS_COOKIE, REFRESH_COOKIE].flatMap((name) => request.cookieNames(name))
  if (sent.length > 0) return 'SESSION_ENDED'
  return isFromSignIn(request) ? 'COOKIE_MISSING' : undefined
}

/** No link of these pages leads to the account, so their forms have. */
function isFromSignIn({ headers: { referer = '', 'sec-fetch-site': site } }: FastifyRequest) {
  if (site !== undefined && site !== 'same-origin') return false
  return URL.canParse(referer) && /^\/(login|register)(\/|$)/.test(new URL(referer).pathname)
}
