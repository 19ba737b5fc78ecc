import { authorizerEnvironmentSchema } from '../../src/config/authorizer.js'
import { localEnvironmentSchema } from '../../src/config/local.js'
import { environmentSchema } from '../../src/config/service.js'
import { withParts } from './documents.js'

export const CONFIGURATION_DOCUMENT = 'docs/configuration.md'

interface Schema {
  readonly properties: object
  readonly required?: readonly string[]
}

interface Variable {
  readonly description?: string
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly enum?: readonly string[]
  readonly examples?: readonly string[]
}

/** `docs/configuration.md`, with its tables of variables as the schemas have them. */
export const configurationDocument = (): Promise<string> =>
  withParts(CONFIGURATION_DOCUMENT, {
    service: table(environmentSchema),
    local: table(localEnvironmentSchema),
    authorizer: table(authorizerEnvironmentSchema),
  })

/** Prose beats a number that depends on the machine. */
const DEPENDS_ON_MACHINE = new Set(['ARGON2_CONCURRENCY'])

function table({ properties, required = [] }: Schema): string {
  const rows = Object.entries(properties as Record<string, Variable>).map(([name, variable]) => {
    const optional = required.includes(name) ? '' : 'unset'
    const fallback = DEPENDS_ON_MACHINE.has(name) ? '' : code(variable.default ?? optional)
    return `| \`${name}\` | ${fallback} | ${valuesOf(variable)} | ${variable.description ?? ''} |`
  })
  return ['| variable | default | values | what it is |', '|---|---|---|---|', ...rows].join('\n')
}

const code = (value: unknown): string => (value === '' ? '' : `\`${String(value)}\``)

/** What a value may be, or what one looks like. */
function valuesOf({ minimum, maximum, enum: values, examples }: Variable): string {
  if (values) return values.map(code).join(', ')
  if (minimum !== undefined)
    return maximum === undefined ? `${minimum} or more` : `${minimum} to ${maximum}`
  return examples ? `such as ${code(examples[0])}` : ''
}
