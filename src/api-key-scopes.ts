/** The scope of a key whose holder may ask about tokens and keys of others. */
export const INTROSPECTION_SCOPE = 'token:introspect'

/** Scopes that reach further than their key's owner does, so that administrators alone may give them. */
const ADMIN_SCOPES: ReadonlySet<string> = new Set([INTROSPECTION_SCOPE])

/** Those of some scopes that somebody of a role may give to a key. */
export const scopesFor = (role: string, scopes: readonly string[]): readonly string[] =>
  role === 'admin' ? scopes : scopes.filter((scope) => !ADMIN_SCOPES.has(scope))
