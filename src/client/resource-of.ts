/**
 * The API that a URL is below, by the longest of the identifiers; undefined for none.
 * @param url absolute, as a `Request` has it: without dot segments.
 */
export function resourceOf(url: string, identifiers: readonly string[]): string | undefined {
  return identifiers
    .filter((identifier) => isBelow(new URL(url), new URL(identifier)))
    .sort((a, b) => b.length - a.length)[0]
}

function isBelow({ origin, pathname }: URL, base: URL): boolean {
  if (origin !== base.origin) return false
  const path = base.pathname.replace(/\/$/, '')
  if (path === '') return true
  // A server may read an encoded slash as one, and leave the path of the API.
  if (/%(2f|5c)/i.test(pathname)) return false
  return pathname === path || pathname.startsWith(`${path}/`)
}
