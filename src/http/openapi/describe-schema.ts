import { textOf } from '../../lib/late-text.js'
import { type Choices, DESCRIPTION, type Keywords } from '../described-schema.js'

/** Of a pattern that regular expressions of other languages, and makers of values for it, can't read. */
const UNICODE_CLASS = /\\p\{/i

/** A schema, and all within it, as the description of the API has it. */
export function describeSchema(schema: unknown, choices: Choices): unknown {
  const describe = (part: unknown): unknown => describeSchema(part, choices)
  if (Array.isArray(schema)) return schema.map(describe)
  if (typeof schema !== 'object' || schema === null) return schema
  const { [DESCRIPTION]: given = {} } = schema as { readonly [DESCRIPTION]?: Keywords }
  const keywords = typeof given === 'function' ? given(choices) : given
  const entries = Object.entries({ ...schema, ...keywords }).filter(
    ([name, value]) => name !== 'pattern' || !UNICODE_CLASS.test(String(value)),
  )
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (name === 'examples' && Array.isArray(value))
        return [name, value.map((text) => textOr(describe, text))]
      return [name, isText(name) ? textOr(describe, value) : describe(value)]
    }),
  )
}

const textOr = (describe: (part: unknown) => unknown, value: unknown): unknown =>
  typeof value === 'string' ? textOf(value) : describe(value)

const isText = (name: string): boolean => name === 'description' || name === 'summary'
