import { Problem } from '../../http/problem.js'
import type { Users } from '../../users/users.js'
import { isTextKey } from './context.js'
import type { FieldErrors, View } from './view.js'

/** What to say beside each field that a schema has refused. */
export function fieldErrors({ language }: View, names: readonly string[]): FieldErrors {
  const sentences = names.map((name) => {
    const key = `field.${name === 'newPassword' ? 'password' : name}.wrong`
    return [name, language.text(isTextKey(key) ? key : 'problem.VALIDATION_FAILED')]
  })
  return Object.fromEntries(sentences) as FieldErrors
}

/** Why a new password was refused, beside its field. */
export function passwordRefusal(
  { language }: View,
  users: Users,
  error: unknown,
  field: string,
): FieldErrors {
  const code = error instanceof Problem ? error.extras.errors?.[0]?.code : undefined
  const key = `password.${code}`
  return isTextKey(key) ? { [field]: language.text(key, users.passwordRules) } : {}
}
