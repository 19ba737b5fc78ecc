import type { Static, TObject } from 'typebox'
import { Errors } from 'typebox/value'
import { textOf } from '../lib/late-text.js'
import { secureUrl } from '../lib/secure-url.js'
import { wordingOf } from '../lib/schema-wording.js'

/** A secret, an address or a bound that is missing or too weak. The message names the variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

type SchemaError = ReturnType<typeof Errors>[number]

interface Property {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: unknown
  readonly description?: string
  readonly examples?: readonly string[]
}

const propertiesOf = (schema: TObject): [string, Property][] => Object.entries(schema.properties)

/**
 * @param path what stands before a name in messages, for settings inside a variable.
 * @throws {ConfigError} one sentence for each value that is wrong.
 */
export function validate<S extends TObject>(schema: S, data: object, path = ''): Static<S> {
  const value = { ...defaultsOf(schema), ...read(schema, data) }
  if (fits(schema, value)) return value as Static<S>
  const errors = Errors(schema, value)
  if (errors.length === 0) return value as Static<S>
  const sentences = errors.flatMap((error) => sentencesOf(schema, error))
  throw new ConfigError(sentences.map((sentence) => path + sentence).join('\n'))
}

const defaultsOf = (schema: TObject): object =>
  Object.fromEntries(
    propertiesOf(schema)
      .filter(([, property]) => 'default' in property)
      .map(([name, property]) => [name, property.default]),
  )

/** What `fitsProperty` looks at, and what says nothing about a value. */
const KNOWN = new Set([
  ...['type', 'enum', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum'],
  ...['default', 'description', 'examples'],
])

/** Text whose length is beyond doubt. */
const PLAIN = /^[\x20-\x7e]*$/

/**
 * Whether every value plainly fits. For a value that does not, typebox decides and knows why; loading it
 * is a tenth of a function's start.
 */
function fits(schema: TObject, value: Readonly<Record<string, unknown>>): boolean {
  const { required = [] } = schema as { readonly required?: readonly string[] }
  return (
    required.every((name) => name in value) &&
    propertiesOf(schema).every(
      ([name, property]) => !(name in value) || fitsProperty(property, value[name]),
    )
  )
}

function fitsProperty(property: Property, value: unknown): boolean {
  if (Object.keys(property).some((keyword) => !KNOWN.has(keyword))) return false
  if (property.enum) return property.enum.includes(value)
  if (property.type === 'boolean') return typeof value === 'boolean'
  if (property.type === 'integer') {
    const { minimum = -Infinity, maximum = Infinity } = property
    return Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum
  }
  if (property.type !== 'string' || typeof value !== 'string') return false
  const { minLength = 0, maxLength = Infinity, pattern = '' } = property
  if (!PLAIN.test(value) || value.length < minLength || value.length > maxLength) return false
  // eslint-disable-next-line security/detect-non-literal-regexp -- it is the schema's own
  return new RegExp(pattern, 'u').test(value)
}

/** What the schema knows of, whole numbers as such. Nothing else is made to fit. */
function read(schema: TObject, data: object): object {
  const known = propertiesOf(schema).filter(([name]) => name in data)
  return Object.fromEntries(
    known.map(([name, { type }]) => {
      const value = (data as Record<string, unknown>)[name]
      const isWhole = type === 'integer' && typeof value === 'string' && /^-?\d+$/.test(value)
      return [name, isWhole ? Number(value) : value]
    }),
  )
}

function sentencesOf(schema: TObject, error: SchemaError): string[] {
  if (error.keyword === 'required') {
    return error.params.requiredProperties.map((name) => sentence(schema, name, 'is missing'))
  }
  const name = error.instancePath.slice(1)
  return [sentence(schema, name, wordingOf(error, exampleOf(schema, name)) ?? error.message)]
}

/** A default is the best of examples. */
function exampleOf(schema: TObject, name: string): string | undefined {
  const { default: fallback, examples } = Object.fromEntries(propertiesOf(schema))[name] ?? {}
  const [example] = examples ?? []
  if (example !== undefined) return textOf(example)
  return typeof fallback === 'string' ? fallback : undefined
}

function sentence(schema: TObject, name: string, what: string): string {
  const properties = Object.fromEntries(propertiesOf(schema))
  const { description = '', examples } = properties[name] ?? {}
  const example = examples?.[0] === undefined ? '' : ` For example ${textOf(examples[0])}`
  return `${name}: ${what}. ${textOf(description)}.${example}`
}

/** A blank variable is an unset one. */
export function withoutBlanks(source: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(source).filter(
    ([, value]) => value !== undefined && value.trim() !== '',
  )
  return Object.fromEntries(entries) as Record<string, string>
}

/**
 * The origin of a URL that may carry secrets.
 * @throws {ConfigError} for one without TLS that is not on loopback.
 */
export function parseOrigin(name: string, value: string): string {
  const url = secureUrl(value)
  if (!url || url.hostname.includes('*')) {
    throw new ConfigError(
      `${name}: must be an https:// URL (http:// only on loopback), such as https://auth.example.com.`,
    )
  }
  return url.origin
}
