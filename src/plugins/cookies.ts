import cookie from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Problem, type ProblemType } from '../http/problem.js'

export interface CookiesOptions {
  /** The service's own origin. */
  readonly issuer: string
  /** Other origins whose pages may act with our cookies. */
  readonly trustedOrigins: readonly string[]
}

const HOST_PREFIX = '__Host-'

/**
 * `__Host-` and its `Path=/` (RFC 6265bis §4.1.3) for both: a narrower path for the refresh cookie would
 * leave only `__Secure-`, which a sibling subdomain can plant. On plain http the prefix is left out.
 */
export const ACCESS_COOKIE = '__Host-latchkey_access'
export const REFRESH_COOKIE = '__Host-latchkey_refresh'

/** Says which accounts this browser is known to; it opens nothing, and outlives the session. */
export const DEVICE_COOKIE = '__Host-latchkey_device'

/** First part of the name of a cookie that a social sign-in lives in; the second names the sign-in. */
export const OAUTH_COOKIE = '__Host-latchkey_oauth'
export type OAuthCookie = `${typeof OAUTH_COOKIE}_${string}`

const SESSION_COOKIES = [ACCESS_COOKIE, REFRESH_COOKIE] as const
export type CookieName = (typeof SESSION_COOKIES)[number] | typeof DEVICE_COOKIE | OAuthCookie

/**
 * Safari keeps no `Secure` cookie that came over http, on loopback either, and `__Host-` requires `Secure`.
 * An issuer without TLS is on loopback (`parseOrigin`).
 */
const isPlainHttp = (issuer: string): boolean => new URL(issuer).protocol === 'http:'

/** What a cookie is called in the browser. */
export const cookieName = (name: string, issuer: string): string =>
  isPlainHttp(issuer) ? name.slice(HOST_PREFIX.length) : name

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
    const secure = !isPlainHttp(issuer)
    const attributes = { httpOnly: true, secure, sameSite: 'lax', path: '/' } as const

    app.decorateRequest('readCookie', function (name: CookieName) {
      const sent = cookieName(name, issuer)
      const value = this.cookies[sent]
      if (value !== undefined && countCookie(this.headers.cookie, sent) > 1) {
        throw new Problem(DUPLICATE_COOKIE)
      }
      return value === '' ? undefined : value
    })
    app.decorateRequest('cookieNames', function (start: string) {
      const sent = cookieName(start, issuer)
      return Object.keys(this.cookies)
        .filter((name) => name.startsWith(sent))
        .map((name) => (secure ? name : HOST_PREFIX + name) as CookieName)
    })
    app.decorateReply('writeCookie', function (name: CookieName, value: string, maxAge: number) {
      const sent = cookieName(name, issuer)
      return putCookie(this, sent, app.serializeCookie(sent, value, { ...attributes, maxAge }))
    })
    app.decorateReply('dropCookie', function (name: CookieName) {
      const sent = cookieName(name, issuer)
      // A name out of a request; no browser has kept a cookie that no `Set-Cookie` can write.
      if (!TOKEN.test(sent)) return this
      const gone = { ...attributes, maxAge: 0, expires: new Date(0) }
      return putCookie(this, sent, app.serializeCookie(sent, '', gone))
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
    /** Cookies of the request whose names begin so, by the names that the other calls take. */
    cookieNames(start: string): CookieName[]
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
