import type { FastifyReply } from 'fastify'

export const HOST_PREFIX = '__Host-'

/**
 * `__Host-` and its `Path=/` (RFC 6265bis §4.1.3) for both: a narrower path for the refresh cookie would
 * leave only `__Secure-`, which a sibling subdomain can plant. On plain http the prefix is left out.
 */
export const ACCESS_COOKIE = '__Host-latchkey_access'
export const REFRESH_COOKIE = '__Host-latchkey_refresh'

/** Says which accounts this browser is known to; it opens nothing, and outlives the session. */
export const DEVICE_COOKIE = '__Host-latchkey_device'

/**
 * First part of the name of a cookie of a browser that needs no second factor for a while; the second is of the account.
 * Unlike the device cookie, it opens something.
 */
export const TRUSTED_COOKIE = '__Host-latchkey_trusted'
export type TrustedCookie = `${typeof TRUSTED_COOKIE}_${string}`

/** First part of the name of a cookie that a social sign-in lives in; the second names the sign-in. */
export const OAUTH_COOKIE = '__Host-latchkey_oauth'
export type OAuthCookie = `${typeof OAUTH_COOKIE}_${string}`

/** A social sign-in that waits for its person to say whether an address is to be freed. */
export const FREEING_COOKIE = '__Host-latchkey_freeing'

/** Lets the former holder of an address give their account another one. */
export const READDRESS_COOKIE = '__Host-latchkey_readdress'

/** Its person wants no second factor now, and is not asked again for a while. */
export const NOT_NOW_COOKIE = '__Host-latchkey_not-now'

/** A sign-in that lacks a second factor. */
export const HALF_SIGN_IN_COOKIE = '__Host-latchkey_half'

/** Ties what apps ask for to the browser in which its person signs in. */
export const AUTHORIZATION_COOKIE = '__Host-latchkey_authorization'

/** The app's request that its person came with last: the mail of an invitation leads back to it. */
export const ASKED_COOKIE = '__Host-latchkey_asked'

/** First part of the name of a cookie that keeps the flow of a mail; the second is the kind of its ticket. */
export const MAIL_FLOW_COOKIE = '__Host-latchkey_mail'
export type MailFlowCookie = `${typeof MAIL_FLOW_COOKIE}_${string}`

/** Ties the mail that signs a person in to the browser that asked for it. */
const MAIL_SIGN_IN_COOKIE = `${MAIL_FLOW_COOKIE}_sign-in` as const

/**
 * Questions to one person in a browser, each of which decides about an account. A person who signs in or out there
 * later must not answer them.
 */
const QUESTION_COOKIES = [
  FREEING_COOKIE,
  READDRESS_COOKIE,
  HALF_SIGN_IN_COOKIE,
  MAIL_SIGN_IN_COOKIE,
] as const

export const SESSION_COOKIES = [ACCESS_COOKIE, REFRESH_COOKIE] as const
export type CookieName =
  | (typeof SESSION_COOKIES)[number]
  | typeof DEVICE_COOKIE
  | TrustedCookie
  | typeof NOT_NOW_COOKIE
  | typeof AUTHORIZATION_COOKIE
  | typeof ASKED_COOKIE
  | (typeof QUESTION_COOKIES)[number]
  | OAuthCookie
  | MailFlowCookie

/**
 * Safari keeps no `Secure` cookie that came over http, on loopback either, and `__Host-` requires `Secure`.
 * An issuer without TLS is on loopback (`parseOrigin`).
 */
export const isPlainHttp = (issuer: string): boolean => new URL(issuer).protocol === 'http:'

/** What a cookie is called in the browser. */
export const cookieName = (name: string, issuer: string): string =>
  isPlainHttp(issuer) ? name.slice(HOST_PREFIX.length) : name

/** RFC 6265 §4.1.1, by RFC 9110 §5.6.2. */
export const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/

/** Sets a cookie. Written at once: what `@fastify/cookie` can't write it finds out when no error handler is left. */
export function putCookie(reply: FastifyReply, name: string, line: string): FastifyReply {
  const before = [reply.getHeader('set-cookie') ?? []].flat().map(String)
  const others = before.filter((other) => !other.startsWith(`${name}=`))
  return reply.removeHeader('set-cookie').header('set-cookie', [...others, line])
}

/** How often a `Cookie` header has a cookie of that name. */
export function countCookie(header: string | undefined, name: string): number {
  return (header ?? '').split(';').filter((pair) => pair.split('=', 1)[0]?.trim() === name).length
}

/** Drops what the person before was asked in this browser, and has not answered. */
export function dropQuestions(reply: FastifyReply): FastifyReply {
  const { request } = reply
  const asked = QUESTION_COOKIES.filter((name) => request.cookieNames(name).length > 0)
  for (const name of asked) reply.dropCookie(name)
  return reply
}
