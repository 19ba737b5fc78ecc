import { Token } from 'aws-cdk-lib'
import type { TSchema } from 'typebox'
import { Errors } from 'typebox/value'
import { hintFor } from './nearest.js'
import { refuse } from './settings-error.js'

/** Of a schema what sentences are made of. */
interface Part {
  readonly errorMessage?: string
  readonly properties?: Readonly<Record<string, Part>>
  readonly patternProperties?: Readonly<Record<string, Part>>
  readonly items?: Part
}

type Fault = ReturnType<typeof Errors>[number]

/**
 * What was written has the names and the types of the schema. A value that CDK knows only at deployment is not looked
 * at.
 * @throws {SettingsError} for the first that has not.
 */
export function checkShape(schema: TSchema, settings: object): void {
  const given = withoutUndefined(settings)
  const faults = Errors(schema, given).filter(
    ({ instancePath }) => !Token.isUnresolved(at(given, stepsOf(instancePath))),
  )
  // A name that is not known is most often the reason why another one is missing.
  const fault = faults.find(({ keyword }) => keyword === 'additionalProperties') ?? faults[0]
  if (fault) refuseFault(schema, fault)
}

function refuseFault(schema: Part, fault: Fault): never {
  const steps = stepsOf(fault.instancePath)
  const part = partAt(schema, steps)
  if (fault.keyword === 'additionalProperties') {
    const [unknown = ''] = fault.params.additionalProperties
    const names = Object.keys(part?.properties ?? {})
    refuse(nameOf([...steps, unknown]), `is no setting. ${hintFor(unknown, names)}`)
  }
  if (fault.keyword === 'required') {
    const [missing = ''] = fault.params.requiredProperties
    refuse(
      nameOf([...steps, missing]),
      `is missing: it ${part?.properties?.[missing]?.errorMessage ?? 'must be given'}`,
    )
  }
  refuse(nameOf(steps), part?.errorMessage ?? fault.message)
}

/** JSON has no `undefined`: in TypeScript it means the same as leaving a setting out. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined)
  if (typeof value !== 'object' || value === null || Token.isUnresolved(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, withoutUndefined(member)]),
  )
}

/** The steps of a JSON pointer (RFC 6901). */
const stepsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))

const nameOf = (steps: readonly string[]): string => steps.join('.')

const at = (value: unknown, steps: readonly string[]): unknown =>
  steps.reduce<unknown>((found, step) => (found as Record<string, unknown>)[step], value)

const partAt = (schema: Part, steps: readonly string[]): Part | undefined =>
  steps.reduce<Part | undefined>(
    (part, step) =>
      part?.properties?.[step] ?? Object.values(part?.patternProperties ?? {})[0] ?? part?.items,
    schema,
  )
