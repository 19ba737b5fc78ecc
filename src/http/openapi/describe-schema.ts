import { textOf } from '../../lib/late-text.js'
import { UNPADDED } from '../../lib/well-formed.js'
import { type Choices, DESCRIPTION, type Keywords } from '../described-schema.js'

/** Of a pattern that regular expressions of other languages, and makers of values for it, can't read. */
const UNICODE_CLASS = /\\p\{/i

/** What such patterns mean, as all can read it, where they ask for more than well-formed text. */
const READABLE: Readonly<Record<string, string>> = { [UNPADDED]: '^\\S([\\s\\S]*\\S)?$' }

/** A schema, and all within it, as the description of the API has it. */
export function describeSchema(schema: unknown, choices: Choices): unknown {
  const describe = (part: unknown): unknown => describeSchema(part, choices)
  if (Array.isArray(schema)) return schema.map(describe)
  if (typeof schema !== 'object' || schema === null) return schema
  const { [DESCRIPTION]: given = {} } = schema as { readonly [DESCRIPTION]?: Keywords }
  const keywords = typeof given === 'function' ? given(choices) : given
  const entries = Object.entries({ ...schema, ...keywords })
    .map(([name, value]) => [name, name === 'pattern' ? readable(value) : value] as const)
    .filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (name === 'examples' && Array.isArray(value))
        return [name, value.map((text) => textOr(describe, text))]
      return [name, isText(name) ? textOr(describe, value) : describe(value)]
    }),
  )
}

/** @returns undefined where nothing of it can be said. */
const readable = (pattern: unknown): unknown =>
  typeof pattern === 'string' && UNICODE_CLASS.test(pattern) ? READABLE[pattern] : pattern

const textOr = (describe: (part: unknown) => unknown, value: unknown): unknown =>
  typeof value === 'string' ? textOf(value) : describe(value)

const isText = (name: string): boolean => name === 'description' || name === 'summary'
