import type { IncomingHttpHeaders } from 'node:http'
import { fastifyCookie } from '@fastify/cookie'
import fp from 'fastify-plugin'
import {
  type CookieName,
  cookieName,
  countCookie,
  HOST_PREFIX,
  isPlainHttp,
  putCookie,
  SESSION_COOKIES,
  TOKEN,
} from '../http/cookies.js'
import { foreignOrigin, isFromOrigin } from '../http/csrf.js'
import { Problem, type ProblemType } from '../http/problem.js'

export interface CookiesOptions {
  /** The service's own origin. */
  readonly issuer: string
  /** Other origins whose pages may act with our cookies. */
  readonly trustedOrigins: readonly string[]
}

const DUPLICATE_COOKIE: ProblemType = {
  status: 400,
  code: 'DUPLICATE_COOKIE',
  title: 'A cookie was sent twice',
}
/**
 * The service's cookies: their names and attributes in one place, refusal of doubled ones (cookie
 * tossing), and the origin check that stands between them and cross-site requests.
 */
export default fp<CookiesOptions>(
  async function cookies(app, { issuer, trustedOrigins }) {
    const own = new Set([issuer])
    const trusted = new Set([issuer, ...trustedOrigins])
    const secure = !isPlainHttp(issuer)
    const attributes = { httpOnly: true, secure, sameSite: 'lax', path: '/' } as const

    app.decorateRequest('readCookie', function (name: CookieName) {
      const sent = cookieName(name, issuer)
      const value = parseCookies(this.headers)[sent]
      if (value !== undefined && countCookie(this.headers.cookie, sent) > 1) {
        throw new Problem(DUPLICATE_COOKIE)
      }
      return value === '' ? undefined : value
    })
    app.decorateRequest('cookieNames', function (start: string) {
      const sent = cookieName(start, issuer)
      return Object.keys(parseCookies(this.headers))
        .filter((name) => name.startsWith(sent))
        .map((name) => (secure ? name : HOST_PREFIX + name) as CookieName)
    })
    app.decorateReply('writeCookie', function (name: CookieName, value: string, maxAge) {
      const sent = cookieName(name, issuer)
      const kept = { ...attributes, ...(maxAge !== undefined && { maxAge }) }
      return putCookie(this, sent, fastifyCookie.serialize(sent, value, kept))
    })
    app.decorateReply('dropCookie', function (name: CookieName) {
      const sent = cookieName(name, issuer)
      // A name out of a request; no browser has kept a cookie that no `Set-Cookie` can write.
      if (!TOKEN.test(sent)) return this
      const gone = { ...attributes, maxAge: 0, expires: new Date(0) }
      return putCookie(this, sent, fastifyCookie.serialize(sent, '', gone))
    })
    app.decorateReply('dropCookies', function () {
      for (const name of SESSION_COOKIES) this.dropCookie(name)
      return this
    })
    app.decorateRequest('assertOwnOrigin', function ({ strict }: { strict: boolean }) {
      if (!isFromOrigin(trusted, this, strict)) {
        throw foreignOrigin(
          this,
          `Send an Origin header that names ${issuer} or one of the CORS_ORIGINS.`,
        )
      }
    })
    app.decorateRequest('assertOwnPage', function () {
      if (!isFromOrigin(own, this, true))
        throw foreignOrigin(this, `Send it from a page of ${issuer}.`)
    })
  },
  { name: 'cookies', fastify: '5.x' },
)

/** When a route asks: most requests have none, or none that matters. */
const parseCookies = ({ cookie = '' }: IncomingHttpHeaders) => fastifyCookie.parse(cookie)

declare module 'fastify' {
  interface FastifyRequest {
    /** @throws {Problem} DUPLICATE_COOKIE. */
    readCookie(name: CookieName): string | undefined
    /** Cookies of the request whose names begin so, by the names that the other calls take. */
    cookieNames(start: string): CookieName[]
    /** It comes from us, or from an origin that may act with our cookies. @throws {Problem} FOREIGN_ORIGIN. */
    assertOwnOrigin(options: { strict: boolean }): void
    /** It comes from one of our own pages, not merely from a trusted origin. @throws {Problem} FOREIGN_ORIGIN. */
    assertOwnPage(): void
  }
  interface FastifyReply {
    /** @param maxAge seconds; undefined for one that ends with the browser. */
    writeCookie(name: CookieName, value: string, maxAge: number | undefined): FastifyReply
    dropCookie(name: CookieName): FastifyReply
    /** Drops those of the session. */
    dropCookies(): FastifyReply
  }
}
