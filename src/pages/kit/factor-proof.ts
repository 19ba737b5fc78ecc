import type { FastifyRequest } from 'fastify'
import type { FactorProof } from '../../factors/second-factors.js'
import { codeOf } from './context.js'
import { fieldsOf } from './forms.js'
import type { FieldErrors, View } from './view.js'

const NAMES = ['assertion', 'recoveryCode', 'totp'] as const

/** What a form proves a second factor with; undefined where it says nothing, or what no browser says. */
export function proofOf(request: FastifyRequest): FactorProof | undefined {
  const { recoveryCode, totp } = fieldsOf(request, NAMES)
  if (recoveryCode !== undefined) return { recoveryCode }
  return totp === undefined ? undefined : { totp }
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
