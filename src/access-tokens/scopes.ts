/** The scope of a key whose holder may ask about tokens and keys of others. */
export const INTROSPECTION_SCOPE = 'token:introspect'

/** The scopes that keys may have. */
export interface ScopeRules {
  /** All of them, in the order of the setting. */
  readonly all: readonly string[]
  /** Those that administrators alone give. */
  readonly reserved: ReadonlySet<string>
}

/** The scopes that a user of a role may give to a key. */
export const scopesFor = (role: string, { all, reserved }: ScopeRules): readonly string[] =>
  role === 'admin' ? all : all.filter((scope) => !reserved.has(scope))
