import type { TSchema } from 'typebox'

const DESCRIPTION = Symbol('description')

/**
 * A schema that the description of the API words in another way, such as with what a later rule refuses.
 */
export const describedAs = <S extends TSchema>(schema: S, keywords: object): S => ({
  ...schema,
  [DESCRIPTION]: keywords,
})

/** Of a pattern that regular expressions of other languages, and makers of values for it, can't read. */
const UNICODE_CLASS = /\\p\{/i

/** A schema, and all within it, as the description has it. */
export function describeSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(describeSchema)
  if (typeof schema !== 'object' || schema === null) return schema
  const { [DESCRIPTION]: keywords = {} } = schema as { readonly [DESCRIPTION]?: object }
  const entries = Object.entries({ ...schema, ...keywords }).filter(
    ([name, value]) => name !== 'pattern' || !UNICODE_CLASS.test(String(value)),
  )
  return Object.fromEntries(entries.map(([name, value]) => [name, describeSchema(value)]))
}
