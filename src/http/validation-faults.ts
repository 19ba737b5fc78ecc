import type { FastifySchemaValidationError } from 'fastify'
import type { FieldError } from './problem.js'
import { cutText } from '../lib/display-name.js'
import { wordingOf } from '../lib/schema-wording.js'

/** What is found in an honest request; a body of nothing but faults has thousands, and their names are long. */
const MAX_FAULTS = 20
const MAX_NAME = 64

/** What is wrong with a request by field, the first fault of each. */
export function faultsOf(errors: readonly FastifySchemaValidationError[]): FieldError[] {
  const faults = new Map<string, FieldError>()
  for (const error of errors) {
    if (faults.size === MAX_FAULTS) break
    if (isAlternative(error)) continue
    const fault = faultOf(error)
    if (!faults.has(fault.field)) faults.set(fault.field, fault)
  }
  return [...faults.values()]
}

/** Where null would do as well, the fault in what was sent says more. */
const isAlternative = ({ keyword, params }: FastifySchemaValidationError): boolean =>
  keyword === 'anyOf' || (keyword === 'type' && params.type === 'null')

function faultOf(error: FastifySchemaValidationError): FieldError {
  const { keyword, instancePath, params, message = 'is not valid' } = error
  const child = (name: unknown): string => `${instancePath}/${pointerPart(String(name))}`
  if (keyword === 'required') {
    return { field: child(params.missingProperty), message: 'is required' }
  }
  if (keyword === 'additionalProperties') {
    return { field: child(params.additionalProperty), message: 'is not known here' }
  }
  return { field: instancePath || '/', message: wordingOf(error) ?? message }
}

/** RFC 6901 §3. */
const pointerPart = (name: string): string =>
  cutText(name, MAX_NAME).replaceAll('~', '~0').replaceAll('/', '~1')
