import { CodeField } from './fields.js'
import type { Language } from './language.js'

interface TotpFieldProps {
  readonly language: Language
  readonly name: 'code' | 'totp'
  readonly error?: string | undefined
  readonly autofocus?: boolean
}

/** The code that an authenticator app shows. */
export function TotpField({ language, name, error, autofocus = false }: TotpFieldProps) {
  const { text } = language
  return (
    <CodeField
      language={language}
      name={name}
      label={text('field.totp')}
      hint={text('field.totp.hint')}
      error={error}
      autofocus={autofocus}
    />
  )
}
