import type { TSchema } from 'typebox'

/** What the settings of a service allow, as far as its schemas do not know it. */
export interface Choices {
  /** Identifiers of the APIs in `RESOURCES`. */
  readonly resources: readonly string[]
  /** Scopes of those. */
  readonly resourceScopes: readonly string[]
  /** Scopes that an API key can have. */
  readonly keyScopes: readonly string[]
}

type Plain = Readonly<Record<string, unknown>>
export type Keywords = Plain | ((choices: Choices) => Plain)

/** Has the keywords that the description of the API has in place of a schema's own. */
export const DESCRIPTION = Symbol('description')

/**
 * A schema that the description of the API words in another way, such as with what a later rule refuses, or with what
 * the settings allow.
 */
export const describedAs = <S extends TSchema>(schema: S, keywords: Keywords): S => ({
  ...schema,
  [DESCRIPTION]: keywords,
})

/** One of the values that a setting has; where it has none, nothing is valid. */
export const oneOf = (values: readonly string[], setting: string): Plain => ({
  'x-setting': setting,
  ...(values.length > 0 ? { enum: values, examples: values.slice(0, 1) } : { not: {} }),
})
