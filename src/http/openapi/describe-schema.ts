import { textOf } from '../../lib/late-text.js'
import { DESCRIPTION } from '../described-schema.js'

/** Of a pattern that regular expressions of other languages, and makers of values for it, can't read. */
const UNICODE_CLASS = /\\p\{/i

/** A schema, and all within it, as the description of the API has it. */
export function describeSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(describeSchema)
  if (typeof schema !== 'object' || schema === null) return schema
  const { [DESCRIPTION]: keywords = {} } = schema as { readonly [DESCRIPTION]?: object }
  const entries = Object.entries({ ...schema, ...keywords }).filter(
    ([name, value]) => name !== 'pattern' || !UNICODE_CLASS.test(String(value)),
  )
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (name === 'examples' && Array.isArray(value)) return [name, value.map(described)]
      return [name, isText(name) ? described(value) : describeSchema(value)]
    }),
  )
}

const described = (value: unknown): unknown =>
  typeof value === 'string' ? textOf(value) : describeSchema(value)

const isText = (name: string): boolean => name === 'description' || name === 'summary'
