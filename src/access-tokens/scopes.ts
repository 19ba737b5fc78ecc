/** The scope of a key whose holder may ask about tokens and keys of others. */
export const INTROSPECTION_SCOPE = 'token:introspect'

/** Scopes of OpenID Connect (Core 1.0 §5.4, §11), which belong to no API. */
export const OPENID_SCOPES = ['openid', 'profile', 'email', 'offline_access'] as const

const OPENID: ReadonlySet<string> = new Set(OPENID_SCOPES)

export const isOpenIdScope = (scope: string): boolean => OPENID.has(scope)

/** What a token has of every person, unless it is of an app of others. */
export const USER_SCOPE = 'user'

/**
 * Whether a token is of an app that is not the team's own. Such an app has what its person has allowed, and nothing
 * beside it: it is for routes that name a scope. A machine's token, which has no person, is none.
 */
export const isLimitedByConsent = ({
  sid,
  scope,
}: {
  readonly sid?: string
  readonly scope: string
}): boolean => sid !== undefined && !scope.split(' ').includes(USER_SCOPE)

/** The scopes that two lists have in common. */
export function commonScopes(one: string, other: string): string[] {
  const others = other.split(' ')
  return one.split(' ').filter((scope) => others.includes(scope))
}

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
