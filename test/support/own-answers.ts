/** An answer as any door gives it: a socket, `inject` or the handler of the function. */
export interface Given {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** What the answer was asked by. */
export interface Asked {
  readonly method: string
  readonly path: string
  /** Whether a person reads the answer, as far as the request says. */
  readonly isForPerson?: boolean
  /** An origin that may read the answer; null where there is no CORS. */
  readonly origin?: string | null
}

const SECURITY: Readonly<Record<string, RegExp>> = {
  'content-security-policy': /frame-ancestors 'none'|sandbox/,
  'referrer-policy': /^(no-referrer|same-origin)$/,
  'strict-transport-security': /max-age=31536000/,
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^DENY$/,
}
const LIBRARY = /FST_|node_modules|\n\s+at |Error: |Unexpected token|argument name/

/** @returns what makes an answer another's than ours; undefined for one of ours. */
export function foreignPart(asked: Asked, answer: Given): string | undefined {
  const { status, headers, text } = answer
  const header = (name: string): string => {
    const value = headers[name]
    return typeof value === 'string' ? value : ''
  }
  if (status < 200 || (status >= 500 && status !== 501 && status !== 503)) return `status ${status}`
  for (const [name, pattern] of Object.entries(SECURITY)) {
    if (!pattern.test(header(name))) return `${name}: ${header(name)}`
  }
  const cors = foreignCors(asked, header)
  if (cors !== undefined) return cors
  if (status < 400) return undefined
  if (!header('cache-control').includes('no-store')) return 'a failure that caches keep'
  if (asked.method === 'HEAD') return undefined
  if (LIBRARY.test(text)) return `words of a library: ${text.slice(0, 200)}`
  return foreignBody(asked, answer, header('content-type'))
}

function foreignCors({ origin }: Asked, header: (name: string) => string): string | undefined {
  const allowed = header('access-control-allow-origin')
  if (origin === undefined) return undefined
  if (origin === null) return allowed === '' ? undefined : `allowed ${allowed}`
  if (allowed !== origin) return `allowed ${allowed}`
  if (origin === '*') return header('access-control-allow-credentials') || undefined
  return header('vary').includes('Origin') ? undefined : `vary ${header('vary')}`
}

/** The same of a failure's body alone. */
export function foreignBody(
  { path, isForPerson }: Asked,
  given: Given,
  type: string,
): string | undefined {
  const { status, text } = given
  const isOAuth = path.startsWith('/oauth/')
  if (type.startsWith('text/html')) {
    const isPage = text.startsWith('<!doctype html>') && text.includes('<a class="')
    return isPage ? undefined : 'HTML that is no page'
  }
  if (isForPerson === true && !isOAuth) return `${type} for a person`
  const body = parse(text)
  if (type.startsWith('application/problem+json')) {
    const isProblem = body.status === status && typeof body.code === 'string'
    return isProblem && typeof body.requestId === 'string' ? undefined : `no problem: ${text}`
  }
  const isRfc6749 = typeof body.error === 'string' && typeof body.error_description === 'string'
  return isOAuth && isRfc6749 ? undefined : `${type}: ${text.slice(0, 200)}`
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}
