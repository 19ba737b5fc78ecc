import { DISPLAY_NAME } from './display-name.js'
import { UNPADDED } from './well-formed.js'

const FORMATS: Readonly<Record<string, string>> = {
  email: 'must be an e-mail address',
  'date-time': 'must be a date and time such as 2031-01-01T00:00:00Z',
}
const PATTERNS: Readonly<Record<string, string>> = {
  [UNPADDED]: 'must have no space at its start or end',
  '^[\\x20-\\x7e]+$': 'must be printable ASCII: no line break, no …',
  [DISPLAY_NAME]: 'must be visible, without line breaks or invisible characters',
}

/** The part of a schema that a value does not fit, as Ajv and typebox both name it. */
export interface Mismatch {
  readonly keyword: string
  readonly params: object
}

interface Params {
  readonly format?: string
  readonly pattern?: string | RegExp
  readonly type?: unknown
  readonly allowedValues?: readonly unknown[]
}

/**
 * What a schema asks for, in words. Validators quote a format or a pattern, which says nothing to the sender of
 * the value.
 * @param example a value that fits.
 * @returns undefined where the validator's own words will do.
 */
export function wordingOf({ keyword, params }: Mismatch, example?: string): string | undefined {
  const { format = '', pattern = '', type, allowedValues = [] } = params as Params
  if (keyword === 'format') return FORMATS[format]
  if (keyword === 'type' && type === 'integer') return 'must be a whole number'
  if (keyword === 'enum') return `must be one of the choices (${allowedValues.join(', ')})`
  if (keyword !== 'pattern') return undefined
  const looks = example === undefined ? 'does not have the right form' : `must look like ${example}`
  return PATTERNS[String(pattern)] ?? looks
}
