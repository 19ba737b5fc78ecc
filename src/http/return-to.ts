/** Where a sign-in ends unless the app asks for another place. */
export const DEFAULT_RETURN_TO = '/dashboard'

const MAX_LENGTH = 512

/** Answers of the API are no places to end at, and a start of another flow must not be chained to this one. */
const MACHINE_PATHS = /^\/(api|oauth|\.well-known)(\/|$)/i

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
