const MAX_NAME = 253
const LABEL = /^[a-z0-9-]{1,63}$/

/**
 * A URL that a stranger may have us fetch: `https` on port 443, at a name of DNS, written as a parser would write it,
 * so that no two parsers read it in two ways.
 * @returns undefined for any other.
 */
export function foreignUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.href !== text || url.protocol !== 'https:' || url.port !== '') return undefined
  if (url.username !== '' || url.password !== '' || text.includes('#')) return undefined
  return isName(url.hostname) ? url : undefined
}

/** With a dot and without one at its end; the last label of an address has no letter. */
function isName(hostname: string): boolean {
  const labels = hostname.split('.')
  return (
    hostname.length <= MAX_NAME &&
    labels.length > 1 &&
    labels.every((label) => LABEL.test(label)) &&
    /[a-z]/.test(labels.at(-1) ?? '')
  )
}
