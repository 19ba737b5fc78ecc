const VARIES = 'Accept-Language, Cookie'

/**
 * What a page may do, and no more: its own styles, script and images, and forms to ourselves. A form's answer
 * may lead on to where a sign-in ends, which Chromium counts as the form's own doing.
 *
 * `same-origin`, unlike `no-referrer`, leaves forms their `Origin`, by which posts prove where they come from
 * (Fetch §3.2, “append a request `Origin` header”); other sites are told nothing either.
 */
export function pagePolicy(returnOrigins: readonly string[]): Record<string, string> {
  const self = "'self'"
  const directives = [
    "default-src 'none'",
    `script-src ${self}`,
    `style-src ${self}`,
    `img-src ${self}`,
    `connect-src ${self}`,
    `form-action ${[self, ...returnOrigins].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]
  return {
    'content-security-policy': directives.join(';'),
    'referrer-policy': 'same-origin',
  }
}

const HOST = /^[\w.-]+$/

/**
 * Where an app gets its answer, as `form-action` can name it: by its origin, or by its scheme where it has none. Content
 * Security Policy has no way to write the address `[::1]`, so that its scheme stands for it.
 * @returns none for a host that could end the directive.
 */
export function formTargetOf(uri: string | undefined): string[] {
  if (uri === undefined || !URL.canParse(uri)) return []
  const { protocol, host, hostname } = new URL(uri)
  const isWeb = protocol === 'https:' || protocol === 'http:'
  if (!isWeb || hostname.startsWith('[')) return [protocol]
  return HOST.test(hostname) ? [`${protocol}//${host}`] : []
}

/**
 * The policy, and what a page differs by: language, and who is signed in.
 * @param vary the header as it is, in which other plugins may have named more.
 */
export function withVary(policy: Record<string, string>, vary: unknown): Record<string, string> {
  const before = typeof vary === 'string' ? vary : ''
  if (before.includes(VARIES)) return policy
  return { ...policy, vary: before === '' ? VARIES : `${before}, ${VARIES}` }
}
