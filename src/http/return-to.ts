/** Where a sign-in ends unless the app asks for another place. */
export const DEFAULT_RETURN_TO = '/dashboard'

/** A place that is worth carrying on, since a sign-in would end elsewhere without it. */
export const otherThanDefault = (returnTo: string | undefined): string | undefined =>
  returnTo === DEFAULT_RETURN_TO ? undefined : returnTo

const MAX_LENGTH = 512

/** Answers of the API are no places to end at, and a start of another flow must not be chained to this one. */
const MACHINE_PATHS = /^\/(api|oauth|\.well-known)(\/|$)/i

/** The one exception: an app's request that waits for its person (`src/oauth/authorization/parked.ts`). */
const PARKED_REQUEST =
  /^\/oauth\/authorize\?request_uri=urn:ietf:params:oauth:request_uri:([A-Za-z0-9_-]{43})$/

/**
 * A place that a sign-in may end at: a path of our own, or a URL of a trusted origin. It is parsed as a
 * browser would and must come out letter for letter as it went in, so that no spelling means one thing
 * here and another there (RFC 9700 §4.11, CVE-2026-28512).
 */
export function isReturnTo(
  text: string,
  { issuer, origins }: { readonly issuer: string; readonly origins: readonly string[] },
): boolean {
  if (text.length > MAX_LENGTH) return false
  if (PARKED_REQUEST.test(text)) return true
  const isPath = text.startsWith('/')
  const whole = isPath ? issuer + text : text
  if (!URL.canParse(whole)) return false
  const url = new URL(whole)
  const isPlain = url.href === whole && url.username === '' && url.password === ''
  if (!isPlain || /%(2f|5c|0[0-9a-f]|25)/i.test(url.pathname) || url.pathname.startsWith('//'))
    return false
  if (isPath) return url.origin === issuer && !MACHINE_PATHS.test(url.pathname)
  // `blob:` and the like have the origin of a URL inside of them.
  return origins.includes(url.origin) && text.startsWith(`${url.origin}/`)
}

/** Where a person goes on with a parked request. */
export const parkedPath = (id: string): string =>
  `/oauth/authorize?request_uri=urn:ietf:params:oauth:request_uri:${id}`

/** The id of the parked request that a place is the way on with; undefined for any other place. */
export const parkedIdOf = (returnTo: string | undefined): string | undefined =>
  PARKED_REQUEST.exec(returnTo ?? '')?.[1]
