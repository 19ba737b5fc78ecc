import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onRequestAsyncHookHandler,
} from 'fastify'
import { comesFromElsewhere, isForPerson } from '../../http/navigation.js'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '../../http/cookies.js'
import { callerOf } from '../../http/caller.js'
import { REFRESH_LIMIT } from '../../limits/by-address.js'
import { Problem } from '../../http/problem.js'
import { isSpeculative } from '../../http/speculation.js'

/**
 * Sends a person without a session to sign in and then back. Cookies alone count: what programs send
 * (`Authorization`, `x-api-key`) opens no page. An access cookie that has expired is renewed by the refresh
 * cookie on the way, since a page without scripts could not do it.
 */
export function requirePageSession(app: FastifyInstance): onRequestAsyncHookHandler {
  return async (request, reply) => {
    if (await resumeSession(app, request, reply)) return
    await reply.redirect(signInPath(request), 303)
  }
}

/** @returns whether a person is signed in: `request.session` is theirs then. */
export async function resumeSession(
  app: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  if (await byAccessCookie(app, request)) return true
  return !isSpeculative(request) && (await byRefreshCookie(app, request, reply))
}

async function byAccessCookie(app: FastifyInstance, request: FastifyRequest): Promise<boolean> {
  const token = request.readCookie(ACCESS_COOKIE)
  if (token === undefined) return false
  const claims = await refused(async () => app.verifyAccessToken(token))
  if (claims?.sid === undefined) return false
  return enter(app, request, claims.sub, claims.sid)
}

async function byRefreshCookie(
  app: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  const token = request.readCookie(REFRESH_COOKIE)
  if (token === undefined) return false
  await app.limitAddress(callerOf(request), REFRESH_LIMIT)
  // A foreign page may let the answer be lost with the successor in it: the next page of our own renews.
  const current = comesFromElsewhere(request) ? await app.currentSession(request) : undefined
  if (current) {
    setSession(request, current)
    return true
  }
  const isNavigation = isForPerson(request)
  const grant = await refused(() => app.refreshSession(request, token, { isNavigation }))
  if (!grant) {
    reply.dropCookies()
    return false
  }
  await reply.deliverTokens(grant, 'cookies')
  return enter(app, request, grant.user.id, grant.sessionId)
}

async function enter(
  app: FastifyInstance,
  request: FastifyRequest,
  userId: string,
  sessionId: string,
): Promise<boolean> {
  const live = await app.sessions.findLive(userId, sessionId)
  if (!live) return false
  setSession(request, live)
  return true
}

type Live = NonNullable<Awaited<ReturnType<FastifyInstance['currentSession']>>>

function setSession(request: FastifyRequest, { session, user: account }: Live): void {
  const { sessionId, createdAt } = session
  request.session = { sessionId, createdAt, account }
}

/** A credential that is no good counts as none; our own trouble is no verdict on it. */
async function refused<T>(verify: () => Promise<T>): Promise<T | undefined> {
  try {
    return await verify()
  } catch (error) {
    if (error instanceof Problem && error.type.status === 401) return undefined
    throw error
  }
}

/** Where to sign in and come back; a form that was on its way is not sent again by itself. */
function signInPath(request: FastifyRequest): string {
  const path = request.method === 'GET' ? (request.url.split('?', 1)[0] ?? '') : ''
  const error = reasonToSignIn(request)
  const query = new URLSearchParams({
    ...(error !== undefined && { error }),
    ...(path !== '' && path !== '/dashboard' && { returnTo: path }),
  }).toString()
  return query === '' ? '/login' : `/login?${query}`
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
