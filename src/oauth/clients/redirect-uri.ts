import { domainToASCII, domainToUnicode } from 'node:url'
import { isLoopback, LOOPBACK, secureUrl } from '../../lib/secure-url.js'
import { MAX_REDIRECT_URI_LENGTH } from './bounds.js'

/** What RFC 3986 §2 has no place for. */
const NO_CHARACTER = /[^\w\-.~:/?#[\]@!$&'()*+,;=%]|%(?![0-9A-F]{2})/i

/** A scheme with one slash after it (RFC 8252 §7.1). */
const SCHEME = /^([a-z][a-z0-9.-]*):\/(?!\/)/

/** What some reader would decode into a separator, a control character, or another escape. */
const CONFUSING_PATH = /^\/\/|%(?:[01][0-9a-f]|7f|2f|5c|25)/i

/** What the answer adds to the query (RFC 6749 §4.1.2, RFC 9207 §2), and so must not be in it already. */
const ANSWER = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri']

/** Of an `http` URI of this machine: its host, its port, and the rest. */
const LOCAL = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:?)(\d*)(\/.*)$/s

/**
 * Why a text can't be registered as a place that answers go to: `https`, `http` on loopback, or a private-use
 * scheme (RFC 8252 §7), written letter for letter as a browser writes it, so that no spelling means one thing here
 * and another there (RFC 9700 §4.1.1).
 * @param issuer own base URL: no answer comes back to us.
 * @returns the rest of a sentence; undefined for a good one.
 */
export function redirectUriFault(text: string, issuer: string): string | undefined {
  if (text.length > MAX_REDIRECT_URI_LENGTH) {
    return `must have at most ${MAX_REDIRECT_URI_LENGTH} characters`
  }
  const url = hasPrivateScheme(text) ? new URL(text) : secureUrl(text)
  // A resolver may look up a name below localhost elsewhere, and an answer carries a code.
  if (!url || (url.protocol === 'http:' && !LOOPBACK.includes(url.hostname))) {
    return 'must be an https:// URI, an http:// URI of localhost, 127.0.0.1 or [::1], or one of an app’s own scheme with a dot and one slash, such as com.example.app:/callback'
  }
  if (text.includes('#')) return 'must have no fragment'
  if (text.includes('*')) return 'must have no wildcard: register each URI'
  if (url.username !== '' || url.password !== '') return 'must have no user or password'
  if (url.href !== text) return `must be written ${url.href}`
  if (hasFakeALabel(url.hostname)) return 'has a host that is no name (RFC 5890 §2.3.2.1)'
  if (NO_CHARACTER.test(text) || url.hostname.includes('_')) {
    return 'has a character that a URI can’t have'
  }
  if (CONFUSING_PATH.test(url.pathname)) {
    return 'must have no escaped slash, backslash, percent sign or control character in its path, and no // at its start'
  }
  if (url.port === '0') return 'must have no port 0'
  const taken = ANSWER.find((name) => url.searchParams.has(name))
  if (taken !== undefined) return `must have no ${taken} in its query: the answer adds it`
  if (url.origin === issuer) return 'must not be at the issuer, which is Latchkey itself'
  return undefined
}

/**
 * Whether a registered URI is the one that a request names: letter for letter (RFC 9700 §2.1), but for the port of
 * an app that listens on this machine and takes the port that the system gives it. RFC 8252 §7.3 says so of the
 * loopback addresses. The name `localhost` is no address (§8.3 advises against it): with a port, which says that the
 * app listens there and nowhere else, it is compared letter for letter; without one any port is taken, which
 * RFC 9700 §2.1 asks for, and which command lines rely on that register `http://localhost/callback`.
 */
export function matchesRedirect(registered: string, given: string): boolean {
  if (registered === given) return true
  const [mine, theirs] = [LOCAL.exec(registered), LOCAL.exec(given)]
  if (!mine || !theirs) return false
  const [, host, colon, , rest] = mine
  const [, otherHost, otherColon, port, otherRest] = theirs
  const isFree = host !== 'localhost' || colon === ''
  const isPort = otherColon === '' ? port === '' : isPortNumber(port)
  return isFree && isPort && host === otherHost && rest === otherRest
}

export interface RedirectTarget {
  /** `loopback`: any program of the person's machine may listen there; `scheme`: any app of the device may claim it. */
  readonly kind: 'https' | 'loopback' | 'scheme'
  /** What people are shown: host and port, or the scheme. */
  readonly host: string
  /** For `form-action`: the origin, or the scheme with its colon. */
  readonly source: string
}

/** Where a URI that is registered, or that matches one, leads. */
export function redirectTarget(uri: string): RedirectTarget {
  const { protocol, origin, host, hostname } = new URL(uri)
  if (protocol !== 'https:' && protocol !== 'http:') {
    return { kind: 'scheme', host: protocol.slice(0, -1), source: protocol }
  }
  const isLocal = isLoopback(hostname) || /^127\.[\d.]+$|(^|\.)localhost\.$/.test(hostname)
  return { kind: isLocal ? 'loopback' : 'https', host, source: origin }
}

const A_LABEL = /(^|\.)xn--/

/**
 * Whether a host has a label that is spelled as an A-label, and is none (RFC 5890 §2.3.2.1). The parser of Node 20 refuses
 * most of them, that of Node 24 none.
 */
function hasFakeALabel(host: string): boolean {
  if (!A_LABEL.test(host)) return false
  const name = domainToUnicode(host)
  return A_LABEL.test(name) || domainToASCII(name) !== host
}

/** A scheme that an app has to itself is a domain name in reverse. */
function hasPrivateScheme(text: string): boolean {
  const labels = SCHEME.exec(text)?.[1]?.split('.') ?? []
  return labels.length > 1 && !labels.includes('') && URL.canParse(text)
}

const isPortNumber = (text = ''): boolean => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535
