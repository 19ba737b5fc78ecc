import { ConfigError } from './environment.js'
import { jsonFaultIn } from './json-position.js'

/** @throws {ConfigError} which never quotes the value: there may be secrets in it. */
export function parseObject(name: string, json: string): object {
  try {
    return asObject(name, JSON.parse(json))
  } catch (error) {
    if (error instanceof ConfigError) throw error
    // The parser's message quotes the text, secrets and all.
    throw new ConfigError(`${name}: must be JSON. It is none at ${jsonFaultIn(json)}.`)
  }
}

/** @throws {ConfigError} */
export function asObject(name: string, value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new ConfigError(`${name}: must be an object.`)
}
