import type { FieldErrors, Values, View } from '../kit/view.js'
import { Field, Wrong } from '../kit/fields.js'

/** Windows of a rate limit that the form offers, seconds. */
const WINDOWS = ['1', '60', '3600', '86400'] as const

/** What was chosen for a key, as a form has it: scopes and ranges with a space between each two. */
export type KeyValues = Values & { readonly scopes?: string }

interface KeyFieldsProps {
  readonly view: View
  /** What a key may be allowed. */
  readonly scopes: readonly string[]
  readonly values: KeyValues
  readonly errors: FieldErrors
}

export function NameAndScopes({ view: { language }, scopes, values, errors }: KeyFieldsProps) {
  const { text } = language
  const chosen = values.scopes?.split(' ') ?? []
  return (
    <>
      <Field
        language={language}
        name="name"
        label={text('keys.name')}
        hint={text('keys.name.hint')}
        autocomplete="off"
        value={values.name}
        error={errors.name}
        maxLength={100}
      />
      <fieldset aria-describedby={errors.scopes === undefined ? undefined : 'scopes-wrong'}>
        <legend>{text('keys.scopes')}</legend>
        {scopes.map((scope, index) => (
          <label class="check">
            <input
              type="checkbox"
              name="scopes"
              value={scope}
              checked={chosen.includes(scope)}
              aria-invalid={errors.scopes !== undefined}
              autofocus={errors.scopes !== undefined && index === 0}
            />
            <code>{scope}</code>
          </label>
        ))}
        <Wrong name="scopes" error={errors.scopes} />
      </fieldset>
    </>
  )
}

export function LimitFields({ view: { language }, values, errors }: KeyFieldsProps) {
  const { text, number } = language
  const { window = '60' } = values
  const windows = WINDOWS.some((each) => each === window) ? WINDOWS : [...WINDOWS, window]
  return (
    <>
      <Field
        language={language}
        name="rateLimit"
        label={text('keys.rateLimit')}
        hint={text('keys.rateLimit.hint')}
        autocomplete="off"
        inputMode="numeric"
        required={false}
        maxLength={7}
        value={values.rateLimit}
        error={errors.rateLimit}
      />
      <div class="field">
        <label for="window">{text('keys.window')}</label>
        <select id="window" name="window">
          {windows.map((seconds) => (
            <option value={seconds} selected={seconds === window}>
              {isOffered(seconds)
                ? text(`keys.window.${seconds}`)
                : text('keys.window.other', { seconds: number(Number(seconds)) })}
            </option>
          ))}
        </select>
      </div>
      <Field
        language={language}
        name="monthlyQuota"
        label={text('keys.quota')}
        hint={text('keys.quota.hint')}
        autocomplete="off"
        inputMode="numeric"
        required={false}
        maxLength={10}
        value={values.monthlyQuota}
        error={errors.monthlyQuota}
      />
      <Field
        language={language}
        name="allowedCidrs"
        label={text('keys.ranges')}
        hint={text('keys.ranges.hint')}
        autocomplete="off"
        required={false}
        maxLength={2500}
        value={values.allowedCidrs}
        error={errors.allowedCidrs}
      />
    </>
  )
}

const isOffered = (seconds: string): seconds is (typeof WINDOWS)[number] =>
  WINDOWS.some((each) => each === seconds)
