import cookie from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Problem, type ProblemType } from '../problem.js'

export interface CookiesOptions {
  /** The service's own origin. */
  readonly issuer: string
  /** Other origins whose pages may act with our cookies. */
  readonly trustedOrigins: readonly string[]
}

/**
 * `__Host-` and its `Path=/` (RFC 6265bis §4.1.3) for both: a narrower path for the refresh cookie would
 * leave only `__Secure-`, which a sibling subdomain can plant.
 */
export const ACCESS_COOKIE = '__Host-latchkey_access'
export const REFRESH_COOKIE = '__Host-latchkey_refresh'

/** First part of the name of a cookie that a social sign-in lives in; the second names the sign-in. */
export const OAUTH_COOKIE = '__Host-latchkey_oauth'
export type OAuthCookie = `${typeof OAUTH_COOKIE}_${string}`

const SESSION_COOKIES = [ACCESS_COOKIE, REFRESH_COOKIE] as const
export type CookieName = (typeof SESSION_COOKIES)[number] | OAuthCookie

const ATTRIBUTES = {
  httpOnly: true,
  secure: true,
  sameSite: 'lax',
  path: '/',
} as const

const DUPLICATE_COOKIE: ProblemType = {
  status: 400,
  code: 'DUPLICATE_COOKIE',
  title: 'A cookie was sent twice',
}
const FOREIGN_ORIGIN: ProblemType = {
  status: 403,
  code: 'FOREIGN_ORIGIN',
  title: 'Requests with a session cookie must come from our own origin',
}

/**
 * The service's cookies: their names and attributes in one place, refusal of doubled ones (cookie
 * tossing), and the origin check that stands between them and cross-site requests.
 */
export default fp<CookiesOptions>(
  async function cookies(app, { issuer, trustedOrigins }) {
    await app.register(cookie)
    const own = new Set([issuer])
    const trusted = new Set([issuer, ...trustedOrigins])

    app.decorateRequest('readCookie', function (name: CookieName) {
      const value = this.cookies[name]
      if (value !== undefined && countCookie(this.headers.cookie, name) > 1) {
        throw new Problem(DUPLICATE_COOKIE)
      }
      return value === '' ? undefined : value
    })
    app.decorateReply('writeCookie', function (name: CookieName, value: string, maxAge: number) {
      return putCookie(this, name, app.serializeCookie(name, value, { ...ATTRIBUTES, maxAge }))
    })
    app.decorateReply('dropCookie', function (name: CookieName) {
      // A name out of a request; no browser has kept a cookie that no `Set-Cookie` can write.
      if (!TOKEN.test(name)) return this
      const gone = { ...ATTRIBUTES, maxAge: 0, expires: new Date(0) }
      return putCookie(this, name, app.serializeCookie(name, '', gone))
    })
    app.decorateReply('dropCookies', function () {
      for (const name of SESSION_COOKIES) this.dropCookie(name)
      return this
    })
    app.decorateRequest('assertOwnOrigin', function ({ strict }: { strict: boolean }) {
      if (!isOf(trusted, this, strict)) {
        throw foreignOrigin(
          this,
          `Send an Origin header that names ${issuer} or one of the CORS_ORIGINS.`,
        )
      }
    })
    app.decorateRequest('assertOwnPage', function () {
      if (!isOf(own, this, true)) throw foreignOrigin(this, `Send it from a page of ${issuer}.`)
    })
  },
  { name: 'cookies', fastify: '5.x' },
)

/** RFC 6265 §4.1.1, by RFC 9110 §5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/

/** Written at once: what `@fastify/cookie` can't write it finds out when no error handler is left. */
function putCookie(reply: FastifyReply, name: string, line: string): FastifyReply {
  const before = [reply.getHeader('set-cookie') ?? []].flat().map(String)
  const others = before.filter((other) => !other.startsWith(`${name}=`))
  return reply.removeHeader('set-cookie').header('set-cookie', [...others, line])
}

function foreignOrigin({ log, routeOptions }: FastifyRequest, detail: string): Problem {
  log.warn({ event: 'malicious_csrf', route: routeOptions.url })
  return new Problem(FOREIGN_ORIGIN, { detail })
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * A state-changing request proves where it comes from by `Origin`, or by `Sec-Fetch-Site` where a browser
 * leaves Origin out. `strict` also refuses a request that proves nothing; browsers always prove.
 * https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
function isOf(origins: ReadonlySet<string>, request: FastifyRequest, strict: boolean): boolean {
  if (SAFE_METHODS.has(request.method)) return true
  const { origin, 'sec-fetch-site': site } = request.headers
  if (origin !== undefined) return origins.has(origin)
  return site === undefined ? !strict : site === 'same-origin'
}

function countCookie(header: string | undefined, name: string): number {
  return (header ?? '').split(';').filter((pair) => pair.split('=', 1)[0]?.trim() === name).length
}

declare module 'fastify' {
  interface FastifyRequest {
    /** @throws {Problem} DUPLICATE_COOKIE. */
    readCookie(name: CookieName): string | undefined
    /** It comes from us, or from an origin that may act with our cookies. @throws {Problem} FOREIGN_ORIGIN. */
    assertOwnOrigin(options: { strict: boolean }): void
    /** It comes from one of our own pages, and from nobody who is merely trusted. @throws {Problem} FOREIGN_ORIGIN. */
    assertOwnPage(): void
  }
  interface FastifyReply {
    /** `maxAge` in seconds. */
    writeCookie(name: CookieName, value: string, maxAge: number): FastifyReply
    dropCookie(name: CookieName): FastifyReply
    /** Drops those of the session. */
    dropCookies(): FastifyReply
  }
}
