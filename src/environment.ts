import envSchema from 'env-schema'
import type { Static, TObject } from 'typebox'

/** A secret, an address or a bound that is missing or too weak. The message names the variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

interface SchemaError {
  readonly keyword: string
  readonly instancePath: string
  readonly message?: string
  readonly params: { readonly missingProperty?: string }
}

/**
 * @param path what stands before a name in messages, for settings inside a variable.
 * @throws {ConfigError} one sentence for each value that is wrong.
 */
export function validate<S extends TObject>(schema: S, data: object, path = ''): Static<S> {
  try {
    return envSchema<Static<S>>({ schema: structuredClone(schema), data: { ...data }, env: false })
  } catch (error) {
    const problems = (error as { errors?: readonly SchemaError[] }).errors
    if (!problems) throw error
    throw new ConfigError(problems.map((problem) => path + sentence(schema, problem)).join('\n'))
  }
}

function sentence(schema: TObject, problem: SchemaError): string {
  const name = problem.params.missingProperty ?? problem.instancePath.slice(1)
  const properties = schema.properties as Record<
    string,
    { description?: string; enum?: string[]; examples?: string[] }
  >
  const { description = '', examples, enum: values } = properties[name] ?? {}
  const what = problem.keyword === 'required' ? 'is missing' : problem.message
  const options = values ? ` (${values.join(', ')})` : ''
  const example = examples ? ` For example ${examples[0]}` : ''
  return `${name}: ${what}${options}. ${description}.${example}`
}

/** A blank variable is an unset one. */
export function withoutBlanks(source: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(source).filter(
    ([, value]) => value !== undefined && value.trim() !== '',
  )
  return Object.fromEntries(entries) as Record<string, string>
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * The origin of a URL that may carry secrets.
 * @throws {ConfigError} for one without TLS that is not on loopback.
 */
export function parseOrigin(name: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const safe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname))
  if (!url || !safe || url.hostname.includes('*')) {
    throw new ConfigError(
      `${name}: must be an https:// URL (http:// only on loopback), such as https://auth.example.com.`,
    )
  }
  return url.origin
}
