import type { ComponentChildren } from 'preact'
import type { Language } from './language.js'

interface FieldProps {
  readonly language: Language
  readonly name: string
  readonly label: string
  readonly error?: string | undefined
  readonly hint?: string | undefined
  readonly autocomplete: string
  readonly value?: string | undefined
  readonly type?: 'email'
  readonly required?: boolean
  readonly maxLength?: number
  readonly minLength?: number
  readonly inputMode?: 'numeric'
  /** Where the page begins; a field that was refused comes first. */
  readonly autofocus?: boolean
  /** What stands below the error. */
  readonly children?: ComponentChildren
}

/** Ids of the texts that belong to a field, in the order in which they are read. */
const describedBy = (name: string, parts: Readonly<Record<string, unknown>>): string | undefined =>
  Object.entries(parts)
    .filter(([, part]) => part !== undefined && part !== false)
    .map(([kind]) => `${name}-${kind}`)
    .join(' ') || undefined

export function Field({
  language,
  name,
  label,
  error,
  hint,
  required = true,
  type,
  autofocus = false,
  children,
  ...input
}: FieldProps) {
  const attributes = {
    id: name,
    name,
    required,
    'aria-invalid': error !== undefined,
    'aria-describedby': describedBy(name, { wrong: error, hint }),
    spellcheck: false,
    autofocus: autofocus || error !== undefined,
    ...input,
  }
  return (
    <div class="field">
      <label for={name}>
        {label} {!required && <span class="quiet">({language.text('field.optional')})</span>}
      </label>
      {type === 'email' ? (
        <input type="email" autocapitalize="none" {...attributes} />
      ) : (
        <input type="text" {...attributes} />
      )}
      <Wrong name={name} error={error} />
      {children}
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

type LinesFieldProps = Pick<
  FieldProps,
  'language' | 'name' | 'label' | 'hint' | 'error' | 'value' | 'required'
>

/** Several texts, one on each line. */
export function LinesField({
  language,
  name,
  label,
  hint,
  error,
  value = '',
  required = true,
}: LinesFieldProps) {
  return (
    <div class="field">
      <label for={name}>
        {label} {!required && <span class="quiet">({language.text('field.optional')})</span>}
      </label>
      <textarea
        id={name}
        name={name}
        required={required}
        rows={3}
        aria-invalid={error !== undefined}
        aria-describedby={describedBy(name, { wrong: error, hint })}
        autofocus={error !== undefined}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        value={value}
      />
      <Wrong name={name} error={error} />
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

export function EmailField(props: Omit<FieldProps, 'name' | 'label' | 'type' | 'maxLength'>) {
  return (
    <Field
      {...props}
      name="email"
      type="email"
      label={props.language.text('field.email')}
      maxLength={254}
    />
  )
}

/** A code that a mail or an authenticator app shows. */
export function CodeField(
  props: Pick<FieldProps, 'language' | 'name' | 'label' | 'hint' | 'error' | 'autofocus'>,
) {
  return <Field {...props} autocomplete="one-time-code" inputMode="numeric" maxLength={32} />
}

type PasswordFieldProps = Pick<
  FieldProps,
  'language' | 'name' | 'label' | 'error' | 'autofocus'
> & {
  readonly autocomplete: 'current-password' | 'new-password'
  readonly minLength?: number
  readonly required?: boolean
  readonly children?: ComponentChildren
}

/** A password is never filled in by us: `value` is not among its attributes. */
export function PasswordField({
  language,
  name,
  label,
  error,
  autocomplete,
  minLength,
  required = true,
  autofocus = false,
  children,
}: PasswordFieldProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <div class="secret">
        <input
          id={name}
          name={name}
          type="password"
          required={required}
          autocomplete={autocomplete}
          minLength={minLength}
          maxLength={512}
          aria-invalid={error !== undefined}
          aria-describedby={describedBy(name, { wrong: error, rules: children })}
          autofocus={autofocus || error !== undefined}
          spellcheck={false}
          autocapitalize="none"
        />
        <button
          type="button"
          class="reveal"
          hidden
          aria-pressed={false}
          aria-label={language.text('field.show')}
          title={language.text('field.show')}
        >
          <Eye />
        </button>
      </div>
      <Wrong name={name} error={error} />
      {children}
    </div>
  )
}

interface NewPasswordProps {
  readonly language: Language
  readonly name: string
  readonly label: string
  readonly error?: string | undefined
  readonly rules: { readonly min: number; readonly max: number }
  /** Email of the account, if the form has no email field. */
  readonly email?: string | undefined
}

/** A password that is being chosen: the rules, and what the script will say of it. */
export function NewPasswordField({ rules, email, ...field }: NewPasswordProps) {
  const { language, name } = field
  const refusal = (code: Refusal) => language.text(`password.${code}`, rules)
  return (
    <PasswordField {...field} autocomplete="new-password" minLength={rules.min}>
      <div
        class="meter"
        data-for={name}
        data-email={email}
        data-not-unicode={refusal('NOT_UNICODE')}
        data-too-short={refusal('TOO_SHORT')}
        data-too-long={refusal('TOO_LONG')}
        data-common={refusal('COMMON')}
        data-repetitive={refusal('REPETITIVE')}
        data-contains-email={refusal('CONTAINS_EMAIL')}
        data-strength-label={language.text('password.strength')}
        data-strength0={language.text('password.strength.0')}
        data-strength1={language.text('password.strength.1')}
        data-strength2={language.text('password.strength.2')}
        data-strength3={language.text('password.strength.3')}
        data-strength4={language.text('password.strength.4')}
      >
        <div class="bars" hidden>
          <i />
          <i />
          <i />
          <i />
        </div>
        <p class="hint" id={`${name}-rules`} role="status">
          {language.text('password.rules', rules)}
        </p>
      </div>
    </PasswordField>
  )
}

export type Refusal =
  'NOT_UNICODE' | 'TOO_SHORT' | 'TOO_LONG' | 'COMMON' | 'REPETITIVE' | 'CONTAINS_EMAIL'

export function Wrong({
  name,
  error,
}: {
  readonly name: string
  readonly error: string | undefined
}) {
  if (error === undefined) return null
  return (
    <p class="wrong" id={`${name}-wrong`}>
      {error}
    </p>
  )
}

function Eye() {
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      aria-hidden="true"
    >
      <path d="M1.5 10S4.5 4.5 10 4.5 18.5 10 18.5 10 15.5 15.5 10 15.5 1.5 10 1.5 10Z" />
      <circle cx="10" cy="10" r="2.5" />
      <path class="open" d="M3 17 17 3" />
    </svg>
  )
}
