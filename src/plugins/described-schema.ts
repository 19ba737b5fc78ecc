import type { TSchema } from 'typebox'
import { WELL_FORMED } from '../well-formed.js'

const DESCRIPTION = Symbol('description')

/**
 * A schema that the description of the API words in another way: what a later rule refuses, too, and nothing
 * that a client could not make a value of.
 */
export const describedAs = <S extends TSchema>(schema: S, keywords: object): S => ({
  ...schema,
  [DESCRIPTION]: keywords,
})

/** A schema, and all within it, as the description has it. */
export function describeSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(describeSchema)
  if (typeof schema !== 'object' || schema === null) return schema
  const { [DESCRIPTION]: keywords = {} } = schema as { readonly [DESCRIPTION]?: object }
  // What it refuses no text of a client's has; generators of values can't use it.
  const entries = Object.entries({ ...schema, ...keywords }).filter(
    ([name, value]) => !(name === 'pattern' && value === WELL_FORMED),
  )
  return Object.fromEntries(entries.map(([name, value]) => [name, describeSchema(value)]))
}
