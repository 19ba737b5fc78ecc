/** An operation of the API's description. */
export interface Operation {
  /** Such as `POST /api/auth/login`. */
  readonly name: string
  /** Names of the security schemes by which it knows its caller; none for a public one. */
  readonly schemes: readonly string[]
}

/** Who asks. Each operation is asked in depth by the callers whom it lets in. */
export const CALLERS: Readonly<Record<string, (operation: Operation) => boolean>> = {
  person: ({ name, schemes }) => schemes.includes('bearer') && !isForAdministrators(name),
  administrator: ({ name }) => isForAdministrators(name),
  partner: ({ schemes }) => schemes.includes('apiKey') || schemes.includes('client'),
  // Only a reporter of leaked keys can sign.
  'no credential': ({ schemes }) => schemes.length === 0 || schemes.includes('signature'),
}

const isForAdministrators = (name: string): boolean => / \/api\/admin(\/|$)/.test(name)

interface Described {
  readonly security: readonly object[]
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly security?: readonly object[] }>>>
  >
}

/** All operations of a description. */
export const operationsOf = ({ paths, security }: Described): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      schemes: [...new Set((operation.security ?? security).flatMap(Object.keys))],
    })),
  )
