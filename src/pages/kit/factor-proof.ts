import type { FastifyRequest } from 'fastify'
import type { FactorProof } from '../../factors/second-factors.js'
import { Assertion } from '../../factors/passkeys/schemas.js'
import { codeOf } from './context.js'
import { checkForm, fieldsOf } from './forms.js'
import type { FieldErrors, View } from './view.js'

const NAMES = ['assertion', 'recoveryCode', 'totp'] as const

/** What a form proves a second factor with; undefined where it says nothing, or what no browser says. */
export function proofOf(request: FastifyRequest): FactorProof | undefined {
  const { assertion, recoveryCode, totp } = fieldsOf(request, NAMES)
  if (assertion !== undefined) {
    const form = checkForm(request, Assertion, credentialOf(assertion))
    return form.wrong ? undefined : { assertion: form.value }
  }
  if (recoveryCode !== undefined) return { recoveryCode }
  return totp === undefined ? undefined : { totp }
}

/** The answer of a browser's passkey, which a script has put into a field as JSON. */
export function credentialOf(field: string): object {
  try {
    const parsed: unknown = JSON.parse(field)
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    return {}
  }
}

/** What to say beside the field whose proof was wrong or missing; nothing for a passkey, which has none. */
export function proofErrors(
  { language: { text } }: View,
  request: FastifyRequest,
  error?: unknown,
): FieldErrors {
  if (error !== undefined && codeOf(error) !== 'FACTOR_INVALID') return {}
  const { assertion, recoveryCode } = fieldsOf(request, NAMES)
  if (assertion !== undefined) return {}
  return recoveryCode === undefined
    ? { totp: text('field.totp.wrong') }
    : { recoveryCode: text('field.recoveryCode.wrong') }
}
