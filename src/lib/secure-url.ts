/** Names of this machine, as URLs have them. */
export const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/**
 * Whether an address to listen on, or the host of a URL, is of this machine alone. Names below `localhost` are too
 * (RFC 6761 §6.3).
 */
export const isLoopback = (host: string): boolean =>
  host === '::1' || LOOPBACK.includes(host) || host.endsWith('.localhost')

/** A host as RFC 3986 §3.2.2 and DNS take it: a URL's parser also passes quotes, braces and names without end. */
const HOST = /^[\w\-.:[\]]{1,253}$/

/** A URL that secrets may be sent to, since no host on the path can read them: `https`, or `http` on loopback. */
export function secureUrl(value: string): URL | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url && !HOST.test(url.hostname)) return undefined
  const isLocal = url?.protocol === 'http:' && isLoopback(url.hostname)
  return url?.protocol === 'https:' || isLocal ? url : undefined
}
