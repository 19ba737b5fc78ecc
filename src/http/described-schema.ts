import type { TSchema } from 'typebox'

/** Has the keywords that the description of the API has in place of a schema's own. */
export const DESCRIPTION = Symbol('description')

/**
 * A schema that the description of the API words in another way, such as with what a later rule refuses.
 */
export const describedAs = <S extends TSchema>(schema: S, keywords: object): S => ({
  ...schema,
  [DESCRIPTION]: keywords,
})
