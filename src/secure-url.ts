const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** A URL that secrets may be sent to, since nobody on the way reads them: `https`, or `http` on loopback. */
export function secureUrl(value: string): URL | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isLocal = url?.protocol === 'http:' && LOOPBACK.has(url.hostname)
  return url?.protocol === 'https:' || isLocal ? url : undefined
}
