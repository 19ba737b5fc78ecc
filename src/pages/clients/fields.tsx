import { Field, LinesField } from '../kit/fields.js'
import type { FieldErrors, Values, View } from '../kit/view.js'

export interface ClientFieldsProps {
  readonly view: View
  /** Those that the team has declared. */
  readonly apis: readonly { readonly identifier: string; readonly name: string }[]
  readonly values: Values
  readonly errors: FieldErrors
}

/** What can be chosen for an app when it is registered, and later. */
export function ClientFields({ view: { language }, apis, values, errors }: ClientFieldsProps) {
  const { text } = language
  const chosen = values.resources?.split('\n') ?? []
  return (
    <>
      <Field
        language={language}
        name="name"
        label={text('clients.name')}
        hint={text('clients.name.hint')}
        autocomplete="off"
        value={values.name}
        error={errors.name}
        maxLength={100}
      />
      <LinesField
        language={language}
        name="redirectUris"
        label={text('clients.redirectUris')}
        hint={text('clients.redirectUris.hint')}
        value={values.redirectUris}
        error={errors.redirectUris}
      />
      <LinesField
        language={language}
        name="postLogoutRedirectUris"
        label={text('clients.postLogout')}
        hint={text('clients.postLogout.hint')}
        required={false}
        value={values.postLogoutRedirectUris}
        error={errors.postLogoutRedirectUris}
      />
      <label class="check">
        <input type="checkbox" name="firstParty" checked={values.firstParty !== undefined} />
        <span>{text('clients.firstParty')}</span>
      </label>
      {apis.length > 0 && (
        <fieldset>
          <legend>{text('clients.apis')}</legend>
          {apis.map(({ identifier, name }) => (
            <label class="check">
              <input
                type="checkbox"
                name="resources"
                value={identifier}
                checked={chosen.includes(identifier)}
              />
              <span>
                {name} <code class="small">{identifier}</code>
              </span>
            </label>
          ))}
        </fieldset>
      )}
    </>
  )
}
