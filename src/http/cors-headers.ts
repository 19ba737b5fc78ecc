type Headers = Readonly<Record<string, string>>

/** What the pages of other origins may read besides the body. */
const EXPOSED = [
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'www-authenticate',
]

/** Of what apps of any origin call: there are no credentials that a page could misuse. */
export const ANY_ORIGIN_HEADERS: Headers = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': EXPOSED.join(', '),
}

/** Added to these in the answer to a preflight. https://fetch.spec.whatwg.org/#cors-preflight-fetch */
export const PREFLIGHT_HEADERS: Headers = {
  'access-control-allow-methods': 'GET, POST, PATCH, DELETE',
  // MCP clients send their version with each request, discovery included.
  'access-control-allow-headers': 'authorization, content-type, mcp-protocol-version, x-api-key',
  'access-control-max-age': '600',
}

/**
 * What an answer to a page of that origin has. Without origins there is no CORS; a page of an origin that is
 * not listed reads nothing.
 */
export function corsHeaders(origins: readonly string[], origin: string | undefined): Headers {
  if (origins.length === 0) return {}
  if (origin === undefined || !origins.includes(origin)) return { vary: 'Origin' }
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': EXPOSED.join(', '),
  }
}
